"""Every operation that multiplies and adds, declared once: along which axes, and in what role, its tensors lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cnn_engine.geometry import AxisGeometry, Geometry, PaddingMode
from cnn_engine.relations.axes import Axis, Blocks, Padded, Ravel, Slide, Table
from cnn_engine.transposed import TransposedAxis
from cnn_engine.windows import padding_sources

Dims = tuple[tuple[int, str], ...]  # for each axis of a tensor: which axis of the relation, and its role there


@dataclass(frozen=True, eq=False)
class Relation:
    """Who meets whom in an operation: at each point one cell of each tensor."""

    axes: tuple[Axis, ...]
    tensors: Mapping[str, Dims]

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor."""
        return tuple(self.axes[axis].size(role) for axis, role in self.tensors[name])


def _maps(channel: str, role: str) -> Dims:
    return (0, channel), (1, role), (2, role)


WINDOWED: Mapping[str, Dims] = {
    "output": _maps("out", "position"),
    "divisor": ((1, "position"), (2, "position")),
    "weight": ((0, "out"), (0, "depth"), (1, "tap"), (2, "tap")),
    "partial": ((0, "out"), (0, "depth"), (1, "position"), (2, "position")),
    "padded_input": _maps("in", "cell"),
}


def windowed(axes: Geometry, channels: Blocks) -> Relation:
    """Return a convolution's relation, or with channels that meet themselves alone a pool's; the input is padded."""
    return Relation((channels, *(axis.window_slide for axis in axes.values())), WINDOWED)


def windowed_input(axes: Geometry, channels: Blocks, mode: PaddingMode = "zeros") -> Relation:
    """Return the same for the input itself; beside zeros one cell has several copies in the padding."""
    along = [
        axis.input_slide if mode == "zeros" else Padded(axis.window_slide, _copies(axis, mode))
        for axis in axes.values()
    ]
    tensors = {**WINDOWED, "input": _maps("in", "cell"), "visit_counts": ((1, "cell"), (2, "cell"))}
    del tensors["padded_input"]
    return Relation((channels, *along), tensors)


def _copies(axis: AxisGeometry, mode: PaddingMode) -> Table:
    return Table(padding_sources(axis.input_size, axis.padding, mode)[:, None], axis.input_size)


def padding(axes: Geometry, channels: int, mode: PaddingMode, padded: str) -> Relation:
    """Return which cell of the input each cell of the padded one holds; `padded` is that one's name."""
    along = [
        Slide(axis.input_size, 1, axis.padded_size, before=-axis.padding[0]) if mode == "zeros" else _copies(axis, mode)
        for axis in axes.values()
    ]
    inner, outer = ("position", "cell") if mode == "zeros" else ("cell", "position")
    tensors = {
        "input": _maps("in", inner),
        "visit_counts": ((1, inner), (2, inner)),
        padded: _maps("out", outer),
    }
    return Relation((Blocks.same(channels), *along), tensors)


SCATTERED: Mapping[str, Dims] = {
    "input": _maps("in", "position"),
    "weight": ((0, "in"), (0, "kept"), (1, "tap"), (2, "tap")),
    "output": _maps("out", "cell"),
}


def transposed(axes: Mapping[str, TransposedAxis], channels: Blocks) -> Relation:
    """Return a transposed convolution's relation."""
    return Relation((channels, *(axis.slide for axis in axes.values())), SCATTERED)


def linear(inputs: int, outputs: int) -> Relation:
    """Return a dense layer's relation: each output meets every input."""
    tensors: Mapping[str, Dims] = {
        "input": ((0, "in"),),
        "weight": ((0, "out"), (0, "in")),
        "output": ((0, "out"),),
    }
    return Relation((Blocks(1, inputs, outputs),), tensors)


def bias(shape: tuple[int, ...]) -> Relation:
    """Return which outputs of this shape (O, ...) each bias is added to."""
    free = [Slide(1, size, size) for size in shape[1:]]
    tensors: Mapping[str, Dims] = {
        "bias": ((0, "in"),),
        "output": ((0, "out"), *((axis + 1, "cell") for axis in range(len(free)))),
    }
    return Relation((Blocks.same(shape[0]), *free), tensors)


def one_to_one(shape: tuple[int, ...], *names: str) -> Relation:
    """Return tensors of one shape, each of whose cells meets the same cell of the others."""
    dims = tuple((axis, "in") for axis in range(len(shape)))
    return Relation(tuple(map(Blocks.same, shape)), dict.fromkeys(names, dims))


def flattened(shape: tuple[int, ...]) -> Relation:
    """Return where each cell of maps of this shape stands once they are one line."""
    dims = tuple((0, str(axis)) for axis in range(len(shape)))
    return Relation((Ravel(shape),), {"input": dims, "output": ((0, "flat"),)})
