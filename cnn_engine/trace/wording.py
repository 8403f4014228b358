"""Numbers and places as people read them. static/js/format.js holds the same rule; one table of cases tests both."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from cnn_engine.geometry import AxisGeometry

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LARGE = 1e7
_SMALL = 5e-4


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: float) -> str:
    """The number as it is, where four decimals hold it; else rounded, with ≈ before it."""
    value = float(value)
    if value - value != 0:  # infinite or not a number
        return "none"
    if value == 0:
        return "0"
    if abs(value) < _LARGE and round(value, 4) == value:
        return _minus(_plain(Decimal(repr(value))))
    exact = Decimal(value)
    if abs(value) >= _LARGE or abs(value) < _SMALL:
        places = exact.adjusted()
        mantissa = exact.scaleb(-places).quantize(Decimal("0.001"), ROUND_HALF_UP)
        if abs(mantissa) == 10:
            mantissa, places = mantissa / 10, places + 1
        return f"≈{_minus(_plain(mantissa))} × 10{str(places).translate(_SUPERSCRIPT)}"
    return f"≈{_minus(_plain(exact.quantize(Decimal('0.001'), ROUND_HALF_UP)))}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 cell', '2 cells'."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def covered(axis: AxisGeometry, start: int) -> list[int]:
    """Which rows or columns of the input a window that begins at padded index `start` reads, counted from 1."""
    first = start - axis.padding[0] + 1
    reads = range(first, first + axis.effective_kernel_size, axis.dilation)
    return [place for place in reads if 1 <= place <= axis.input_size]


def _places(axis: AxisGeometry, places: list[int], what: str) -> str:
    if len(places) == 1:
        return f"{what} {places[0]}"
    if axis.dilation > 1:
        return f"{what}s {', '.join(map(str, places[:-1]))} and {places[-1]}"
    return f"{what}s {places[0]}–{places[-1]}"


def window_place(rows: AxisGeometry, cols: AxisGeometry, row: int, col: int) -> str:
    """'The window covers rows 1–2 and columns 1–2', and how much of it is padding."""
    down, across = covered(rows, row * rows.stride), covered(cols, col * cols.stride)
    cells, inside = rows.kernel_size * cols.kernel_size, len(down) * len(across)
    if not inside:
        return "The window lies wholly in the padding"
    text = f"The window covers {_places(rows, down, 'row')} and {_places(cols, across, 'column')}"
    if inside == cells:
        return text
    beyond = _overhangs(rows, row) or _overhangs(cols, col)
    verb = ("lies", "is") if cells - inside == 1 else ("lie", "are")
    what = f"{verb[0]} outside the input" if beyond else f"{verb[1]} padding"
    return f"{text}; {cells - inside} of its {cells} cells {what}"


def _overhangs(axis: AxisGeometry, index: int) -> bool:
    """Whether this window reads beyond the padding, as the last one may with `ceil_mode`."""
    return index * axis.stride + axis.effective_kernel_size > axis.padded_size
