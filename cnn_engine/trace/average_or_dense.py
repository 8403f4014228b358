"""Two ways to decide by the same maps: the average of each, and a dense layer with a weight for every place."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated

import numpy as np

from cnn_engine.errors import ShapeError
from cnn_engine.relations import operations
from cnn_engine.relations.links import both
from cnn_engine.tensors import Filters, Maps
from cnn_engine.trace.base import Array, Columns, Linked, Tensors, Trace, found_at, indices, lists
from cnn_engine.trace.columns import TAPS, Column
from cnn_engine.trace.conv2d import Conv2dTrace
from cnn_engine.trace.global_pool2d import trace_global_avg_pool2d
from cnn_engine.trace.showing import Card, Panel, Region, Show, Terms, by_size, shown
from cnn_engine.windows import array_of, maps_of
from cnn_engine.words import Alike

__all__ = ["trace_average_or_dense"]

COLUMNS = (
    Column("output_cell", "whole", (), "the class, which has a map of its own"),
    Column("window", "number", TAPS, "all the maps"),
    Column("products", "number", TAPS, "each of their values times the weight of its place"),
    Column("row_sums", "number", TAPS[:2], "each row's products, added from left to right"),
    Column("channel_sums", "number", TAPS[:1], "each map's row sums, added in order"),
    Column("map_sum", "number", (), "the values of the class's own map, added row by row"),
    Column("divisor", "whole", (), "how many those are"),
    Column("average", "number", (), "their sum divided by the divisor"),
    Column("output", "number", (), "the channel sums added in order: what the dense layer says of the class"),
)


def trace_average_or_dense(input: Maps, weight: Filters) -> Annotated[Trace, COLUMNS]:
    """Return the steps of two ways to decide, one for each class: maps (C, H, W), one a class; weight (C, C, H, W).

    The average of a map is the score of its class, wherever in the map something stands; the dense layer has a weight
    for every place. Tensors: input, weight, averages (C,), and output (C,), the scores of the dense layer.
    """
    x, w = maps_of(input), array_of(weight, "weight", Filters)
    expected = (len(x), *x.shape)
    if w.shape != expected:
        raise ShapeError("weights_not_of_places", "weight", shape=w.shape, expected=expected)
    return _AverageOrDenseTrace(x, w)


class _AverageOrDenseTrace(Trace):
    op = "average_or_dense"
    has_largest = True  # the class that the dense layer answers

    def __init__(self, x: Array, w: Array) -> None:
        self.average = trace_global_avg_pool2d(x)
        self.dense = Conv2dTrace(x, w)  # a kernel as large as the map has one place
        self.x, self.w = x, self.dense.w
        self.params = {"classes": len(w)}
        self.tensors = Tensors(
            {
                "input": x,
                "weight": self.w,
                "averages": lambda: np.ravel(self.average.tensors["output"]),
                "output": lambda: np.ravel(self.dense.tensors["output"]),
            }
        )
        self.counts = {"multiplications": w.size, "parameters": w.size}

    def _output_shape(self) -> tuple[int, ...]:
        return (len(self.w),)

    def sizes(self) -> dict[str, int]:
        """Return how many numbers each of the large tensors holds, known without computing it."""
        return super().sizes() | {"averages": len(self.w)}

    def work(self) -> int:
        """Return what both take for all classes, in nanoseconds of one core, counted before it is computed."""
        return self.average.work() + self.dense.work()

    @cached_property
    def _averages(self) -> Columns:
        return self.average.columns()

    def _columns(self, cells: Array) -> Columns:
        dense = self.dense._columns(cells)
        return {
            "output_cell": cells,
            **{name: dense[name] for name in ("window", "products", "row_sums", "channel_sums")},
            "map_sum": self._averages["channel_sums"][cells, 0],
            "divisor": self._averages["divisor"][cells],
            "average": self._averages["output"][cells],
            "output": dense["output"],
        }

    def _linked(self) -> Iterable[Linked]:
        yield operations.over_maps(self.x.shape), [*both("input", "output"), *both("weight", "input")]
        yield operations.of_own_map(self.x.shape), both("input", "averages")

    def show(self) -> Show:
        """Return the maps, the average of each, the weights of a class, and what the dense layer says."""
        maps, height, width = self.x.shape
        whole = Region(size=(height, width), planes=((0, maps),) * maps)
        here = Region("output_cell", framed=False)
        averages = Panel("averages", "averages", shown("averages"), shown("of_each_map"), fills=0, opens=0)
        size = by_size(height, width)
        panels = [
            averages._replace(regions=(here,)),
            Panel("input", "input", shown("maps"), size, sign="←", edit="input", regions=(whole,)),
            Panel("weights", "weight", shown("weights_of_class"), size, sign="×", at="output_cell", edit="weight"),
            Panel("output", "output", shown("dense_scores"), sign="=", fills=0, opens=0, regions=(here,)),
        ]
        names = "products", "window", "weight", "output_cell"
        terms = Terms(*names, row_sums="row_sums", channel_sums="channel_sums", over="input")
        lines = ((shown("average_of_map"), "{map_sum} ÷ {divisor} = {average}"),)
        return Show(panels, [Card(shown("dense_score"), shown("class_of"), shown("dense_score"), terms, lines)])

    def _messages(self, columns: Columns) -> Alike:
        names = {"total": "map_sum", "divisor": "divisor", "average": "average", "output": "output"}
        own = lists(columns, cell="output_cell", **names)
        found = found_at(indices(columns["output_cell"]), average="averages", output="output")
        return self._alike("steps.average_or_dense", {"count": self.x.size}, own, found)
