"""Deep stacks that learn: their sizes against a plain forward and backward pass, and what each stack is known for."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import ParameterError, trace_depth
from cnn_engine.data import load_dataset
from cnn_engine.nn import Network
from cnn_engine.nn.depth import Stack
from cnn_engine.words import Message, say

SLOPES = {
    "sigmoid": lambda a: a * (1 - a),
    "tanh": lambda a: 1 - a**2,
    "relu": lambda a: (a > 0).astype(float),
}
CURVES = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}


def size(array):
    return np.sqrt(np.mean(np.square(array)))


def passes(activation, parameters, layers, x, y):
    """A forward and a backward pass in float64: what each layer gives, the gradient by it, and that by its weights."""
    given, reads = [], x
    for layer in range(layers):
        z = reads @ parameters[f"{2 * layer}.weight"].T.astype(float) + parameters[f"{2 * layer}.bias"]
        given.append(CURVES[activation](z) if layer < layers - 1 else z)
        reads = given[-1]
    shares = np.exp(reads - reads.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    loss = -np.log(shares[np.arange(len(y)), y]).mean()
    above = (shares - np.eye(10)[y]) / len(y)
    gradients, back = {}, {}
    for layer in reversed(range(layers)):
        back[layer] = above
        before = above * SLOPES[activation](given[layer]) if layer < layers - 1 else above
        gradients[layer] = before.T @ (given[layer - 1] if layer else x)
        gradients[f"bias {layer}"] = before.sum(axis=0)
        above = before @ parameters[f"{2 * layer}.weight"].astype(float)
    return loss, given, back, gradients


@pytest.mark.parametrize("activation", SLOPES)
def test_the_sizes_are_those_of_a_plain_pass_and_of_the_updates(activation):
    layers, rate = 5, 0.1
    trace = trace_depth(activation, "xavier", layers, 8, rate, 3, seed=4)
    hidden = [{"layer": "linear", "out_features": 8}, activation]
    architecture = [*hidden * (layers - 1), {"layer": "linear", "out_features": 10}]
    parameters = Network(architecture, input_shape=(64,), seed=4, initialisation="xavier").state()
    part = load_dataset("digits", train=32).train
    x, y = part.x.reshape(32, 64).astype(float), part.y
    for step in range(3):
        columns = trace.columns(step, step + 1)
        loss, given, back, gradients = passes(activation, parameters, layers, x, y)
        assert columns["loss"][0] == pytest.approx(loss, rel=1e-5)
        assert columns["values"][0] == pytest.approx([size(a) for a in given], rel=1e-5)
        assert columns["above"][0] == pytest.approx([size(back[layer]) for layer in range(layers)], rel=1e-4)
        assert columns["gradients"][0] == pytest.approx([size(gradients[layer]) for layer in range(layers)], rel=1e-4)
        slopes = [size(SLOPES[activation](a)) for a in given[:-1]]
        assert columns["slopes"][0] == pytest.approx([*slopes, 1], rel=1e-5)
        for layer in range(layers):
            parameters[f"{2 * layer}.weight"] -= (rate * gradients[layer]).astype(np.float32)
            parameters[f"{2 * layer}.bias"] -= (rate * gradients[f"bias {layer}"]).astype(np.float32)
    assert trace[2].output == pytest.approx(passes(activation, parameters, layers, x, y)[0], rel=1e-5)
    assert np.array_equal(trace.columns()["output"], trace.tensors["loss"][1:])


@pytest.mark.parametrize(("activation", "initialisation"), [("sigmoid", "xavier"), ("relu", "he"), ("tanh", "xavier")])
def test_slope_and_weights_foretell_what_the_layer_before_gets(activation, initialisation):
    """Both factors are means over random weights, so that they hold about, and better the wider the layers are."""
    step = trace_depth(activation, initialisation, 10, 64, updates=1)[0]
    ratio = step.passed[1:] / step.above[:-1]
    assert (ratio > 0.7).all()
    assert (ratio < 1.5).all()


# ---- what each stack is known for


def test_the_sigmoid_makes_gradients_vanish_and_small_weights_sooner():
    usual, small = trace_depth(), trace_depth(initialisation={"name": "normal", "std": 0.1})
    first = usual[0]
    assert first.gradients[-1] > 1e5 * first.gradients[0] > 0
    assert (np.diff(first.above) > 0).all()  # at every layer on the way back it shrinks
    assert (first.slopes[:-1] <= 0.25).all()
    assert "times smaller than that of layer 10: it hardly learns." in first.describe()
    assert small[0].gradients[0] < usual[0].gradients[0] / 100
    assert usual.tensors["loss"][-1] > 2.1  # the loss of guessing is ln 10, about 2.3


def test_relu_learns_with_weights_by_he_and_hardly_with_smaller_ones():
    he, xavier = (trace_depth("relu", rule) for rule in ("he", "xavier"))
    assert he[0].gradients.max() < 5 * he[0].gradients.min()
    assert "All of them learn." in he[0].describe()
    assert he.tensors["loss"][-1] < 0.6
    assert xavier.tensors["loss"][-1] > 2
    tiny = trace_depth("relu", "normal")
    assert tiny[0].values[0] > 1e15 * tiny[0].values[-2]
    assert "hardly anything of the digits arrives" in tiny[0].describe()


def test_large_weights_saturate_tanh():
    trace = trace_depth("tanh", {"name": "normal", "std": 1.0})
    assert trace[30].idle.max() > 0.8
    assert f"Layer {trace[30].idle.argmax() + 1} is saturated" in trace[30].describe()
    assert (trace[30].idle[-1], trace[30].slopes[-1]) == (0, 1)


def test_a_rate_that_is_too_large_ends_in_infinity_and_then_in_nan():
    trace = trace_depth("relu", "he", learning_rate=5.0, updates=8)
    columns = trace.columns()
    states = columns["value_states"]
    first = next(step for step in range(8) if "infinite" in states[step])
    assert np.isinf(columns["values"][first][states[first] == "infinite"]).all()
    assert np.isnan(columns["values"][first][states[first] == "nan"]).all()
    assert (states[-1] == "nan").all()
    sentences = trace.descriptions()
    assert "All of them learn." in sentences[0]
    assert "they are infinite" in sentences[first]
    assert sentences[-1].startswith("Every value is NaN, which is not a number")
    low, high = trace.tensors["value_range"]
    finite = columns["values"][np.isfinite(columns["values"]) & (columns["values"] > 0)]
    assert low <= finite.min()
    assert finite.max() <= high


def test_what_is_too_small_for_float32_is_0():
    trace = trace_depth("sigmoid", {"name": "normal", "std": 1e-4}, 12, updates=1)
    assert trace[0].gradients[0] == 0 < trace[0].gradients[-1]
    assert "smaller than any number that float32 can hold" in trace[0].describe()


def test_weights_of_0_let_no_gradient_through():
    for activation in SLOPES:
        step = trace_depth(activation, "zeros", updates=1)[0]
        assert (step.gradients[:-1] == 0).all()
        assert "All weights of layer 10 are 0." in step.describe()


def test_a_layer_of_closed_gates_stops_learning():
    trace = trace_depth("relu", "he", learning_rate=1.0, updates=30)
    columns = trace.columns()
    step = int(np.flatnonzero(columns["idle"].max(axis=1) == 1)[0])
    layer = int(np.argmax(columns["idle"][step]))
    assert columns["values"][step, layer] == 0
    assert (columns["gradients"][step, : layer + 1] == 0).all()
    assert f"Layer {layer + 1} gives 0 for every digit" in trace[step].describe()


# ---- as every trace


def test_a_part_of_the_steps_is_that_part_and_a_seed_chooses_the_weights():
    whole, part = trace_depth(updates=6), trace_depth(updates=6).columns(2, 4)
    assert all(np.array_equal(column[2:4], part[name]) for name, column in whole.columns().items())
    assert not np.array_equal(trace_depth(updates=1, seed=1)[0].values, whole[0].values)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"activation": "softmax"}, "activation"),
        ({"initialisation": "glorot"}, "initialisation"),
        ({"initialisation": {"name": "normal", "std": 0}}, "initialisation.std"),
        ({"layers": 1}, "layers"),
        ({"layers": 13}, "layers"),
        ({"width": 0}, "width"),
        ({"width": 65}, "width"),
        ({"learning_rate": 0}, "learning_rate"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"updates": 0}, "updates"),
        ({"updates": 201}, "updates"),
        ({"seed": -1}, "seed"),
    ],
)
def test_refusals_name_what_is_wrong(given, field):
    with pytest.raises(ParameterError) as refused:
        trace_depth(**given)
    assert refused.value.field == field


def test_a_stack_is_begun_once_for_a_trace_and_learns_once(monkeypatch):
    begun, begin = [], Stack.trainer
    monkeypatch.setattr(Stack, "trainer", lambda stack: (begun.append(1), begin(stack))[1])
    trace = trace_depth("relu", layers=3, updates=4)
    assert trace.record.loss.tolist() == trace.record.loss.tolist()
    assert len(begun) == 1
    assert trace_depth("relu", layers=3, updates=4).record.loss.tolist() == trace.record.loss.tolist()


def test_half_a_percent_is_rounded_up_as_beside_the_bars():
    assert "62 %" not in say(Message("depth.dead", {"layer": 5, "share": 0.625}))
    assert "63 %" in say(Message("depth.dead", {"layer": 5, "share": 0.625}))
