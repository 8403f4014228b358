"""How many digits the numbers of a formula need, so that it holds as `digits` of static/js/format.js prints it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnn_engine.nn.arithmetic import Known, evaluate, tokens

Numbers = NDArray[np.float64]

FEWEST, MOST = 3, 9
EXACT = 4  # digits up to which a number that they hold is written out


def digits_that_hold(formula: str, known: Known, result: Numbers) -> NDArray[np.int64]:
    """Return with how many digits its numbers make the result that is printed beside them, for each of its cells."""
    names = {token for token in tokens(formula) if token.isidentifier() and token != "t"}
    digits = np.full(result.shape, FEWEST)
    printed = _rounded(result, FEWEST)
    with np.errstate(all="ignore"):
        least = _last_digit(np.where(printed == result, 0.1, 1) * result, FEWEST) / 2 + 1e-12 * np.abs(result)
        for count in range(FEWEST, MOST):
            left = evaluate(formula, {**known, **{name: _rounded(known[name], count) for name in names}})
            wrong = (digits == count) & (np.abs(left - printed) > least)
            if not wrong.any():
                break
            digits[wrong] = count + 1
    return digits


def _last_digit(values: Numbers, digits: int) -> Numbers:
    """What 1 in the last of so many digits is worth."""
    return 10.0 ** (np.floor(np.log10(np.abs(values))) + 1 - digits)


def _rounded(values: Numbers | float, digits: int) -> Numbers:
    """The numbers as they are printed: whole where four digits hold them, else rounded to so many."""
    numbers = np.asarray(values, np.float64)
    exact = _to(numbers, EXACT)
    return np.where(exact == numbers, numbers, _to(numbers, digits))


def _to(numbers: Numbers, digits: int) -> Numbers:
    with np.errstate(all="ignore"):
        unit = _last_digit(numbers, digits)
        small = unit < 1
        factor = np.rint(np.where(small, 1 / unit, unit))  # a power of ten that is exact, up to the 22nd
        rounded = np.where(small, np.rint(numbers * factor) / factor, np.rint(numbers / factor) * factor)
    return np.where(np.isfinite(rounded), rounded, numbers)
