"""What a step of a trace does, in a beginner's words. Rows, columns and channels are counted from 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from cnn_engine.wording import number, number_or_nan, numbers_that_hold, plural
from cnn_engine.words.arguments import Called, Side, Stretch, Sum, Window

Cell = Sequence[int]  # (channel, row, column)

NAN_PASSES = "not a number (NaN), which max pooling passes on, whatever else it holds: the output is NaN"
SMALL = 64  # cells of a window whose sentence is kept for its next step
ACTIVATIONS = {"relu": "ReLU", "sigmoid": "The sigmoid", "tanh": "tanh"}
COPIED = {"reflect": "mirrored from", "replicate": "copied from the edge at", "circular": "wrapped around from"}


def _where(cell: Cell) -> str:
    return f"row {cell[1] + 1}, column {cell[2] + 1}"


def _of_several(cell: Cell, several: bool, what: str = "channel", called: Called | None = None) -> str:
    if not several:
        return _where(cell)
    plane, row, col = cell
    if called is None:
        return f"row {row + 1}, column {col + 1} of {what} {plane + 1}"
    return f"row {row + 1}, column {col + 1} of {_named(plane, 'map', called)}"


def _named(index: int, what: str, called: Called) -> str:
    """Return 'map 2', or the name of the class that it stands for."""
    return f"class {called.classes[index]}" if called.classes else f"{what} {index + 1}"


def _number(index: int, called: Called) -> str:
    name = _named(index, "number", called)
    return f"{name[0].upper()}{name[1:]}"


def _listed(values: Sequence[float]) -> str:
    *most, last = map(number, values)
    return f"{', '.join(most)} and {last}"


# ---- windows


def _lines(side: Side, what: str) -> str:
    *most, last = (index + 1 for index in side.indices)
    if not most:
        return f"{what} {last}"
    if side.spread:
        return f"{what}s {', '.join(map(str, most))} and {last}"
    return f"{what}s {most[0]}–{last}"


def _covers(window: Window, each: str) -> str:
    """Return 'The window covers rows 1–2 and columns 1–2', of `each`, and how much of it is padding."""
    outside = window.outside
    if outside == window.cells:
        return f"The window lies wholly in the padding{each}. "
    text = f"The window covers {_lines(window.rows, 'row')} and {_lines(window.cols, 'column')}"
    if not outside:
        return f"{text}{each}. "
    verb = ("lies", "is") if outside == 1 else ("lie", "are")
    what = f"{verb[0]} outside the input" if window.overhangs else f"{verb[1]} padding"
    return f"{text}; {outside} of its {window.cells} cells {what}{each}. "


_kept = lru_cache(4096)(_covers)  # of every channel and filter it is the same, on maps of up to 64 × 64


def _begun(window: Window | None, each: str = "") -> str:
    """Return the sentence that says where the window is; nothing where that is said beside it."""
    if window is None:
        return ""
    return _kept(window, each) if window.cells <= SMALL else _covers(window, each)


# ---- products and their sums


def conv2d(
    window: Window | None,
    depth: int,
    products: Sum,
    bias: float,
    output: float,
    cell: Cell,
    several: bool,
    called: Called | None = None,
) -> str:
    """Describe one output of a convolution."""
    read = "maps" if called and called.reads_maps else "channels"
    begun = _begun(window, f" in each of {depth} {read}" if depth > 1 else "")
    where = _of_several(cell, several, "feature map", called)
    return f"{begun}{_summed(products)}{_biased(bias, output)}, the output at {where}."


def stacked_conv2d(
    window: Window | None, seen: tuple[Stretch, Stretch] | None, products: Sum, output: float, cell: Cell
) -> str:
    """Describe one value of two convolutions: of the first, or of the last with all that it has `seen` of the input."""
    if seen is None:
        return f"{_begun(window)}{_summed(products)}, the value of map 1 at {_where(cell)}."
    reached = _reached(*seen, one=products.size == 1)
    return f"{_begun(window, ' of map 1')}{reached}. {_summed(products)}, the output at {_where(cell)}."


def _reached(rows: Stretch, cols: Stretch, *, one: bool) -> str:
    if not rows.size or not cols.size:
        return f"All that {'it depends' if one else 'those depend'} on is padding"
    cells = f"{rows.size} × {cols.size} {'cell' if rows.size == cols.size == 1 else 'cells'}"
    return f"{'That value depends' if one else 'Those depend'} on {_stretch(rows, 'row')} and {_stretch(cols, 'column')} of the input: {cells}"


def _stretch(side: Stretch, what: str) -> str:
    first, last = side.first + 1, side.last + 1
    if first == last:
        return f"{what} {first}"
    lines = f"{what}s {first}–{last}"
    return lines if side.size == last - first + 1 else f"{side.size} of the {lines}"


def _biased(bias: float, output: float) -> str:
    return f"; the bias of {number_or_nan(bias)} makes it {number_or_nan(output)}" if bias else ""


def _summed(products: Sum) -> str:
    count, value, total, positive, negative, terms = products
    if math.isnan(value):
        return f"Its {'product is' if count == 1 else 'products add up to'} {number_or_nan(value)}"
    if positive == negative == "0":
        return f"Every product is 0 and so is their sum, {total}"
    if count == 1:
        return f"Its one product is {total}"
    if terms is not None:
        first, *others = numbers_that_hold(terms, value, lambda *printed: math.fsum(printed))
        return f"Its products {first}{''.join(map(_term, others))} add up to {total}"
    if positive == "0" or negative == "0":
        sign = "positive" if negative == "0" else "negative"
        return f"Its {count} products are all {sign} or 0 and add up to {total}"
    return f"The positive products add up to {positive}, the negative ones to {negative}: together {total}"


def _term(product: str) -> str:
    return f" \N{MINUS SIGN} {product.replace('−', '', 1)}" if "−" in product else f" + {product}"


def gather(
    inputs: int, deep: bool, bias: float, output: float, cell: Cell, several: bool, called: Called | None = None
) -> str:
    """Describe one output of a transposed convolution."""
    text = f"The output at {_of_several(cell, several, 'map', called)}"
    if not inputs:
        return f"{text} is reached by no input: it is {'the bias, ' if bias else ''}{number_or_nan(output)}."
    each = f" in each {'map' if called and called.reads_maps else 'channel'}" if deep else ""
    ending = f", with the bias of {number_or_nan(bias)}" if bias else ""
    return f"{text} gathers what {plural(inputs, 'input')}{each} left there{ending}: {number_or_nan(output)}."


def scatter(value: float, cell: Cell, several: bool, over: int, cut: int) -> str:
    """Say what one input of a transposed convolution adds where."""
    where = _of_several(cell, several)
    text = f"The input at {where}, {number_or_nan(value)}, is multiplied by every weight and laid into the output."
    if over:
        text += f" {plural(over, 'cell')} already held something: there the products are added."
    if cut:
        text += f" {plural(cut, 'product')} {'falls' if cut == 1 else 'fall'} on what padding cuts away."
    return text


def linear(
    cell: int,
    inputs: int,
    total: float,
    bias: float,
    before: float,
    output: float,
    hidden: bool,
    activation: str,
    called: Called | None = None,
) -> str:
    """Describe one output of a dense layer, and of its activation."""
    name = _number(cell, called) if called else f"{'Hidden value' if hidden else 'Output'} {cell + 1}"
    text = f"{name} meets {plural(inputs, 'input')}, "
    text += f"each with a weight of its own. The products add up to {number_or_nan(total)}{_biased(bias, before)}."
    if activation == "none":
        return text
    verb = "leaves it at" if output == before else "makes it"
    return f"{text} {ACTIVATIONS[activation]} {verb} {number_or_nan(output)}."


def average_or_dense(cell: int, count: int, total: float, divisor: int, average: float, output: float) -> str:
    """Say what the average of a map and a dense layer say of a class."""
    own = f"Map {cell + 1} adds up to {number_or_nan(total)}, which divided by {plural(divisor, 'cell')} is its average"
    dense = f"The dense layer has a weight of its own for each of {plural(count, 'place')}; for class {cell + 1}"
    return f"{own}, {number_or_nan(average)}. {dense} the products add up to {number_or_nan(output)}."


# ---- pools, padding, flattening


def max_pool2d(
    window: Window | None,
    values: Sequence[float],
    listed: int,
    output: float,
    cell: Cell,
    several: bool,
    called: Called | None = None,
) -> str:
    """Describe the largest value of a window; `values` are those in it, of which up to `listed` are named."""
    return f"{_begun(window)}{_largest(values, listed, output)} at {_of_several(cell, several, called=called)}."


def _largest(values: Sequence[float], listed: int, output: float) -> str:
    if not values:
        return "There is no value in it, and so there is none"
    if math.isnan(output):
        return f"{plural(sum(map(math.isnan, values)), 'of its values is', 'of its values are')} {NAN_PASSES}"
    what = "The largest of its values" if len(values) > 1 else "Its only value"
    if 1 < len(values) <= listed:
        what = f"The largest of {_listed(values)}"
    ties = values.count(output)
    tie = f" ({plural(ties, 'cell')} hold it; the first one wins)" if ties > 1 else ""
    return f"{what} is kept{tie}: {number(output)}"


def avg_pool2d(
    window: Window | None,
    total: float,
    divisor: int,
    output: float,
    cell: Cell,
    several: bool,
    called: Called | None = None,
) -> str:
    """Describe the mean of a window."""
    return (
        f"{_begun(window)}Its values add up to {number_or_nan(total)}; divided by {plural(divisor, 'cell')} "
        f"that is {number_or_nan(output)} at {_of_several(cell, several, called=called)}."
    )


def pad2d(mode: str, inside: bool, source: Cell | None, value: float, called: Called | None = None) -> str:
    """Describe one cell of a padded input; `source` is where its value came from."""
    if source is None:
        return f"This cell is padding, filled with {number(value)}."
    if inside:
        return f"This cell holds the value of the input at {_where(source)}: {number(value)}."
    return f"This cell is padding, {COPIED[mode]} {_where(source)}: {number(value)}."


def flatten(value: float, source: Cell, several: bool, cell: int, called: Called | None = None) -> str:
    """Describe one value that moves into the vector."""
    what = "map" if called and called.reads_maps else "channel"
    where = f"{what} {source[0] + 1}, {_where(source)}" if several else _where(source)
    if called:
        return f"The value {number(value)} of {where} becomes {_named(cell, 'number', called)}, unchanged."
    return f"The value {number(value)} of {where} moves to place {cell + 1} of the vector, unchanged."


# ---- one pixel of a feature map


def rectified(value: float) -> str:
    """Say what ReLU does to one value of a map."""
    what = "is negative: ReLU makes it 0" if value < 0 else "is not negative: ReLU leaves it as it is"
    return f"{number(value)} {what}."


def pooled(name: str, values: Sequence[float], listed: int, output: float, row: int, col: int) -> str:
    """Say what a pool makes of one window of a map; up to `listed` values are named."""
    return f"{_pooled(name, values, listed, output)} at row {row + 1}, column {col + 1} of the map."


def _pooled(name: str, values: Sequence[float], listed: int, output: float) -> str:
    if len(values) == 1:
        return f"The pool's window holds one value, {number(output)}, and gives it"
    named = _listed(values) if len(values) <= listed else f"the {len(values)} values"
    if name == "max":
        return f"Max pooling keeps the largest of {named}: {number(output)}"
    return f"Average pooling adds up {named} and divides by {len(values)}: {number(output)}"
