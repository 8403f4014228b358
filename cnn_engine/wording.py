"""Numbers and counts as people read them. static/js/format.js holds the same rules; one table of cases tests both."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_DECIMALS = 3  # of a number that is rounded
_HALF = 0.5 * 10.0**-_DECIMALS + 1e-12  # of one of its last place
_MOST = 12  # where it takes more until an equation holds as it is printed
_LARGE = 1e7
_SMALL = 5e-4
_CLEAR = 0.49999  # thousandths: so far a number may be from the one that it is rounded to, and it is no tie
_CLOSE = frozenset((-1000, 0, 1000))  # thousandths that need more decimals, or a power of ten
_BEHIND = ["", *(f".{count:03}".rstrip("0") for count in range(1, 1000))]  # thousandths
_SIGNS = ["", "\N{MINUS SIGN}", "≈", "≈\N{MINUS SIGN}"]  # of a number that is exact and one that is rounded
_FIXED = "\N{NO-BREAK SPACE}"
_FACTORS = re.compile(r" ?([×÷]|(?<=\d )/(?= \d)) ")  # they hold what stands before them and what follows
_TERMS = re.compile(r"(?<!\S)([=≈≠<>+−]) (?=\S)")  # a line may end before them
OPEN, CLOSE = "\ue000", "\ue001"  # letters of the private use area, which no sentence has


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}") if text[0] == "-" else text


def _trimmed(text: str) -> str:
    """Return a number with decimals, without the zeros at its end."""
    return _minus(text.rstrip("0").rstrip(".") if text[-1] == "0" else text)


class Marked(float):
    """A number that is written between two marks, so that it can be found in the sentence that it is part of."""

    name: str

    def __new__(cls, value: float, name: str) -> Marked:
        """Return the number with what it is called."""
        marked = super().__new__(cls, value)
        marked.name = name
        return marked

    def written(self, decimals: int) -> str:
        """Return the number's text between its marks."""
        return marks(self.name, number(float(self), decimals))


def marks(name: str, text: str) -> str:
    """Return the text of a number of this name between its marks."""
    return f"{OPEN}{name}{OPEN}{text}{CLOSE}"


def number(value: float, decimals: int = _DECIMALS) -> str:
    """Return the number as it is, where four decimals or a short power of ten hold it; else rounded, with ≈ before it.

    A number that is not quite 1 gets as many decimals as it needs not to be read as 1: a share of 1 is a certainty.
    """
    if type(value) is not float:
        if isinstance(value, Marked):
            return value.written(decimals)
        value = float(value)
    if -_LARGE < value < _LARGE:
        if value.is_integer():
            return f"{int(value)}" if value >= 0 else f"\N{MINUS SIGN}{int(-value)}"
        if round(value * 1e4) / 1e4 == value:
            return _trimmed(f"{value:.4f}")
        count = round(thousandths := value * 1e3)
        if decimals == _DECIMALS and -_CLEAR < thousandths - count < _CLEAR and count not in _CLOSE:
            sign, count = ("≈", count) if count > 0 else ("≈\N{MINUS SIGN}", -count)
            return f"{sign}{count // 1000}{_BEHIND[count % 1000]}"
        if not -_SMALL < value < _SMALL:
            return _rounded(value, decimals)
    return _extreme(value, decimals) if math.isfinite(value) else "none"


@np.errstate(all="ignore")  # what is none, or overflows, is said by itself
def numbers(values: NDArray[Any]) -> list[str]:
    """Return what `number` says of each of these; where most are whole or rounded, many take a third of the time."""
    exact = values.astype(np.float64)
    whole = (np.rint(exact) == exact) & (np.abs(exact) < _LARGE)
    if whole.all() and whole.size:
        return str(exact.astype(np.int64).tolist())[1:-1].replace("-", "\N{MINUS SIGN}").split(", ")
    counts = np.rint(exact * 1e3)
    size, held = np.abs(counts), np.rint(exact * 1e4) / 1e4 == exact
    rounded = ~held & (np.abs(exact * 1e3 - counts) < _CLEAR) & (size != 0) & (size != 1000) & (size < _LARGE * 1e3)
    plain = rounded | whole
    units, behind = np.divmod(np.where(plain, size, 0).astype(np.int64), 1000)
    parts = (rounded * 2 + (counts < 0)).tolist(), units.tolist(), behind.tolist()
    texts = [f"{_SIGNS[sign]}{unit}{_BEHIND[count]}" for sign, unit, count in zip(*parts, strict=True)]
    for index in np.flatnonzero(~plain).tolist():
        texts[index] = number(values[index])
    return texts


