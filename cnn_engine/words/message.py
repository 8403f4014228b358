"""A message is an id and its arguments; a language says it. A number in it can know the cell that it came from."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce, wraps
from string import Formatter
from types import ModuleType
from typing import Any, NamedTuple

from cnn_engine.wording import CLOSE, OPEN, Marked, duration, marks, number, plural, shortest
from cnn_engine.words import pseudo

Cell = tuple[str, tuple[int, ...]]  # a tensor's name, and an index in it
Cells = Mapping[str, Cell]  # by the numbers that came from them
Language = Mapping[str, Callable[..., str]]

ENGLISH = "en"
PLURAL = "plural "
REQUIRED = inspect.Parameter.empty
NUMBERS = {"number": number, "shortest": shortest, "duration": duration}
TABLES = {"SHOWN": "shown", "ERRORS": "errors"}  # of a module: texts of these sections
FORMS = ("title", "called", "summary", "choice")  # of what an operation is called
PACKAGES = ["cnn_engine.words"]  # where languages are looked for, each a package by its code


class Message(NamedTuple):
    """What is to be said: "steps.conv2d" is `conv2d` of a language's module `steps`, a function or one of its `TEXTS`.

    A family of operations has a module of its own: what that says belongs to the `SECTION` that it names, and it may
    have texts that are `SHOWN` and `ERRORS`, and say what its operations are `CALLED`.

    `cells` has, for numbers among the arguments, the cells that they came from. One that is part of an argument has a
    path for a name: "products.total", "values.0".
    """

    id: str
    args: Mapping[str, Any]
    cells: Mapping[str, Cell] = {}


@dataclass(frozen=True)
class Alike:
    """Messages of one id, a page of steps: none of them is made unless somebody looks at it.

    Attributes:
        id: that of all of them.
        shared: the arguments that are the same in all of them.
        own: a column of each of the others; the first has a length.
        find: finds the cells of their numbers, one message after another.
    """

    id: str
    shared: Mapping[str, Any]
    own: Mapping[str, Sequence[Any]]
    find: Callable[[], Iterable[Mapping[str, Cell]]]

    def __iter__(self) -> Iterator[Message]:
        for cells, *own in zip(self.find(), *self.own.values(), strict=True):
            yield Message(self.id, {**self.shared, **dict(zip(self.own, own, strict=True))}, cells)

    def __len__(self) -> int:
        return len(next(iter(self.own.values())))

    def sentences(self, code: str, instead: Mapping[str, Any]) -> list[str]:
        """Return the sentences of all of them, with these in place of arguments that they have."""
        sentence = language(code)[self.id]
        same = {**self.shared, **{name: value for name, value in instead.items() if name in self.own}}
        given = {**self.own, **{name: [value] * len(self) for name, value in same.items()}}
        order = _order(sentence)
        if order is None:
            return [sentence(**dict(zip(given, values, strict=True))) for values in zip(*given.values(), strict=True)]
        columns = (given[name] if need is REQUIRED else given.get(name, [need] * len(self)) for name, need in order)
        return [*map(sentence, *columns)]


Messages = Alike | list[Message]


def amount(name: str, **values: Any) -> Message:
    """Return what is counted, with its number or as it stands behind one: `name` is among a language's `amounts`."""
    return Message(f"amounts.{name}", values)


def part(name: str, **values: Any) -> Message:
    """Return a part of a sentence: `name` is among a language's `parts`."""
    return Message(f"parts.{name}", values)


def either(options: Sequence[Any]) -> Any:
    """Return these for a sentence, with the word for "or" between them; one alone as it is."""
    return reduce(lambda first, last: part("either", first=first, last=last), options)


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
    it, `{x:shortest}` one with all the digits that tell it from its neighbours, `{x:duration}` so many nanoseconds. A
    message is said in the same language.
    """

    def __init__(self, code: str) -> None:
        self.code = code

    def filled(self, args: Mapping[str, Any], field: str | None, spec: str | None, conversion: str | None) -> str:
        """Return what stands in a place of a text that is an argument by its name."""
        if field is None:
            return ""
        value = args[field]
        return self.format_field(self.convert_field(value, conversion) if conversion else value, spec or "")

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return the text of one value."""
        if format_spec.startswith(PLURAL):
            return plural(value, *format_spec.removeprefix(PLURAL).split("|"))
        if format_spec in NUMBERS:
            return NUMBERS[format_spec](value)
        return say(value, self.code) if isinstance(value, Message) else format(value, format_spec)


def _template(text: str, code: str) -> Callable[..., str]:
    """Return what says a text of a language, which is taken apart once: sentences are said thousands of times."""
    values = _Values(code)
    parts = list(values.parse(text))
    if any(field is not None and not (field.isidentifier() and "{" not in (spec or "")) for _, field, spec, _ in parts):
        return lambda **args: values.vformat(text, (), args)

    def filled_in(**args: Any) -> str:
        return "".join(literal + values.filled(args, field, spec, how) for literal, field, spec, how in parts)

    return filled_in


