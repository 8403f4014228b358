"""What a function's parameters accept, read from its signature: declared there once, with `Annotated`.

    Count = Annotated[int, Accepts("whole", minimum=1)]

    def conv2d(input: Map, weight: Weight, *, groups: Count = 1, ...)

`describe(conv2d)` gives a `Parameter` for each. A bool is a flag, a Literal a word, an int a whole number and a float a
number without being marked.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from cnn_engine.errors import ParameterError
from cnn_engine.words import Message, say

Made = TypeVar("Made", bound=Callable[..., Any])

Kind = Literal[
    "whole",  # a whole number
    "number",
    "flag",  # true or false
    "word",  # one of `words`
    "size",  # a whole number for both axes, or a pair (height, width)
    "scale",  # a number for both axes, or a pair (height, width)
    "padding",  # a size, ((top, bottom), (left, right)), or one of `words`
    "tensor",  # an array with as many axes as one of `axes`
    "numbers",  # as many numbers as `length`
    "named",  # one of `words`, or a mapping with that as its "name" and options
    "list",  # a sequence of mappings or of what is named
]


@dataclass(frozen=True)
class Accepts:
    """What a parameter accepts. `minimum` and `maximum` are allowed themselves; `above` and `below` are not.

    Attributes:
        rule: what is said of a number beyond its maximum, among the `parts` of a language, in place of the usual.
        opens: what a page opens with, where that is not the default.
        suggested: numbers that a page lets choose by one click.
        needs: another option, and the word that it has to be for this one to be set.
        linked: what links call it, where not by its name.
    """

    kind: Kind
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    below: float | None = None
    words: tuple[str, ...] | None = None
    axes: tuple[int, ...] | None = None
    length: int | None = None
    title: str | None = None
    rule: str | None = None
    opens: float | None = None
    suggested: tuple[float, ...] | None = None
    needs: tuple[str, str] | None = None
    linked: str | None = None


UNMARKED = {bool: Accepts("flag"), int: Accepts("whole"), float: Accepts("number")}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function: its name, what it accepts, and what it is when it is left out."""

    name: str
    accepts: Accepts
    required: bool
    default: Any = None

    @property
    def title(self) -> str:
        """The name as people read it."""
        return self.accepts.title or self.name.replace("_", " ").capitalize()

    def as_json(self) -> dict[str, Any]:
        """Return the parameter as the API shows it; what does not apply is left out."""
        bounds = {key: value for key, value in asdict(self.accepts).items() if value is not None}
        if self.accepts.rule:
            bounds["rule"] = say(Message(f"parts.{self.accepts.rule}", {"maximum": self.accepts.maximum}))
        default = {} if self.required else {"default": self.default}
        return {"name": self.name, "title": self.title, **bounds, "required": self.required, **default}


def markers(annotation: Any) -> tuple[Accepts, ...]:
    """Return what an annotation accepts; of several markers the last one says all of it. None is no kind of its own."""
    if get_origin(annotation) is Annotated:
        found = tuple(marker for marker in annotation.__metadata__ if isinstance(marker, Accepts))
        return found or markers(annotation.__origin__)
    if get_origin(annotation) is Literal:
        return (Accepts("word", words=get_args(annotation)),)
    if get_origin(annotation) in (Union, UnionType):
        forms = [form for form in get_args(annotation) if form is not NoneType]
        return markers(forms[0]) if len(forms) == 1 else ()
    return (UNMARKED[annotation],) if annotation in UNMARKED else ()


def options_of(declared: Callable[..., Any], *, first: bool = False) -> Callable[[Made], Made]:
    """Give a function that takes `**options` the options of another one, as its signature declares them there.

    `first` where they come before the function's own options.
    """
    hints = get_type_hints(declared, include_extras=True)
    named = [part for part in inspect.signature(declared).parameters.values() if part.kind is part.KEYWORD_ONLY]
    options = [part.replace(annotation=hints[part.name]) for part in named]

    def taking(function: Made) -> Made:
        signature = inspect.signature(function)
        *own, rest = signature.parameters.values()
        at = len([part for part in own if part.kind is not part.KEYWORD_ONLY]) if first else len(own)
        del function.__annotations__[rest.name]
        function.__annotations__ |= {part.name: part.annotation for part in options}
        taken = signature.replace(parameters=[*own[:at], *options, *own[at:]])
        function.__signature__ = taken  # type: ignore[attr-defined]
        return function

    return taking


@cache
def describe(function: Callable[..., Any], skipped: int = 0) -> tuple[Parameter, ...]:
    """Return the parameters of a function, or of a class's constructor, after the first `skipped` ones.

    Raises:
        TypeError: a parameter whose annotation does not say what it accepts.
    """
    made = inspect.isclass(function)
    hints = get_type_hints(function.__init__ if made else function, include_extras=True)
    described = []
    for parameter in list(inspect.signature(function).parameters.values())[skipped:]:
        accepted = markers(hints.get(parameter.name))
        if not accepted:
            raise TypeError(f"{function.__qualname__}: the annotation of {parameter.name} does not say what it accepts")
        required = parameter.default is parameter.empty
        described.append(Parameter(parameter.name, accepted[-1], required, None if required else parameter.default))
    return tuple(described)


def check_needs(declared: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Raise a ParameterError where one of these options is set, and another one is not as it needs."""
    for name, accepts, default in ((part.name, part.accepts, part.default) for part in describe(declared)):
        if accepts.needs and given[name] != default:
            other, word = accepts.needs
            if given[other] != word:
                raise ParameterError("option_needs", name, name=name, other=other, word=word)
