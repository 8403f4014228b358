"""The bodies of POST /api/trace/{operation}: each operation's arguments, which steps, which tensors."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from cnn_engine.data.presets import INPUTS, KERNELS, MAX_SIZE, input_values, kernel_values, random_filters
from cnn_engine.variations import Variation, flipped, shifted
from cnn_server.schemas.fields import (
    MAX_MAGNITUDE,
    Count,
    Extra,
    Image,
    Map,
    Padding,
    Size,
    Values,
    Vector,
    Weight,
    check_total,
    one_of,
    real,
    small_pair,
    whole,
)
from cnn_server.schemas.reading import Body

PresetSize = Annotated[tuple[int, int], small_pair(1, MAX_SIZE)]


class Preset(Body):
    """Values by name."""

    def values(self) -> Values:
        """The values."""
        raise NotImplementedError


class InputPreset(Preset):
    """One of the named inputs, at a size and with a number of channels; `seed` chooses a random one."""

    preset: Annotated[str, one_of(INPUTS)]
    size: PresetSize | None = None
    channels: Annotated[int, whole(1, 256)] = 1
    seed: Annotated[int, whole(0, 2**32 - 1)] = 0

    def values(self) -> Values:
        """The values, (channels, height, width)."""
        return input_values(self.preset, self.size, self.channels, self.seed)


RANDOM_KERNEL = "random"
KERNEL_SIZE = (3, 3)  # where none is asked for, or about that


class KernelPreset(Preset):
    """One of the named kernels, at its own size or another, for every channel of every filter; "random" draws each."""

    preset: Annotated[str, one_of([*KERNELS, RANDOM_KERNEL])]
    size: PresetSize | None = None
    filters: Annotated[int, whole(1, 64)] = 1
    channels: Annotated[int, whole(1, 64)] = 1
    seed: Annotated[int, whole(0, 2**32 - 1)] = 0

    def values(self) -> Values:
        """The values, (filters, channels, height, width)."""
        height, width = self.size or KERNEL_SIZE
        check_total(self.filters * self.channels * height * width, "weight")
        if self.preset == RANDOM_KERNEL:
            return random_filters(self.filters, self.channels, self.size or KERNEL_SIZE, self.seed)
        return np.tile(kernel_values(self.preset, self.size), (self.filters, self.channels, 1, 1))


def form(value: Any) -> str:
    """Whether values are given as an array or by name."""
    return "as preset" if isinstance(value, dict | Body) else "as array"


ImageOrPreset = Annotated[
    Annotated[Image, Tag("as array")] | Annotated[InputPreset, Tag("as preset")], Discriminator(form)
]
MapOrPreset = Annotated[Annotated[Map, Tag("as array")] | Annotated[InputPreset, Tag("as preset")], Discriminator(form)]
WeightOrPreset = Annotated[
    Annotated[Weight, Tag("as array")] | Annotated[KernelPreset, Tag("as preset")], Discriminator(form)
]


# ---- the bodies of POST /api/trace/{operation}


class Steps(Body):
    """Which steps to answer with: `count` of them at most, from `start` on, counted from 0."""

    start: Annotated[int, whole(0, 10**12)] = 0
    count: Count | None = None


class TraceBody(Body):
    """What every operation takes beside its own arguments."""

    NOT_ARGUMENTS: ClassVar = {"steps", "tensors", "flip_kernel", "shift"}

    steps: Steps = Steps()
    tensors: Annotated[list[str], Field(max_length=16)] | None = None

    @model_validator(mode="after")
    def _together(self) -> Self:
        """All the arrays of one body count towards one cap."""
        check_total(sum(value.size for _, value in self if isinstance(value, np.ndarray)))
        return self

    def arguments(self) -> dict[str, Any]:
        """What was given of the operation's own arguments, presets as their values."""
        given = {name: getattr(self, name) for name in self.model_fields_set - self.NOT_ARGUMENTS}
        return {name: value.values() if isinstance(value, Preset) else value for name, value in given.items()}

    def variation(self) -> Variation | None:
        """The one thing that is to be changed, where the answer is to be compared with what it was before."""
        return None


PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]


class Conv2dBody(TraceBody):
    """The arguments of conv2d; `flip_kernel` turns the kernels by 180° first, and compares."""

    input: ImageOrPreset
    weight: WeightOrPreset
    bias: Vector | None = None
    stride: Size = 1
    padding: Padding = 0
    dilation: Size = 1
    groups: Count = 1
    padding_mode: PaddingMode = "zeros"
    flip_kernel: bool = False

    def variation(self) -> Variation | None:
        """The kernels turned, where that is asked for."""
        return flipped() if self.flip_kernel else None


class PooledBody(TraceBody):
    """What every pool takes; `shift` moves the input by [rows, columns] first, and compares."""

    input: ImageOrPreset
    shift: Annotated[tuple[int, int], small_pair(-MAX_SIZE, MAX_SIZE)] | None = None

    def variation(self) -> Variation | None:
        """The input moved, where that is asked for."""
        return shifted(self.shift) if self.shift else None


class PoolBody(PooledBody):
    """What both pools with windows take; the stride is the kernel size unless given."""

    kernel_size: Size
    stride: Size | None = None
    padding: Padding = 0
    dilation: Size = 1
    ceil_mode: bool = False


class MaxPool2dBody(PoolBody):
    """The arguments of max_pool2d."""


class AvgPool2dBody(PoolBody):
    """The arguments of avg_pool2d."""

    count_include_pad: bool = True


class ConvTranspose2dBody(TraceBody):
    """The arguments of conv_transpose2d; `mode` is what a step is: an output cell, or an input cell."""

    input: ImageOrPreset
    weight: WeightOrPreset
    bias: Vector | None = None
    stride: Size = 1
    padding: Padding = 0
    output_padding: Extra = 0
    groups: Count = 1
    dilation: Size = 1
    mode: Literal["gather", "scatter"] = "gather"


class MapBody(TraceBody):
    """The arguments of what takes maps alone."""

    input: ImageOrPreset


class Pad2dBody(MapBody):
    """The arguments of pad2d."""

    padding: Padding
    mode: PaddingMode = "zeros"
    value: Annotated[float, real(-MAX_MAGNITUDE, MAX_MAGNITUDE)] = 0.0


class ActivationBody(TraceBody):
    """The arguments of an activation: maps, or a line of numbers."""

    input: MapOrPreset


class LeakyReluBody(ActivationBody):
    """The arguments of leaky_relu."""

    negative_slope: Annotated[float, real(-1000, 1000)] = 0.01
