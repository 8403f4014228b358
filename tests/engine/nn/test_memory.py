"""A step allocates nothing that grows with the batch: everything has its place in the plan."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from cnn_engine.nn import Network, Trainer
from cnn_engine.nn.layers.base import counting
from cnn_engine.nn.parts import done
from cnn_engine.nn.plan import Plan

RELU, POOL = {"layer": "relu"}, {"layer": "max_pool2d", "kernel_size": 2}
TAIL = [{"layer": "flatten"}, {"layer": "linear", "out_features": 5}]
BUFFERS = 3 * 2048 * 4  # bytes that NumPy may put aside for three strided arrays, whatever their size


def conv(**options: Any) -> dict[str, Any]:
    return {"layer": "conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1, **options}


NETWORKS: dict[str, list[dict[str, Any]]] = {
    "fast": [conv(), RELU, POOL, conv(), RELU, POOL],
    "plain": [conv(stride=2), {"layer": "leaky_relu"}, {"layer": "avg_pool2d", "kernel_size": 2}, conv(groups=4)],
    "padded": [
        conv(padding_mode="reflect"),
        {"layer": "tanh"},
        {"layer": "max_pool2d", "kernel_size": 3, "padding": 1},
    ],
    "normalised": [conv(), {"layer": "batch_norm2d"}, {"layer": "sigmoid"}],
    "dropped": [conv(), RELU, {"layer": "dropout"}],
    "global": [conv(), RELU, {"layer": "global_max_pool2d"}],
    "average": [conv(), RELU, {"layer": "global_avg_pool2d"}],
}


def added(layers: list[dict[str, Any]], batch: int) -> int:
    """The most bytes that one step holds beside what was there before."""
    random = np.random.default_rng(0)
    trainer = Trainer(Network(layers + TAIL, input_shape=(2, 28, 28)), batch_size=batch)
    x, y = random.standard_normal((batch, 2, 28, 28)).astype(np.float32), random.integers(0, 5, batch)
    tracemalloc.start()
    try:
        for _ in range(3):
            trainer.step(x, y)
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        trainer.step(x, y)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", NETWORKS)
def test_a_step_adds_as_much_for_a_large_batch_as_for_a_small_one(name: str) -> None:
    assert added(NETWORKS[name], 32) <= added(NETWORKS[name], 8) + BUFFERS


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", NETWORKS)
def test_what_a_plan_takes_is_known_without_it(name: str, training: bool) -> None:
    network = Network(NETWORKS[name] + TAIL, input_shape=(2, 28, 28))
    Plan(network.layers, network.store, 8, training=training)  # what is made once in a process is made
    tracemalloc.start()
    try:
        with counting() as ledger:
            Plan(network.layers, network.store, 32, training=training)
        counted = tracemalloc.get_traced_memory()[1]
        tracemalloc.clear_traces()
        plan = Plan(network.layers, network.store, 32, training=training)
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert plan.batch == 32
    assert ledger.bytes == pytest.approx(taken, rel=0.1)
    assert counted < 0.2 * taken


def test_evidence_of_a_large_batch_takes_no_more_memory_than_that_of_a_small_one() -> None:
    def most(batch: int) -> int:
        network = Network(NETWORKS["plain"] + TAIL, input_shape=(2, 28, 28))
        trainer = Trainer(network, batch_size=batch)
        trainer.gradients(np.zeros((batch, 2, 28, 28), np.float32), np.zeros(batch, np.intp))
        tracemalloc.start()
        try:
            done(trainer.largest_pieces())
            done(trainer.silent_pieces("relu"))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert most(320) < 1.2 * most(32)
