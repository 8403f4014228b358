"""A language that nobody speaks: English with accents, longer, between marks.

A text that shows without its marks was written past the languages; a layout that breaks has no room for others. Tests
switch it on. Its code is that of a private use language (BCP 47).
"""

from __future__ import annotations

import re

CODE = "qps"
FIRST, LAST = "⟦", "⟧"
ACCENTS = str.maketrans("aceinosuyACEINOSUY", "áçéíñöšüýÁÇÉÍÑÖŠÜÝ")
LONGER = 0.3  # other languages take about a third more room than English
WORD = 9  # letters of what is added, so that lines break

# Not words: tags, entities, placeholders, and the names between the marks of a number that knows its cell.
KEPT = re.compile(
    r"(<[^>]*>|&\w+;|%\(\w+\)[sd]|%%|\{\w+, plural,(?: \w+ \{[^{}]*\})+\}|\{[^{}]*\}|\ue000[^\ue000]*\ue000)"
)


def pseudo(text: str) -> str:
    """Return an English text in the language that nobody speaks."""
    if not text.strip():  # nothing to say
        return text
    parts = KEPT.split(text)
    accented = "".join(part if index % 2 else part.translate(ACCENTS) for index, part in enumerate(parts))
    letters = sum(len(part) for part in parts[::2])
    words, rest = divmod(round(letters * LONGER), WORD)
    return f"{FIRST}{accented}{' '.join(['·' * WORD] * words + ['·' * rest])}{LAST}"