def _rounded(value: float, decimals: int) -> str:
    """Return a number with so many decimals, or as many as it needs; which way a tie is rounded makes no difference.

    (A tie between two numbers of three decimals would be a number that four decimals hold.)
    """
    while abs(float(text := f"{value:.{decimals}f}")) == 1:
        decimals += 1
    return f"≈{_trimmed(text)}"


def _extreme(value: float, decimals: int) -> str:
    """Return a number of more than seven digits, or one that three decimals would make nearly nothing of."""
    exact = Decimal(value)
    exponent = exact.adjusted()
    mantissa = exact.scaleb(-exponent).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if abs(mantissa) == 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    sign = "" if float(f"{mantissa}e{exponent}") == value else "≈"
    return f"{sign}{_trimmed(format(mantissa, 'f'))} × {superscript('10', exponent)}"


def equation(left: str, right: float) -> str:
    """Return what both sides of an equation say, with one sign between them: ≈ where the right side is rounded."""
    text = number(right)
    return f"{left} ≈ {text.replace('≈', '')}" if "≈" in text else f"{left} = {text}"


def numbers_that_hold(values: Sequence[float], right: float, compute: Callable[..., float]) -> list[str]:
    """Return an equation's numbers, rounded ones with as many decimals as it takes until it holds as it is printed."""
    decimals, right_text = _DECIMALS, number(right)
    least = _half_a_unit(right)
    while True:
        texts = [number(value, decimals) for value in values]
        if decimals == _MOST or "≈" not in "".join(texts) or not math.isfinite(right):
            return texts
        printed = [_printed(value, text, decimals) for value, text in zip(values, texts, strict=True)]
        if abs(compute(*printed) - _printed(right, right_text, _DECIMALS)) <= least:
            return texts
        decimals += 1


def _printed(value: float, text: str, decimals: int) -> float:
    """Return what a text of `number` says a number is."""
    if "≈" not in text:
        return value
    return float(f"{value:.{decimals}e}") if " × " in text else round(value, decimals)


def _half_a_unit(value: float) -> float:
    """Return how far what a printed number stands for may be from it."""
    if _SMALL <= abs(value) < _LARGE or value == 0:
        return _HALF
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) - _DECIMALS) if math.isfinite(value) else 0.0


def number_or_nan(value: float) -> str:
    """Return what `number` does, but name NaN: something computed it, while a cell that has no value has "none"."""
    return "NaN, which is not a number" if math.isnan(value) else number(value)


def shortest(value: float) -> str:
    """Return all the digits that tell this number from its neighbours: for a refusal that turns on them."""
    text = repr(float(value))
    return text.removesuffix(".0").replace("-", "\N{MINUS SIGN}")


def exact(value: float) -> str:
    """Return what `shortest` does, with a power of ten where it has an exponent: '10⁻⁸', '2.5 × 10⁻⁷'."""
    mantissa, _, exponent = repr(float(value)).partition("e")
    if not exponent:
        return shortest(value)
    ten = superscript("10", int(exponent))
    return ten if mantissa == "1" else f"{shortest(float(mantissa))} × {ten}"


def superscript(base: str, exponent: int) -> str:
    """Return '0.9¹', '10⁻⁸'."""
    return f"{base}{str(exponent).translate(_SUPERSCRIPT)}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return '1 cell', '2 cells', '1,000 cells'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def duration(nanoseconds: float) -> str:
    """Return a time in seconds: '0.25 s', '3.1 s', '1,200 s'."""
    count = nanoseconds / 1e9
    return f"{count:.2g} s" if count < 1 else f"{count:,.{1 if count < 10 else 0}f} s"


def unbroken(text: str) -> str:
    """Return the text with its formulas bound: no line ends in a product, or between an operator and what follows."""
    return _TERMS.sub(rf"\1{_FIXED}", _FACTORS.sub(lambda found: found.group().replace(" ", _FIXED), text))
