"""Which layers the fast plan takes together: a convolution, and the ReLU and the max pooling after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cnn_engine.geometry import AxisGeometry, Pair
from cnn_engine.nn.layers.activations import ReLU
from cnn_engine.nn.layers.base import Layer, Shape
from cnn_engine.nn.layers.columns import Order, before_pooling, natural
from cnn_engine.nn.layers.conv2d import Conv2d
from cnn_engine.nn.layers.pools import MaxPool2d


@dataclass(frozen=True)
class FusedLayers:
    """A convolution with what follows it of ReLU and pooling: the layers that one stage covers.

    `columns` are those of the convolution's output that pooling reads, in the order in which they are stored; `pooled`
    is the order of the columns after it.
    """

    conv: Conv2d
    relu: bool
    pool: Pair  # rows and columns of a window; (1, 1) for none
    layers: int
    columns: Order
    pooled: Order
    output_shape: Shape

    @property
    def rows(self) -> int:
        """Rows of the convolution's output that are computed: those that pooling reads."""
        return self.output_shape[1] * self.pool[0]

    @property
    def source_columns(self) -> Order:
        """The order in which the input's columns are best stored: that of the output, where they are as many."""
        every = natural(self.conv.input_shape[2])
        return self.columns if sorted(self.columns) == list(every) else every

    @property
    def product(self) -> int:
        """Multiplications of the matrix product of a row, for one sample and one column of the pooling window."""
        depth, (height, width) = self.conv.input_shape[0], self.conv.kernel_size
        return self.conv.out_channels * height * (width * depth + 1) * self.output_shape[2]


def groups(layers: Sequence[Layer]) -> Mapping[int, FusedLayers]:
    """Return all groups of a network by where they begin; where none does, the fast plan does not fit."""
    return _groups_by_start(tuple(layers))


@lru_cache(16)
def _groups_by_start(layers: tuple[Layer, ...]) -> dict[int, FusedLayers]:
    """Return every group by its beginning. How one stores its columns follows from the next: the last comes first."""
    found: dict[int, FusedLayers] = {}
    for at in reversed(range(len(layers))):
        if (one := _group(layers, at, found)) is not None:
            found[at] = one
    return found


def _group(layers: Sequence[Layer], at: int, later: Mapping[int, FusedLayers]) -> FusedLayers | None:
    conv = layers[at]
    if not isinstance(conv, Conv2d) or conv.groups != 1 or conv.padding_mode != "zeros":
        return None
    if any(axis.stride != 1 or not axis.taps_touch or max(axis.padding) >= axis.kernel_size for axis in _axes(conv)):
        return None
    following = layers[at + 1 : at + 3]
    relu = bool(following) and isinstance(following[0], ReLU)
    pool = _window(following[1]) if relu and len(following) > 1 else (1, 1)
    covered = 1 + relu + (pool != (1, 1))
    output_shape = layers[at + covered - 1].output_shape
    after = later.get(at + covered)
    pooled = after.source_columns if after is not None else natural(output_shape[2])
    return FusedLayers(conv, relu, pool, covered, before_pooling(pooled, pool[1]), pooled, output_shape)


def _axes(layer: Conv2d | MaxPool2d) -> tuple[AxisGeometry, AxisGeometry]:
    return layer.axes["height"], layer.axes["width"]


def _window(layer: Layer) -> Pair:
    """Return the size of pooling windows that stand side by side without padding; (1, 1) for anything else."""
    if not isinstance(layer, MaxPool2d):
        return 1, 1
    rows, cols = _axes(layer)
    if any(
        axis.stride != axis.kernel_size or not axis.taps_touch or any(axis.padding) or axis.overhang
        for axis in (rows, cols)
    ):
        return 1, 1
    return rows.kernel_size, cols.kernel_size
