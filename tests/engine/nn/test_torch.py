"""Layers, losses, optimizers, schedules and whole runs against what PyTorch computed for the same settings."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from cnn_engine.nn import Network, Trainer
from cnn_engine.nn.layers.base import outer_view
from cnn_engine.nn.losses import LOSSES
from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.optimizers.base import clip_scale
from cnn_engine.nn.options import build
from cnn_engine.nn.plan import Plan
from cnn_engine.nn.schedules import SCHEDULES

from . import torch_cases as cases


def fixture(name):
    with np.load(cases.FIXTURES / name, allow_pickle=False) as arrays:
        return dict(arrays)


LAYER_ANSWERS, RUN_ANSWERS = fixture("layers.npz"), fixture("runs.npz")
LOSS_ANSWERS, OPTIMIZER_ANSWERS = fixture("losses.npz"), fixture("optimizers.npz")
RATES = json.loads((cases.FIXTURES / "schedules.json").read_text("utf-8"))["rates"]


def fill(network, first, scale=1.0):
    """The parameters from layer `first` on, as the script filled PyTorch's."""
    own = [array for name, array in network.parameters().items() if int(name.partition(".")[0]) >= first]
    for seed, array in enumerate(own):
        array[...] = cases.numbers(11 + seed, *array.shape) * scale


def identity(shape):
    """Layers that change nothing and learn, so that the gradient by the next layer's input is computed."""
    if len(shape) == 1:
        return [{"layer": "linear", "out_features": shape[0]}, {"layer": "dropout", "p": 0.0}]
    convolution = {"layer": "conv2d", "out_channels": shape[0], "kernel_size": 1, "groups": shape[0]}
    return [convolution, {"layer": "dropout", "p": 0.0}]


def passes(network, batches, grad_output):
    """See all batches in turn; the output and the input gradient of the last layer for the last of them."""
    plan = Plan(network.layers, network.store, len(batches[0]), training=True)
    random = np.random.default_rng(0)
    for batch in batches:
        plan.forward(batch, random)
        plan.commit()
    given = cases.numbers(9, len(batches[0]), *network.output_shape)
    assert given.shape == grad_output
    outer_view(plan.output.grad)[...] = given
    plan.backward()
    before = next(placed.stage for placed in plan.placed if placed.last == 1)
    return outer_view(plan.output.value), outer_view(before.output.grad)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", cases.LAYERS)
def test_layers(name, dtype):
    entry = cases.LAYERS[name]
    count, *shape = cases.FEATURES_SHAPE if name in cases.FEATURES else cases.LAYER_SHAPE
    network = Network([*identity(shape), entry], input_shape=shape, dtype=dtype)
    first = network.parameters()["0.weight"]
    first[...] = np.eye(len(first)) if first.ndim == 2 else 1
    fill(network, 2)
    batches = [cases.numbers(seed, count, *shape) for seed in (*range(2, cases.PASSES + 1), 1)]
    output, by_input = passes(network, batches, (count, *network.output_shape))
    gradients = network.store.public(network.store.gradients)
    parts = [output, by_input, *(array for short, array in gradients.items() if short.startswith("2."))]
    parts += network.buffers().values()
    if entry["layer"] == "batch_norm2d":
        parts.append(network(batches[-1]))
    ours = np.concatenate([np.ravel(part) for part in parts])
    tolerance = 3e-5 if dtype == "float32" else 1e-6
    np.testing.assert_allclose(ours, LAYER_ANSWERS[name], rtol=tolerance, atol=tolerance / 10)


@pytest.mark.parametrize("name", cases.LOSSES)
def test_losses(name):
    loss, shape = cases.LOSSES[name]
    outputs = (cases.numbers(5, *shape) * 4).T.copy()
    gradients = np.empty_like(outputs)
    stage = LOSSES[loss](outputs, gradients)
    value = stage.forward(LOSSES[loss].check(cases.truth(loss, shape), *shape, outputs.dtype))
    stage.backward()
    assert value == pytest.approx(float(LOSS_ANSWERS[f"{name}/loss"]), rel=1e-12)
    np.testing.assert_allclose(gradients.T, LOSS_ANSWERS[f"{name}/gradient"], rtol=1e-12)


@pytest.mark.parametrize("name", cases.OPTIMIZERS)
def test_optimizers_over_100_steps(name):
    options = dict(cases.OPTIMIZERS[name])
    clip_norm = options.pop("clip_norm", None)
    optimizer = build(OPTIMIZERS, options, "optimizer")
    values = cases.numbers(3, cases.VALUES).astype(np.float32) * 2
    optimizer.prepare(values)
    kept = []
    for step in range(1, cases.STEPS + 1):
        gradient = cases.slope(values, step)
        if clip_norm is not None:
            gradient *= np.float32(clip_scale(gradient, clip_norm))
        optimizer.update(values, gradient, optimizer.learning_rate)
        if step in cases.KEPT:
            kept.append(values.copy())
    assert values.dtype == np.float32
    np.testing.assert_allclose(kept, OPTIMIZER_ANSWERS[name], rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", cases.SCHEDULES)
def test_schedules(name):
    schedule = build(SCHEDULES, cases.SCHEDULES[name], "schedule")
    rates = []
    for epoch in range(cases.EPOCHS):
        rates.append(schedule.rate(cases.BASE, 1000, epoch))  # it counts epochs: the steps do not matter
        schedule.observe(cases.LOSSES_SEEN[epoch])
    np.testing.assert_allclose(rates, RATES[name], rtol=1e-12, atol=1e-15)
    assert name == "constant" or len(set(rates)) > 2


@pytest.mark.parametrize("name", cases.RUNS)
def test_whole_runs(name):
    run = cases.RUNS[name]
    network = Network(run["architecture"], input_shape=run["input_shape"])
    fill(network, 0, 0.5)
    trainer = Trainer(network, loss=run["loss"], optimizer=run["optimizer"], clip_norm=run.get("clip_norm"))
    outputs = math.prod(network.output_shape)
    losses = [trainer.step(*cases.run_batch(run, outputs, step)) for step in range(cases.RUN_STEPS)]
    np.testing.assert_allclose(losses, RUN_ANSWERS[f"{name}/losses"], rtol=1e-4)
    assert losses[-1] < losses[0] / 2 or name != "the lesson's network with Adam"
    state = network.state()
    assert {f"{name}/{short}" for short in state} == {key for key in RUN_ANSWERS if key.startswith(name)} - {
        f"{name}/losses"
    }
    for short, array in state.items():
        np.testing.assert_allclose(array, RUN_ANSWERS[f"{name}/{short}"], rtol=1e-3, atol=1e-4, err_msg=short)
