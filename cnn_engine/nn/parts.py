"""A batch in parts: how many samples go through a network at once.

Temporaries that fit into a core's cache are worth more than long arrays, so that a large batch goes through in parts
whose gradients are added up. It is the same gradient to rounding, and the memory of a plan does not grow with the
batch. Batch normalisation looks at the whole batch, so that with it the batch stays in one piece.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from cnn_engine.nn.criteria import Criterion
from cnn_engine.nn.layers.base import Array, Layer, Pieces, Signal
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.nn.layers.fast_groups import groups
from cnn_engine.nn.losses import Loss
from cnn_engine.nn.network import Network
from cnn_engine.nn.plan import Plan

PART, LEAST_PART = 32, 8
PRODUCT = 1 << 20  # multiplications of one matrix product, from which on it outgrows the caches


def part_size(layers: Sequence[Layer]) -> int:
    """Return how many samples go through at once: fewer where the matrix products of a row would be large."""
    work = max((found.product for found in groups(layers).values()), default=0)
    part = PART
    while part > LEAST_PART and work * part > PRODUCT:
        part //= 2
    return part


def samples_at_once(layers: Sequence[Layer], batch: int) -> int:
    """Return how many samples of a batch are in memory together."""
    whole = any(isinstance(layer, BatchNorm2d) for layer in layers)
    return batch if whole else min(batch, part_size(layers))


def part_sizes(count: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield (start, size) of parts that differ by one sample at most and hold at most `most`."""
    parts = -(-count // most)
    small, larger = divmod(count, parts)
    start = 0
    for part in range(parts):
        size = small + (part < larger)
        yield start, size
        start += size


Value = TypeVar("Value")
Given = dict[int, Array]  # what each layer gave, by its number
Pass = Generator[None, None, float]  # a pass with pauses in it, and the loss at its end


def done(pieces: Generator[Any, None, Value]) -> Value:
    """Return what comes out of work that needs no pauses."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            found: Value = end.value
            return found


class BatchParts:
    """Forward and backward passes of whole batches."""

    def __init__(self, network: Network, criterion: Criterion) -> None:
        self._network, self._criterion = network, criterion
        self._whole = any(isinstance(layer, BatchNorm2d) for layer in network.layers)
        self.draws = any(layer.draws for layer in network.layers)
        self._losses: dict[Plan, Loss] = {}
        self._total = np.zeros(0, network.store.flat.dtype)
        self._last: tuple[Plan, Loss] | None = None
        self._samples = np.zeros(0, network.store.flat.dtype)
        self._right: int | None = None
        self._in_pieces = False
        self._most = part_size(network.layers)

    def _laid_out(self, size: int) -> tuple[Plan, Loss]:
        if self._last is not None and self._last[0].batch == size:
            return self._last
        plan = self._network.plan(size, training=True)
        loss = self._losses.get(plan)
        if loss is None:
            kept = self._network.plans()
            self._losses = {plan: loss for plan, loss in self._losses.items() if plan in kept}
            loss = self._losses[plan] = self._criterion.lay_out(plan.outputs, plan.output_gradients)
        self._last = plan, loss
        return self._last

    def prepare(self, count: int) -> None:
        """Lay out what a batch of this size needs, so that what cannot be is refused before anything runs."""
        for size in {size for _, size in part_sizes(count, count if self._whole else self._most)}:
            self._laid_out(size)

    def forward_backward(self, samples: Array, truth: Array, random: np.random.Generator | None) -> float:
        """Return the loss; the gradients are in the store."""
        count, self._samples = len(samples), samples
        if count <= self._most or self._whole:
            self._in_pieces = False
            return self._pass(samples, truth, random)
        return done(self._in_parts(samples, truth, random, cut=False))

    def pieces(self, samples: Array, truth: Array, random: np.random.Generator | None) -> Pass:
        """Do what `forward_backward` does, with pauses between layers and inside the longest."""
        count, self._samples = len(samples), samples
        if count <= self._most or self._whole:
            self._in_pieces = False
            return (yield from self._cut_pass(samples, truth, random))
        return (yield from self._in_parts(samples, truth, random, cut=True))

    def _pass(self, samples: Array, truth: Array, random: np.random.Generator | None) -> float:
        plan, loss = self._laid_out(len(samples))
        plan.forward(samples, random)
        value = loss.forward(truth)
        loss.backward()
        plan.backward()
        return value

    def _cut_pass(self, samples: Array, truth: Array, random: np.random.Generator | None) -> Pass:
        plan, loss = self._laid_out(len(samples))
        plan.load(samples)
        yield from plan.run_pieces(random)
        value = loss.forward(truth)
        loss.backward()
        yield from plan.backward_pieces()
        return value

    def _in_parts(self, samples: Array, truth: Array, random: np.random.Generator | None, *, cut: bool) -> Pass:
        gradient = self._network.store.flat_gradient
        if self._total.shape != gradient.shape:
            self._total = np.zeros_like(gradient)
        total, value, right, known = self._total, 0.0, 0, True
        total.fill(0)
        mass = self._criterion.mass(truth)
        for start, size in part_sizes(len(samples), self._most):
            part = slice(start, start + size)
            share = self._criterion.mass(truth[part]) / mass
            if cut:
                value += share * (yield from self._cut_pass(samples[part], truth[part], random))
            else:
                value += share * self._pass(samples[part], truth[part], random)
            correct = self.laid_out[1].correct()
            known, right = known and correct is not None, right + (correct or 0)
            np.multiply(gradient, share, out=gradient)
            np.add(total, gradient, out=total)
        gradient[...] = total
        self._right, self._in_pieces = right if known else None, True
        return value

    @property
    def correct(self) -> int | None:
        """How many samples of the last batch were right, where right and wrong mean something."""
        return self._right if self._in_pieces or self._last is None else self._last[1].correct()

    def close(self) -> None:
        """Do nothing: nothing is held but memory."""

    def commit(self) -> None:
        """Keep what layers learned about the data."""
        if self._last is not None:
            self._last[0].commit()

    @property
    def laid_out(self) -> tuple[Plan, Loss]:
        """The plan and the loss of the last part."""
        assert self._last is not None, "nothing has run"
        return self._last

    @property
    def outputs(self) -> Array:
        """What the last part gave: [output, sample]."""
        return self.laid_out[0].outputs

    def signals(self) -> dict[int, Signal]:
        """Return what each stage gave for the last part and the gradient by it, by its last layer, as live arrays."""
        return {placed.last: placed.stage.output for placed in self.laid_out[0].placed}

    def activations(self, random: np.random.Generator | None) -> Generator[None, None, dict[int, Array]]:
        """Yield what each layer gave for the last part, by its number; `random` as it was given to that pass."""
        found: dict[int, Array] = {}

        def keep(given: Given) -> None:
            found.update((layer, np.ascontiguousarray(array)) for layer, array in given.items())

        yield from self._every_layer(random, keep)
        return found

    def _every_layer(self, random: np.random.Generator | None, look: Callable[[Given], None]) -> Pieces:
        """Do the last pass once more, with pauses: the fast plan does not keep what is in between.

        `look` gets what each layer gave, part by part; it holds until the next, for there is memory for one at a time.
        """
        most = len(self._samples) if self._whole else self._most
        yield from every_layer(self._network, self._samples, most, look, training=True, random=random)

    def largest(self, random: np.random.Generator | None) -> Generator[None, None, list[dict[str, Any]]]:
        """Return each layer's largest size of an activation and of a gradient; infinity where one is not finite."""
        sizes = Largest(self._network)
        yield from self._every_layer(random, sizes.look)
        public, rows = self._network.store.public(self._network.store.gradients), []
        for index, layer in enumerate(self._network.layers):
            gradients = [array for name, array in public.items() if name.startswith(f"{index}.")]
            row: dict[str, Any] = {"layer": index, "kind": layer.kind}
            row["activation"] = sizes.most[index]
            row["gradient"] = _largest(gradients) if gradients else None
            rows.append(row)
        return rows

    def silent(self, kind: str, random: np.random.Generator | None) -> Generator[None, None, list[dict[str, Any]]]:
        """Return of each layer of a kind how many outputs it has, and how many were 0 for every sample of a pass."""
        seen: dict[int, Array] = {}

        def look(given: Given) -> None:
            for index, layer in enumerate(self._network.layers):
                if layer.kind == kind:
                    some = np.any(given[index], axis=0)
                    seen[index] = some | seen[index] if index in seen else some

        yield from self._every_layer(random, look)
        counts = ((index, some.size, int(some.size - np.count_nonzero(some))) for index, some in seen.items())
        return [
            {"layer": index, "kind": kind, "outputs": outputs, "silent": silent, "share": silent / outputs}
            for index, outputs, silent in counts
        ]


def every_layer(
    network: Network,
    samples: Array,
    most: int,
    look: Callable[[Given], None],
    *,
    training: bool,
    random: np.random.Generator | None = None,
) -> Pieces:
    """Return a forward pass in parts of `most` samples, with pauses; `look` gets what each layer gave for a part."""
    plan = None
    for start, size in part_sizes(len(samples), most):
        if plan is None or plan.batch != size:
            plan = Plan(network.layers, network.store, size, training=training, fast=False)
        plan.load(samples[start : start + size])
        yield from plan.run_pieces(random)
        look(plan.activations())


class Largest:
    """The largest size of an activation of each layer; infinity where one is not finite."""

    def __init__(self, network: Network) -> None:
        self.most = [0.0] * len(network.layers)

    def look(self, given: Given) -> None:
        """Compare with what the layers gave for some more samples."""
        self.most = [max(size, _largest([given[index]])) for index, size in enumerate(self.most)]


def _largest(arrays: list[Array]) -> float:
    sizes = [float(np.max(np.abs(array), initial=0.0)) for array in arrays]
    return max(sizes) if np.isfinite(sizes).all() else float("inf")
