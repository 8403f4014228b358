"""A language that nobody speaks: English with accents, longer, between marks.

A text that shows without its marks was written past the languages; a layout that breaks has no room for others. What
comes in the place of an argument stands outside of the marks: it is a name, or has marks of its own. Tests switch the
language on. Its code is that of private use (BCP 47).
"""

from __future__ import annotations

import re

CODE = "qps"
FIRST, LAST = "⟦", "⟧"
ACCENTS = str.maketrans("aceinosuyACEINOSUY", "áçéíñöšüýÁÇÉÍÑÖŠÜÝ")
LONGER = 0.3  # other languages take about a third more room than English
WORD = 9  # letters of what is added, so that lines break

# Not words: tags, entities, counts and other numbers, and the names between the marks of one that knows its cell.
COUNTED = r"\{\w+, plural,(?: \w+ \{[^{}]*\})+\}"
FIELD = r"\{\{[^{}]*(?:\{\w+\}[^{}]*)?\}\}|\{[^{}]*:[^{}]*\}"
KEPT = re.compile(rf"(<[^>]*>|&\w+;|%\(\w+\)d|%%|{COUNTED}|{FIELD}|\ue000[^\ue000]*\ue000)")
ARGUMENT = re.compile(r"%\(\w+\)s|\{\w+(?:!r)?\}")
PLACES = re.compile(rf"({COUNTED}|{FIELD}|{ARGUMENT.pattern})")


def pseudo(text: str) -> str:
    """Return an English text in the language that nobody speaks."""
    pieces = [""]
    for part in PLACES.split(text):
        if ARGUMENT.fullmatch(part):
            pieces += [part, ""]
        else:
            pieces[-1] += part
    letters = sum(map(_letters, pieces[::2]))
    spoken = [at for at in range(0, len(pieces), 2) if _letters(pieces[at]) or re.search(COUNTED, pieces[at])]
    for at in spoken:
        pieces[at] = _marked(pieces[at], letters if at == spoken[-1] else 0)
    return "".join(pieces)


def _letters(text: str) -> int:
    """Return how many letters its words have, with the marks between them; 0 where there is no word."""
    words = "".join(KEPT.split(text)[::2])
    return len(words) if any(letter.isalpha() for letter in words) else 0


def _marked(text: str, letters: int) -> str:
    """Return a piece of a text with accents, between marks, and so much longer as one of so many letters is."""
    words = text.strip()
    before, _, behind = text.partition(words)
    parts = KEPT.split(words)
    accented = "".join(part if index % 2 else part.translate(ACCENTS) for index, part in enumerate(parts))
    more, rest = divmod(round(letters * LONGER), WORD)
    return f"{before}{FIRST}{accented}{' '.join(['·' * WORD] * more + ['·' * rest])}{LAST}{behind}"
