"""What a person may choose next: for each parameter, with all the others held, the range that can be computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cnn_engine.errors import ConvoscopeError
from cnn_engine.geometry import ALONG, AXES, Around, Pair
from cnn_engine.ops import avg_pool_geometry, pool_geometry
from cnn_engine.parameters import describe


class Sized(Protocol):
    """How an operation lies along one axis, which gives the output its size."""

    @property
    def output_size(self) -> int:
        """How many outputs there are."""
        ...


Axes = Mapping[str, Sized]
Ranges = dict[str, dict[str, Pair]]


def _pairs(axes: Axes, names: tuple[str, ...]) -> dict[str, Any]:
    """Return what the axes have under these names, as (height, width)."""
    return {name: tuple(getattr(axis, name) for axis in axes.values()) for name in names}


def parameters_of(axes: Axes) -> dict[str, Any]:
    """Return the parameters that lie along the axes, brought to one form, in the order in which the API shows them."""
    return _pairs(axes, tuple(name for name in ALONG if hasattr(axes["height"], name)))


@dataclass(frozen=True)
class Setting:
    """How an operation's windows lie, and from what that is worked out.

    Attributes:
        axes: gives the geometry, or the error that says why there is none. Its signature says what can be chosen.
        values: what it is called with; sizes as (height, width).
        largest: the output side up to which a page can show it.
    """

    axes: Callable[..., Axes]
    values: dict[str, Any]
    largest: float = float("inf")

    @classmethod
    def of(cls, axes: Callable[..., Axes], found: Axes, largest: float = float("inf"), **others: Any) -> Setting:
        """Return the setting that gave these axes, from them and from what they do not say."""
        sizes = tuple(part.name for part in describe(axes) if part.accepts.kind == "size")
        return cls(axes, _pairs(found, sizes) | others, largest)

    def __hash__(self) -> int:
        return hash((self.axes, self.largest, tuple(self.values.items())))

    def geometry(self, **changed: Any) -> Axes:
        """Return the geometry with some values changed, or the error that says why there is none."""
        return self.axes(**self.values | changed)

    def computes(self, **changed: Any) -> bool:
        """Return whether the values can be computed together, and shown."""
        try:
            return all(axis.output_size <= self.largest for axis in self.geometry(**changed).values())
        except ConvoscopeError:
            return False


def limited(setting: Setting) -> dict[str, int]:
    """Return the parameters that have a range, each with the least value that it may ever have."""
    ranges = [part for part in describe(setting.axes) if part.accepts.kind in {"size", "padding"}]
    return {part.name: int(part.accepts.minimum or 0) for part in ranges}


def _padding_of(setting: Setting) -> list[Pair]:
    return list(_pairs(setting.geometry(), ("padding",))["padding"])


def _changed(setting: Setting, name: str, axis: int, value: int) -> Around:
    """Return the parameter with this value along one axis; padding alike on both of its sides."""
    if name == "padding":
        sides = _padding_of(setting)
        sides[axis] = (value, value)
        return sides[0], sides[1]
    height, width = setting.values[name]
    return (value, width) if axis == 0 else (height, value)


def _start(setting: Setting, name: str, axis: int) -> int:
    """Return the value that a parameter has now along this axis; the wider side of padding, should its sides differ."""
    if name == "padding":
        return max(_padding_of(setting)[axis])
    return int(setting.values[name][axis])


def _range(start: int, low: int, cap: int, computes: Callable[[int], bool]) -> Pair:
    """Return the unbroken run of values that can be computed around `start`: beyond a gap there may be more."""
    if not computes(start):  # padding alike on both sides may be impossible where unlike sides are not
        start = next((value for value in range(low, cap + 1) if computes(value)), start)
    first = last = start
    while first > low and computes(first - 1):
        first -= 1
    while last < cap and computes(last + 1):
        last += 1
    return first, last


def limits(setting: Setting, caps: Mapping[str, int]) -> Ranges:
    """Return the inclusive range of each parameter and axis around its present value, all the others held.

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
                return setting.computes(**{name: _changed(setting, name, i, value)})

            start = min(_start(setting, name, i), cap)  # beyond the cap nothing is considered, or counted through
            ranges[name][axis] = _range(start, lowest, cap, computes)
    return ranges


def choices(setting: Setting) -> dict[str, list[str] | list[bool]]:
    """Return the same for what is chosen by name: which words can be computed, and which sides of a switch."""
    found: dict[str, list[Any]] = {}
    for name, accepts in ((part.name, part.accepts) for part in describe(setting.axes)):
        values = (False, True) if accepts.kind == "flag" else accepts.words or ()
        if values:
            key = "padding_word" if accepts.kind == "padding" else name
            found[key] = [value for value in values if setting.computes(**{name: value})]
    if setting.axes in (pool_geometry, avg_pool_geometry):
        found["pool"] = _pools(setting)
    return found


def _pools(setting: Setting) -> list[str]:
    """Return which pools compute however padding is counted: a max pool does not say how an average would count it."""
    shared = {name: value for name, value in setting.values.items() if name != "count_include_pad"}
    strict = Setting(avg_pool_geometry, shared | {"count_include_pad": False})
    return ["max", "avg"] if setting.axes is avg_pool_geometry or strict.computes() else ["max"]
