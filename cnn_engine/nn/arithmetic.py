"""Formulas that are read twice: by a person, and by `evaluate`. What is printed is what is computed.

    evaluate("momentum × velocity + gradient", {"momentum": 0.9, "velocity": v, "gradient": g})

Sums and products go from left to right; × and ÷ before + and −, a root and a power before both. `digits_that_hold` says
how many digits its numbers need, so that it holds as `digits` of static/js/format.js prints it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Value = Any  # a float, or an array of float64: numbers stand for all of an array
Known = Mapping[str, Value]
Compute = Callable[[Known], Value]

TOKEN = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[+−×÷√²^()])")
_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "+": lambda one, other: one + other,
    "−": lambda one, other: one - other,
    "×": lambda one, other: one * other,
    "÷": lambda one, other: one / other,
}


def tokens(formula: str) -> list[str]:
    """Return the names, whole numbers and signs of a formula, in order."""
    found = TOKEN.findall(formula)
    if "".join(found) != "".join(formula.split()):
        raise ValueError(f"“{formula}” is not a formula")
    return found


def evaluate(formula: str, known: Known) -> Value:
    """Return the value of a formula, whose names have the values `known`. What overflows becomes inf, as in NumPy."""
    with np.errstate(all="ignore"):
        return _parsed(formula)(known)


@lru_cache(maxsize=256)
def _parsed(formula: str) -> Compute:
    rest = tokens(formula)
    compute = _chain(rest, ("+", "−"), lambda left: _chain(left, ("×", "÷"), _factor))
    if rest:
        raise ValueError(f"“{formula}” goes on after its end: {rest[0]}")
    return compute


def _chain(rest: list[str], signs: tuple[str, ...], part: Callable[[list[str]], Compute]) -> Compute:
    """Return parts with signs between them, computed from left to right."""
    result = part(rest)
    while rest and rest[0] in signs:
        result = _joined(_OPERATORS[rest.pop(0)], result, part(rest))
    return result


def _joined(operator: Callable[[Value, Value], Value], one: Compute, other: Compute) -> Compute:
    return lambda known: operator(one(known), other(known))


def _factor(rest: list[str]) -> Compute:
    if rest[0] == "√":
        rest.pop(0)
        inner = _factor(rest)
        return lambda known: np.sqrt(inner(known))
    base = _atom(rest)
    if rest and rest[0] == "²":
        rest.pop(0)
        return lambda known: base(known) * base(known)
    if rest and rest[0] == "^":
        rest.pop(0)
        exponent = _atom(rest)
        return lambda known: _power(float(base(known)), exponent(known))
    return base


def _power(base: float, exponent: Value) -> Value:
    return np.power(base, exponent) if isinstance(exponent, np.ndarray) else base ** int(exponent)


def _atom(rest: list[str]) -> Compute:
    token = rest.pop(0)
    if token == "(":
        inner = _chain(rest, ("+", "−"), lambda left: _chain(left, ("×", "÷"), _factor))
        if not rest or rest.pop(0) != ")":
            raise ValueError("a bracket is open at the end")
        return inner
    if token.isdigit():
        return lambda _: float(token)
    return lambda known: known[token]


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
    """Return what 1 in the last of so many digits is worth."""
    return 10.0 ** (np.floor(np.log10(np.abs(values))) + 1 - digits)


def _rounded(values: Numbers | float, digits: int) -> Numbers:
    """Return the numbers as they are printed: whole where four digits hold them, else rounded to so many."""
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
