"""What became of the output when one thing was changed."""

from __future__ import annotations

from typing import Literal

from cnn_engine.geometry import Pair
from cnn_engine.wording import plural


def _changed(changed: int, total: int) -> str:
    """Return '2 of 9 outputs change and 7 stay as they were'."""
    stay = total - changed
    if not changed:
        return "not one output changes" if total > 1 else "the one output does not change"
    if not stay:
        return {1: "the one output changes", 2: "both outputs change"}.get(total, f"all {total} outputs change")
    verbs = "changes" if changed == 1 else "change", "stays as it was" if stay == 1 else "stay as they were"
    return f"{changed} of {total} outputs {verbs[0]} and {stay} {verbs[1]}"


def flipped(turned: Literal["the same", "its negative", "another"], changed: int, total: int) -> str:
    """Describe a kernel turned by 180°."""
    if turned == "the same":
        return "Turned by 180° this kernel is the same, so nothing changes."
    after = _changed(changed, total)
    if turned == "its negative":
        return f"Turned by 180° this kernel is its own negative, so every sum of products changes its sign: {after}."
    return f"Turned by 180° this kernel is another one: {after}."


def shifted(shift: Pair, changed: int, total: int) -> str:
    """Describe an input that was moved."""
    return f"The input is moved {_way(shift)}: {_changed(changed, total)}."


def _way(shift: Pair) -> str:
    """Return 'by 1 row down and 2 columns to the left'."""
    rows, cols = shift
    parts = [
        *([f"{plural(abs(rows), 'row')} {'down' if rows > 0 else 'up'}"] if rows else []),
        *([f"{plural(abs(cols), 'column')} to the {'right' if cols > 0 else 'left'}"] if cols else []),
    ]
    return f"by {' and '.join(parts)}" if parts else "by nothing"
