"""Options by name: {"name": "adam", "learning_rate": 0.001} becomes an object, or an error that names the option."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

from cnn_engine.errors import ConvoscopeError, ParameterError

Made = TypeVar("Made")
Options = Mapping[str, Any]


def number(value: object, name: str) -> float:
    """`value` as a finite float."""
    if isinstance(value, bool | np.bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise ParameterError(f"{name} must be a number, not {value!r}", name)
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise ParameterError(f"{name} must be finite, not {value!r}", name)
    return result


def positive(value: object, name: str) -> float:
    """`value` as a finite float above 0."""
    result = number(value, name)
    if result <= 0:
        raise ParameterError(f"{name} {value} must be more than 0", name)
    return result


def at_least_zero(value: object, name: str) -> float:
    """`value` as a finite float of 0 or more."""
    result = number(value, name)
    if result < 0:
        raise ParameterError(f"{name} {value} must not be less than 0", name)
    return result


def at_most(value: object, name: str, most: float) -> float:
    """`value` as a float from 0 to `most`."""
    result = at_least_zero(value, name)
    if result > most:
        raise ParameterError(f"{name} {value} is more than {most:g}", name)
    return result


def fraction(value: object, name: str) -> float:
    """`value` as a float from 0 up to, but not including, 1."""
    result = at_least_zero(value, name)
    if result >= 1:
        raise ParameterError(f"{name} {value} must be less than 1", name)
    return result


def flag(value: object, name: str) -> bool:
    """`value` as a bool and nothing that only resembles one."""
    if not isinstance(value, bool | np.bool):
        raise ParameterError(f"{name} must be true or false, not {value!r}", name)
    return bool(value)


def one_of(value: object, name: str, known: tuple[str, ...]) -> str:
    """`value` if it is one of the known words."""
    if not isinstance(value, str) or value not in known:
        words = ", ".join(f'"{word}"' for word in known)
        raise ParameterError(f"{name} {value!r} is none of {words}", name)
    return value


def named(config: object, what: str, key: str = "name") -> tuple[str, dict[str, Any]]:
    """The name and the other options of "adam" or of {"name": "adam", ...}."""
    if isinstance(config, str):
        return config, {}
    if not isinstance(config, Mapping):
        raise ParameterError(f'{what} must be a name or an object with "{key}", not {config!r}', what)
    if key not in config:
        raise ParameterError(f'{what} has no "{key}"', key)
    if not all(isinstance(option, str) for option in config):
        raise ParameterError(f"{what} has options whose names are not text", what)
    return config[key], {option: value for option, value in config.items() if option != key}


def call(make: Callable[..., Made], what: str, given: Options, *first: Any) -> Made:
    """`make(*first, **given)`, with unknown and missing options told by name."""
    parameters = list(inspect.signature(make).parameters.values())[len(first) :]
    known = [parameter.name for parameter in parameters]
    for option in given:
        if option not in known:
            listed = ", ".join(known) if known else "none"
            raise ParameterError(f'{what} has no option "{option}"; its options: {listed}', option)
    for parameter in parameters:
        if parameter.default is parameter.empty and parameter.name not in given:
            raise ParameterError(f'{what} needs "{parameter.name}"', parameter.name)
    return make(*first, **given)


def build(table: Mapping[str, Callable[..., Made]], config: object, what: str) -> Made:
    """The object that a name and its options stand for; an error's field is "optimizer.learning_rate" and the like."""
    try:
        name, given = named(config, what)
        return call(table[one_of(name, what, tuple(table))], f"{what} {name}", given)
    except ConvoscopeError as error:
        field = what if error.field in {what, None} else f"{what}.{error.field}"
        raise type(error)(str(error), field) from error
