"""Values of a field that many bodies have, such as `input`: one call is asked all of them, the others one of each kind.

The calls of one field read it by one model, so that what the first of them refuses, the others refuse as well. All
have it asked for one forbidden value, and for one allowed value of each kind: those that the call itself works with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from schemathesis import Case, HookContext
from schemathesis.generation.meta import CoveragePhaseData

# What Schemathesis says of a case; one of which it says something else is always asked.
ABOUT_A_FIELD = re.compile(r"Object with valid '(?P<allowed>\w+)' value: (?P<kind>[^:]*)|(?P<forbidden>\w+)(?: ->|:) ")


def fields(description: dict[str, Any], call: str) -> set[tuple[str, str]]:
    """The fields of the body of a call: each one's name, and its schema."""
    method, path = call.split()
    content = description["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    while "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return {(name, _what_it_allows(field)) for name, field in schema.get("properties", {}).items()}


def _what_it_allows(field: dict[str, Any]) -> str:
    descriptive = {"title", "description", "examples", "default"}
    return json.dumps({name: value for name, value in field.items() if name not in descriptive}, sort_keys=True)


def own_cases(description: dict[str, Any], calls: Iterable[str], call: str) -> Callable[[HookContext, Case], bool]:
    """A hook for the cases that this call is asked, when all calls before it among these are asked theirs."""
    before: set[tuple[str, str]] = set()
    for other in calls:
        if other == call:
            break
        before |= fields(description, other)
    shared = {name for name, schema in fields(description, call) & before}
    seen = set()

    def is_own(context: HookContext, case: Case) -> bool:
        phase = case.meta.phase.data if case.meta else None
        about = ABOUT_A_FIELD.match(phase.description) if isinstance(phase, CoveragePhaseData) else None
        name = about and (about["allowed"] or about["forbidden"])
        if not about or name not in shared or case.meta.generation.mode.is_positive != bool(about["allowed"]):
            return True
        one = (name, about["kind"])
        first = one not in seen
        seen.add(one)
        return first

    return is_own
