"""Options by name: {"name": "adam", "learning_rate": 0.001} becomes an object, or an error that names the option."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from functools import cache, wraps
from types import NoneType
from typing import Annotated, Any, ParamSpec, TypeVar, get_args, get_type_hints

import numpy as np

from cnn_engine.errors import ConvoscopeError, ParameterError
from cnn_engine.geometry import flag, whole
from cnn_engine.parameters import Accepts, describe, markers
from cnn_engine.words import part

Made = TypeVar("Made")
Given = ParamSpec("Given")
Options = Mapping[str, Any]

POSITIVE = Accepts("number", above=0)
AT_LEAST_ZERO = Accepts("number", minimum=0)
FRACTION = Accepts("number", minimum=0, below=1)
Positive = Annotated[float, POSITIVE]
AtLeastZero = Annotated[float, AT_LEAST_ZERO]


def number(value: object, name: str) -> float:
    """Return `value` as a finite float."""
    if isinstance(value, bool | np.bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise ParameterError("not_a_number", name, name=name, value=value)
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise ParameterError("not_finite", name, name=name, value=value)
    return result


def bounded(value: object, name: str, accepts: Accepts) -> float:
    """Return `value` as a finite float within the bounds of a number."""
    result = number(value, name)
    if accepts.above is not None and result <= accepts.above:
        raise ParameterError("not_above", name, name=name, value=value, above=accepts.above)
    if accepts.minimum is not None and result < accepts.minimum:
        raise ParameterError("below_least", name, name=name, value=value, minimum=accepts.minimum)
    if accepts.below is not None and result >= accepts.below:
        raise ParameterError("not_below", name, name=name, value=value, below=accepts.below)
    if accepts.maximum is not None and result > accepts.maximum:
        rule = part(accepts.rule or "is_more_than", maximum=accepts.maximum)
        raise ParameterError("breaks_rule", name, name=name, value=value, rule=rule)
    return result


def positive(value: object, name: str) -> float:
    """Return `value` as a finite float above 0."""
    return bounded(value, name, POSITIVE)


def at_most(value: object, name: str, most: float) -> float:
    """Return `value` as a float from 0 to `most`."""
    return bounded(value, name, Accepts("number", minimum=0, maximum=most))


def one_of(value: object, name: str, known: tuple[str, ...]) -> str:
    """Return `value` if it is one of the known words."""
    if not isinstance(value, str) or value not in known:
        words = ", ".join(f'"{word}"' for word in known)
        raise ParameterError("none_of", name, name=name, value=value, words=words)
    return value


def _numbers(value: object, name: str, accepts: Accepts) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or len(value) != accepts.length:
        count = {2: "two"}.get(accepts.length or 0, accepts.length)
        raise ParameterError("not_so_many_numbers", name, name=name, count=count, value=value)
    return tuple(bounded(number, name, accepts) for number in value)


def _cells(value: object, name: str, accepts: Accepts) -> object:
    """Return a size or a padding, which is looked at only for what would take the memory of the machine."""
    for cells in np.ravel(np.array(value, dtype=object)):
        if accepts.maximum is not None and isinstance(cells, int | np.integer) and cells > accepts.maximum:
            raise ParameterError("too_long", name, name=name, value=cells, maximum=accepts.maximum)
    return value


READERS: dict[str, Callable[[object, str, Accepts], object]] = {
    "whole": lambda value, name, accepts: whole(value, name, int(accepts.minimum or 0)),
    "number": bounded,
    "numbers": _numbers,
    "flag": lambda value, name, _: flag(value, name),
    "word": lambda value, name, accepts: one_of(value, name, accepts.words or ()),
    "size": _cells,
    "padding": _cells,
}  # what is of another kind is read by what takes it
UNREAD = object()  # marks a parameter that its constructor reads by itself


@cache
def _readings(make: Callable[..., Any]) -> dict[str, tuple[tuple[Accepts, ...], bool]]:
    """Return what each parameter of a function accepts, of those read here, and whether it accepts None."""
    hints = get_type_hints(make, include_extras=True)
    return {
        name: (tuple(mark for mark in markers(hint) if mark.kind in READERS), NoneType in get_args(hint))
        for name, hint in hints.items()
        if UNREAD not in getattr(hint, "__metadata__", ())
    }


def read(make: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is given for a function's parameters as its annotations say that they accept it.

    A parameter's markers are applied in order.

    Raises:
        ParameterError: naming the parameter and the rule that it broke.
    """
    values = dict(given)
    for name, (accepted, optional) in _readings(make).items():
        if name in values and not (optional and values[name] is None):
            for accepts in accepted:
                values[name] = READERS[accepts.kind](values[name], name, accepts)
    return values


def checked(make: Callable[Given, None]) -> Callable[Given, None]:
    """Return a constructor that first brings its arguments to what its signature says that they are."""
    signature = inspect.signature(make)

    @wraps(make)
    def checking(*args: Given.args, **kwargs: Given.kwargs) -> None:
        bound = signature.bind(*args, **kwargs)
        bound.arguments = read(make, bound.arguments)
        make(*bound.args, **bound.kwargs)

    return checking


def named(config: object, what: str, key: str = "name") -> tuple[str, dict[str, Any]]:
    """Return the name and the other options of "adam" or of {"name": "adam", ...}."""
    if isinstance(config, str):
        return config, {}
    if not isinstance(config, Mapping):
        raise ParameterError("not_named", what, what=what, key=key, config=config)
    if key not in config:
        raise ParameterError("without_key", key, what=what, key=key)
    if not all(isinstance(option, str) for option in config):
        raise ParameterError("option_names_not_text", what, what=what)
    return config[key], {option: value for option, value in config.items() if option != key}


def call(make: Callable[..., Made], what: str, given: Options, *first: Any) -> Made:
    """Return `make(*first, **given)`, with unknown and missing options told by name."""
    parameters = describe(make, len(first))
    known = [parameter.name for parameter in parameters]
    for option in given:
        if option not in known:
            listed = ", ".join(known) if known else "none"
            raise ParameterError("unknown_option", option, what=what, option=option, listed=listed)
    for parameter in parameters:
        if parameter.required and parameter.name not in given:
            raise ParameterError("needs_option", parameter.name, what=what, name=parameter.name)
    return make(*first, **given)


def build(table: Mapping[str, Callable[..., Made]], config: object, what: str) -> Made:
    """Return the object of a name and its options; an error's field is "optimizer.learning_rate" and the like."""
    try:
        name, given = named(config, what)
        return call(table[one_of(name, what, tuple(table))], f"{what} {name}", given)
    except ConvoscopeError as error:
        field = what if error.field in {what, None} else f"{what}.{error.field}"
        raise error.within(field) from error
