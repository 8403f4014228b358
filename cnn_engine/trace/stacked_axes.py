"""How two convolutions lie along each axis, one after the other: what of the input an output depends on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnn_engine.errors import ConvoscopeError
from cnn_engine.geometry import (
    AXES,
    AxisGeometry,
    Cells,
    Padding,
    Pair,
    Size,
    convolution_geometry,
    pair,
)
from cnn_engine.relations.slide import Slide
from cnn_engine.words.arguments import Stretch


class StackedAxis(NamedTuple):
    """How two convolutions lie along one axis, one after the other."""

    first: AxisGeometry
    second: AxisGeometry

    @property
    def output_size(self) -> int:
        """How many outputs the second has."""
        return self.second.output_size

    @property
    def padding(self) -> Pair:
        """The first layer's padding: the second has none."""
        return self.first.padding

    @property
    def field(self) -> Slide:
        """Where in the padded input what an output depends on begins and ends."""
        return self.second.window_slide.over(self.first.window_slide)

    @property
    def has_gaps(self) -> bool:
        """Whether windows of the first leave out cells between them."""
        return self.first.stride > self.first.kernel_size

    @property
    def linked(self) -> int:
        """How many cells all outputs depend on, each of them named by itself; 0 where they lie next to each other."""
        return self.output_size * self.second.kernel_size * self.first.kernel_size if self.has_gaps else 0

    def stretch(self, index: int) -> Stretch:
        """Return what of the input an output depends on, padding left out."""
        between = np.array(self.second.read_by(index)) if self.has_gaps else np.array([index * self.second.stride])
        size = self.first.kernel_size if self.has_gaps else self.field.taps
        begin = between * self.first.stride - self.padding[0]
        low, high = np.maximum(begin, 0), np.minimum(begin + size, self.first.input_size)
        there = high > low
        if not there.any():
            return Stretch(0, 0, 0)
        low, high = low[there], high[there]
        return Stretch(int((high - low).sum()), int(low[0]), int(high[-1]) - 1)


def stacked_geometry(
    input_size: Cells,
    kernel_size: Cells,
    second_kernel_size: Cells,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    second_stride: Size = 1,
) -> dict[str, StackedAxis]:
    """Return how two convolutions lie along both axes; the second reads what the first gives, without padding."""
    inner = convolution_geometry(input_size, kernel_size, stride=stride, padding=padding)
    between = inner["height"].output_size, inner["width"].output_size
    steps = pair(second_stride, "second_stride")
    try:
        outer = convolution_geometry(between, second_kernel_size, stride=steps)
    except ConvoscopeError as error:
        raise error.within("second_weight", "second_layer") from error
    return {axis: StackedAxis(inner[axis], outer[axis]) for axis in AXES}
