"""How the steps of a gradient are shown: what was read, times the gradient from above, is the gradient of a cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cnn_engine.geometry import Pair, kernel_laid
from cnn_engine.relations.layout import extent
from cnn_engine.trace.causes import CAUSES, WINNER
from cnn_engine.trace.showing import Card, Panel, Region, Show, Terms, Text, by_size, input_panel, shown

if TYPE_CHECKING:
    from cnn_engine.trace.backward import BackwardTrace


def cell_name(shape: Sequence[int], *, transposed: bool = False) -> Text:
    """Return where a cell of a tensor of this shape is; filters and channels are named where there are several.

    The first axis of a transposed convolution's weight is the channel, the second the filter.
    """
    if len(shape) == 1:
        return "{output_cell:nth}"
    if len(shape) == 2:
        return shown("cell_of_matrix")
    if len(shape) == 3:
        return shown("cell_of_maps") if shape[0] > 1 else shown("cell")
    if shape[0] > 1 and shape[1] > 1:
        return shown("cell_of_transposed_kernels" if transposed else "cell_of_kernels")
    if shape[0] == shape[1] == 1:
        return shown("cell_of_kernel")
    axis = 0 if shape[0] > 1 else 1
    return shown("cell_of_filters" if (axis == 0) != transposed else "cell_of_channels", axis=axis)


def backward_show(trace: BackwardTrace) -> Show:
    """Return the panels and the card of a gradient's steps."""
    above = _above(trace)
    if trace.wrt == "bias":
        panels = [above]
    elif "weight" in trace.way.read.values():
        panels = [above, _weights(trace)._replace(sign="×")]
    elif "slope" in trace.way.tensors:
        panels = [read_panel(trace), _slope(trace), above._replace(sign="×")]
    else:
        panels = [read_panel(trace), above._replace(sign="×" if trace.wrt else "")]
    what = trace.wrt or "input"
    filters = what == "input" and "weight" in trace.way.read.values()
    multiplied = trace.way.read or trace.way.gated or trace.way.relation.weighs
    terms = Terms(
        "products",
        "local" if multiplied else "",
        "above" if multiplied else "",
        over="input" if trace.op == "conv2d_backward" and what == "weight" else "",
        row_totals="row_totals",
        inside="inside",
        shape=trace.laid,
        filters=filters,
        first="above_from.0" if filters and len(trace.forward.output_shape) > 1 else "",
        factors=(shown("local"), shown("above")) if multiplied else (),
        zero="zero",
        why="why",
        causes=CAUSES,
    )
    note = shown("local_times_above") if multiplied else shown("above_added_up")
    cell = cell_name(trace.output_shape, transposed=trace.op == "conv_transpose2d_backward")
    where = shown("gradient_cell", tensor=shown(f"tensor_{what}"), cell=cell)
    card = Card(note, where, shown("sum"), terms)
    sign = "=" if any(panel.sign == "×" for panel in panels) else "→"
    return Show((*panels, gradient_panel(trace)._replace(sign=sign)), (card,))


def _size(shape: Sequence[int]) -> str:
    return by_size(*shape[-2:]) if len(shape) > 1 else f"{shape[0]}"


def gradient_panel(trace: BackwardTrace) -> Panel:
    """Return the gradient that is computed, a cell at each step."""
    what = trace.wrt or "input"
    shape, at = trace.output_shape, "output_cell.0" if len(trace.output_shape) == 4 else ""
    here = Region("output_cell", framed=False)
    title = shown("gradient_of", tensor=shown(f"tensor_{what}"))
    wrap = _is_row(trace, shape)
    return Panel(
        "output", "output", title, _size(shape), at=at, wrap=wrap, fills=0, opens=0, why="why", regions=(here,)
    )


def _is_row(trace: BackwardTrace, shape: Sequence[int]) -> bool:
    """Return whether these are inputs of a dense layer: they lie over the columns of its weights, one for each."""
    return len(shape) == 1 and trace.forward.op == "linear" and trace.wrt != "bias"


