"""One update of the numbers of one layer, a number at a time: the arithmetic of an optimizer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import numpy as np

from cnn_engine.nn.arithmetic import tokens
from cnn_engine.nn.optimizers.base import Optimizer
from cnn_engine.relations import operations
from cnn_engine.relations.links import both
from cnn_engine.trace.backward_showing import cell_name
from cnn_engine.trace.base import Array, Columns, Linked, Source, Tensors, Trace, found_at, indices, lists
from cnn_engine.trace.columns import Column
from cnn_engine.trace.indices import indices_of
from cnn_engine.trace.optimizers import formulas
from cnn_engine.trace.showing import Card, Panel, Region, Show, Text, shown
from cnn_engine.wording import exact, superscript
from cnn_engine.words import Alike

TIGHT = {"√ ": "√", " ²": "²", "( ": "(", " )": ")"}  # signs that stand close to what they are about
POWER = re.compile(r"(\w+) \^ t")
ALONE = re.compile(
    r"(?<=[√÷] )(\{\w+):operand\}|(\{\w+):operand\}(?= ²)"
)  # a number may be 4 × 10⁻⁶: what is its root?

COLUMNS = (
    Column("output_cell", "whole", ("index",), "where the number stands in the parameter"),
    Column("values", "number", (), "the number before the update"),
    Column("gradient", "number", (), "the gradient of the loss by it"),
    Column("rate", "number", (), "the learning rate"),
    Column("output", "number", (), "the number after the update"),
)  # and one for each line of the optimizer's arithmetic, and for its state before


class UpdateTrace(Trace):
    """The steps of one update, one for each number of one parameter.

    Beside `COLUMNS` a step has every line of `Optimizer.lines` by its name, and the state before: `exp_avg_before`.

    Args:
        op: the optimizer's name.
        optimizer: prepared for this parameter alone, its state that before the update.
        name: the parameter's, "0.weight".
        values, gradient: of one shape.
        rate: the learning rate of this update.
    """

    def __init__(self, op: str, optimizer: Optimizer, name: str, values: Array, gradient: Array, rate: float) -> None:
        self.op, self.optimizer, self.values, self.gradient, self.rate = op, optimizer, values, gradient, rate
        self.params = {"parameter": name, "learning_rate": rate, "t": optimizer.updates + 1, **formulas(optimizer)}
        lines = {name: self._whole(name) for name in (*optimizer.vectors(), "output")}
        before = {f"{name}_before": vector.reshape(values.shape) for name, vector in optimizer.state.items()}
        tensors: dict[str, Source] = {"values": values, "gradient": gradient, **before, **lines}
        self.tensors = Tensors(tensors)

    def _whole(self, name: str) -> Source:
        return lambda: self._explained[name].reshape(self.values.shape)

    @cached_property
    def _explained(self) -> dict[str, Array]:
        """Every line of the update, for all numbers at once."""
        flat = self.values.reshape(-1)
        lines = self.optimizer.explain(flat, self.gradient.reshape(-1), self.rate)
        return {name: np.broadcast_to(line, flat.shape) for name, line in lines.items()}

    def _linked(self) -> Iterable[Linked]:
        return [(operations.one_to_one(self.values.shape, *self.tensors), both(*self.tensors))]

    def _output_shape(self) -> tuple[int, ...]:
        return self.values.shape

    def _columns(self, cells: Array) -> Columns:
        return {
            "output_cell": cells if self.values.ndim == 1 else indices_of(cells, self.values.shape),
            "values": self.values.reshape(-1)[cells],
            "gradient": self.gradient.reshape(-1)[cells],
            "rate": np.full(len(cells), self.rate),
            **{f"{name}_before": vector[cells] for name, vector in self.optimizer.state.items()},
            **{name: line[cells] for name, line in self._explained.items()},
        }

    def show(self) -> Show:
        """Return the numbers before and after the update with what lies between, and the arithmetic line by line."""
        at, here = "output_cell.0" if self.values.ndim == 4 else "", (Region("output_cell"),)
        middle: dict[str, Text] = {"gradient": shown("gradient")}
        kept = self.optimizer.vectors()
        middle |= {f"{name}_before": shown("before_update", what=shown(f"line_{name}")) for name in kept}
        panels = [Panel("input", "values", shown("old_values"), at=at, opens=0, regions=here)]
        panels += [Panel(name.replace("_", "-"), name, title, at=at, regions=here) for name, title in middle.items()]
        filled = Panel("output", "output", shown("new_values"), sign="→", at=at, fills=0, opens=0)
        panels.append(filled._replace(regions=(Region("output_cell", framed=False),)))
        lines = [
            (shown(f"line_{name}"), self._written(name, formula)) for name, formula in self.optimizer.lines().items()
        ]
        tensor = shown(f"tensor_{self.params['parameter'].partition('.')[2]}")
        where = shown("updated_cell", tensor=tensor, cell=cell_name(self.values.shape))
        return Show(panels, [Card(shown("the_new_value"), where, lines=lines)])

    def _written(self, name: str, formula: str) -> str:
        """Return a line as an equation with a field for each column, and the optimizer's own numbers as they are."""
        constants = {name: exact(value) for name, value in self.params["constants"].items()}
        count = self.params["t"]
        known = constants | {"t": f"{count}"}
        text = " ".join(tokens(formula))
        text = POWER.sub(lambda power: superscript(constants[power[1]], count), text)
        text = " ".join(
            known.get(part, f"{{{part}:operand}}" if part.isidentifier() else part) for part in text.split()
        )
        text = ALONE.sub(lambda field: f"({field[1] or field[2]}:factor}})", text)
        for loose, tight in TIGHT.items():
            text = text.replace(loose, tight)
        return text if formula.isidentifier() else f"{text} = {{{name}}}"

    def _messages(self, columns: Columns) -> Alike:
        names = [*self.optimizer.lines()][:-1]
        lines = zip(*(columns[name].tolist() for name in names), strict=True)
        read = lists(columns, values="values", gradient="gradient", output="output")
        own = {"index": indices(columns["output_cell"]), **read}
        own["lines"] = [dict(zip(names, line, strict=True)) for line in lines]
        shared = {"shape": self.values.shape, "rate": self.rate}
        return self._alike("learning.update", shared, own, found_at(own["index"], **{name: name for name in read}))
