"""What a layer is, and what a stage is.

A *layer* knows shapes, options and which parameters it has; it holds no data. A *stage* is one or more layers laid
out for one batch size: every buffer and every view is made once, so that a step allocates nothing that grows with
the batch.

Shapes are PyTorch's without the batch: (C, H, W) or (F,). Inside a plan the sample is the innermost axis, so that
neighbouring columns and samples make one long contiguous run, and rows come first, so that a row of output is one
matrix product:

    (C, H, W) of N samples  ->  [row, channel, column, sample]
    (F,) of N samples       ->  [feature, sample]
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ShapeError, shape_text
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.columns import Order
from cnn_engine.relations.blocks import Blocks

MOST_BYTES = 2**30  # of one buffer
PIECE = 1 << 24  # multiplications in matrix products that a long step does before it pauses
MOVED = 8  # of these, that take as long as one number copied, compared or added
Array = NDArray[Any]
Shape = tuple[int, ...]
Pieces = Generator[None, None, None]  # work with pauses in it


def cut(count: int, each: int) -> Iterator[slice]:
    """Yield slices of `count` things that take `each` multiplications apiece, so that a slice takes about PIECE."""
    most = max(1, PIECE // max(each, 1))
    for start in range(0, count, most):
        yield slice(start, min(count, start + most))


@dataclass(frozen=True)
class LearnedArray:
    """One array that a layer learns: PyTorch's shape, the order of axes that it is stored in, how it begins."""

    shape: Shape
    begins: Literal["weights", "zeros", "ones"] = "zeros"
    order: tuple[int, ...] | None = None
    fan_in: int = 1
    fan_out: int = 1


@dataclass(frozen=True)
class Buffer:
    """One array that a layer keeps but does not learn: its shape and the value that it begins with."""

    shape: Shape
    begins: float
    dtype: str | None = None


@dataclass
class Signal:
    """What flows between two stages: values forward, the loss's gradient by them backward.

    `columns` says which column is stored at each place, where they are not stored from left to right.
    """

    value: Array
    grad: Array
    columns: Order | None = None

    def in_order(self) -> Array:
        """Return the values as (N, C, H, W) or (N, F), columns from left to right."""
        array = outer_view(self.value)
        return array if self.columns is None else array[..., np.argsort(self.columns)]


LINE = 64  # bytes of a line of a cache


@dataclass
class Ledger:
    """How many bytes were asked for."""

    bytes: int = 0


_ledger: ContextVar[Ledger | None] = ContextVar("ledger", default=None)


@contextmanager
def counting() -> Iterator[Ledger]:
    """Lay out plans of this thread without memory in a `with` block, and count what they would take."""
    ledger = Ledger()
    token = _ledger.set(ledger)
    try:
        yield ledger
    finally:
        _ledger.reset(token)


def zeros(shape: Shape, dtype: Any) -> Array:
    """Return zeros; while memory is counted, a single one that stands for all."""
    ledger = _ledger.get()
    if ledger is None:
        return np.zeros(shape, dtype)
    ledger.bytes += math.prod(shape) * np.dtype(dtype).itemsize
    return np.lib.stride_tricks.as_strided(np.zeros(1, dtype), shape, (0,) * len(shape))


def fill(array: Array, value: float) -> None:
    """Set every value, where there is memory for them."""
    if _ledger.get() is None:
        array.fill(value)


def aligned(shape: Shape, dtype: np.dtype[Any]) -> Array:
    """Return zeros that begin where a line of the cache does, as the widest vector instructions like it."""
    if _ledger.get() is not None:
        return zeros(shape, dtype)
    size = math.prod(shape) * dtype.itemsize
    memory = np.zeros(size + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + size].view(dtype).reshape(shape)


def inner_shape(shape: Shape, batch: int) -> Shape:
    """Return the shape inside a plan: [row, channel, column, sample] or [feature, sample]."""
    if len(shape) == 3:
        channels, rows, cols = shape
        return rows, channels, cols, batch
    return (*shape, batch)


def outer_view(array: Array) -> Array:
    """Return a plan's array as (N, C, H, W) or (N, F), without copying."""
    return array.transpose(3, 1, 0, 2) if array.ndim == 4 else array.T


