"""What POST /api/trace/{operation} answers with: for each operation the columns that its trace declares."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, Literal

from pydantic import ConfigDict, Field, create_model

from cnn_engine.catalogue import Operation
from cnn_engine.geometry import Pair
from cnn_engine.parameters import Accepts
from cnn_engine.trace.columns import Column, forms
from cnn_server.answers import Answer, LeftOut, TensorAnswer
from cnn_server.shown import PanelShown
from cnn_server.step_answers import ParamsAnswer, ShownTrace, StepsAnswer, TraceAnswer

TAKEN: dict[str, Any] = {  # an option of each kind, brought to one form
    "whole": int,
    "number": float,
    "flag": bool,
    "size": Pair,
    "scale": tuple[float, float],
    "padding": tuple[Pair, Pair],
}
PLAIN: dict[str, Any] = {"whole": int, "number": float | None, "flag": bool, "word": str}


def _nested(column: Column) -> Any:
    """Return the type of a column: what a step holds, in a list for each axis, in a list of the steps."""
    return reduce(lambda held, _: list[held], range(1 + len(column.axes)), PLAIN[column.kind])  # type: ignore[valid-type]


def _about(column: Column) -> str:
    axes = f", by {' and '.join(column.axes)}" if column.axes else ""
    return f"of each step {column.what}{axes}"


def _steps(name: str, columns: list[Column]) -> Any:
    named = [column for column in columns if "." not in column.name]
    fields: dict[str, Any] = {column.name: (_nested(column), Field(description=_about(column))) for column in named}
    return create_model(f"{name}Steps", __base__=StepsAnswer, **fields)


def _taken(accepts: Accepts) -> Any:
    """Return the type of an option in an answer; none where each operation has a form of its own."""
    return Literal[accepts.words] if accepts.kind == "word" else TAKEN.get(accepts.kind)


def _params(operation: Operation) -> Any:
    """Return the type of an operation's options as its answer has them."""
    kinds = {one.name: _taken(one.accepts) for one in operation.parameters}
    fields: dict[str, Any] = {name: (kind | LeftOut, None) for name, kind in kinds.items() if kind}
    return create_model(f"{operation.identifier}Params", __base__=ParamsAnswer, **fields)


def traced(operation: Operation) -> type[TraceAnswer]:
    """Return the answer of an operation's trace, its columns described."""
    models = [
        _steps(operation.identifier + (form or "").capitalize(), columns)
        for form, columns in forms(operation.columns).items()
    ]
    own: dict[str, Any] = {"params": (_params(operation), ...), "steps": (reduce(or_, models), ...)}
    return create_model(f"{operation.identifier}Answer", __base__=TraceAnswer, __doc__=TraceAnswer.__doc__, **own)


class EntryAnswer(Answer):
    """One layer in one pass: `count` steps from `start` on. `layer` counts from 0, and is null for the loss."""

    pass_: Literal["forward", "loss", "backward", "update"] = Field(alias="pass")
    layer: int | None
    op: str
    wrt: str | LeftOut = Field(None, description="what a gradient is by, or what is updated: weight, bias or input")
    tensor: str | None = Field(
        description="whose values, gradients or new values these are: `input`, a parameter's name, or what a layer "
        "gives, `0.output`; null for the loss"
    )
    start: int
    count: int
    title: str
    label: str = Field(description="the same where the pass is said beside it")


class NumbersAnswer(Answer):
    """A tensor of the network and the gradient by it, each as a panel of cells that its own entry fills."""

    of: str = Field(description="as `paths` takes it; empty where it has none")
    values: PanelShown
    gradient: PanelShown | LeftOut = None
    after: PanelShown | LeftOut = Field(
        None, description="what an update makes of the values, cell by cell in their place"
    )


class GroupAnswer(Answer):
    """What belongs to one layer, and the entries of the timeline that are about it."""

    title: str
    numbers: list[NumbersAnswer]
    entries: list[int]


class NetworkStepsAnswer(StepsAnswer):
    """Some steps of the timeline, with the columns of the operations that they are of.

    Steps of one entry have what its own trace has. Where steps of several entries are answered together, a column has
    null for those that lack it, and as many axes for each step as its own operation gives it.
    """

    entry: list[int] = Field(description="of each step the index of its entry in the timeline")
    sign: list[str] = Field(
        description="of each step's gradient, which can be predicted: negative, zero or positive; empty where there is "
        "nothing to predict"
    )
    size: list[str] = Field(
        description="the same of its size: tiny below 0.01, small below 0.1, middling below 1, or large"
    )


