"""What a person chooses by: every thing that a network or its training is made of says here what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cnn_engine.parameters import describe


@dataclass(frozen=True)
class Choice:
    """One thing to choose; a class that is built may be several.

    Attributes:
        title: what people call it.
        sentence: what it does.
        opens: the options that are set by hand, in their order, and what each is at first.
        fixed: the options that make it this one, where several share a class.
        name: what links call it: the first name that the class is built by, unless given.
        called: what it is called within a sentence: as its title, unless given.
    """

    title: str
    sentence: str
    opens: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    called: str = ""


def rows(table: Mapping[str, Any], skipped: int = 0) -> Iterator[dict[str, Any]]:
    """Yield a row for each choice among the classes of a table, in its order.

    `names` are all that the class is built by, the one that is written first. `parameters` are those of its
    constructor after the first `skipped`.
    """
    for made in dict.fromkeys(table.values()):
        names = [name for name, other in table.items() if other is made]
        parameters = [parameter.as_json() for parameter in describe(made, skipped)]
        for choice in made.choices:
            yield {
                "name": choice.name or names[0],
                "title": choice.title,
                "called": choice.called or choice.title,
                "sentence": choice.sentence,
                "names": sorted(names, key=lambda name: name != choice.name),
                "opens": choice.opens,
                "fixed": choice.fixed,
                "parameters": parameters,
            }
