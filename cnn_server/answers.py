"""How the calls of the API are described for /openapi.json, and what all their answers have in common.

Answers are written by `encoding`. What each resource answers with is beside this file: `step_answers`, `trace_answers`,
`picture_answers` and so on. A call is described when somebody asks for the description first: to work out the JSON
schemas of all bodies and answers takes longer than all else that the server does to start.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.openapi import OpenAPI
from flask_openapi3.types import ParametersTuple
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

Answers = dict[str | int, Any]
LeftOut = SkipJsonSchema[None]  # a field that an answer may not have; null is another matter


class Answer(BaseModel):
    """An answer as it is described; pydantic builds it only then."""

    model_config = ConfigDict(defer_build=True)


class Fault(Answer):
    """One field at fault, by the request's own name for it."""

    field: str
    message: str


class ProblemAnswer(Answer):
    """Every failure (RFC 9457). `seen` is how a page says each of the errors, where that of any is another sentence."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[Fault] | None = None
    seen: list[str] | None = None


class HealthAnswer(Answer):
    """The server is ready."""

    status: str


class TensorAnswer(Answer):
    """An array. `null` in `values` stands for "no value": a cell outside the input in max pooling."""

    shape: list[int]
    values: Any = Field(description="nested lists of numbers")


class LinkAnswer(Answer):
    """A short link, and the place that it leads to."""

    link: str
    to: str


def answer_of(kind: type[Answer], part: object, **others: Any) -> dict[str, Any]:
    """Return what a part of the engine is answered with: what it has of the fields by their names, and the others."""
    return {name: others[name] if name in others else getattr(part, name) for name in kind.model_fields}


def header(kind: str, description: str) -> dict[str, Any]:
    """Return the description of a header."""
    return {"description": description, "schema": {"type": kind}}


BINARY_CONTENT = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
TENSOR_HEADERS = {
    "X-Tensor-Shape": header("string", "of a binary answer: its shape, `13,94,126`"),
    "X-Tensor-Dtype": header("string", "of a binary answer: uint8 or float32, little-endian"),
}


def answers(success: dict[int, type[BaseModel]], *failures: int) -> Answers:
    """Return the responses of an operation: its successes, and the failures it can have (405 and 500 always)."""
    problem = {"schema": {"$ref": f"#/components/schemas/{ProblemAnswer.__name__}"}}
    described: Answers = {str(status): model for status, model in success.items()}
    for status in sorted({*failures, 405, 422, 500}):
        described[str(status)] = {"content": {"application/problem+json": problem}}
    return described


_describing = threading.Lock()


class Resource(APIBlueprint):
    """The calls of one resource."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self._undescribed: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def _collect_openapi_info(self, rule: str, func: Callable[..., Any], **about: Any) -> ParametersTuple:
        """Return the models by which a call is read, and keep what its description is made of."""
        self._undescribed.append((rule, func, about))
        return super()._collect_openapi_info(rule, func, **about | {"doc_ui": False})

    def describe(self, app: OpenAPI) -> None:
        """Add the description of each call to that of an application."""
        with _describing:
            for rule, func, about in self._undescribed:
                super()._collect_openapi_info(rule, func, **about)
            self._undescribed.clear()
        app.paths.update(self.paths)
        app.components_schemas.update(self.components_schemas)