class EntryTraceAnswer(ShownTrace):
    """What the trace of one entry would be answered with, its steps aside."""

    entry: int
    total: int


Named = dict[str, Any]


class CheckAnswer(Answer):
    """The loss over one number of the network, everything else as it is. null stands for a number that is none."""

    value: float | None = Field(description="the number as it is")
    values: list[float | None] = Field(description="of the curve; the one in the middle is the number as it is")
    losses: list[float | None]
    tangent: list[float | None] = Field(description="the loss as the gradient predicts it")
    gradient: float | None
    difference: float | None = Field(description="the finite difference, of both sides")
    left: float | None = Field(description="that of the left side alone")
    right: float | None
    corners: list[int] = Field(description="the layers that have a corner there: a gate of ReLU, a winner of a window")
    kinds: list[str] = Field(description="what those layers are")
    crossed: list[str] = Field(
        description="for each point of the curve the corners between it and the number as it is, said; empty for none"
    )
    finding: str


class PathAnswer(Answer):
    """One path: an index in each of the tensors `along`, and the local derivatives in the same order."""

    cells: list[list[int]]
    local: list[float | None]
    product: float | None


class PathsAnswer(Answer):
    """The chain rule of one number: its paths to the loss. null stands for a number that is none."""

    tensor: str
    index: list[int]
    along: list[str] = Field(description="the tensors on the way, from the network's answer to that of the number")
    made_by: list[str] = Field(description="what makes the loss of the first of them, that of the next, and so on")
    gradient: float | None
    sum: float | None = Field(description="the products of all paths, added up layer by layer")
    paths: list[PathAnswer] = Field(description="the strongest, strongest first; none whose product is 0")
    total: int = Field(description="how many paths there are")
    rest: int = Field(description="how many more than `paths` have a product that is not 0")
    rest_sum: float | None = Field(description="what those add up to")
    stopped: dict[str, int] = Field(
        description="of the others, why the first local derivative of 0 is so, on the way from the loss down -> how "
        "many: `gate`, `winner`, `weight`, `value`, `slope` or `loss`"
    )
    ends: list[str] = Field(description="the same in words, in that order")
    reached: dict[str, list[list[int]]] = Field(description="the cells that the number reaches on its way to the loss")
    finding: str


class OptimizerStateAnswer(Answer):
    """What an optimizer has kept from the updates before: its vectors by their names, each as `parameters` are."""

    model_config = ConfigDict(extra="allow")

    updates: int = Field(description="how many there were")
    learning_rate: float | LeftOut = Field(None, description="where it is not the optimizer's own")


class NetworkAnswer(Answer):
    """One update of a network on one sample. null stands for a number that is none."""

    version: int
    op: str
    params: dict[str, Any]
    step: int | LeftOut = Field(None, description="of a run, the step that its weights are of")
    batch: int | LeftOut = Field(None, description="of a run, how many samples that step learns from")
    timeline: list[EntryAnswer]
    loss: float | None
    loss_after: float | None
    predicted_change: float | None = Field(
        description="of the loss by its gradient alone: each gradient times the change of its parameter, added up"
    )
    outcome: str
    logits: list[float | None]
    gradients: Named = Field(description="nested lists by the names of the parameters")
    parameters: Named = Field(description="those before the update")
    parameters_after: Named
    optimizer_state: OptimizerStateAnswer
    finite_updates: int = Field(
        description="how many of `updates`, from the first on, left finite numbers alone and a finite loss: fewer "
        "than `updates` where the network diverged"
    )
    input_gradient: Any = Field(description="nested lists in the input's shape")
    tensors: dict[str, TensorAnswer] = Field(
        description="input, target, output (the loss), probabilities where the loss has some, and for each layer "
        "`0.output` and `0.gradient`, the loss's by it"
    )
    check: CheckAnswer | LeftOut = None
    paths: PathsAnswer | LeftOut = None
    overview: list[GroupAnswer] | LeftOut = Field(
        None, description="where it is asked for: the whole network at a glance; empty where it is too large"
    )
    traces: list[EntryTraceAnswer] | LeftOut = Field(
        None, description="with `card` or `links` in `parts`: one for each entry that the steps belong to"
    )
    steps: NetworkStepsAnswer
