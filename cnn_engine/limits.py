"""What a person may choose next: for each parameter, with all the others held, the range that can be computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from cnn_engine.errors import ConvoscopeError
from cnn_engine.geometry import (
    AXES,
    Border,
    Geometry,
    Padding,
    PaddingMode,
    Pair,
    check_padding_mode,
    check_pool_padding,
    check_windows_hold_input,
    geometry,
)
from cnn_engine.parameters import Accepts, Parameter, describe
from cnn_engine.transposed import Axes, transposed_axes

POOLS: tuple[Literal["max", "avg"], ...] = ("max", "avg")
Ranges = dict[str, dict[str, Pair]]
Cells = Annotated[Pair, Accepts("size", minimum=1)]
MoreCells = Annotated[Pair, Accepts("size", minimum=0)]


@dataclass(frozen=True)
class Setting:
    """All the parameters of a windowed operation. `pool` is None for a convolution."""

    input_size: Cells
    kernel_size: Cells
    stride: Cells = (1, 1)
    padding: Padding = 0
    dilation: Cells = (1, 1)
    ceil_mode: bool = False
    padding_mode: PaddingMode = "zeros"
    pool: Literal["max", "avg"] | None = None
    count_include_pad: bool = True

    def geometry(self) -> Geometry:
        """The geometry, or the error that says why there is none."""
        axes = geometry(
            self.input_size,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            ceil_mode=self.ceil_mode,
        )
        if self.pool:
            check_pool_padding(axes)
        else:
            check_padding_mode(self.padding_mode, (axes["height"].padding, axes["width"].padding), self.input_size)
        if self.pool == "avg" and not self.count_include_pad:
            check_windows_hold_input(axes, "there is nothing to average")
        return axes

    def computes(self) -> bool:
        """Whether these parameters can be computed together."""
        try:
            self.geometry()
        except ConvoscopeError:
            return False
        return True


@dataclass(frozen=True)
class TransposedSetting:
    """All the parameters of a transposed convolution. `largest` is the output side up to which a page can show it."""

    input_size: Cells
    kernel_size: Cells
    stride: Cells = (1, 1)
    padding: Border = 0
    output_padding: MoreCells = (0, 0)
    dilation: Cells = (1, 1)
    largest: int = 40

    def geometry(self) -> Axes:
        """The geometry, or the error that says why there is none."""
        return transposed_axes(
            self.input_size,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            output_padding=self.output_padding,
            dilation=self.dilation,
        )

    def computes(self) -> bool:
        """Whether these parameters can be computed together, and shown."""
        try:
            return all(axis.output_size <= self.largest for axis in self.geometry().values())
        except ConvoscopeError:
            return False


AnySetting = Setting | TransposedSetting


def limited(setting: AnySetting) -> dict[str, int]:
    """The parameters that have a range, each with the least value that it may ever have."""
    kind: Callable[..., AnySetting] = type(setting)
    ranges = [part for part in describe(kind) if part.accepts.kind in {"size", "padding"}]
    return {part.name: int(part.accepts.minimum or 0) for part in ranges}


def _with(current: Pair, axis: int, value: int) -> Pair:
    return (value, current[1]) if axis == 0 else (current[0], value)


def _padding_of(setting: AnySetting, axis: int, value: int) -> Padding:
    axes = setting.geometry()
    sides = [axes["height"].padding, axes["width"].padding]
    sides[axis] = (value, value)
    return sides[0], sides[1]


def _start(setting: AnySetting, name: str, axis: int) -> int:
    """The value that a parameter has now along this axis; the wider side of padding, should its sides differ."""
    if name == "padding":
        return max(setting.geometry()[AXES[axis]].padding)
    value: Pair = getattr(setting, name)
    return value[axis]


def _range(start: int, low: int, cap: int, computes: Callable[[int], bool]) -> Pair:
    """The unbroken run of values that can be computed around `start`: beyond a gap there may be more."""
    if not computes(start):  # padding alike on both sides may be impossible where unlike sides are not
        start = next((value for value in range(low, cap + 1) if computes(value)), start)
    first = last = start
    while first > low and computes(first - 1):
        first -= 1
    while last < cap and computes(last + 1):
        last += 1
    return first, last


def limits(setting: AnySetting, caps: Mapping[str, int]) -> Ranges:
    """The inclusive range of each parameter and axis around its present value, all the others held.

    Args:
        setting: parameters that can be computed.
        caps: the largest value to consider of those that are `limited`; a parameter without one is left out.

    Returns:
        {parameter: {"height": (low, high), "width": (low, high)}}
    """
    ranges: Ranges = {}
    for name, lowest in limited(setting).items():
        if (cap := caps.get(name)) is None:
            continue
        ranges[name] = {}
        for i, axis in enumerate(AXES):

            def computes(value: int, name: str = name, i: int = i) -> bool:
                if name == "padding":
                    return replace(setting, padding=_padding_of(setting, i, value)).computes()
                change = {name: _with(getattr(setting, name), i, value)}
                return replace(setting, **change).computes()  # type: ignore[arg-type]

            start = min(_start(setting, name, i), cap)  # beyond the cap nothing is considered, or counted through
            ranges[name][axis] = _range(start, lowest, cap, computes)
    return ranges


def choices(setting: AnySetting, parameters: Iterable[Parameter]) -> dict[str, list[str] | list[bool]]:
    """The same for what an operation takes by name: which words can be computed, and which sides of a switch."""
    found: dict[str, list[Any]] = {}
    for name, accepts in ((part.name, part.accepts) for part in parameters if hasattr(setting, part.name)):
        values = (False, True) if accepts.kind == "flag" else accepts.words or ()
        if values:
            key = "padding_word" if accepts.kind == "padding" else name
            found[key] = [value for value in values if replace(setting, **{name: value}).computes()]  # type: ignore[arg-type]
    if isinstance(setting, Setting) and setting.pool:
        found["pool"] = _pools(setting)
    return found


def _pools(setting: Setting) -> list[str]:
    """Which pools compute however padding is counted: a max pool does not say how an average would count it."""
    strict = [kind for kind in POOLS if replace(setting, pool=kind, count_include_pad=False).computes()]
    return [kind for kind in POOLS if kind in strict or kind == setting.pool]
