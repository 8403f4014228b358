"""How a trace is shown, as data: panels of cells, the cells that a step reads and writes, and its arithmetic.

One value serves all the steps of a trace: it names the columns that hold what changes. A text may have fields such as
`{bias}` or `{output_cell.1:nth}`: a column, an index in it, and the form ("nth" counts from 1; "factor" is
a number that the text computes with, "operand" one after a sign, where a negative one has brackets, and "power" one to
whose power something is raised). `when` is the
value of the column `by` for which a region or a card holds.

Texts are messages, said in a language when they are sent; a plain text is the same in every language, as a size is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from cnn_engine.geometry import Geometry, Pair, kernel_laid
from cnn_engine.relations.blocks import Blocks
from cnn_engine.words import ENGLISH, Message, say
from cnn_engine.words.arguments import Called

When = str | int | bool | None
Text = Message | str


def shown(id: str, **values: Any) -> Message:
    """Return a text by its id among a language's texts of what is `shown`."""
    return Message(f"shown.{id}", values)


class Cause(NamedTuple):
    """What a number says of itself, such as why it is 0: its word in a column, a short mark, and what it means."""

    id: str
    mark: str
    text: Text


class Region(NamedTuple):
    """The cells of a panel that a step is about.

    Attributes:
        at: the column that holds the first of them; without it the panel's own first cell.
        size: how many rows and columns, or the column that says so.
        spread: the distance between two of them, down and across.
        planes: for each output channel the planes that it reads, from and up to; without it those that `at` names.
        tap: the column that holds which of the cells is marked.
        framed: whether a frame is drawn around them; the only cell is marked where none is.
        sources: tensors that say from which row and which column of the input each cell was copied.
        windows: the column that holds where windows among them begin, as many as the column `inside` says there are;
            from its first cell to its last each has `window` rows and columns.
        winners: the column that holds which cell each of these windows selected, which `winner` marks; `won` whether it
            is the marked one.
    """

    at: str = ""
    size: Pair | str = (1, 1)
    spread: Pair = (1, 1)
    planes: Sequence[Pair] = ()
    tap: str = ""
    framed: bool = True
    sources: Sequence[str] = ()
    when: When = None
    windows: str = ""
    window: Pair = (1, 1)
    inside: str = ""
    winners: str = ""
    won: str = ""
    winner: Cause | None = None


class Panel(NamedTuple):
    """A tensor on the stage: a grid for each plane. It is shown where the answer has the tensor.

    Attributes:
        id: its name in the page; a step's motion begins at "input" and ends at "output".
        label: what a grid is called, where not as the title.
        grid: what its only grid is called in addresses, where not by the panel's id and the plane's index.
        sign: what stands before it, between it and the panel before.
        at: the column, and the index in it, that selects a part of the tensor: `output_cell.0`.
        column: the column that holds what the tensor is at each step but the last.
        last_note: the note at the last step, where it is another.
        edit: the argument of the operation that typing into a cell changes; `drag`: whether dragging does too.
        wrap: whether it is one line, which goes on below where it has no room.
        fills: the step that computes the first cell, where cells are empty until then; the others follow in C order, or
            with `together` those of all the planes that are shown at once.
        opens: the step that choosing the first cell leads to.
        inside: the cells that are not padding: row, column, height, width.
        overhang: rows and columns beyond the end that the last windows reach.
        gaps: the tensor that is 0 where a cell holds no value of the input.
        why: the column that holds why the cell of the step is 0.
        kept: the cells whose gradient goes further: row, column, height, width; that of the others is dropped.
        terms: the column that holds from which of its cells each term comes, or of which cells where `stands` tells the
            place of those here.
        zeros: what one of these that is 0 makes of a product, as a cause, and one that is padding; without them it
            says what its product says.
        unless: the cause of a product that is none of what these are.
        stands: by the first axis of these cells the plane, by their rows and columns those here; -1 for none.
        channels: the tensor that says of each cell from which channel its value is, where there are several.
        filters: whether its grids are filters, and not channels.
    """

    id: str
    tensor: str
    title: Text
    note: Text = ""
    label: Text = ""
    grid: str = ""
    sign: str = ""
    at: str = ""
    column: str = ""
    last_note: Text = ""
    edit: str = ""
    drag: bool = False
    wrap: bool = False
    fills: int | None = None
    together: bool = False
    opens: int | None = None
    inside: tuple[int, int, int, int] | None = None
    overhang: Pair = (0, 0)
    gaps: str = ""
    channels: str = ""
    filters: bool = False
    terms: str = ""
    zeros: Sequence[str] = ()
    unless: str = ""
    stands: tuple[Sequence[int], Sequence[int], Sequence[int]] | None = None
    why: str = ""
    kept: tuple[int, int, int, int] | None = None
    regions: Sequence[Region] = ()


