"""POST /api/trace/{operation}: an operation, some of its steps and its tensors."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Response, current_app

from cnn_engine import ConvoscopeError, Trace
from cnn_engine.catalogue import OPERATIONS, Operation
from cnn_engine.ranges import Setting, choices, limited, limits
from cnn_engine.trace.showing import plain
from cnn_engine.trace.work import acts, answer_work
from cnn_engine.variations import Variation, compare
from cnn_engine.words import Message, amount, say, sentences_of, spans
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.languages import language, sentence_of, translated
from cnn_server.problems import ProblemError, check_most
from cnn_server.schemas.operations import BODIES
from cnn_server.schemas.traces import Steps, TraceBody, check_stepped
from cnn_server.trace_answers import traced

VERSION = 1
PARTIAL = 4  # sums on the way to an output, for each number that a tensor may hold: nobody is sent them all

api = Resource("traces", __name__)


def _add(operation: Operation) -> None:
    def view(body: TraceBody) -> Response:
        arguments = body.arguments()
        if arguments.get("mode") == "scatter":
            check_stepped(arguments["input"])
        variation = body.variation()
        try:
            traced = operation.trace(**(variation.applied(arguments) if variation else arguments))
        except ConvoscopeError as error:
            raise problem_of(error, body) from error
        answer = trace_answer(traced, body)
        if variation and "output" in answer["tensors"]:
            answer["comparison"] = _comparison(variation, arguments, operation.trace(**arguments), traced)
        return encoding.json(answer)

    view.__annotations__ = {"body": BODIES[operation.name], "return": Response}
    view.__doc__ = f"{say(operation.summary)}, step by step."
    api.post(
        f"/api/trace/{operation.name}",
        endpoint=operation.name,
        operation_id=f"trace_{operation.name}",
        responses=answers({200: traced(operation)}, 400, 413, 415),
    )(view)


def problem_of(error: ConvoscopeError, body: TraceBody) -> ProblemError:
    """Return the engine's refusal by the request's own name: a convolution's kernel size is that of its weight."""
    field = error.field or "body"
    if field == "kernel_size" and field not in type(body).model_fields:
        field = "weight"
    return ProblemError.of_faults(422, (field, error.message))


for _operation in OPERATIONS.values():
    _add(_operation)


def trace_answer(trace: Trace, body: TraceBody) -> dict[str, Any]:
    """Return a trace with the steps, the tensors and the parts that a body asks for.

    Raises:
        ProblemError: it would take too long, before it is begun.
    """
    names = tensor_names(trace, body.tensors)
    _check_work(trace, names, body)
    answer = {"version": VERSION, **shown(trace, names, body)}
    if trace.setting:
        caps = tuple(_cap(name) for name in limited(trace.setting))
        answer["limits"] = _limits(trace.setting, caps)
    if trace.counts:
        answer["counts"] = trace.counts
    if trace.has_largest and "output" in names:
        answer["largest"] = trace.largest()
    answer["steps"] = steps_answer(trace, body, *_range(trace, body.steps))
    return answer


def _cap(name: str) -> int:
    """Return the largest value of a parameter that a page offers; a second layer's is that of the first."""
    cap: int = current_app.config[f"LIMIT_{name.removeprefix('second_').upper()}"]
    return cap


def shown(trace: Trace, names: list[str], body: TraceBody) -> dict[str, Any]:
    """Return what a trace is and how it is shown, its steps aside: these tensors, and the parts that are requested."""
    answer: dict[str, Any] = {"op": trace.op, "params": translated(trace.params)}
    if trace.op in OPERATIONS:  # an update has an optimizer
        answer["group"] = OPERATIONS[trace.op].group
    if trace.geometry:
        answer["geometry"] = trace.geometry
    if trace.outer:
        answer["outer_geometry"] = trace.outer
    if "card" in (body.parts or ()) and (show := trace.shown()):
        answer |= show.plain(language())
        if other := trace.correlation():
            answer["correlation"] = plain(other.panels, language())
    answer["tensors"] = {name: encoding.tensor(trace.tensors[name]) for name in names}
    if "links" in (body.parts or ()):
        answer["links"] = trace.links(names)
    return answer


def _comparison(variation: Variation, arguments: dict[str, Any], before: Trace, after: Trace) -> dict[str, Any]:
    """Return what the output was without the one thing that is changed, beside what it is with it."""
    compared = compare(before.tensors["output"], after.tensors["output"])
    return {
        "changed": compared.changed,
        "total": compared.total,
        "difference": encoding.tensor(compared.difference),
        "description": sentence_of(variation.message(arguments[variation.argument], compared)),
    }


@lru_cache(maxsize=1024)  # a page of steps costs no more than its steps
def _limits(setting: Setting, caps: tuple[int, ...]) -> dict[str, Any]:
    """Return what could be chosen instead, for each parameter alone: ranges for numbers, lists for the rest."""
    ranges = limits(setting, dict(zip(limited(setting), caps, strict=True)))
    return {**ranges, **choices(setting)}


