"""The fast plan and the plain plan of the same network give the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine.nn import Network
from cnn_engine.nn.layers.columns import before_pooling, natural, runs
from cnn_engine.nn.layers.fast_groups import groups
from cnn_engine.nn.losses import CrossEntropy
from cnn_engine.nn.plan import Plan

POOL = {"layer": "max_pool2d", "kernel_size": 2}
RELU = {"layer": "relu"}
TAIL = [{"layer": "flatten"}, {"layer": "linear", "out_features": 3}]


def conv(**options: Any) -> dict[str, Any]:
    return {"layer": "conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1, **options}


def passes(network: Network, x: np.ndarray, y: np.ndarray, *, fast: bool) -> tuple[float, np.ndarray, dict[str, Any]]:
    plan = Plan(network.layers, network.store, len(x), training=True, fast=fast)
    loss = CrossEntropy(plan.outputs, plan.output_gradients)
    outputs = plan.forward(x).copy()
    value = loss.forward(y)
    loss.backward()
    network.store.flat_gradient.fill(np.nan)  # whatever is not written shows
    plan.backward()
    gradients = {name: array.copy() for name, array in network.store.public(network.store.gradients).items()}
    return value, outputs, gradients


def assert_same(network: Network, x: np.ndarray, y: np.ndarray, tolerance: float) -> None:
    assert groups(network.layers).get(0) is not None, "this network does not show what is to be shown"
    value, outputs, gradients = passes(network, x, y, fast=True)
    plain_value, plain_outputs, plain_gradients = passes(network, x, y, fast=False)
    np.testing.assert_allclose(outputs, plain_outputs, rtol=tolerance, atol=tolerance)
    assert value == pytest.approx(plain_value, rel=tolerance)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, plain_gradients[name], rtol=tolerance, atol=tolerance, err_msg=name)


PADDED = st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(0, 3)).filter(lambda one: max(one[1:]) < one[0])
POOLS = st.sampled_from([None, 2, 3, (1, 2), (3, 2), (2, 1)])


@st.composite
def stacks(draw: st.DrawFn) -> tuple[list[dict[str, Any]], tuple[int, int, int]]:
    """Convolutions as the fast plan takes them, with or without what may follow them, until the map is used up."""
    shape = (draw(st.integers(1, 3)), draw(st.integers(4, 13)), draw(st.integers(4, 13)))
    height, width = shape[1:]
    layers: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 3))):
        (rows, top, bottom), (cols, left, right) = draw(PADDED), draw(PADDED)
        pool = draw(POOLS)
        height, width = height + top + bottom - rows + 1, width + left + right - cols + 1
        pooled = (pool, pool) if isinstance(pool, int) else pool or (1, 1)
        if height < pooled[0] or width < pooled[1]:
            break
        options = {"kernel_size": (rows, cols), "padding": ((top, bottom), (left, right)), "bias": draw(st.booleans())}
        layers.append(conv(out_channels=draw(st.integers(1, 5)), **options))
        relu = draw(st.booleans())
        layers += [RELU] * relu + ([{"layer": "max_pool2d", "kernel_size": pool}] if pool is not None else [])
        height, width = height // pooled[0], width // pooled[1]
    return layers or [conv()], shape


@settings(max_examples=60, deadline=None)
@given(stacks(), st.integers(1, 5), st.integers(0, 99))
def test_any_stack_of_convolutions_gives_the_same_by_both_plans(
    stack: tuple[list[dict[str, Any]], tuple[int, int, int]], batch: int, seed: int
) -> None:
    layers, shape = stack
    random = np.random.default_rng(seed)
    network = Network(layers + TAIL, input_shape=shape, dtype="float64", seed=seed)
    for name, array in network.parameters().items():
        if name.endswith("bias"):
            array[...] = random.standard_normal(array.shape)
    assert_same(network, random.standard_normal((batch, *shape)), random.integers(0, 3, batch), 1e-9)


@pytest.mark.parametrize("shape", [(1, 8, 8), (1, 28, 28), (3, 32, 32)])
def test_the_lessons_networks_agree_to_float32_rounding(shape: tuple[int, int, int]) -> None:
    random = np.random.default_rng(0)
    layers = [conv(out_channels=8), RELU, POOL, conv(out_channels=16), RELU, POOL, *TAIL]
    network = Network(layers, input_shape=shape)
    assert_same(network, random.standard_normal((6, *shape)).astype("f4"), random.integers(0, 3, 6), 2e-5)


def test_flat_areas_are_ties_and_the_first_of_the_largest_takes_the_gradient() -> None:
    """Input 0 everywhere but in one corner: most windows hold equal values, some of them exactly 0."""
    x = np.zeros((2, 1, 8, 8))
    x[:, :, :3, :3] = np.arange(9).reshape(3, 3)
    network = Network([conv(), RELU, POOL, conv(), RELU, POOL, *TAIL], input_shape=(1, 8, 8), dtype="float64")
    network.parameters()["0.bias"][...] = [0, 0.5, -0.5, 0]
    assert_same(network, x, np.array([0, 2]), 1e-12)


def test_what_the_fast_plan_leaves_alone() -> None:
    plain = [conv(stride=2), conv(dilation=2), conv(groups=2), conv(padding_mode="reflect"), conv(padding=3)]
    for options in plain:
        assert groups(Network([options, *TAIL], input_shape=(2, 9, 9)).layers).get(0) is None
    followed = Network([conv(), RELU, {**POOL, "stride": 1}, *TAIL], input_shape=(2, 9, 9)).layers
    assert groups(followed)[0].layers == 2  # pooling windows that overlap stay apart


def test_columns_before_two_poolings() -> None:
    once = before_pooling(natural(2), 2)
    assert once == (0, 2, 1, 3)
    assert before_pooling(once, 2) == (0, 4, 2, 6, 1, 5, 3, 7)


@given(st.permutations(range(9)), st.permutations(range(9)), st.integers(-3, 3))
def test_runs_bring_every_column_to_its_place(wanted: list[int], stored: list[int], shift: int) -> None:
    there = np.array(stored)
    copied = np.full(9, -1)
    for to, of in runs(wanted, stored, shift):
        copied[to] = there[of]
    assert copied.tolist() == [column + shift if 0 <= column + shift < 9 else -1 for column in wanted]