class Terms(NamedTuple):
    """The window's worth of a step: `left` times `right` is `value`, or `value` alone.

    Attributes:
        value, left: columns.
        right: a tensor, of which `at` selects the part, or without `at` a column.
        inside: the column that says which terms there are, where not every step has all.
        row_totals: the column of what the terms have come to at the end of each row, where they are added one by one.
        shape: (rows, columns) of a block, where the columns have no axes of their own.
        over: the panel whose region the terms are; those on no cell of its own are padding.
        chosen: the column that holds which of them is kept.
        scale: the tensor whose strongest value the colours are for.
        filters: whether its blocks are filters, and not channels.
        first: where a step says which of them the first block is, from 0: they are those of a group; else the first.
        factors: what `left` and `right` are called.
        zero: the column that says why each value is 0, as one of `causes`; `why` the same of the result.
    """

    value: str
    left: str = ""
    right: str = ""
    at: str = ""
    joiner: str = "+"
    row_sums: str = ""
    channel_sums: str = ""
    row_totals: str = ""
    over: str = ""
    chosen: str = ""
    scale: str = ""
    inside: str = ""
    shape: Pair | None = None
    filters: bool = False
    first: str = ""
    factors: Sequence[Text] = ()
    zero: str = ""
    why: str = ""
    causes: Sequence[Cause] = ()


class Card(NamedTuple):
    """The arithmetic of a step: terms, lines of (label, text), and the column of the result.

    Attributes:
        name: what the result is called, where several stand beside each other.
        note, where: what stands above and below the result.
        compact: whether products stand over their factors, which are long, as fractions are.
    """

    note: Text
    where: Text
    name: Text = ""
    terms: Terms | None = None
    lines: Sequence[tuple[Text, Text]] = ()
    result: str = "output"
    when: When = None
    compact: bool = False


class Curve(NamedTuple):
    """A curve beside the bars: tensors of its points and of the point that is marked, and the step that gives this."""

    values: str
    mark: str
    fills: int


class Figure(NamedTuple):
    """A drawing below the panels, made of these tensors: "curve", "network" or "bars".

    Attributes:
        at: the columns that say where on it the step is.
        fills: of bars the step that computes the first; `labels` of each, and `truth`, the index of the true one.
    """

    kind: Literal["curve", "network", "bars"]
    values: Sequence[str]
    weights: Sequence[str] = ()
    at: tuple[str, str] = ("", "")
    fills: int = 0
    labels: Sequence[Text] = ()
    truth: int = -1
    curve: Curve | None = None


class Show(NamedTuple):
    """How all the steps of a trace are shown; `by` is the column that chooses between regions and between cards."""

    panels: Sequence[Panel]
    cards: Sequence[Card]
    by: str = ""
    figure: Figure | None = None

    def plain(self, code: str = ENGLISH) -> dict[str, Any]:
        """Return `panels` and `card` as JSON has them, in the language of this code.

        What is as by default is left out.
        """
        return {
            "panels": plain(self.panels, code),
            "card": {
                "cards": plain(self.cards, code),
                **({"by": self.by} if self.by else {}),
                **({"figure": plain(self.figure, code)} if self.figure else {}),
            },
        }


