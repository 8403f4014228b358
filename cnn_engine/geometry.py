"""Where windows go: sizes, padding and strides, brought to one form once and checked once.

The output size is PyTorch's (torch.nn.Conv2d, torch.nn.MaxPool2d):

    floor((input + padding before and after - effective kernel size) / stride) + 1

with effective kernel size = dilation * (kernel size - 1) + 1; with `ceil_mode` the quotient is rounded up, and a
last window that would begin beyond the input and its leading padding is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Literal, TypedDict, get_args

import numpy as np

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.parameters import Accepts
from cnn_engine.relations.slide import Slide
from cnn_engine.words.message import Message, part

PADDING_WORDS = ("valid", "same", "same_lower")

Pair = tuple[int, int]
Cells = Annotated[Pair, Accepts("size", minimum=1)]
Count = Annotated[int, Accepts("whole", minimum=1)]
Size = Annotated[int | Sequence[int], Accepts("size", minimum=1)]
Extra = Annotated[int | Sequence[int], Accepts("size", minimum=0)]
Around = int | str | Sequence[int] | Sequence[Sequence[int]]
Padding = Annotated[Around, Accepts("padding", minimum=0, words=PADDING_WORDS)]
Border = Annotated[Around, Accepts("padding", minimum=0)]  # where no kernel says how much "same" would be
Sides = tuple[Pair, Pair]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]


class Sliding(TypedDict, total=False):
    """How a kernel slides, as a caller says it."""

    stride: Size
    padding: Padding
    dilation: Size
    padding_mode: PaddingMode


class Convolving(Sliding, total=False):
    """The options of a convolution."""

    groups: Count


class PoolOptions(TypedDict, total=False):
    """The options of a pool."""

    stride: Size | None
    padding: Padding
    dilation: Size
    ceil_mode: bool


class Averaging(PoolOptions, total=False):
    """The options of an average pool."""

    count_include_pad: bool


PADDING_MODES: tuple[PaddingMode, ...] = get_args(PaddingMode)
AXES = ("height", "width")
ALONG = ("kernel_size", "stride", "padding", "output_padding", "dilation")  # parameters that each axis has its own of


def flag(value: object, name: str) -> bool:
    """Return `value` as a bool and nothing that only resembles one."""
    if not isinstance(value, bool | np.bool):
        raise ParameterError("not_a_flag", name, name=name, value=value)
    return bool(value)


def check_word(value: object, name: str, words: Sequence[str]) -> None:
    """Refuse what is none of these words."""
    if value not in words:
        listed = ", ".join(f'"{word}"' for word in words)
        raise ParameterError("none_of_words", name, name=name, value=value, words=listed)


def whole(value: object, name: str, low: int) -> int:
    """Return `value` as an int that is at least `low`; a bool, a fraction or text is refused."""
    if isinstance(value, bool | np.bool) or not isinstance(value, int | np.integer):
        raise ParameterError("not_a_whole_number", name, name=name, value=value)
    if value < low:
        raise ParameterError("less_than", name, name=name, value=value, low=low)
    return int(value)


def whole_in(value: object, name: str, low: int, high: int) -> int:
    """Return `value` as an int from `low` to `high`."""
    number = whole(value, name, low)
    if number > high:
        raise ParameterError("more_than", name, name=name, value=number, high=high)
    return number


def pair(value: object, name: str, low: int = 1) -> Pair:
    """Return (height, width) from one number for both, or from two."""
    if isinstance(value, int | str) or not isinstance(value, tuple | Sequence):  # a tuple is known sooner
        number = whole(value, name, low)
        return number, number
    if len(value) != 2:
        raise ParameterError("not_a_pair", name, name=name, value=list(value))
    return whole(value[0], name, low), whole(value[1], name, low)


def _sides(padding: Padding) -> Sides:
    if isinstance(padding, tuple | Sequence) and len(padding) == 2 and isinstance(padding[0], tuple | Sequence):
        vertical, horizontal = (pair(side, "padding", 0) for side in padding)
        return vertical, horizontal
    top, left = pair(padding, "padding", 0)
    return (top, top), (left, left)


def _same(input_size: int, effective: int, stride: int, odd_first: bool) -> Pair:
    """Return as much padding as gives ceil(input / stride) outputs; an odd cell goes to the end, or first."""
    outputs = -(-input_size // stride)
    total = max((outputs - 1) * stride + effective - input_size, 0)
    small, large = total // 2, total - total // 2
    return (large, small) if odd_first else (small, large)


def resolve_padding(padding: Padding, input_size: Pair, effective: Pair, stride: Pair) -> Sides:
    """Return ((top, bottom), (left, right)) from any form that padding may be given in.

    "same" is TensorFlow's SAME and ONNX's SAME_UPPER, "same_lower" is ONNX's SAME_LOWER.
    """
    if not isinstance(padding, str):
        return _sides(padding)
    check_word(padding, "padding", PADDING_WORDS)
    if padding == "valid":
        return (0, 0), (0, 0)
    rows, cols = (
        _same(size, reach, step, padding == "same_lower")
        for size, reach, step in zip(input_size, effective, stride, strict=True)
    )
    return rows, cols


@dataclass(frozen=True)
class Laid:
    """How a kernel is laid along one axis. Sizes in cells."""

    input_size: int
    kernel_size: int
    stride: int
    padding: Pair
    dilation: int


@dataclass(frozen=True)
class AxisGeometry(Laid):
    """How windows lie along one axis. Sizes in cells; `quotient` is what the output size rounds."""

    effective_kernel_size: int
    ceil_mode: bool
    span: int
    quotient: float
    output_size: int
    unread: int
    overhang: int
    left_out: int  # windows that `ceil_mode` would add and that would begin beyond the input

    @classmethod
    @lru_cache(512)  # the same axes are worked out for an operation and for each of its gradients
    def of(
        cls,
        axis: str,
        input_size: int,
        kernel_size: int,
        *,
        stride: int,
        padding: Pair,
        dilation: int,
        ceil_mode: bool = False,
    ) -> AxisGeometry:
        """Work the axis out; ShapeError where not even one window fits."""
        effective = dilation * (kernel_size - 1) + 1
        padded = input_size + sum(padding)
        span = padded - effective
        output = (span + (stride - 1 if ceil_mode else 0)) // stride + 1
        left_out = int(ceil_mode and (output - 1) * stride >= input_size + padding[0])
        output -= left_out
        if output < 1:
            known = {"kernel_size": kernel_size, "axis": part(axis), "padded": padded}
            if dilation == 1:
                raise ShapeError("kernel_exceeds_input", "kernel_size", **known)
            spans = {"dilation": dilation, "effective": effective}
            raise ShapeError("spread_kernel_exceeds_input", "kernel_size", **known, **spans)
        end = (output - 1) * stride + effective
        return cls(
            input_size,
            kernel_size,
            stride,
            padding,
            dilation,
            effective,
            ceil_mode,
            span,
            span / stride,
            output,
            max(padded - end, 0),
            max(end - padded, 0),
            left_out,
        )

    @property
    def padded_size(self) -> int:
        """Input and padding together."""
        return self.input_size + sum(self.padding)

    @property
    def window_slide(self) -> Slide:
        """How windows lie along the padded input."""
        return Slide(self.output_size, self.kernel_size, self.padded_size, self.stride, self.dilation)

    @property
    def input_slide(self) -> Slide:
        """How windows lie along the input itself, padding left out."""
        slide = self.window_slide
        return replace(slide, cells=self.input_size, before=self.padding[0])

    @property
    def taps_touch(self) -> bool:
        """Whether the cells that a window reads lie next to each other."""
        return self.dilation == 1

    def read_by(self, index: int) -> range:
        """Return the cells of the input that a window reads, from its first tap to its last; some may not exist."""
        first = index * self.stride - self.padding[0]
        return range(first, first + self.effective_kernel_size, self.dilation)

    def met_by(self, tap: int) -> slice:
        """Return the cells of the padded input that a tap meets, position by position."""
        first = tap * self.dilation
        return slice(first, first + (self.output_size - 1) * self.stride + 1, self.stride)


Geometry = dict[str, AxisGeometry]


def spread_of(rows: AxisGeometry, cols: AxisGeometry) -> tuple[int, ...]:
    """Return how far apart the cells of a window lie: one number for both axes, one for each, or none if they touch."""
    apart = rows.dilation, cols.dilation
    return () if rows.taps_touch and cols.taps_touch else apart[:1] if apart[0] == apart[1] else apart


def kernel_laid(rows: Laid, cols: Laid) -> tuple[Pair, Pair]:
    """Return how many taps a kernel has, and how far apart they are, down and across."""
    return (rows.kernel_size, cols.kernel_size), (rows.dilation, cols.dilation)


def geometry(
    input_size: Pair,
    kernel_size: Size,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Geometry:
    """Return {"height": AxisGeometry, "width": AxisGeometry} for windows over an input of this size."""
    kernel, steps, spread = pair(kernel_size, "kernel_size"), pair(stride, "stride"), pair(dilation, "dilation")
    flag(ceil_mode, "ceil_mode")
    effective = (spread[0] * (kernel[0] - 1) + 1, spread[1] * (kernel[1] - 1) + 1)
    sides = resolve_padding(padding, input_size, effective, steps)
    return {
        axis: AxisGeometry.of(
            axis,
            input_size[i],
            kernel[i],
            stride=steps[i],
            padding=sides[i],
            dilation=spread[i],
            ceil_mode=bool(ceil_mode),
        )
        for i, axis in enumerate(AXES)
    }


def check_padding_mode(mode: str, sides: Sides, input_size: Pair, name: str = "padding_mode") -> None:
    """Refuse an unknown mode, and padding that the input is too small to fill.

    Reflecting needs padding smaller than the input (the edge is not repeated), wrapping at most the input. `name` is
    what the caller calls the mode.
    """
    check_word(mode, name, PADDING_MODES)
    for axis, around, size in zip(AXES, sides, input_size, strict=True):
        if mode == "reflect" and max(around) >= size:
            raise ParameterError(
                "padding_too_wide_to_reflect", "padding", around=max(around), axis=part(axis), size=size
            )
        if mode == "circular" and max(around) > size:
            raise ParameterError("padding_too_wide_to_wrap", "padding", around=max(around), axis=part(axis), size=size)


def convolution_geometry(
    input_size: Cells,
    kernel_size: Cells,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    padding_mode: PaddingMode = "zeros",
) -> Geometry:
    """Return the geometry of a convolution, whose padding must be what its mode can fill."""
    axes = geometry(input_size, kernel_size, stride=stride, padding=padding, dilation=dilation)
    check_padding_mode(padding_mode, (axes["height"].padding, axes["width"].padding), input_size)
    return axes


def check_pool_padding(axes: Geometry) -> None:
    """Refuse a pool's padding that is not below its effective kernel size: a window might hold no input at all."""
    for axis in AXES:
        around, effective = max(axes[axis].padding), axes[axis].effective_kernel_size
        if around >= effective:
            raise ParameterError(
                "padding_exceeds_kernel", "padding", around=around, axis=part(axis), effective=effective
            )


def check_windows_hold_input(axes: Geometry, why: Message) -> None:
    """Refuse windows whose taps all fall on padding, as dilated ones may."""
    for axis in AXES:
        empty = axes[axis].input_slide.counts("position") == 0
        if empty.any():
            window = int(np.argmax(empty)) + 1
            dilation = axes[axis].dilation
            raise ParameterError(
                "window_of_padding_alone", "dilation", dilation=dilation, number=window, axis=part(axis), why=why
            )


def output_size(
    input_size: Size,
    kernel_size: Size,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> int | Pair:
    """Return how many windows fit: an int for an int `input_size` (one axis), a pair for a pair (height, width).

    For one axis `padding` may also be (before, after).
    """
    one_axis = isinstance(input_size, int | np.integer) and not isinstance(input_size, bool)
    sizes = pair(input_size, "input_size")
    if one_axis and isinstance(padding, Sequence) and not isinstance(padding, str):
        around = pair(padding, "padding", 0)
        padding = (around, around)
    axes = geometry(sizes, kernel_size, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode)
    height, width = axes["height"].output_size, axes["width"].output_size
    return height if one_axis else (height, width)