def _sentences(module: ModuleType) -> dict[str, Callable[..., str]]:
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def add_package(name: str) -> None:
    """Let the package of this name say messages too: it has a package for each language, as `cnn_engine.words` has."""
    if name not in PACKAGES:
        PACKAGES.append(name)
        language.cache_clear()


def _modules(code: str) -> Iterator[tuple[str, ModuleType]]:
    for package in PACKAGES:
        home = importlib.import_module(f"{package}.{code}")
        for module in pkgutil.iter_modules(home.__path__):
            yield module.name, importlib.import_module(f"{home.__name__}.{module.name}")


def _sayings(code: str) -> Iterator[tuple[str, str | Callable[..., str]]]:
    """Yield all that a language says, by its id: sentences, and texts with places for values."""
    for name, module in _modules(code):
        own: Mapping[str, str | Callable[..., str]] = _sentences(module) | getattr(module, "TEXTS", {})
        tables = [(section, getattr(module, table, {})) for table, section in TABLES.items()]
        for section, sayings in [(getattr(module, "SECTION", name), own), *tables, ("operations", _called(module))]:
            for id, saying in sayings.items():
                yield f"{section}.{id}", saying


def _called(module: ModuleType) -> dict[str, str]:
    """Return what operations are called: as a title, within a sentence, at its start, and in a list to choose from."""
    return {
        f"{name}.{form}": text
        for name, (title, called, *choice) in getattr(module, "CALLED", {}).items()
        for form, text in zip(FORMS, (title, called, called[0].upper() + called[1:], *choice, title), strict=False)
    }


@cache
def language(code: str = ENGLISH) -> Language:
    """Return every sentence of a language by its id.

    Raises:
        ModuleNotFoundError: there is no such language.
    """
    if code == pseudo.CODE:
        return {
            id: _template(pseudo.pseudo(saying), code) if isinstance(saying, str) else _pseudo(saying)
            for id, saying in _sayings(ENGLISH)
        }
    known: dict[str, Callable[..., str]] = {}
    for id, saying in _sayings(code):
        if id in known:
            raise ValueError(f"{id} is said by two modules of the language {code}")
        known[id] = _template(saying, code) if isinstance(saying, str) else saying
    return known


def lacking(code: str) -> list[str]:
    """Return what a language lacks: ids that only English says, and those that say other values than English does."""
    known, english = _values_of(code), _values_of(ENGLISH)
    return sorted(id for id in english if known.get(id) != english[id])


def _values_of(code: str) -> dict[str, set[str]]:
    return {
        id: {field for _, field, _, _ in Formatter().parse(saying) if field}
        if isinstance(saying, str)
        else set(inspect.signature(saying).parameters)
        for id, saying in _sayings(code)
    }


def _pseudo(sentence: Callable[..., str]) -> Callable[..., str]:
    return wraps(sentence)(lambda *values, **args: pseudo.pseudo(sentence(*values, **args)))


@cache
def _order(sentence: Callable[..., str]) -> list[tuple[str, Any]] | None:
    """Return the arguments of a sentence in order, with what they are where none is given; None for a text."""
    parameters = inspect.signature(sentence).parameters.values()
    if any(own.kind is not own.POSITIONAL_OR_KEYWORD for own in parameters):
        return None
    return [(own.name, own.default) for own in parameters]


def say(message: Message, code: str = ENGLISH, **instead: Any) -> str:
    """Return the message as a sentence, with these in place of arguments that it has."""
    return language(code)[message.id](**_args(message, instead))


def sentences_of(messages: Messages, code: str = ENGLISH, **instead: Any) -> list[str]:
    """Return the messages as sentences, with these in place of arguments that they have."""
    if isinstance(messages, Alike):
        return messages.sentences(code, instead)
    return [say(message, code, **instead) for message in messages]


def _args(message: Message, instead: Mapping[str, Any]) -> dict[str, Any]:
    return {name: instead.get(name, value) for name, value in message.args.items()}


_MARKS = re.compile(f"{OPEN}([^{OPEN}]*){OPEN}([^{CLOSE}]*){CLOSE}")


def _marked(value: Any, path: list[str], name: str) -> Any:
    """Return the value with the number at this path in it marked, or with the text of one."""
    if not path:
        return marks(name, value) if isinstance(value, str) else Marked(value, name)
    first, *rest = path
    if isinstance(value, list):
        at = int(first)
        return [*value[:at], _marked(value[at], rest, name), *value[at + 1 :]]
    return value._replace(**{first: _marked(getattr(value, first), rest, name)})


def spans(message: Message, code: str = ENGLISH, **instead: Any) -> list[NumberSpan]:
    """Return which numbers of the sentence came from which cells, with these in place of arguments that it has."""
    marked = _args(message, instead)
    for name in message.cells:
        argument, *path = name.split(".")
        marked[argument] = _marked(marked[argument], path, name)
    text = language(code)[message.id](**marked)
    found, removed = [], 0
    for match in _MARKS.finditer(text):
        number_text = match.group(2)
        found.append(NumberSpan(match.start() - removed, len(number_text), *message.cells[match.group(1)]))
        removed += len(match.group()) - len(number_text)
    return found