# What a text about channels and places is for a layer of a network: about maps and numbers, or the last one's classes.
OF_MAPS = {
    "output_cell_of_channel": "output_cell_of_map",
    "place": "number",
    "place_in_vector": "number",
}
OF_CLASSES = {
    "output_cell_of_channel": "output_cell",
    "place": "number_of_class",
    "place_in_vector": "number_of_class",
}


def in_network(show: Show, called: Called) -> Show:
    """Return how a layer of a network is shown, with what it reads and gives called as there."""
    names = OF_CLASSES if called.classes else OF_MAPS
    if called.reads_maps:
        names = names | {"channel_row_column": "map_row_column"}

    def renamed(text: Text) -> Text:
        name = text.id.removeprefix("shown.") if isinstance(text, Message) else ""
        return shown(names[name], **text.args) if name in names and isinstance(text, Message) else text

    def card(one: Card) -> Card:
        lines = [(renamed(label), text) for label, text in one.lines]
        return one._replace(where=renamed(one.where), lines=lines)

    return show._replace(cards=[card(one) for one in show.cards])


def plain(part: Any, code: str = ENGLISH) -> Any:
    """Return a part of what is shown as JSON has it, in the language of this code."""
    if isinstance(part, Message):
        return say(part, code)
    if hasattr(part, "_fields"):
        defaults = part._field_defaults
        named = zip(part._fields, part, strict=True)
        return {name: plain(value, code) for name, value in named if name not in defaults or value != defaults[name]}
    return [plain(one, code) for one in part] if isinstance(part, list | tuple) else part


def by_size(*sizes: int) -> str:
    """Return '3 × 3'."""
    return " × ".join(map(str, sizes))


def channels_read(channels: Blocks) -> list[Pair]:
    """Return for each output channel the channels that it reads, from and up to."""
    read = channels.read(np.arange(channels.size("out")))
    return [(first, last + 1) for first, last in read[:, [0, -1]].tolist()]


def input_panel(axes: Geometry, planes: Sequence[Pair], **more: Any) -> Panel:
    """Return the padded input of an operation with windows: each step has one over it."""
    rows, cols = axes["height"], axes["width"]
    return Panel(
        "input",
        "padded_input",
        shown("input"),
        _padded(by_size(rows.input_size, cols.input_size), (*rows.padding, *cols.padding)),
        edit="input",
        inside=(rows.padding[0], cols.padding[0], rows.input_size, cols.input_size),
        overhang=(rows.overhang, cols.overhang),
        regions=(window_region(axes, planes, **more),),
    )


def window_region(axes: Geometry, planes: Sequence[Pair], **more: Any) -> Region:
    """Return the window of each step."""
    return Region("position", *kernel_laid(axes["height"], axes["width"]), planes, **more)


def _padded(size: str, sides: tuple[int, int, int, int]) -> Text:
    top, bottom, left, right = sides
    if top == bottom == left == right:
        return shown("padded", size=size, padding=top) if top else size
    return shown("padded_unevenly", size=size, top=top, bottom=bottom, left=left, right=right)


def output_panel(shape: Sequence[int], sign: str) -> Panel:
    """Return the output, which fills in C order, a cell at each step."""
    note, regions = by_size(shape[1], shape[2]), (Region("output_cell"),)
    return Panel("output", "output", shown("output"), note, sign=sign, fills=0, opens=0, regions=regions)


def output_cell(channels: int) -> Message:
    """Return where a step's output goes, as a text with fields."""
    return shown("output_cell_of_channel" if channels > 1 else "output_cell")


def sum_card(terms: Terms, channels: int, *, biased: bool) -> Card:
    """Return the card of products that are added up, and a bias."""
    if not biased:
        return Card(shown("sum_no_bias"), output_cell(channels), shown("sum"), terms)
    lines = ((shown("bias"), "{bias}"),)
    return Card(shown("sum_and_bias"), output_cell(channels), shown("sum_and_bias"), terms, lines)
