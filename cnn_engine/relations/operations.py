"""Every operation that multiplies and adds, declared once: along which axes, and in what role, its tensors lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from cnn_engine.geometry import AxisGeometry, Geometry, PaddingMode
from cnn_engine.relations.axes import Axis, Ravel
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.slide import Slide
from cnn_engine.relations.table import PaddedSlide, Table
from cnn_engine.transposed import TransposedAxis
from cnn_engine.windows import padding_sources

KEPT = 512  # relations, and what follows from them, that the next trace of the same sizes has for nothing
Dims = tuple[tuple[int, str], ...]  # for each axis of a tensor: which axis of the relation, and its role there


@dataclass(frozen=True, eq=False)
class Relation:
    """Who meets whom in an operation: at each point one cell of each tensor."""

    axes: tuple[Axis, ...]
    tensors: Mapping[str, Dims]
    _shapes: dict[str, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False)
    _mosts: dict[str, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False)

    @property
    def follows_rules(self) -> bool:
        """Whether no axis is a table, which may be long."""
        return not any(isinstance(axis, Table | PaddedSlide) for axis in self.axes)

    @property
    def weighs(self) -> bool:
        """Whether cells count by how much a table says, and not each once."""
        weights = [axis.weights for axis in self.axes if isinstance(axis, Table) and axis.weights is not None]
        return any(bool((weight != 1).any()) for weight in weights)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor."""
        if name not in self._shapes:
            self._shapes[name] = tuple(self.axes[axis].size(role) for axis, role in self.tensors[name])
        return self._shapes[name]

    def most(self, name: str) -> tuple[int, ...]:
        """Return how many points along each axis a cell of a tensor has at most, or 1 where none has any."""
        if name not in self._mosts:
            self._mosts[name] = tuple(max(1, self._most(name, number)) for number in range(len(self.axes)))
        return self._mosts[name]

    def _most(self, name: str, number: int) -> int:
        """Several indices along one axis settle its point."""
        roles = [role for axis, role in self.tensors[name] if axis == number]
        return 1 if len(roles) > 1 else self.axes[number].most(roles[0] if roles else "position")

    def renamed(self, names: Mapping[str, str]) -> Relation:
        """Return the same relation with these tensors alone: their new names, with what they are called here."""
        return Relation(self.axes, {new: self.tensors[name] for new, name in names.items()})


def _maps(channel: str, role: str) -> Dims:
    return (0, channel), (1, role), (2, role)


WINDOWED: Mapping[str, Dims] = {
    "output": _maps("out", "position"),
    "share": ((1, "position"), (2, "position")),
    "weight": ((0, "out"), (0, "depth"), (1, "tap"), (2, "tap")),
    "partial": ((0, "out"), (0, "depth"), (1, "position"), (2, "position")),
    "padded_input": _maps("in", "cell"),
}


SCATTERED: Mapping[str, Dims] = {
    "input": _maps("in", "position"),
    "weight": ((0, "in"), (0, "kept"), (1, "tap"), (2, "tap")),
    "output": _maps("out", "cell"),
}


WINDOWED_INPUT: Mapping[str, Dims] = {
    **{name: dims for name, dims in WINDOWED.items() if name != "padded_input"},
    "input": _maps("in", "cell"),
    "visit_counts": ((1, "cell"), (2, "cell")),
    "weight_by_input": SCATTERED["weight"],
}


def windowed(axes: Geometry, channels: Blocks) -> Relation:
    """Return a convolution's relation, or with channels that meet themselves alone a pool's; the input is padded."""
    return _windowed(tuple(axes.values()), channels)


@lru_cache(KEPT)
def _windowed(axes: tuple[AxisGeometry, ...], channels: Blocks) -> Relation:
    return Relation((channels, *(axis.window_slide for axis in axes)), WINDOWED)


def windowed_input(axes: Geometry, channels: Blocks, mode: PaddingMode = "zeros") -> Relation:
    """Return the same for the input itself; beside zeros one cell has several copies in the padding."""
    if mode == "zeros":
        return _zero_padded(tuple(axes.values()), channels)
    copied = (PaddedSlide(axis.window_slide, _copies(axis, mode)) for axis in axes.values())
    return Relation((channels, *copied), WINDOWED_INPUT)


@lru_cache(KEPT)
def _zero_padded(axes: tuple[AxisGeometry, ...], channels: Blocks) -> Relation:
    return Relation((channels, *(axis.input_slide for axis in axes)), WINDOWED_INPUT)


def _copies(axis: AxisGeometry, mode: PaddingMode) -> Table:
    return Table(padding_sources(axis.input_size, axis.padding, mode)[:, None], axis.input_size)


def padding(axes: Geometry, channels: int, mode: PaddingMode) -> Relation:
    """Return which cell of the input each cell of the padded one holds."""
    if mode != "zeros":
        copies = [_copies(axis, mode) for axis in axes.values()]
        return copied(copies, channels, "padded_input")
    along = [Slide(axis.input_size, 1, axis.padded_size, before=-axis.padding[0]) for axis in axes.values()]
    tensors = {"input": _maps("in", "position"), "padded_input": _maps("out", "cell")}
    tensors["visit_counts"] = tensors["input"][1:]
    return Relation((Blocks.same(channels), *along), tensors)


