"""POST /api/trace/{operation}: an operation, some of its steps and its tensors."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from flask import Response, current_app
from flask_openapi3.blueprint import APIBlueprint

from cnn_engine import trace_avg_pool2d, trace_conv2d, trace_flatten, trace_max_pool2d
from cnn_engine.trace import Trace
from cnn_server import encoding
from cnn_server.answers import TraceAnswer, answers
from cnn_server.problems import ProblemError
from cnn_server.schemas.traces import AvgPool2dBody, Conv2dBody, FlattenBody, MaxPool2dBody, Steps, TraceBody

VERSION = 1

api = APIBlueprint("traces", __name__)


@dataclass(frozen=True)
class Operation:
    """What a call takes, and the engine's function that traces it."""

    body: type[TraceBody]
    trace: Callable[..., Trace]
    summary: str


OPERATIONS = {
    "conv2d": Operation(Conv2dBody, trace_conv2d, "A convolution, step by step."),
    "max_pool2d": Operation(MaxPool2dBody, trace_max_pool2d, "Max pooling, step by step."),
    "avg_pool2d": Operation(AvgPool2dBody, trace_avg_pool2d, "Average pooling, step by step."),
    "flatten": Operation(FlattenBody, trace_flatten, "Flattening, step by step."),
}


def _add(name: str, operation: Operation) -> None:
    def view(body: TraceBody) -> Response:
        return encoding.json(_answer(operation.trace(**body.arguments()), body))

    view.__annotations__ = {"body": operation.body, "return": Response}
    view.__doc__ = operation.summary
    api.post(
        f"/api/trace/{name}",
        endpoint=name,
        operation_id=f"trace_{name}",
        responses=answers({200: TraceAnswer}, 400, 413, 415),
    )(view)


for _name, _operation in OPERATIONS.items():
    _add(_name, _operation)


def _answer(trace: Trace, body: TraceBody) -> dict[str, Any]:
    names = _tensor_names(trace, body.tensors)
    _check_work(trace, names)
    answer: dict[str, Any] = {"version": VERSION, "op": trace.op, "params": trace.params}
    if trace.geometry:
        answer["geometry"] = {axis: asdict(geometry) for axis, geometry in trace.geometry.items()}
    answer["tensors"] = {name: encoding.tensor(trace.tensors[name]) for name in names}
    answer["steps"] = steps(trace, body.steps)
    return answer


def _tensor_names(trace: Trace, asked: list[str] | None) -> list[str]:
    known = list(trace.tensors)
    for name in asked or []:
        if name not in known:
            raise ProblemError.of_field(
                422, "tensors", f'tensors: there is no "{name}"; there are {", ".join(known)}'
            )
    return known if asked is None else asked


def _check_work(trace: Trace, names: list[str]) -> None:
    """Refuse tensors that one answer cannot hold, or that take too long. Steps alone cost nothing."""
    config, cap = current_app.config, current_app.config["MAX_TENSOR_VALUES"]
    if "padded_input" in names and trace.geometry:
        sides = [axis.input_size + sum(axis.padding) for axis in trace.geometry.values()]
        padded = math.prod(sides) * len(trace.tensors["input"])
        if padded > cap:
            raise _too_much(
                "padding", f"the padded input has {padded:,} values, more than the {cap:,} of an answer"
            )
    if "output" not in names:
        return
    if len(trace) > cap:
        raise _too_much(
            "tensors", f"the output has {len(trace):,} values, more than the {cap:,} of an answer"
        )
    work, most = len(trace) * _window_size(trace), config["MAX_MULTIPLICATIONS"]
    if work > most:
        raise _too_much(
            "tensors", f"the output takes {work:,} multiplications, more than the {most:,} of an answer"
        )


def _too_much(field: str, what: str) -> ProblemError:
    advice = 'its steps can be asked for a page at a time with "tensors": []'
    return ProblemError.of_field(413, field, f"{field}: {what}; {advice}")


def _window_size(trace: Trace) -> int:
    """How many values one step reads."""
    if "weight" in trace.tensors:
        return trace.tensors["weight"][0].size
    return math.prod(axis.kernel_size for axis in (trace.geometry or {}).values())


def _one_step(trace: Trace, start: int) -> int:
    """How many numbers the columns of one step hold."""
    return sum(column[0].size for column in trace.columns(start, start + 1).values())


def steps(trace: Trace, asked: Steps) -> dict[str, Any]:
    """A page of steps: as many as asked for and there are, or by default as many as fit."""
    total, page, cap = len(trace), current_app.config["STEP_PAGE"], current_app.config["MAX_PAGE_VALUES"]
    if asked.count is not None and asked.count > page:
        raise ProblemError.of_field(
            413, "steps.count", f"steps.count {asked.count:,} is more than the {page:,} of one page"
        )
    if not 0 <= asked.start < total:
        raise ProblemError.of_field(
            422, "steps.start", f"steps.start {asked.start:,} is outside the trace of {total:,} steps"
        )
    fitting = max(1, cap // _one_step(trace, asked.start))
    count = min(asked.count or min(page, fitting), total - asked.start)
    if count > fitting:
        message = (
            f"steps.count {count:,} is too many: with windows this large an answer holds {fitting:,} steps"
        )
        raise ProblemError.of_field(413, "steps.count", message)
    stop = asked.start + count
    columns = trace.columns(asked.start, stop)
    descriptions = trace.descriptions(asked.start, stop)
    return {"total": total, "start": asked.start, "count": count, **columns, "description": descriptions}
