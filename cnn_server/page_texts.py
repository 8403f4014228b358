"""What the scripts of pages say: texts by id in each language (`words/en/pages.json`), of which a page carries its own.

A text has places, `{name}`, and forms by a count, as ICU writes them: `{count, plural, one {# row} other {# rows}}`.
`static/js/words.js` fills them in. A text is used where a script calls `say("its id")`, with the id written out, or
where it has the tasks of a page, `tasksOf("stride", …)`: those are `tasks.stride.…`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup

from cnn_engine.wording import unbroken
from cnn_engine.words import ENGLISH
from cnn_engine.words.pseudo import CODE as PSEUDO
from cnn_engine.words.pseudo import pseudo
from cnn_server import encoding

FOLDER = Path(__file__).resolve().parent / "words"
PLACEHOLDER = re.compile(r"\{(\w+)(, plural,(?: \w+ \{[^{}]*\})+)?\}")
USED = re.compile(r'\bsay\(\s*"([^"]+)"')
TASKS = re.compile(r'\btasksOf\("([\w-]+)"')


@cache
def texts(code: str = ENGLISH) -> Mapping[str, str]:
    """Return every text of a language by its id.

    Raises:
        FileNotFoundError: there is no such language.
    """
    if code == PSEUDO:
        return {id: pseudo(text) for id, text in texts(ENGLISH).items()}
    table: dict[str, str] = json.loads((FOLDER / code / "pages.json").read_text("utf-8"))
    return table


def arguments(text: str) -> dict[str, bool]:
    """Return the names of a text's places, and whether its form depends on each: then it is a number."""
    found: dict[str, bool] = {}
    for name, forms in PLACEHOLDER.findall(text):
        found[name] = found.get(name, False) or bool(forms)
    return found


def used(script: str) -> set[str]:
    """Return the ids of the texts that a script says."""
    pages = tuple(f"tasks.{page}." for page in TASKS.findall(script))
    return set(USED.findall(script)) | {id for id in texts() if id.startswith(pages)}


def lacking(table: Mapping[str, str], english: Mapping[str, str]) -> list[str]:
    """Return what a language lacks beside English, a line each: texts, and places in them; or has too much."""
    missing = [f"{id}: missing" for id in english if id not in table]
    extra = [f"{id}: not in English" for id in table if id not in english]
    both = [id for id in english if id in table]
    differ = [f"{id}: other places" for id in both if arguments(table[id]) != arguments(english[id])]
    return missing + extra + differ


@lru_cache(maxsize=256)
def carried(ids: tuple[str, ...], code: str) -> Markup:
    """Return these texts of a language as JSON that may stand in a page; an id that no text has is left out.

    Where a line ends, an operator in them stays with its operands.
    """
    known = texts(code)
    return encoding.in_page(encoding.dumps({id: unbroken(known[id]) for id in ids if id in known}).decode())


def declarations(table: Mapping[str, str]) -> str:
    """Return the type of every text's arguments as TypeScript: an interface of ids, null for a text without any."""
    lines = (f"  {json.dumps(id)}: {_type(arguments(text))};" for id, text in table.items())
    return "\n".join(["export interface Texts {", *lines, "}", ""])


def _type(names: Mapping[str, bool]) -> str:
    parts: Iterable[str] = (f"{name}: {'number' if counted else 'string | number'}" for name, counted in names.items())
    return f"{{ {'; '.join(parts)} }}" if names else "null"
