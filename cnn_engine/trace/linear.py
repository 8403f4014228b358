"""A dense layer, one output at a time; and several of them, each with its activation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.costs import STEPPED, work
from cnn_engine.errors import ParameterError
from cnn_engine.ops import check_linear
from cnn_engine.parameters import Accepts
from cnn_engine.pointwise import floating, relu, sigmoid, tanh
from cnn_engine.relations import operations
from cnn_engine.relations.counts import dense_counts
from cnn_engine.relations.links import both
from cnn_engine.sums import add_in_order, summed_in
from cnn_engine.tensors import Matrix, Vector
from cnn_engine.trace.base import Array, Columns, Linked, Source, Tensors, Trace, found_at, indices, lists
from cnn_engine.trace.columns import Column
from cnn_engine.trace.one_layer import one_layer
from cnn_engine.trace.showing import Card, Figure, Panel, Region, Show, Terms, Text, by_size, shown
from cnn_engine.windows import array_of
from cnn_engine.words import Alike, Cells

__all__ = ["trace_dense", "trace_linear"]

DENSE_ACTIVATIONS: dict[str, Callable[[ArrayLike], Array]] = {
    "none": floating,
    "relu": relu,
    "sigmoid": sigmoid,
    "tanh": tanh,
}
TENSORS = {"bias": "bias", "before": "sum", "output": "output"}  # of one of several layers, by the name of a number

COLUMNS = (
    Column("output_cell", "whole", (), "the index in the output"),
    Column("window", "number", ("input",), "the whole input, which every output reads"),
    Column("products", "number", ("input",), "each input times its weight"),
    Column("row_sums", "number", ("row",), "the products added from first to last, a row of its own"),
    Column("bias", "number", (), "what is added last; 0 without a bias"),
    Column("output", "number", (), "the sum and the bias"),
)
DENSE_COLUMNS = (
    Column("layer", "whole", (), "the layer, counted from 0"),
    Column("output_cell", "whole", (), "the index in that layer's output"),
    Column("window", "number", ("input",), "what the layer reads; as many as the widest layer reads, 0 where none is"),
    Column("products", "number", ("input",), "each input times its weight"),
    Column("inside", "flag", ("input",), "whether the layer has this input"),
    Column("row_sums", "number", ("row",), "the products added from first to last, a row of its own"),
    Column("bias", "number", (), "what is added last; 0 without a bias"),
    Column("sum", "number", (), "the sum and the bias, before the activation"),
    Column("output", "number", (), "what the activation makes of it"),
)


def trace_linear(input: Vector, weight: Matrix, bias: Vector | None = None) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `linear` for one sample: input (in,), weight (out, in), bias (out,)."""
    x, w = array_of(input, "input", Vector), array_of(weight, "weight", Matrix)
    return _LinearTrace(x, w, None if bias is None else array_of(bias, "bias", Vector))


class _LinearTrace(Trace):
    op = "linear"

    def __init__(self, x: Array, w: Array, b: Array | None) -> None:
        check_linear(x, w, b)
        self.dtype = summed_in(x, w, b)
        self.x, self.w = x.astype(self.dtype, copy=False), w.astype(self.dtype, copy=False)
        self.b = np.zeros(len(w), self.dtype) if b is None else b.astype(self.dtype, copy=False)
        self.biased = b is not None
        self.params: dict[str, Any] = {"in_features": w.shape[1], "out_features": w.shape[0]}
        tensors: dict[str, Source] = {"input": x, "weight": self.w, "bias": self.b, "output": self._output}
        if b is None:
            del tensors["bias"]
        self.tensors = Tensors(tensors)

    def _linked(self) -> Iterable[Linked]:
        relation = operations.linear(*reversed(self.w.shape))
        return [(relation, both("input", "output", "weight"))]

    def _output_shape(self) -> tuple[int, ...]:
        return (len(self.w),)

    def work(self) -> int:
        """Return what the whole output costs, in nanoseconds of one core, counted before it is computed."""
        outputs, inputs = self.w.shape
        return work(f"{STEPPED}linear", calls=inputs, products=inputs * outputs, values=inputs + outputs)

    def _output(self) -> Array:
        return np.asarray(add_in_order(self.x * self.w) + self.b)

    def _columns(self, cells: Array) -> Columns:
        products = self.x * self.w[cells]
        total = add_in_order(products)
        return {
            "output_cell": cells,
            "window": np.broadcast_to(self.x, products.shape),
            "products": products,
            "row_sums": total[:, None],
            "bias": self.b[cells],
            "output": total + self.b[cells],
        }

    def show(self) -> Show:
        """Return the input, the weights row by row, the biases and the output."""
        here = Region("output_cell", framed=False)
        panels = [
            Panel("input", "input", shown("input"), edit="input", regions=(Region(size=(self.x.size, 1)),)),
            _weights("weight", "weight", self.w, shown("weights")),
            *([Panel("bias", "bias", shown("biases"), sign="+", edit="bias", regions=(here,))] if self.biased else []),
            Panel("output", "output", shown("output"), sign="=", fills=0, opens=0, regions=(here,)),
        ]
        terms = Terms("products", "window", "weight", "output_cell")
        lines = [(shown("sum_of_products"), "{row_sums.0}"), *([(shown("bias"), "{bias}")] if self.biased else [])]
        note = shown("sum_and_bias" if self.biased else "sum_no_bias")
        return Show(panels, [Card(note, shown("place"), terms=terms, lines=lines)])

    def _messages(self, columns: Columns) -> Alike:
        own = lists(columns, cell="output_cell", bias="bias", before="output", output="output")
        own["total"] = columns["row_sums"][:, 0].tolist()
        shared = {"inputs": self.x.size, "hidden": False, "activation": "none"}
        found = found_at(indices(columns["output_cell"]), bias="bias", before="output")
        return self._alike("steps.linear", shared, own, found)


