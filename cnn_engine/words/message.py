"""A message is an id and its arguments; a language says it. A number in it can know the cell that it came from."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from types import ModuleType
from typing import Any, NamedTuple

from cnn_engine.wording import CLOSE, OPEN, Marked, number, plural, shortest
from cnn_engine.words import pseudo

Cell = tuple[str, tuple[int, ...]]  # a tensor's name, and an index in it
Language = Mapping[str, Callable[..., str]]

ENGLISH = "en"
PLURAL = "plural "
NUMBERS = {"number": number, "shortest": shortest}
MODULES = ("steps", "backward", "comparisons", "race")


class Message(NamedTuple):
    """What is to be said: "steps.conv2d" is the function `conv2d` of a language's module `steps`.

    `cells` has, for arguments that are numbers, the cells that they came from.
    """

    id: str
    args: Mapping[str, Any]
    cells: Mapping[str, Cell] = {}


@dataclass(frozen=True)
class NumberSpan:
    """A number in a sentence: where it begins, how long it is, and its cell."""

    start: int
    length: int
    tensor: str
    index: tuple[int, ...]


class _Values(Formatter):
    """Writes values into a sentence of a language, as `str.format` does, and in a few ways of its own.

    `{count:plural cell}` is "2 cells" ("plural axis|axes" where -s does not do), `{x:number}` a number as people read
    it, `{x:shortest}` one with all the digits that tell it from its neighbours. A message is said in the same language.
    """

    def __init__(self, code: str) -> None:
        self.code = code

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return the text of one value."""
        if format_spec.startswith(PLURAL):
            return plural(value, *format_spec.removeprefix(PLURAL).split("|"))
        if format_spec in NUMBERS:
            return NUMBERS[format_spec](value)
        return say(value, self.code) if isinstance(value, Message) else format(value, format_spec)


def _template(text: str, code: str) -> Callable[..., str]:
    values = _Values(code)
    return lambda **args: values.vformat(text, (), args)


def _sentences(module: ModuleType) -> dict[str, Callable[..., str]]:
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


@cache
def language(code: str = ENGLISH) -> Language:
    """Return every sentence of a language by its id.

    Raises:
        ModuleNotFoundError: there is no such language.
    """
    if code == pseudo.CODE:
        return {id: _pseudo(sentence) for id, sentence in language(ENGLISH).items()}
    modules = {name: importlib.import_module(f"cnn_engine.words.{code}.{name}") for name in MODULES}
    functions = {f"{name}.{id}": say for name, module in modules.items() for id, say in _sentences(module).items()}
    errors = importlib.import_module(f"cnn_engine.words.{code}.errors").ERRORS
    return functions | {f"errors.{id}": _template(text, code) for id, text in errors.items()}


def _pseudo(sentence: Callable[..., str]) -> Callable[..., str]:
    def said(**args: Any) -> str:
        return pseudo.pseudo(sentence(**args))

    return said


def say(message: Message, code: str = ENGLISH, **instead: Any) -> str:
    """Return the message as a sentence, with these in place of its own arguments."""
    return language(code)[message.id](**{**message.args, **instead} if instead else message.args)


_MARKS = re.compile(f"{OPEN}([^{OPEN}]*){OPEN}([^{CLOSE}]*){CLOSE}")


def spans(message: Message, code: str = ENGLISH) -> list[NumberSpan]:
    """Return which numbers of the sentence came from which cells."""
    marked = dict(message.args)
    for name in message.cells:
        marked[name] = number = Marked(marked[name])
        number.name = name
    text = language(code)[message.id](**marked)
    found, removed = [], 0
    for match in _MARKS.finditer(text):
        number_text = match.group(2)
        found.append(NumberSpan(match.start() - removed, len(number_text), *message.cells[match.group(1)]))
        removed += len(match.group()) - len(number_text)
    return found
