"""The small networks that were asked for last: of one that is asked for again only the steps are still to be computed.

A page asks for the steps of one network a few at a time, and a class opens a page with the same numbers.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, NamedTuple

from cnn_engine.relations.kept import Kept
from cnn_engine.trace.network import NetworkTrace

NETWORKS = 16
STEPS = 1024  # of one that is kept
WORK = 20_000_000  # nanoseconds that it takes, as counted: then it holds a megabyte or two


class _Network(NamedTuple):
    trace: NetworkTrace
    turn: Lock  # what a trace computes it keeps: it is read by one request at a time


_KEPT: Kept[_Network] = Kept(NETWORKS)


@contextmanager
def in_turn(given: Any, steps: int, work: int, make: Callable[[], NetworkTrace]) -> Iterator[NetworkTrace]:
    """Give the trace of what is given, kept or made, to nobody else meanwhile."""
    if steps > STEPS or work > WORK:
        yield make()
        return
    network = _KEPT.get(pickle.dumps(given), 1, lambda: _Network(make(), Lock()))
    with network.turn:
        yield network.trace
