"""Numbers and counts as people read them. static/js/format.js holds the same rules; one table of cases tests both."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LARGE = 1e7
_SMALL = 5e-4


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}") if text[0] == "-" else text


def _trimmed(text: str) -> str:
    """A number with decimals, without the zeros at its end."""
    return _minus(text.rstrip("0").rstrip("."))


def number(value: float) -> str:
    """Return the number as it is, where four decimals hold it; else rounded, with ≈ before it.

    A number that is not quite 1 gets as many decimals as it needs not to be read as 1: a share of 1 is a certainty.
    """
    value = float(value)
    if value - value != 0:  # infinite or not a number
        return "none"
    if not _SMALL <= abs(value) < _LARGE:
        return _extreme(value)
    if value.is_integer():
        return _minus(str(int(value)))
    if round(value, 4) == value:
        return _trimmed(f"{value:.4f}")
    decimals = 3  # a tie would be a number that four decimals hold: how a half is rounded makes no difference
    while abs(float(text := f"{value:.{decimals}f}")) == 1:
        decimals += 1
    return f"≈{_trimmed(text)}"


def _extreme(value: float) -> str:
    """A number of more than seven digits, or one that three decimals would make nearly nothing of; 0 is "0"."""
    if value == 0:
        return "0"
    if abs(value) < _SMALL and round(value, 4) == value:
        return _trimmed(f"{value:.4f}")
    exact = Decimal(value)
    places = exact.adjusted()
    mantissa = exact.scaleb(-places).quantize(Decimal("0.001"), ROUND_HALF_UP)
    if abs(mantissa) == 10:
        mantissa, places = mantissa / 10, places + 1
    return f"≈{_trimmed(format(mantissa, 'f'))} × 10{str(places).translate(_SUPERSCRIPT)}"


def number_or_nan(value: float) -> str:
    """As `number`, but a NaN by its name: something computed it, while a cell that has no value has "none"."""
    return "NaN, which is not a number" if math.isnan(value) else number(value)


def shortest(value: float) -> str:
    """Return all the digits that tell this number from its neighbours: for a refusal that turns on them."""
    text = repr(float(value))
    return text.removesuffix(".0").replace("-", "\N{MINUS SIGN}")


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 cell', '2 cells', '1,000 cells'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