def _above(trace: BackwardTrace) -> Panel:
    """Return the gradient of the output, with the cells that a step's terms come from."""
    flat = trace.forward.op == "flatten"
    region = _block(trace, "output", "above")
    note = _size(trace.forward.output_shape)
    title = shown("from_above")
    filled = trace.forward.op == "pad2d" and trace.params["mode"] == "zeros"
    panel = Panel("above", "grad_output", title, note, edit="grad_output", wrap=flat, regions=(region,))
    unless = trace.factor if trace.way.gated else ""
    return panel._replace(terms="term_cells", unless=unless, kept=_inner(trace) if filled else None)


def _inner(trace: BackwardTrace) -> tuple[int, int, int, int]:
    """Return which cells of a padded map are the input's; what comes from above to the others goes nowhere."""
    (top, _), (left, _) = trace.forward.params["padding"]
    return top, left, *trace.output_shape[-2:]


def _block(trace: BackwardTrace, name: str, column: str) -> Region:
    """Return the cells of a tensor that the terms of a step come from, in several planes where there are."""
    relation, by, shape = trace.way.relation, trace.way.by, trace.output_shape
    outer = np.arange(shape[0]) * math.prod(shape[1:])
    first, count, apart = extent(relation, by, name, outer)
    spread = (1, 1, *apart)[-2:]
    planes: list[Pair] = []
    if first.shape[1] > 2 and relation.most(by)[0] > 1:
        planes = list(zip(first[:, 0].tolist(), (first + count)[:, 0].tolist(), strict=True))
    return Region(f"{column}_from", f"{column}_size", (spread[0], spread[1]), planes or ())


def read_panel(trace: BackwardTrace) -> Panel:
    """Return the input; where it is what was read, with the cells that were; with windows, those that a cell is in."""
    if trace.has_windows:
        return input_panel(trace.geometry or {}, ())._replace(regions=(_windows(trace),))
    name = next((name for name, tensor in trace.way.read.items() if tensor.endswith("input")), "")
    region = _block(trace, name, "local") if name else Region("output_cell", framed=False)
    if name == "padded_input":
        return trace.explained(input_panel(trace.geometry or {}, ())._replace(regions=(region,)))
    x = trace.tensors["input"]
    wrap = _is_row(trace, x.shape)
    panel = Panel("input", "input", shown("input"), _size(x.shape), edit="input", wrap=wrap, regions=(region,))
    return trace.explained(panel) if trace.wrt == "weight" else panel


def _windows(trace: BackwardTrace) -> Region:
    """Return all cells of the windows that a cell is in, each window by itself, and the cell that it selected."""
    rows, cols = (trace.geometry or {}).values()
    one = rows.effective_kernel_size, cols.effective_kernel_size
    region = Region("windows_from", "windows_size", kernel_laid(rows, cols)[1], tap="cell_tap")
    region = region._replace(windows="windows", window=one, inside="inside")
    return region._replace(winners="winners", won="gate", winner=WINNER) if trace.way.gated else region


def _slope(trace: BackwardTrace) -> Panel:
    """Return the slope of an activation at each value of the input."""
    note, region = _size(trace.output_shape), _block(trace, "slope", "local")
    return trace.explained(Panel("slope", "slope", shown("slope"), note, sign="→", regions=(region,)))


def _weights(trace: BackwardTrace) -> Panel:
    """Return the weights that one input meets."""
    rows, cols = trace.tensors["weight"].shape[-2:]
    region, planes = _block(trace, "weight", "local"), [(0, trace.way.relation.most(trace.way.by)[0])]
    if trace.tensors["weight"].ndim == 2:
        panel = Panel("kernel", "weight", shown("weights"), by_size(rows, cols), edit="weight", regions=(region,))
        return trace.explained(panel)
    name = "weight_by_input" if "weight_by_input" in trace.tensors else "weight"
    met = region._replace(planes=planes * trace.output_shape[0])
    panel = Panel("kernel", name, shown("weights"), by_size(rows, cols), at="output_cell.0", regions=(met,))
    return trace.explained(panel)
