"""How far one cell reaches: back to the pixels that it can depend on, and forward to the logits that it touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.models.cells import flat_index, is_idle, layer_trace
from cnn_engine.models.model import Model
from cnn_engine.models.passes import INPUT, Cells, Off, Pass, read_layer, read_off, read_sample
from cnn_engine.nn.layers.base import Array
from cnn_engine.relations.links import Links, Rule

WAYS = ("input", "padded_input", "output")  # what leads through a layer
Box = tuple[tuple[int, int], ...]  # along each axis the first index and the last
LayerLinks = Links | None


@dataclass(frozen=True)
class Reach:
    """What a cell can depend on, what can depend on it, and what it does to the logits.

    Attributes:
        boxes: by layer, that of the input being `INPUT`: the smallest box around the cells that the cell can depend on,
            or that can depend on it; of its own layer the cell itself. Nothing where there are none, as in padding.
        logits: (classes,).
        without: (classes,), with the cell set to 0 and all after it computed again.
        change: (classes,), logits − without.
    """

    boxes: Mapping[int, Box]
    logits: Array
    without: Array
    change: Array


def reach(model: Model, input: ArrayLike, layer: int, index: Sequence[int], *, off: Off = ()) -> Reach:
    """Return how far one cell of what a layer gives reaches."""
    sample, number = read_sample(model, input), read_layer(model, layer)
    flat_index(model.layers[number], index)
    switched: dict[int, list[Cells]] = read_off(model, off)
    forward = Pass(model, sample, switched)
    cell = tuple(np.array([one]) for one in index)
    silent = Pass(model, sample, switched | {number: [*switched.get(number, []), cell]})
    logits, without = forward.logits[0], silent.logits[0]
    with np.errstate(all="ignore"):
        links = [layer_links(model, one) for one in range(len(model.layers))]
        boxes = _before(links, number, index) | _after(links, number, index)
        return Reach(boxes, logits, without, logits - without)


def seen_by(model: Model, layer: int, cells: Iterable[Sequence[int]]) -> list[Box]:
    """Return for each of some cells of what a layer gives the box of the input that it can depend on; () for none."""
    links = [layer_links(model, one) for one in range(layer + 1)]
    return [_before(links, layer, cell).get(INPUT, ()) for cell in cells]


def layer_links(model: Model, layer: int) -> LayerLinks:
    """Return what a layer's outputs have to do with its inputs, by its shapes; None where it gives what it is given."""
    kind = model.layers[layer]
    return None if is_idle(kind) else layer_trace(model, layer, np.zeros(kind.input_shape)).links(WAYS)


def _before(links: Sequence[LayerLinks], number: int, index: Sequence[int]) -> dict[int, Box]:
    return _followed(links, number, index, range(number, INPUT, -1), "output")


def _after(links: Sequence[LayerLinks], number: int, index: Sequence[int]) -> dict[int, Box]:
    return _followed(links, number, index, range(number + 1, len(links)), "input")


def _followed(
    links: Sequence[LayerLinks], number: int, index: Sequence[int], layers: range, source: str
) -> dict[int, Box]:
    """Return the boxes from one cell on through these layers, from what is their source, as far as there are any."""
    box = tuple((one, one) for one in index)
    found = {number: box}
    for layer in layers:
        reached = _through(links[layer], source, box)
        if reached is None:
            break
        found[layer - (source == "output")] = box = reached
    return found


def _through(links: LayerLinks, source: str, box: Box) -> Box | None:
    """Return the box of what a layer is given that some outputs can depend on, or the other way round."""
    if links is None:
        return box
    target = {"input": "output", "output": "input"}[source]
    if target in links[source]:
        return _linked(links[source][target], box)
    padded = _linked(links[source]["padded_input"], box)
    return padded and _linked(links["padded_input"][target], padded)


def _linked(rules: list[Rule], box: Box) -> Box | None:
    """Return the box of the cells that these rules have for any cell of a box, where there are any."""
    ranges = [_range(rule, box) for rule in rules]
    found = tuple(one for one in ranges if one is not None)
    return found if len(found) == len(ranges) else None


def _range(rule: Rule, box: Box) -> tuple[int, int] | None:
    """Return the first and last index along an axis that a rule has for any cell of a box; see `relations.links`."""
    chosen = tuple(slice(box[axis][0], box[axis][1] + 1) for axis in rule.get("by", ()))
    if "lists" in rule:
        indices = np.array(_flattened(rule["lists"], chosen), np.intp)
    elif "at" not in rule:
        return box[rule["by"][0]]
    else:
        indices = _ends(np.asarray(rule["at"])[chosen], len(chosen), rule.get("step", 1))
    return (int(indices.min()), int(indices.max())) if indices.size else None


def _ends(table: Array, axes: int, step: int) -> Array:
    """Return the first and the last index of every entry of a table that has this many axes of its own."""
    if table.ndim == axes:
        single: Array = table[table >= 0]
        return single
    first, count = table.reshape(-1, 2).T
    some = count > 0
    return np.concatenate([first[some], first[some] + (count[some] - 1) * step])


def _flattened(lists: Any, chosen: tuple[slice, ...]) -> list[int]:
    """Return the indices in nested lists, of these parts alone."""
    parts = lists[chosen[0]] if chosen else lists
    return [one for part in parts for one in (_flattened(part, chosen[1:]) if len(chosen) > 1 else part)]
