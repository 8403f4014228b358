"""Numbers and counts as people read them. static/js/format.js holds the same rules; one table of cases tests both."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LARGE = 1e7
_SMALL = 5e-4


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: float) -> str:
    """Return the number as it is, where four decimals hold it; else rounded, with ≈ before it.

    A number that is not quite 1 gets as many decimals as it needs not to be read as 1: a share of 1 is a certainty.
    """
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
    decimals = 3
    while abs(rounded := exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)) == 1:
        decimals += 1
    return f"≈{_minus(_plain(rounded))}"


def number_or_nan(value: float) -> str:
    """As `number`, but a NaN by its name: something computed it, while a cell that has no value has "none"."""
    return "NaN, which is not a number" if math.isnan(value) else number(value)


def shortest(value: float) -> str:
    """Return all the digits that tell this number from its neighbours: for a refusal that turns on them."""
    text = repr(float(value))
    return _minus(text.removesuffix(".0"))


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 cell', '2 cells', '1,000 cells'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
