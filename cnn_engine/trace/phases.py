"""Steps of several kinds of arithmetic, one kind after the other: how they are kept and shown.

What is read first stands first: "divide" reads (dividend, divisor), "subtract" reads (from, what). Only the last
phase's output counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from cnn_engine.relations import operations
from cnn_engine.relations.links import both
from cnn_engine.trace.base import Array, Columns, Linked, Source, Tensors, Trace
from cnn_engine.trace.columns import Column
from cnn_engine.trace.loss_curve import shown_from
from cnn_engine.trace.showing import Card, Curve, Figure, Panel, Region, Show, Text, shown
from cnn_engine.words import Message, Messages

COLUMNS = (
    Column("phase", "word", (), "which kind of arithmetic"),
    Column("output_cell", "whole", (), "which value"),
    Column("window", "number", ("number",), "the numbers that are read, as many as the longest phase reads"),
    Column("inside", "flag", ("number",), "which of these there are"),
    Column("output", "number", (), "what comes of them"),
)

LESS = "{window.0:factor} − {window.1:operand}"
ARITHMETIC: dict[str, tuple[Text, Text]] = {
    "subtract": (shown("subtract"), LESS),
    "exponentiate": (shown("e_to_the_power_of"), "{window.0}"),
    "sum": (shown("the_sum_so_far"), "{window.0:factor} + {window.1:operand}"),
    "divide": (shown("divide"), "{window.0:factor} ÷ {window.1:operand}"),
    "log": (shown("logarithm_of"), "{window.0}"),
    "subtract_log": (shown("subtract_log"), LESS),
    "loss": (shown("the_loss"), LESS),
    "sigmoid": (shown("sigmoid_of"), "{window.0}"),
    "complement": (shown("the_rest"), LESS),
    "square": (shown("square"), "{window.0:operand} × {window.1:operand}"),
}
COST = (shown("the_cost"), shown("share_and_truth"))  # the loss of one answer of two
OWN_LINES: dict[tuple[str, str], tuple[Text, Text]] = {  # of an operation's phase, where it is not the usual one
    ("binary_cross_entropy_with_logits", "loss"): COST,
    ("binary_cross_entropy", "log"): (
        shown("the_cost"),
        "−({window.0:factor} × {window.1:operand} + {window.2:operand} × {window.3:operand})",
    ),
}

# What a phase makes, of which class or answer.
OF_CLASS = {
    "subtract": "subtract_of_class",
    "exponentiate": "power_of_class",
    "sum": "sum_up_to_class",
    "divide": "share_of_class",
    "log": "log_of_sum",
    "subtract_log": "log_of_class",
}
OF_ANSWER = {
    "subtract": "miss_of_answer",
    "square": "square_of_answer",
    "sum": "sum_up_to_answer",
    "sigmoid": "yes_of_answer",
    "complement": "no_of_answer",
    "log": "cost_of_answer",
    "loss": "cost_of_answer",
}


def _column(
    tensor: str, title: Text, phase: str, *reading: str, id: str = "", label: Text = "", note: Text = ""
) -> Panel:
    """Return a column of values that one phase fills and that others read."""
    filled = Region("output_cell", framed=False, when=phase)
    regions = filled, *(Region("output_cell", when=other) for other in reading)
    return Panel(id or tensor, tensor, title, note, label, f"{tensor}-0", sign="→", regions=regions)


SHOWN = {
    "softmax": (
        _column("shifted", shown("minus_largest"), "subtract", "exponentiate", label=shown("less_the_largest")),
        _column("powers", "eˣ", "exponentiate", "sum", "divide", label=shown("powers")),
        _column("output", shown("share"), "divide", label=shown("shares")),
    ),
    "log_softmax": (
        _column("shifted", shown("minus_largest"), "subtract", "exponentiate", "subtract_log"),
        _column("powers", "eˣ", "exponentiate", "sum", label=shown("powers")),
        _column("output", shown("log_share"), "subtract_log"),
    ),
    "cross_entropy": (
        _column("shifted", shown("minus_largest"), "subtract", "exponentiate", label=shown("less_the_largest")),
        _column("powers", "eˣ", "exponentiate", "sum", "divide", label=shown("powers")),
        _column("probabilities", shown("share"), "divide", id="output", label=shown("shares")),
    ),
    "binary_cross_entropy": (
        _column("complements", shown("no"), "complement", "log"),
        _column("terms", shown("cost"), "log", "sum"),
    ),
    "binary_cross_entropy_with_logits": (
        _column("probabilities", shown("yes"), "sigmoid", "complement", id="output", label=shown("shares")),
        _column("complements", shown("no"), "complement", "loss"),
        _column("terms", shown("cost"), "loss"),
    ),
    "mse": (
        _column("differences", shown("misses"), "subtract", "square", note=shown("answer_less_truth")),
        _column("squares", shown("squares"), "square"),
    ),
}


READ = {"mse": "answers", "binary_cross_entropy": "yes"}  # what the input is, where it is no logits
BARS = {  # the shares that are shown as bars
    "softmax": "output",
    "cross_entropy": "probabilities",
    "binary_cross_entropy_with_logits": "probabilities",
}


@dataclass
class Phases:
    """The steps as they are made: a row of the table for each."""

    names: list[str] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    windows: list[list[float]] = field(default_factory=list)
    outputs: list[float] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def add(self, phase: str, cell: int, window: list[float], output: float, sentence: str, /, **more: float) -> float:
        """Add one step, which a sentence of this id says by its output and these arguments; return its output."""
        self.names.append(phase)
        self.cells.append(cell)
        self.windows.append([float(value) for value in window])
        self.outputs.append(float(output))
        self.messages.append(Message(f"steps.{sentence}", {"output": float(output), **more}))
        return float(output)


class PhasedTrace(Trace):
    """A trace whose steps were all made at once: as many as a person can read."""

    def __init__(self, op: str, phases: Phases, tensors: dict[str, Source], params: dict[str, Any]) -> None:
        self.op, self.phases, self.params = op, phases, params
        self.tensors = Tensors(tensors)

    def show(self) -> Show:
        """Return a column for each kind of number on the way, and the arithmetic of each phase."""
        names = list(dict.fromkeys(self.phases.names))
        first = Region("output_cell", when=names[0])
        title = shown(READ.get(self.op, "logits"))
        given = Panel("input", "input", title, edit="input", drag=True, regions=(first,))
        begins = self.phases.names.index
        made = [panel._replace(fills=begins(str(panel.regions[0].when))) for panel in SHOWN[self.op]]
        return Show([given, *made], [self._card(name, name == names[-1]) for name in names], "phase", self._bars())

    def _card(self, phase: str, last: bool) -> Card:
        line = OWN_LINES.get((self.op, phase)) or ARITHMETIC[phase]
        if last and not self.output_shape:
            alone = phase == "divide" and self.tensors["input"].size == 1  # the mean of one is itself
            lines = ((shown("the_loss"), "{window.0:factor}"),) if alone else (line,)
            return Card(shown("the_loss"), shown("smaller_is_better"), lines=lines, when=phase)
        made = OF_CLASS if "exponentiate" in self.phases.names else OF_ANSWER
        return Card(shown("gives"), shown(made[phase]), lines=(line,), when=phase)

    def _bars(self) -> Figure | None:
        """Return the shares as bars, the true one marked, where there are some."""
        if self.op not in BARS:
            return None
        if self.op != "binary_cross_entropy_with_logits":
            labels = [shown("bar_of_class", number=k + 1) for k in range(self.tensors["input"].size)]
            first, truth = self.phases.names.index("divide"), self.params.get("target", -1)
            return Figure("bars", (BARS[self.op],), fills=first, labels=labels, truth=truth, curve=self._curve())
        truth = {1.0: 0, 0.0: 1}.get(float(self.tensors["target"][0]), -1)
        labels = [shown("bar_of_yes"), shown("bar_of_no")]
        return Figure("bars", (BARS[self.op], "complements"), labels=labels, truth=truth)

    def _curve(self) -> Curve | None:
        return shown_from(self.phases.names.index("loss")) if "curve" in self.tensors else None

    def _linked(self) -> Iterable[Linked]:
        shape = self.tensors["input"].shape
        names = [name for name in self.tensors if self.tensors[name].shape == shape]
        return [(operations.one_to_one(shape, *names), both(*names))]

    def _output_shape(self) -> tuple[int, ...]:
        return tuple(self.tensors["output"].shape)

    def __len__(self) -> int:
        return len(self.phases.names)

    def _columns(self, cells: Array) -> Columns:
        phases = self.phases
        widest = max(map(len, phases.windows))
        window, inside = np.zeros((len(cells), widest)), np.zeros((len(cells), widest), bool)
        for row, cell in enumerate(cells):
            values = phases.windows[cell]
            window[row, : len(values)] = values
            inside[row, : len(values)] = True
        return {
            "phase": np.array(phases.names)[cells],
            "output_cell": np.array(phases.cells, np.intp)[cells],
            "window": window,
            "inside": inside,
            "output": np.array(phases.outputs)[cells],
        }

    def page(self, start: int = 0, stop: int | None = None) -> tuple[Columns, list[Messages]]:
        """Return the columns of some steps, and what each of them does: made with the steps."""
        columns = self.columns(start, stop)
        named = list(zip(self.phases.messages, self.phases.names, self.phases.cells, strict=True))
        return columns, [[self._with_cells(*step) for step in named[start:stop]]]

    def _with_cells(self, message: Message, phase: str, cell: int) -> Message:
        """Return the message with the cells of those of its numbers that stand in a column."""
        made, read = self._tensors.get(phase, ("", ""))
        tensors = {"output": made, "value": read, "power": read, "term": read}
        tensors |= {"probability": "probabilities"} if "probabilities" in self.tensors else {}
        cells = {name: (tensor, (cell,)) for name, tensor in tensors.items() if tensor and name in message.args}
        return message._replace(cells=cells)

    @cached_property
    def _tensors(self) -> dict[str, tuple[str, str]]:
        """Return the column that each phase fills, and that of what it reads first; "" where there is none."""
        columns = SHOWN[self.op]
        made = {str(panel.regions[0].when): panel.tensor for panel in columns}
        read = {str(region.when): panel.tensor for panel in reversed(columns) for region in panel.regions[1:]}
        read |= {self.phases.names[0]: "input"}
        return {phase: (made.get(phase, ""), read.get(phase, "")) for phase in self.phases.names}
