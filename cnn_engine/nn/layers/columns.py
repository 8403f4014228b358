"""In which order the columns of a signal are stored, and the copies that lead from one order to another.

A pooling window of two columns takes one even and one odd one. With the evens stored first, then the odds, each of the
window's places is one contiguous block over the whole map, and pooling is the largest of those blocks. What is left
should have the order in which the next layer wants its columns, so the order is made from the last pooling backwards:

    columns 0 1 2 3 4 5 6 7   before two poolings:  0 4 | 2 6 | 1 5 | 3 7
                              after one:            0 2 | 1 3        after two:  0 1
"""

from __future__ import annotations

from collections.abc import Sequence

Order = tuple[int, ...]
Copy = tuple[slice, slice]  # (places written, places read)


def natural(columns: int) -> Order:
    """Return the order from left to right."""
    return tuple(range(columns))


def before_pooling(pooled: Sequence[int], width: int) -> Order:
    """Return the order that a window of `width` columns turns into `pooled`: by the place in the window first."""
    return tuple(width * column + target for target in range(width) for column in pooled)


def runs(wanted: Sequence[int], stored: Sequence[int], shift: int = 0) -> list[Copy]:
    """Return copies that put column `wanted[place] + shift` of a signal stored in the order `stored` at each place.

    A column that is not there is left out.
    """
    where = {column: target for target, column in enumerate(stored)}
    pairs = [(target, where[column + shift]) for target, column in enumerate(wanted) if column + shift in where]
    found: list[list[tuple[int, int]]] = []
    for target, read in pairs:
        if found and _goes_on(found[-1], target, read):
            found[-1].append((target, read))
        else:
            found.append([(target, read)])
    return [(slice(run[0][0], run[-1][0] + 1), _reading(run)) for run in found]


def _goes_on(run: list[tuple[int, int]], target: int, read: int) -> bool:
    gap = read - run[-1][1]
    return target == run[-1][0] + 1 and gap > 0 and (len(run) == 1 or gap == run[1][1] - run[0][1])


def _reading(run: list[tuple[int, int]]) -> slice:
    step = run[1][1] - run[0][1] if len(run) > 1 else 1
    return slice(run[0][1], run[-1][1] + 1, step)
