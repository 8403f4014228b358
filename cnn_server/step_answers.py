"""What a trace is answered with: its tensors, some of its steps and how they are shown; and the programs of it."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from cnn_engine.geometry import AxisGeometry, Pair
from cnn_engine.words.message import NumberSpan
from cnn_server.answers import Answer, LeftOut, TensorAnswer
from cnn_server.shown import CardShown, FigureShown, PanelShown


class GeometryAnswer(Answer):
    """How an output size comes about along each axis: floor(span / stride) + 1, ceil with ceil_mode."""

    height: AxisGeometry
    width: AxisGeometry


class MessageAnswer(Answer):
    """What a step's description says, by its id in every language."""

    id: str
    numbers: list[NumberSpan]
    finding_numbers: list[NumberSpan] | LeftOut = Field(None, description="those of `finding`, where there is one")


class StepsAnswer(Answer):
    """Some of a trace's steps. Beside these, one list per column of the trace, its first axis the step.

    With `flip_kernel` or `shift` there is `finding`: the description without where the window is.
    """

    model_config = ConfigDict(extra="allow")

    total: int
    start: int
    count: int
    description: list[str]
    messages: list[MessageAnswer] | LeftOut = Field(None, description="with `messages` in `parts`: one for each step")


class ComparisonAnswer(Answer):
    """With `flip_kernel` or `shift`: the output beside what it would be without."""

    changed: int
    total: int
    difference: TensorAnswer = Field(description="with the change minus without it; 0 where nothing changed")
    description: str


class AxisRanges(Answer):
    """The least and the greatest value along each axis."""

    height: Pair
    width: Pair


class RuleAnswer(Answer):
    """Which indices along one axis have to do with a cell.

    The cell's indices along the axes `by` look up an entry in `at`, one after the other. An entry is an index (none
    below 0), or [first, count] of a run of indices that are `step` apart. Without `at` the index is the cell's own;
    `lists` has entries that are no run.
    """

    by: list[int] = Field([])
    at: Any = Field(None, description="nested lists of entries, as deep as there are axes in `by`")
    step: int = 1
    lists: list[list[int]] | LeftOut = None


class ArithmeticAnswer(Answer):
    """The arithmetic of a step, and a figure; `by` is the column that chooses between cards and between regions."""

    cards: list[CardShown]
    by: str = ""
    figure: FigureShown | LeftOut = None


class ParamsAnswer(Answer):
    """An operation's options, each brought to one form, and what follows from its tensors, such as a kernel's size."""

    model_config = ConfigDict(extra="allow")


class ShownTrace(Answer):
    """What a trace is and how it is shown, its steps aside."""

    op: str
    group: str | LeftOut = Field(None, description="of operations, as in the catalogue: `backward` of gradients")
    params: ParamsAnswer
    geometry: GeometryAnswer | LeftOut = None
    outer_geometry: GeometryAnswer | LeftOut = Field(None, description="of two layers in a row, how the second lies")
    tensors: dict[str, TensorAnswer]
    links: dict[str, dict[str, list[RuleAnswer]]] | LeftOut = Field(
        None,
        description="with `links` among the `parts`: for a tensor that is pointed at and another one, a rule for each "
        "axis of the other",
    )
    panels: list[PanelShown] | LeftOut = Field(None, description="with `card` in `parts`: tensors as they are shown")
    card: ArithmeticAnswer | LeftOut = Field(None, description="with `card` in `parts`")
    correlation: list[PanelShown] | LeftOut = Field(
        None,
        description="with `card` in `parts`: the panels of the same steps as those of a correlation, where they are",
    )


class TraceAnswer(ShownTrace):
    """A trace: what an operation was given, what it made, and some of its steps."""

    version: int
    largest: list[int] | LeftOut = Field(None, description="the cell of the output that holds its largest value")
    limits: dict[str, AxisRanges | list[str | bool]] | LeftOut = Field(
        None,
        description="for each control what can be computed, the others held: a range along each axis, or words, or "
        "which sides of a switch",
    )
    counts: dict[str, int] | LeftOut = Field(None, description="of what has weights: `multiplications`, `parameters`")
    steps: StepsAnswer
    comparison: ComparisonAnswer | LeftOut = None


class ProgramsAnswer(Answer):
    """A program for each framework; each stands by itself and prints its output."""

    torch: str
    keras: str
    numpy: str


class CodeAnswer(Answer):
    """An operation with its numbers, ready to run elsewhere."""

    version: int
    op: str
    programs: ProgramsAnswer