def _weights(id: str, tensor: str, w: Array, title: Text, when: int | None = None) -> Panel:
    """Return the weights (out, in) of a layer, of which each step reads a row."""
    rows, cols = w.shape
    row = Region("output_cell", (1, cols), when=when)
    return Panel(id, tensor, title, by_size(rows, cols), grid=id, sign="×", edit=tensor, regions=(row,))


def trace_dense(
    input: Vector, layers: Annotated[Sequence[dict[str, Any]], Accepts("list")]
) -> Annotated[Trace, DENSE_COLUMNS]:
    """Return the steps of dense layers in a row: input (in,); each layer {"weight", "bias", "activation"}.

    A layer's weight is (out, in), its bias (out,) or None, its activation "none", "relu", "sigmoid" or "tanh"; what
    a layer gives is what the next one reads.

    There is a step for each output of each layer. Tensors: input, and for each layer its number and `.weight`,
    `.bias`, `.sum` and `.output`; output; and of several layers the one that does the same where no activation stands
    between them (`one_layer`). `params["bent"]` says whether one does.
    """
    return _DenseTrace(floating(array_of(input, "input", Vector)), layers)


class _DenseTrace(Trace):
    op = "dense"

    def __init__(self, x: Array, layers: Sequence[dict[str, Any]]) -> None:
        if not layers:
            raise ParameterError("no_layers", "layers")
        self.parts: list[tuple[_LinearTrace, str, Array]] = []
        tensors: dict[str, Source] = {"input": x}
        for index, layer in enumerate(layers):
            activation = layer.get("activation", "none")
            if activation not in DENSE_ACTIVATIONS:
                known = ", ".join(DENSE_ACTIVATIONS)
                raise ParameterError("none_of_words", "layers", value=activation, words=known, name="activation")
            bias = layer.get("bias")
            w = array_of(layer["weight"], "weight", Matrix)
            part = _LinearTrace(x, w, None if bias is None else array_of(bias, "bias", Vector))
            before = part.tensors["output"]
            x = DENSE_ACTIVATIONS[activation](before)
            self.parts.append((part, activation, x))
            tensors |= {
                f"{index}.weight": part.w,
                f"{index}.bias": part.b,
                f"{index}.sum": before,
                f"{index}.output": x,
            }
        pairs = [(part.w, part.b) for part, _, _ in self.parts]
        last = DENSE_ACTIVATIONS[self.parts[-1][1]]
        tensors |= one_layer(pairs, self.parts[0][0].x, last, x)
        self.tensors = Tensors(tensors | {"output": x})
        self.params: dict[str, Any] = {
            "layers": [part.params | {"activation": name} for part, name, _ in self.parts],
            "parameters": sum(part.w.size + (part.b.size if part.biased else 0) for part, _, _ in self.parts),
            "bent": any(name != "none" for _, name, _ in self.parts[:-1]),
        }
        self.counts = dense_counts(
            [part.w.shape for part, _, _ in self.parts], [part.biased for part, _, _ in self.parts]
        )
        self.starts = np.cumsum([0, *(len(part) for part, _, _ in self.parts)])
        self.widest = max(part.x.size for part, _, _ in self.parts)

    def _linked(self) -> Iterable[Linked]:
        before = "input"
        for index, (part, _, _) in enumerate(self.parts):
            weight, after = f"{index}.weight", f"{index}.output"
            outputs, inputs = part.w.shape
            relation = operations.linear(inputs, outputs, before, weight, after)
            yield relation, both(before, weight, after)
            before = after

    def _output_shape(self) -> tuple[int, ...]:
        return (len(self.parts[-1][0]),)

    def __len__(self) -> int:
        return int(self.starts[-1])

    def _columns(self, cells: Array) -> Columns:
        layer = np.searchsorted(self.starts, cells, side="right") - 1
        chunks = [self._of_layer(index, cells[layer == index] - self.starts[index]) for index in np.unique(layer)]
        if not chunks:
            chunks = [self._of_layer(0, cells)]
        return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}

    def _of_layer(self, index: int, cells: Array) -> Columns:
        part, _, after = self.parts[index]
        columns = part._columns(cells)
        spare = ((0, 0), (0, self.widest - part.x.size))
        inside = np.ones_like(columns["products"], bool)
        return {
            "layer": np.full(len(cells), index),
            "output_cell": cells,
            "window": np.pad(columns["window"], spare),
            "products": np.pad(columns["products"], spare),
            "inside": np.pad(inside, spare),
            "row_sums": columns["row_sums"],
            "bias": columns["bias"],
            "sum": columns["output"],
            "output": after[cells],
        }

    def show(self) -> Show:
        """Return for each layer its weights and what it gives, after the input; and all as a network."""
        indices = range(len(self.parts))
        panels = [Panel("input", "input", shown("input"), edit="input", regions=(self._all_read(0),))]
        panels += [panel for index in indices for panel in (self._weights(index), self._values(index))]
        values = ["input", *(f"{index}.output" for index in indices)]
        figure = Figure("network", values, [f"{index}.weight" for index in indices], ("layer", "output_cell"))
        return Show(panels, [self._card(index) for index in indices], "layer", figure)

    def _all_read(self, index: int) -> Region:
        """Return all the values that a layer reads, while it does."""
        return Region(size=(self.parts[index][0].x.size, 1), when=index)

    def _weights(self, index: int) -> Panel:
        title = shown("weights_numbered", layer=index + 1) if len(self.parts) > 1 else shown("weights")
        panel = _weights(f"weight-{index}", f"{index}.weight", self.parts[index][0].w, title, index)
        return panel._replace(label=shown("weights_of_layer", layer=index + 1))

    def _values(self, index: int) -> Panel:
        first, values = int(self.starts[index]), f"{index}.output"
        here = Region("output_cell", framed=False, when=index)
        steps: dict[str, Any] = {"sign": "=", "fills": first, "opens": first}
        if index == len(self.parts) - 1:
            return Panel("output", values, shown("output"), self._after(index), **steps, regions=(here,))
        regions = here, self._all_read(index + 1)
        texts = shown("hidden"), self._after(index), shown("hidden_values")
        return Panel("hidden", values, *texts, **steps, regions=regions)

    def _after(self, index: int) -> Text:
        name = self.parts[index][1]
        return "" if name == "none" else shown(f"after_{name}")

    def _card(self, index: int) -> Card:
        terms = Terms("products", "window", f"{index}.weight", "output_cell")
        lines = (shown("sum_of_products"), "{row_sums.0}"), (shown("with_the_bias_of"), "{bias}: {sum}")
        where = shown("place_of_layer", parameters=self.params["parameters"])
        return Card(self._after(index) or shown("no_activation"), where, terms=terms, lines=lines, when=index)

    def _messages(self, columns: Columns) -> Alike:
        own = lists(columns, cell="output_cell", bias="bias", before="sum", output="output")
        layers = columns["layer"].tolist()
        own["total"] = [total for (total,) in columns["row_sums"].tolist()]
        own["inputs"] = [self.parts[layer][0].x.size for layer in layers]
        own["activation"] = [self.parts[layer][1] for layer in layers]
        own["hidden"] = [layer < len(self.parts) - 1 for layer in layers]
        return self._alike("steps.linear", {}, own, lambda: map(_cells, layers, own["cell"]))


def _cells(layer: int, cell: int) -> Cells:
    return {name: (f"{layer}.{tensor}", (cell,)) for name, tensor in TENSORS.items()}
