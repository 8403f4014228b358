"""Any network at all: shapes, PyTorch's names, both plans alike, slopes along random directions, parts of a batch."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine.nn import Network, Trainer
from cnn_engine.nn.losses import CrossEntropy
from cnn_engine.nn.plan import Plan

from .strategies import architectures, thorough

networks, smooth_networks = architectures(), architectures(smooth=True)
seeds = st.integers(0, 2**32 - 1)


def samples(network, count, seed):
    random = np.random.default_rng(seed)
    x = random.standard_normal((count, *network.input_shape)).astype(network.dtype)
    return x, random.integers(0, math.prod(network.output_shape), count)


def passes(network, x, y, *, fast):
    """Outputs, loss and flat gradient by one of the plans."""
    plan = Plan(network.layers, network.store, len(x), training=True, fast=fast)
    loss = CrossEntropy(plan.outputs, plan.output_gradients)
    outputs = plan.forward(x, np.random.default_rng(1)).copy()
    value = loss.forward(y)
    loss.backward()
    network.store.flat_gradient.fill(np.nan)  # whatever is not written shows
    plan.backward()
    return outputs, value, network.store.flat_gradient.copy()


@thorough
@given(networks, seeds)
def test_every_layer_gives_the_shape_that_counting_windows_gives(case, seed):
    architecture, shape, shapes = case
    network = Network(architecture, input_shape=shape)
    x, _ = samples(network, 3, seed)
    assert [array.shape for array in network.activations(x)] == [(3, *given) for given in shapes]
    assert network(x).shape == (3, *network.output_shape) == (3, *shapes[-1])


@thorough
@given(networks)
def test_parameters_have_pytorchs_names_and_shapes(case):
    architecture, shape, shapes = case
    network = Network(architecture, input_shape=shape)
    expected = {}
    for index, (entry, takes, gives) in enumerate(zip(architecture, [shape, *shapes], shapes, strict=False)):
        if entry["layer"] == "conv2d":
            kernel = np.broadcast_to(entry["kernel_size"], 2).tolist()
            expected[f"{index}.weight"] = (gives[0], takes[0] // entry.get("groups", 1), *kernel)
        elif entry["layer"] == "linear":
            expected[f"{index}.weight"] = (*gives, *takes)
        elif entry["layer"] == "batch_norm2d":
            expected[f"{index}.weight"] = (takes[0],)
        else:
            continue
        if entry.get("bias", True):
            expected[f"{index}.bias"] = (gives[0],)
    assert {name: array.shape for name, array in network.parameters().items()} == expected
    assert list(network.parameters()) == list(expected)
    total = sum(math.prod(own) for own in expected.values())
    assert network.store.flat.size == total


@thorough
@given(networks, seeds, st.integers(2, 5))
def test_the_fast_plan_and_the_plain_plan_agree(case, seed, count):
    architecture, shape, _ = case
    for dtype, tolerance in (("float64", 1e-9), ("float32", 2e-3)):
        network = Network(architecture, input_shape=shape, dtype=dtype, seed=seed)
        x, y = samples(network, count, seed)
        fast, plain = passes(network, x, y, fast=True), passes(network, x, y, fast=False)
        scale = max(1.0, float(np.abs(plain[2]).max()))
        np.testing.assert_allclose(fast[0], plain[0], rtol=tolerance, atol=tolerance * float(np.abs(plain[0]).max()))
        assert fast[1] == pytest.approx(plain[1], rel=tolerance, abs=tolerance)
        np.testing.assert_allclose(fast[2], plain[2], rtol=tolerance, atol=tolerance * scale)


@settings(thorough, max_examples=40)
@given(smooth_networks, seeds)
def test_the_gradient_is_the_slope_along_random_directions(case, seed):
    """(loss(w + h d) − loss(w − h d)) / 2h is the gradient times d, in float64."""
    architecture, shape, _ = case
    network = Network(architecture, input_shape=shape, dtype="float64", seed=seed)
    trainer = Trainer(network)
    x, y = samples(network, 3, seed)
    trainer.gradients(x, y)
    gradient, flat = network.store.flat_gradient.copy(), network.store.flat
    before, random, h = flat.copy(), np.random.default_rng(seed), 1e-5
    for _ in range(3):
        direction = random.standard_normal(flat.size)
        losses = []
        for step in (h, -h):
            flat[...] = before + step * direction
            losses.append(trainer.forward_backward(x, y))
        slope = (losses[0] - losses[1]) / (2 * h)
        assert slope == pytest.approx(float(gradient @ direction), rel=1e-5, abs=1e-7)


@settings(thorough, max_examples=20)
@given(networks, seeds)
def test_a_steps_gradient_is_the_mean_of_its_samples_gradients(case, seed):
    """Where no layer mixes or draws; the batch is larger than the parts that it goes through in."""
    architecture, shape, _ = case
    kept = [entry for entry in architecture if entry["layer"] not in {"batch_norm2d", "dropout"}]
    network = Network(kept, input_shape=shape, dtype="float64", seed=seed)
    trainer = Trainer(network)
    x, y = samples(network, 37, seed)
    trainer.gradients(x, y)
    together = network.store.flat_gradient.copy()
    alone = np.zeros_like(together)
    for index in range(37):
        trainer.gradients(x[[index]], y[[index]])
        alone += network.store.flat_gradient / 37
    np.testing.assert_allclose(together, alone, rtol=1e-9, atol=1e-12)