def tensor_names(trace: Trace, requested: list[str] | None) -> list[str]:
    """Return the tensors that are requested, by default all that are not given on request alone."""
    known = list(trace.tensors)
    for name in requested or []:
        if name not in known:
            raise ProblemError(422, "no_tensor", "tensors", name=name[:40], names=", ".join(known))
    return [name for name in known if name not in trace.on_request] if requested is None else requested


def _check_work(trace: Trace, names: list[str], body: TraceBody) -> None:
    """Refuse what one answer cannot hold, or what takes too long, before any of it is computed."""
    _check_sizes(trace, names)
    count, what = acts(trace)
    if "output" in names:
        most = current_app.config["MAX_MULTIPLICATIONS"]
        check_most("output_takes_too_much", "tensors", count, most, what=amount(what))
    start = body.steps.start
    stop = min(start + (body.steps.count or current_app.config["STEP_PAGE"]), len(trace))
    work, cap = answer_work(trace, names, start, stop), current_app.config["MAX_WORK"]
    if body.variation() and "output" in names:
        work += trace.work()
    if work > cap and trace.steps_work(start, stop) > cap:
        raise ProblemError(413, "steps_take_too_long", "steps", count=stop, time=work, most=cap)
    counts = {"count": count, "what": amount(what), "values": trace.sizes()["output"]}
    check_most("output_takes_too_long", "tensors", work, cap, "time", **counts)


def _check_sizes(trace: Trace, names: list[str]) -> None:
    cap, sizes = current_app.config["MAX_TENSOR_VALUES"], trace.sizes()
    sides = [axis.padded_size + axis.overhang for axis in (trace.geometry or {}).values()]
    padded = math.prod(sides) * len(trace.tensors["input"]) if sides else 0
    check_most("padded_input_too_large", "padding", padded, cap)
    above = sizes.get("grad_output", 0)  # one that is given by name
    check_most("output_too_large", "grad_output", above, current_app.config["MAX_ARRAY_VALUES"])
    if trace.params.get("mode") == "scatter":
        check_most("output_too_large", "stride", sizes["output"], cap)
    for name in ("output", *names) if "output" in names else names:
        check_most("tensor_too_large", "tensors", sizes.get(name, 0), cap, name=name)
    if "output" in names:
        check_most("sums_too_many", "tensors", sizes.get("partial", 0), PARTIAL * cap)


def numbers_in_step(trace: Trace, start: int) -> int:
    """Return how many numbers the columns of one step hold."""
    return sum(column.size for column in trace.columns(start, start + 1).values())


def _range(trace: Trace, requested: Steps) -> tuple[int, int]:
    return step_range(len(trace), requested, lambda start: numbers_in_step(trace, start))


def step_range(total: int, requested: Steps, numbers_from: Callable[[int], int]) -> tuple[int, int]:
    """Return which steps to answer with: as many as asked for and there are, or by default as many as fit.

    `numbers_from` says how many numbers the columns of one step from there on hold.
    """
    page, cap = current_app.config["STEP_PAGE"], current_app.config["MAX_PAGE_VALUES"]
    check_most("page_too_long", "steps.count", requested.count or 0, page)
    if not 0 <= requested.start < total:
        raise ProblemError(422, "page_outside_the_trace", "steps.start", start=requested.start, total=total)
    fitting = max(1, cap // numbers_from(requested.start))
    count = min(requested.count or min(page, fitting), total - requested.start)
    check_most("page_too_large", "steps.count", count, fitting)
    return requested.start, requested.start + count


def steps_answer(trace: Trace, body: TraceBody, start: int, stop: int) -> dict[str, Any]:
    """Return a page of steps, and what each of them does in the language of the request."""
    found, runs = trace.page(start, stop)
    columns, code = {name: encoding.column(values) for name, values in found.items()}, language()
    steps: dict[str, Any] = {"total": len(trace), "start": start, "count": stop - start, **columns}
    steps["description"] = [sentence for messages in runs for sentence in sentences_of(messages, code)]
    if body.variation():  # without where the windows are, for steps that stand beside others
        steps["finding"] = [sentence for messages in runs for sentence in sentences_of(messages, code, window=None)]
    if "messages" in (body.parts or ()):
        finding = bool(body.variation())
        steps["messages"] = [_message(message, code, finding=finding) for messages in runs for message in messages]
    return steps


def _message(message: Message, code: str, *, finding: bool) -> dict[str, Any]:
    numbers = spans(message, code)
    if not finding:
        return {"id": message.id, "numbers": numbers}
    return {"id": message.id, "numbers": numbers, "finding_numbers": spans(message, code, window=None)}
