"""A whole network at a glance: of each layer its values, and beside them the gradients by the same cells."""

from __future__ import annotations

import math
from typing import NamedTuple

from cnn_engine.catalogue import OPERATIONS
from cnn_engine.trace.entries import PassName
from cnn_engine.trace.network import NetworkTrace
from cnn_engine.trace.passes import LOSSES
from cnn_engine.trace.paths import shapes_of
from cnn_engine.trace.showing import Panel, Region, Text, shown

MOST = 2048  # cells that can be taken in at a glance
COLUMN = 6  # values in a line up to which they stand below each other
WORDS = {"weight": "weights", "bias": "biases", "output": "output"}


class Numbers(NamedTuple):
    """A tensor, the gradient of the loss by it, and what an update makes of it, which comes in its place; `of` is its
    name, as `gradient_paths` takes it.

    The tensors of the two panels are those of the network's trace, or stand for a parameter and its gradient:
    "0.weight", "0.weight.gradient" and "0.weight.after", as "input.gradient" for that by the input. "loss" is the loss.
    """

    of: str
    values: Panel
    gradient: Panel | None = None
    after: Panel | None = None


class Group(NamedTuple):
    """What belongs to one layer: what is shown of it, and which entries of the timeline are about it."""

    title: Text
    numbers: list[Numbers]
    entries: list[int]


def overview(trace: NetworkTrace) -> list[Group]:
    """Return the input, every layer and the loss, from left to right; nothing where there are too many cells."""
    shapes = shapes_of(trace)
    if 2 * sum(math.prod(shape) for shape in shapes.values()) > MOST:
        return []
    made = {(entry.way, entry.tensor): at for at, entry in enumerate(trace.timeline)}
    groups = [Group(shown("input"), [_numbers(trace, made, "input", shapes["input"], None)], [])]
    for layer, part in enumerate(trace.forward.parts):
        title = OPERATIONS[part.layer.kind].title
        names = [name for name in (f"{layer}.{own}" for own in WORDS) if name in shapes]
        numbers = [_numbers(trace, made, name, shapes[name], title) for name in names]
        groups.append(Group(title, numbers, [at for at, entry in enumerate(trace.timeline) if entry.layer == layer]))
    return [*groups, _loss(trace)]


def _numbers(
    trace: NetworkTrace,
    made: dict[tuple[PassName, str | None], int],
    tensor: str,
    shape: tuple[int, ...],
    layer: Text | None,
) -> Numbers:
    """Return the values of a tensor and its gradients, empty until the step that computes them."""
    number, _, own = tensor.rpartition(".")
    title = shown(WORDS.get(own, "input"))
    wrap = len(shape) == 1 and shape[0] > COLUMN
    there = made.get(("forward", tensor))
    filters = len(shape) == 4 and shape[1] == 1  # each is one kernel
    values = Panel(f"net-{tensor}", tensor, title, label=_label(layer, title), wrap=wrap, filters=filters)
    if there is not None:
        begins = trace.timeline[there].start
        values = values._replace(fills=begins, opens=begins)
    updated = made.get(("update", tensor))
    changed = there if updated is None else updated
    if changed is not None:
        values = values._replace(regions=(Region("output_cell", framed=False, when=changed),))
    after = None
    if updated is not None:
        begins = trace.timeline[updated].start
        after = values._replace(tensor=f"{tensor}.after", fills=begins, opens=begins)
    back = made["backward", tensor]
    begins = trace.timeline[back].start
    gradient = Panel(
        f"net-{tensor}-gradient",
        f"{number}.gradient" if own == "output" else f"{tensor}.gradient",
        shown("gradient"),
        label=_label(layer, shown("gradient_beside", what=title)),
        fills=begins,
        opens=begins,
        wrap=wrap,
        filters=filters,
        regions=(Region("output_cell", framed=False, when=back),),
    )
    return Numbers(tensor, values, gradient, after)


def _label(layer: Text | None, what: Text) -> Text:
    return what if layer is None else shown("of_layer", layer=layer, what=what)


def _loss(trace: NetworkTrace) -> Group:
    """Return the shares, where the loss has some, and the loss itself."""
    entries = [at for at, entry in enumerate(trace.timeline) if entry.layer is None]
    entry, title = trace.timeline[entries[0]], OPERATIONS[LOSSES[trace.forward.loss].forward].title
    show = trace.forward.loss_trace.show()
    shares = [panel for panel in (show.panels if show else ()) if panel.tensor == "probabilities"]
    panels = [
        Panel("net-shares", "probabilities", shown("shares"), fills=entry.start + (panel.fills or 0))
        for panel in shares[:1]
    ]
    last = entry.start + entry.count - 1
    panels.append(Panel("net-loss", "loss", shown("loss_itself"), fills=last))
    return Group(title, [Numbers("", panel._replace(opens=panel.fills)) for panel in panels], entries)
