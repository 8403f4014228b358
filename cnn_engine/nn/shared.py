"""The memory that two training processes have in common, and how one waits for the other."""

from __future__ import annotations

import math
import mmap
import os
import select
from typing import NamedTuple

import numpy as np

TRIES = 2_000  # times that somebody who waits asks before going to sleep: about a millisecond
LINE = 64  # bytes of a line of a cache


class PeerGoneError(Exception):
    """The process at the other end of a pipe has ended."""


class Sizes(NamedTuple):
    """What lies in the common memory: parameters, samples of a half, their truth."""

    parameters: int
    most: int
    sample: tuple[int, ...]
    truth: tuple[int, ...]
    dtype: str
    truth_dtype: str

    def arrays(self) -> dict[str, tuple[tuple[int, ...], str]]:
        """Return each array's shape and kind, in order. `results`: samples, the loss, how many are right (or -1)."""
        return {
            "parameters": ((self.parameters,), self.dtype),
            "gradient": ((self.parameters,), self.dtype),
            "samples": ((self.most, *self.sample), self.dtype),
            "truth": ((self.most, *self.truth), self.truth_dtype),
            "results": ((3,), "float64"),
        }

    def total(self) -> int:
        """Return bytes."""
        return sum(_bytes(shape, kind) for shape, kind in self.arrays().values())


def _bytes(shape: tuple[int, ...], kind: str) -> int:
    return -(-math.prod(shape) * np.dtype(kind).itemsize // LINE) * LINE


class Shared:
    """The common memory as arrays."""

    def __init__(self, sizes: Sizes, file: int) -> None:
        memory, start, arrays = mmap.mmap(file, sizes.total()), 0, {}
        for name, (shape, kind) in sizes.arrays().items():
            arrays[name] = np.ndarray(shape, kind, memory, start)
            start += _bytes(shape, kind)
        self.parameters, self.gradient = arrays["parameters"], arrays["gradient"]
        self.samples, self.truth, self.results = arrays["samples"], arrays["truth"], arrays["results"]


def await_byte(pipe: int) -> None:
    """Wait for the other process, at the end of a pipe that does not block.

    A step takes a fraction of a millisecond, less than it takes to be woken up, so that asking again and again comes
    first, and sleep only after that.

    Raises:
        GoneError: the pipe has ended.
    """
    for _ in range(TRIES):
        try:
            if not os.read(pipe, 1):
                raise PeerGoneError
            return
        except BlockingIOError:
            continue
    select.select([pipe], [], [])
    if not os.read(pipe, 1):
        raise PeerGoneError
