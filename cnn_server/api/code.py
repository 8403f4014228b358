"""POST /api/code/{operation}: an operation, or an update of a network, as a program in each framework."""

from __future__ import annotations

from flask import Response, current_app

from cnn_engine import ConvoscopeError
from cnn_engine.catalogue import OPERATIONS, Operation
from cnn_engine.code import programs, written
from cnn_engine.code.network import programs_of_network, written_of_network
from cnn_engine.words import say
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.learners import learning
from cnn_server.api.traces import problem_of
from cnn_server.problems import check_most
from cnn_server.schemas.network import NetworkBody
from cnn_server.schemas.operations import BODIES
from cnn_server.schemas.traces import TraceBody
from cnn_server.step_answers import CodeAnswer

VERSION = 1
DESCRIPTION = (
    "The body is that of /api/trace: one body serves both calls. `steps` and `tensors`, which choose what a trace "
    "answers with, are checked and do not change the code."
)

api = Resource("code", __name__)


def _add(operation: Operation) -> None:
    def view(body: TraceBody) -> Response:
        arguments, variation = body.arguments(), body.variation()
        try:
            traced = operation.trace(**(variation.applied(arguments) if variation else arguments))
        except ConvoscopeError as error:
            raise problem_of(error, body) from error
        check_most("program_too_long", "input", written(traced), current_app.config["MAX_CODE_VALUES"])
        return encoding.json({"version": VERSION, "op": traced.op, "programs": programs(traced)})

    view.__annotations__ = {"body": BODIES[operation.name], "return": Response}
    api.post(
        f"/api/code/{operation.name}",
        endpoint=operation.name,
        operation_id=f"code_{operation.name}",
        summary=f"{say(operation.summary)}, as code.",
        description=DESCRIPTION,
        responses=answers({200: CodeAnswer}, 400, 413, 415),
    )(view)


for _operation in OPERATIONS.values():
    if _operation.programs:
        _add(_operation)


@api.post(
    "/api/code/network",
    operation_id="code_network",
    description=DESCRIPTION,
    responses=answers({200: CodeAnswer}, 400, 404, 409, 413, 415, 503),
)
def network(body: NetworkBody) -> Response:
    """Return forward, loss, backward and update of a network on one sample, as code."""
    with learning(body) as (_, trace):
        check_most("program_too_long", "input", written_of_network(trace), current_app.config["MAX_CODE_VALUES"])
        return encoding.json({"version": VERSION, "op": trace.op, "programs": programs_of_network(trace)})