def copied(copies: Iterable[Table], channels: int, output: str = "output") -> Relation:
    """Return which cell of the input each cell of an output repeats, by a table of its rows and one of its columns."""
    tensors = {"input": _maps("in", "cell"), output: _maps("out", "position")}
    return Relation((Blocks.same(channels), *copies), tensors)


def through(inner: Geometry, outer: Geometry) -> Relation:
    """Return which cells of the padded input an output depends on, through two convolutions of one channel each.

    `outer` lies over what `inner` gives, without padding. Where windows of `inner` leave gaps, it is a table.
    """
    along = [_through(inner[name].window_slide, axis.window_slide) for name, axis in outer.items()]
    return Relation((Blocks.same(1), *along), {"padded_input": _maps("in", "cell"), "output": _maps("out", "position")})


def _through(inner: Slide, outer: Slide) -> Axis:
    """Each cell counts once, by however many of the windows between it is read."""
    if inner.stride <= inner.taps:
        return outer.over(inner)
    between = outer.met(np.arange(outer.positions))
    return Table(inner.met(between.ravel()).reshape(outer.positions, -1), inner.cells)


def transposed(axes: Mapping[str, TransposedAxis], channels: Blocks) -> Relation:
    """Return a transposed convolution's relation."""
    return _transposed(tuple(axes.values()), channels)


@lru_cache(KEPT)
def _transposed(axes: tuple[TransposedAxis, ...], channels: Blocks) -> Relation:
    return Relation((channels, *(axis.slide for axis in axes)), SCATTERED)


def turned(axes: Mapping[str, TransposedAxis], channels: Blocks) -> Relation:
    """Return which inputs each weight of the kernels meets once they are turned by half a turn."""
    tensors = {**SCATTERED, "flipped_weight": WINDOWED["weight"]}
    return Relation((channels, *(axis.turned_slide for axis in axes.values())), tensors)


def gathered(axes: Geometry, channels: Blocks) -> Relation:
    """Return the plain convolution that a transposed one is, over the input that was spread out."""
    relation = windowed(axes, channels)
    return Relation(relation.axes, {**WINDOWED, "flipped_weight": WINDOWED["weight"]})


def spread(axes: Mapping[str, TransposedAxis], channels: int) -> Relation:
    """Return where each cell of the input stands once it is spread out."""
    tensors = {"input": _maps("in", "position"), "padded_input": _maps("out", "cell")}
    return Relation((Blocks.same(channels), *(axis.spread_slide for axis in axes.values())), tensors)


@lru_cache(KEPT)
def linear(inputs: int, outputs: int, before: str = "input", weight: str = "weight", after: str = "output") -> Relation:
    """Return a dense layer's relation, its tensors by these names: each output meets every input."""
    tensors: Mapping[str, Dims] = {before: ((0, "in"),), weight: ((0, "out"), (0, "in")), after: ((0, "out"),)}
    return Relation((Blocks(1, inputs, outputs),), tensors)


def over_maps(shape: tuple[int, int, int]) -> Relation:
    """Return a dense layer over maps (C, H, W) with an output for each map: a weight for every place."""
    free = [Slide(1, size, size) for size in shape[1:]]
    tensors = {"input": _maps("in", "cell"), "output": ((0, "out"),), "weight": ((0, "out"), *_maps("in", "cell"))}
    return Relation((Blocks(1, shape[0], shape[0]), *free), tensors)


def of_own_map(shape: tuple[int, int, int]) -> Relation:
    """Return which cells of maps (C, H, W) belong to the average of each."""
    free = [Slide(1, size, size) for size in shape[1:]]
    return Relation((Blocks.same(shape[0]), *free), {"input": _maps("in", "cell"), "averages": ((0, "out"),)})


@lru_cache(KEPT)
def bias(shape: tuple[int, ...]) -> Relation:
    """Return which outputs of this shape (O, ...) each bias is added to."""
    free = [Slide(1, size, size) for size in shape[1:]]
    tensors: Mapping[str, Dims] = {
        "bias": ((0, "in"),),
        "output": ((0, "out"), *((axis + 1, "cell") for axis in range(len(free)))),
    }
    return Relation((Blocks.same(shape[0]), *free), tensors)


@lru_cache(KEPT)
def one_to_one(shape: tuple[int, ...], *names: str) -> Relation:
    """Return tensors of one shape, each of whose cells meets the same cell of the others."""
    dims = tuple((axis, "in") for axis in range(len(shape)))
    return Relation(tuple(map(Blocks.same, shape)), dict.fromkeys(names, dims))


@lru_cache(KEPT)
def flattened(shape: tuple[int, ...]) -> Relation:
    """Return where each cell of maps of this shape stands once they are one line."""
    dims = tuple((0, str(axis)) for axis in range(len(shape)))
    return Relation((Ravel(shape),), {"input": dims, "output": ((0, "flat"),)})
