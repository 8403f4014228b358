"""What every answer of the API has in common, described for /openapi.json. Answers are written by `encoding`.

What each resource answers with is beside this file: `step_answers`, `trace_answers`, `picture_answers` and so on.
"""

from __future__ import annotations

from typing import Any

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
