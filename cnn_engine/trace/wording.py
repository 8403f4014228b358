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


def covered(axis: AxisGeometry, start: int, what: str) -> str:
    """Which rows or columns of the input a window that begins at padded index `start` reads, counted from 1."""
    first, size = start - axis.padding[0] + 1, axis.input_size
    reads = [first + tap * axis.dilation for tap in range(axis.kernel_size)]
    inside = [place for place in reads if 1 <= place <= size]
    if not inside:
        return f"no {what} of the input"
    if len(inside) == 1:
        return f"{what} {inside[0]}"
    if axis.dilation > 1:
        return f"{what}s {', '.join(map(str, inside[:-1]))} and {inside[-1]}"
    return f"{what}s {inside[0]}–{inside[-1]}"


def window_place(rows: AxisGeometry, cols: AxisGeometry, row: int, col: int) -> str:
    """'The window covers rows 1–2 and columns 1–2', and how much of it is padding."""
    padding = rows.kernel_size * cols.kernel_size - int(rows.inside()[row].sum() * cols.inside()[col].sum())
    across = covered(cols, col * cols.stride, "column")
    if padding == rows.kernel_size * cols.kernel_size:
        return "The window lies wholly in the padding"
    text = f"The window covers {covered(rows, row * rows.stride, 'row')} and {across}"
    return f"{text}; {padding} of its {rows.kernel_size * cols.kernel_size} cells are padding" if padding else text
