"""A network laid out for one batch size, and the one place that decides which plan a layer takes.

A choice covers one layer or a run of them: the plain plan takes any single layer, the fast one a convolution with what
follows it, where it fits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from cnn_engine.errors import at_layer
from cnn_engine.nn.layers.base import (
    Array,
    Layer,
    Pieces,
    Signal,
    Site,
    Stage,
    Workroom,
    inner_shape,
    outer_view,
    zeros,
)
from cnn_engine.nn.layers.columns import Order, natural, runs
from cnn_engine.nn.layers.fast_conv import FastConv2d
from cnn_engine.nn.layers.fast_groups import groups
from cnn_engine.nn.store import Store


class Covering(NamedTuple):
    """How many layers a stage covers, how it is built, and in which order it would like the columns of its source."""

    layers: int
    build: Callable[[Site], Stage]
    columns: Order | None = None


def choose(layers: Sequence[Layer], at: int, *, fast: bool) -> Covering:
    """Return the plan that the layers from here on take: this is the place that decides."""
    found = groups(layers).get(at) if fast else None
    if found is None:
        return Covering(1, layers[at].stage)
    return Covering(found.layers, partial(FastConv2d, found), found.source_columns)


@dataclass
class Placed:
    """A stage, the last of the layers that it covers, and whether any of them learns."""

    last: int
    stage: Stage
    learns: bool


class Plan:
    """Buffers, views and stages for one batch size; after it is made a step allocates nothing that grows with it.

    Without `fast` every layer has a stage of its own, so that what each of them gives can be seen. With `by_input` the
    pass backward goes through all of them to the network's input, also where nothing is trained.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        store: Store,
        batch: int,
        *,
        training: bool,
        fast: bool = True,
        by_input: bool = False,
    ) -> None:
        self.batch, self.training, self._by_input = batch, training, by_input
        self.draws = training and any(layer.draws for layer in layers)
        self.input = self._own_input(layers[0], store, choose(layers, 0, fast=fast).columns)
        self._loads = _ways_in(self.input)
        self.placed: list[Placed] = []
        self.output = self._lay_out(layers, store, fast=fast)
        self.outputs = self.output.value.reshape(-1, batch)
        self.output_gradients = self.output.grad.reshape(-1, batch) if training else self.output.grad
        learning = (at for at, placed in enumerate(self.placed) if placed.learns or by_input)
        first = next(learning, len(self.placed))
        self._back = [placed.stage for placed in reversed(self.placed[first:])]
        self._forward = [placed.stage.forward for placed in self.placed]
        self._backward = [stage.backward for stage in self._back]
        self._commit = [placed.stage.commit for placed in self.placed if type(placed.stage).commit is not Stage.commit]

    def _own_input(self, layer: Layer, store: Store, columns: Order | None) -> Signal:
        inside = inner_shape(layer.input_shape, self.batch)
        value = zeros(inside, store.flat.dtype)
        unneeded = np.broadcast_to(np.zeros((), store.flat.dtype), inside)
        return Signal(value, zeros(inside, store.flat.dtype) if self._by_input else unneeded, columns)

    def _lay_out(self, layers: Sequence[Layer], store: Store, *, fast: bool) -> Signal:
        source, at, wanted, work = self.input, 0, self._by_input, Workroom(store.flat.dtype)
        while at < len(layers):
            choice = choose(layers, at, fast=fast)
            covered = range(at, at + choice.layers)
            values, grads, buffers = (
                store.of_layer(arrays, at) for arrays in (store.values, store.gradients, store.buffers)
            )
            site = Site(
                source,
                self.batch,
                store.flat.dtype,
                training=self.training,
                gradients=self.training or self._by_input,
                wants_input=wanted,
                values=values,
                grads=grads,
                buffers=buffers,
                work=work,
            )
            with at_layer(at, layers[at].kind, layers[at].input_shape):
                stage = choice.build(site)
            learns = any(layers[index].parameters() for index in covered)
            self.placed.append(Placed(covered[-1], stage, learns))
            wanted = wanted or learns
            source, at = stage.output, at + choice.layers
        return source

    def forward(self, x: Array, random: np.random.Generator | None = None) -> Array:
        """Return the outputs as [output, sample], for (N, ...) inputs; the array is the plan's own."""
        self.load(x)
        return self.run(random)

    def load(self, x: Array) -> None:
        """Take (N, ...) inputs in."""
        for view, columns in self._loads:
            view[...] = x[..., columns]

    def run(self, random: np.random.Generator | None = None) -> Array:
        """Return the outputs as [output, sample] for the inputs that were taken in."""
        for forward in self._forward:
            forward(random)
        return self.outputs

    def backward(self) -> None:
        """Compute the gradient of every parameter from that of the outputs."""
        for backward in self._backward:
            backward()

    def run_pieces(self, random: np.random.Generator | None = None) -> Pieces:
        """Do what `run` does, with pauses; the outputs are in `outputs`."""
        for placed in self.placed:
            yield from placed.stage.forward_pieces(random)

    def backward_pieces(self) -> Pieces:
        """Do what `backward` does, with pauses."""
        for stage in self._back:
            yield from stage.backward_pieces()

    def commit(self) -> None:
        """Keep what the layers learned about the data in the last forward pass."""
        for commit in self._commit:
            commit()

    def activations(self) -> dict[int, Array]:
        """Return what each stage gave last, by the number of its last layer: as (N, C, H, W) or (N, F)."""
        return {placed.last: placed.stage.output.in_order() for placed in self.placed}


def _ways_in(source: Signal) -> list[tuple[Array, slice]]:
    """Return views of a network's input as (N, ...), and the columns of the samples that go there."""
    if source.columns is None:
        return [(outer_view(source.value), slice(None))]
    ways = runs(source.columns, natural(len(source.columns)))
    return [(outer_view(source.value[:, :, to]), of) for to, of in ways]
