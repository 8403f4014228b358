"""Places as people read them: which rows and columns a window covers, counted from 1."""

from __future__ import annotations

from cnn_engine.geometry import AxisGeometry
from cnn_engine.wording import number, number_or_nan, plural

__all__ = ["covered", "number", "number_or_nan", "plural", "window_place"]


def covered(axis: AxisGeometry, start: int) -> list[int]:
    """Which rows or columns of the input a window that begins at padded index `start` reads, counted from 1."""
    first = start - axis.padding[0] + 1
    reads = range(first, first + axis.effective_kernel_size, axis.dilation)
    return [place for place in reads if 1 <= place <= axis.input_size]


def _places(axis: AxisGeometry, places: list[int], what: str) -> str:
    if len(places) == 1:
        return f"{what} {places[0]}"
    if axis.dilation > 1:
        return f"{what}s {', '.join(map(str, places[:-1]))} and {places[-1]}"
    return f"{what}s {places[0]}–{places[-1]}"


def window_place(rows: AxisGeometry, cols: AxisGeometry, row: int, col: int) -> str:
    """'The window covers rows 1–2 and columns 1–2', and how much of it is padding."""
    down, across = covered(rows, row * rows.stride), covered(cols, col * cols.stride)
    cells, inside = rows.kernel_size * cols.kernel_size, len(down) * len(across)
    if not inside:
        return "The window lies wholly in the padding"
    text = f"The window covers {_places(rows, down, 'row')} and {_places(cols, across, 'column')}"
    if inside == cells:
        return text
    beyond = _overhangs(rows, row) or _overhangs(cols, col)
    verb = ("lies", "is") if cells - inside == 1 else ("lie", "are")
    what = f"{verb[0]} outside the input" if beyond else f"{verb[1]} padding"
    return f"{text}; {cells - inside} of its {cells} cells {what}"


def _overhangs(axis: AxisGeometry, index: int) -> bool:
    """Whether this window reads beyond the padding, as the last one may with `ceil_mode`."""
    return index * axis.stride + axis.effective_kernel_size > axis.padded_size