class Workroom:
    """Memory that stages use one after the other, for what none of them needs when the next one runs."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._memory = aligned((0,), dtype)

    def room(self, shape: Shape) -> Array:
        """Return an uninitialised scratch array of this shape."""
        size = math.prod(shape)
        if size > self._memory.size:
            self._memory = aligned((size,), self._memory.dtype)
        return self._memory[:size].reshape(shape)


@dataclass
class Site:
    """Where a stage is built: its source, the batch and the arrays of its layer by their short names.

    `wants_input` says whether anything before this stage learns, and so whether the gradient by the input is needed.
    Without `gradients` there is no backward pass, and they take no memory. A network in `training` has them.
    """

    source: Signal
    batch: int
    dtype: np.dtype[Any]
    training: bool
    gradients: bool
    wants_input: bool
    values: Mapping[str, Array]
    grads: Mapping[str, Array]
    buffers: Mapping[str, Array]
    work: Workroom

    def empty(self, shape: Shape) -> Array:
        """Return a buffer; ShapeError where it would take the memory of the machine."""
        size = math.prod(shape) * self.dtype.itemsize
        if size > MOST_BYTES:
            raise ShapeError("buffer_too_large", "batch_size", size=size / 2**30, batch=self.batch)
        return aligned(shape, self.dtype)

    def scratch(self, shape: Shape) -> Array:
        """Return a buffer for the backward pass: a single read-only zero of any shape where there is none."""
        return self.empty(shape) if self.gradients else np.broadcast_to(np.zeros((), self.dtype), shape)

    def signal(self, shape: Shape, columns: Order | None = None) -> Signal:
        """Return an output of this shape (PyTorch's, without the batch)."""
        inside = inner_shape(shape, self.batch)
        return Signal(self.empty(inside), self.scratch(inside), columns)


class Stage(ABC):
    """One or more layers laid out for one batch size."""

    output: Signal

    @abstractmethod
    def forward(self, random: np.random.Generator | None) -> None:
        """Compute the output's values from the source's; `random` is for the layers that draw."""

    @abstractmethod
    def backward(self) -> None:
        """Compute the gradients of the parameters and the source from the output's."""

    def forward_pieces(self, random: np.random.Generator | None) -> Pieces:
        """Do what `forward` does, with pauses: between layers, and inside those that may take long."""
        self.forward(random)
        yield

    def backward_pieces(self) -> Pieces:
        """Do what `backward` does, with pauses."""
        self.backward()
        yield

    def commit(self) -> None:  # noqa: B027  (most stages keep nothing between steps)
        """Keep what the last forward pass learned about the data, once the step counts."""


class Plain(Stage):
    """One layer laid out by itself."""

    def __init__(self, layer: Layer, site: Site) -> None:
        self._source, self._wants_input = site.source, site.wants_input
        self.output = site.signal(layer.output_shape)


class PlainPieces(Plain):
    """One layer laid out by itself that may take long: it is worked out a piece at a time, with pauses or without."""

    def forward(self, random: np.random.Generator | None) -> None:
        """Work out every piece."""
        for _ in self.forward_pieces(random):
            pass

    def backward(self) -> None:
        """Work out every piece."""
        for _ in self.backward_pieces():
            pass


class Layer(ABC):
    """One entry of an architecture, its options checked against its input shape."""

    kind: ClassVar[str]
    plain: ClassVar[type[Plain]]  # the plan that takes it alone
    choices: ClassVar[tuple[Choice, ...]]
    draws: ClassVar[bool] = False
    straight: bool = False  # whether what it gives is a straight line in each number that it is given or has learned
    weighs: ClassVar[bool] = False  # whether each value that it gives is a sum of products with weights
    keeps: ClassVar[bool] = False  # whether the values that it is given are those that it gives, but while it trains
    cost: ClassVar[str] = ""  # its row in `costs`, where that is not called as the layer is

    def __init__(self, input_shape: Shape, output_shape: Shape) -> None:
        self.input_shape = input_shape
        self.output_shape = output_shape

    def blocks(self) -> Blocks:
        """Return which maps of the input each map of the output is made of: its own alone, unless a layer says more."""
        return Blocks.same(self.output_shape[0])

    def parameters(self) -> dict[str, LearnedArray]:
        """Return what it learns, in PyTorch's order."""
        return {}

    def buffers(self) -> dict[str, Buffer]:
        """Return what it keeps but does not learn."""
        return {}

    def least_samples(self) -> int:
        """Return how many samples a batch must have to be trained on."""
        return 1

    def stage(self, site: Site) -> Stage:
        """Return the plain plan for this layer."""
        return self.plain(self, site)


def picture(shape: Shape) -> tuple[int, int, int]:
    """Return (C, H, W), or the error that says what is needed."""
    if len(shape) != 3:
        raise ShapeError("needs_maps", "layer", shape=shape_text(shape))
    return shape[0], shape[1], shape[2]
