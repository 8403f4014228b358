"""What a text in the language of tests says in English, and what of it stands outside of its marks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from cnn_engine.words.pseudo import ACCENTS, FIRST, LAST

MARKED = re.compile(f"{FIRST}[^{FIRST}{LAST}]*{LAST}")
LONGER = re.compile(f"(?:·+(?: ·*)*)?{LAST}")
LETTERS = re.compile(r"[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹]{2}")  # digits of a power are none
PROSE = re.compile(r"[A-Za-z]{2} (?!nan)[A-Za-z]{2}")  # two words; one alone is a name
OF_OTHERS = {"unexpected end of data"}  # what a parser says
FIXED = "\N{NO-BREAK SPACE}"
ENGLISH = str.maketrans({accented: chr(letter) for letter, accented in ACCENTS.items()})


def in_english(text: str) -> str:
    """The English text."""
    return LONGER.sub("", text).replace(FIRST, "").translate(ENGLISH)


def unmarked(texts: Iterable[str], names: Collection[str] = ()) -> list[str]:
    """The lines, or their parts, that stand outside of the marks and are no names."""
    rest = "\n".join(texts)
    while MARKED.search(rest):
        rest = MARKED.sub("\0", rest)
    lines = (line.strip(" ·.,:") for line in re.split("[\n\0]", rest))
    return [line for line in lines if LETTERS.search(line) and line not in names]


def assert_said(english: str, other: str) -> None:
    """The other text says what the English one does, with no prose outside of its marks."""
    assert in_english(other).replace(FIXED, " ") == english.replace(FIXED, " ")  # a line may end beside a mark
    assert [line for line in unmarked([other], OF_OTHERS) if PROSE.search(line)] == [], other
