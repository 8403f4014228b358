"""Dense layers, activations, softmax and the losses: by hand, against closed forms, and their traces against them."""

from __future__ import annotations

import math

import numpy as np
import pytest

import cnn_engine as engine
from cnn_engine import ParameterError, ShapeError
from cnn_engine.catalogue import names

LOGITS = [0.0, math.log(2), math.log(5)]  # shares of 1, 2 and 5 eighths


def test_linear_by_hand():
    assert engine.linear([1, 2, 3], [[1, 0, -1], [2, 2, 2]], [10, 0]).tolist() == [8, 12]
    assert engine.linear([[1.0, 2.0], [3.0, 4.0]], [[1.0, 1.0]]).tolist() == [[3], [7]]


def test_the_steps_of_linear_add_up_bit_for_bit():
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=7), rng.normal(size=(5, 7)), rng.normal(size=5)
    trace = engine.trace_linear(x, w, b)
    assert len(trace) == 5
    for step in trace:
        total = 0.0
        for index, product in enumerate(step.products):
            assert product == x[index] * w[step.output_cell, index]
            total = product if index == 0 else total + product
        assert step.row_sums[0] == total
        assert step.output == total + b[step.output_cell] == trace.tensors["output"][step.output_cell]
    np.testing.assert_allclose(trace.tensors["output"], engine.linear(x, w, b), rtol=1e-12)


def test_dense_layers_feed_one_another():
    layers = [
        {"weight": [[1, -1], [-1, 1], [1, 1]], "bias": [0, 0, 1], "activation": "relu"},
        {"weight": [[1, 2, 3]], "activation": "none"},
    ]
    trace = engine.trace_dense([2, 1], layers)
    columns = trace.columns()
    assert columns["layer"].tolist() == [0, 0, 0, 1]
    assert columns["sum"].tolist() == [1, -1, 4, 13]
    assert columns["output"].tolist() == [1, 0, 4, 13]
    assert columns["products"][3].tolist() == [1, 0, 12]
    assert columns["inside"].tolist() == [[True, True, False]] * 3 + [[True, True, True]]
    assert trace.params["parameters"] == 6 + 3 + 3
    assert trace.tensors["output"].tolist() == [13]
    np.testing.assert_array_equal(trace.columns(2, 4)["products"], columns["products"][2:])


def two_layers(activation, last="none"):
    first = {"weight": [[1, -1], [-1, 1], [1, 1]], "bias": [0, 0, 1], "activation": activation}
    return engine.trace_dense([2, 1], [first, {"weight": [[1, 2, 3], [0, 0, 1]], "bias": [5, 0], "activation": last}])


def test_two_layers_without_an_activation_between_them_are_one():
    trace = two_layers("none")
    assert trace.tensors["one.weight"].tolist() == [[2, 4], [1, 1]]
    assert trace.tensors["one.bias"].tolist() == [8, 1]
    assert trace.tensors["one.output"].tolist() == trace.tensors["output"].tolist() == [16, 4]
    assert trace.tensors["one.differs"].tolist() == [0, 0]
    assert not trace.params["bent"]


def test_with_an_activation_between_them_one_layer_gives_something_else_where_it_bends():
    trace = two_layers("relu")
    assert trace.tensors["one.output"].tolist() == [16, 4]
    assert trace.tensors["output"].tolist() == [18, 4]
    assert trace.tensors["one.differs"].tolist() == [1, 0]
    assert trace.params["bent"]


def test_one_layer_has_the_last_activation_and_is_not_given_of_one_or_of_wide_ones():
    rng = np.random.default_rng(1)
    layers = [{"weight": rng.normal(size=size), "bias": rng.normal(size=size[0])} for size in [(5, 4), (6, 5), (3, 6)]]
    layers[-1]["activation"] = "tanh"
    trace = engine.trace_dense(rng.normal(size=4), layers)
    np.testing.assert_allclose(trace.tensors["one.output"], trace.tensors["output"], rtol=1e-12)
    assert not trace.tensors["one.differs"].any()
    assert "one.weight" not in engine.trace_dense([1.0, 2.0], [{"weight": [[1, 2]]}]).tensors
    assert (
        "one.weight"
        not in engine.trace_dense([1.0], [{"weight": np.ones((33, 1))}, {"weight": np.ones((1, 33))}]).tensors
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("relu", [0, 0, 0, 3]),
        ("leaky_relu", [-0.02, -0.01, 0, 3]),
        ("sigmoid", [1 / (1 + math.e**2), 1 / (1 + math.e), 0.5, 1 / (1 + math.e**-3)]),
        ("tanh", [math.tanh(-2), math.tanh(-1), 0, math.tanh(3)]),
    ],
)
def test_activations(name, values):
    x = np.array([-2.0, -1.0, 0.0, 3.0])
    np.testing.assert_allclose(getattr(engine, name)(x), values, rtol=1e-15, atol=1e-15)
    trace = getattr(engine, f"trace_{name}")(x.reshape(2, 2))
    assert [step.output_cell for step in trace] == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1)]
    assert [step.output for step in trace] == trace.tensors["output"].ravel().tolist()
    np.testing.assert_allclose(trace.tensors["output"].ravel(), values, rtol=1e-15, atol=1e-15)
    points, curve = trace.tensors["curve"]
    np.testing.assert_array_equal(curve, getattr(engine, name)(points))
    assert [step.output_cell for step in getattr(engine, f"trace_{name}")(x)] == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softmax", "log_softmax"])
def test_nothing_overflows(name):
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(getattr(engine, name)(np.array([-1000.0, 0.0, 1000.0]))).all()
        getattr(engine, f"trace_{name}")(np.array([-1000.0, 0.0, 1000.0])).descriptions()


@pytest.mark.parametrize("name", [*names("activation"), "softmax", "log_softmax"])
def test_the_dtype_is_kept(name):
    x = np.array([-1.0, 2.0], np.float32)
    assert getattr(engine, name)(x).dtype == np.float32
    assert getattr(engine, f"trace_{name}")(x).tensors["output"].dtype == np.float32


@pytest.mark.parametrize(
    ("logits", "target", "reach"), [([2.0, 1.0, -1.0], 0, 5), ([0.0, 30.5], 0, 31), ([0.0, 2000.0], 0, 2000)]
)
def test_the_loss_is_a_point_of_its_curve(logits, target, reach):
    trace = engine.trace_cross_entropy(logits, target)
    (shares, losses), ((share, loss),) = trace.tensors["curve"], trace.tensors["mark"]
    assert (share, loss) == (pytest.approx(trace.tensors["probabilities"][target]), trace.tensors["output"])
    assert (losses[0], shares[-1], losses[-1]) == (reach, 1, 0)
    kept = shares > 1e-300
    np.testing.assert_allclose(-np.log(shares[kept]), losses[kept], rtol=1e-12, atol=1e-12)
    assert (np.diff(shares) >= 0).all()


def test_softmax_by_hand():
    np.testing.assert_allclose(engine.softmax(LOGITS), [1 / 8, 2 / 8, 5 / 8], rtol=1e-14)
    np.testing.assert_allclose(engine.log_softmax(LOGITS), np.log([1 / 8, 2 / 8, 5 / 8]), rtol=1e-14)
    np.testing.assert_allclose(engine.softmax([[1, 1], [3, 3]], axis=0).sum(axis=0), [1, 1])


@pytest.mark.parametrize(
    ("name", "phases"),
    [
        ("softmax", ["subtract", "exponentiate", "sum", "divide"]),
        ("log_softmax", ["subtract", "exponentiate", "sum", "log", "subtract_log"]),
    ],
)
def test_softmax_in_phases(name, phases):
    trace = getattr(engine, f"trace_{name}")(LOGITS)
    assert list(dict.fromkeys(step.phase for step in trace)) == phases
    last = [step for step in trace if step.phase == phases[-1]]
    assert [step.output_cell for step in last] == [0, 1, 2]
    assert [step.output for step in last] == trace.tensors["output"].tolist()
    np.testing.assert_allclose(trace.tensors["output"], getattr(engine, name)(LOGITS), rtol=1e-14)


def test_every_phase_is_the_arithmetic_that_it_says():
    arithmetic = {
        "subtract": lambda window: window[0] - window[1],
        "exponentiate": lambda window: math.exp(window[0]),
        "sum": lambda window: window[0] + window[1],
        "divide": lambda window: window[0] / window[1],
        "log": lambda window: math.log(window[0]),
        "loss": lambda window: window[0] - window[1],
    }
    for step in engine.trace_cross_entropy([0.3, -1.2, 2.0], 2):
        assert step.output == pytest.approx(arithmetic[step.phase](step.window), rel=1e-15)


def test_cross_entropy_by_hand():
    assert engine.cross_entropy(LOGITS, 1) == pytest.approx(math.log(4))
    assert engine.cross_entropy([LOGITS, LOGITS], [0, 2]) == pytest.approx((math.log(8) + math.log(8 / 5)) / 2)
    trace = engine.trace_cross_entropy(LOGITS, 1)
    assert trace[-1].output == trace.tensors["output"] == pytest.approx(math.log(4))
    assert trace.tensors["probabilities"] == pytest.approx([1 / 8, 2 / 8, 5 / 8])
    assert engine.trace_cross_entropy([0, 2000], 0)[-1].output == 2000


def test_binary_cross_entropy_by_hand():
    assert engine.binary_cross_entropy([0.25, 0.5], [1, 0]) == pytest.approx((math.log(4) + math.log(2)) / 2)
    assert engine.binary_cross_entropy([0.0], [1]) == 100
    assert engine.binary_cross_entropy_with_logits([math.log(3)], [1]) == pytest.approx(math.log(4 / 3))
    assert engine.binary_cross_entropy_with_logits([-5000.0], [1]) == 5000
    for name, answers in (("binary_cross_entropy", [0.2, 0.9]), ("binary_cross_entropy_with_logits", [-3.0, 2.0])):
        trace = getattr(engine, f"trace_{name}")(answers, [1, 0.5])
        assert trace[-1].output == trace.tensors["output"]
        assert trace[-1].output == pytest.approx(getattr(engine, name)(answers, [1, 0.5]), rel=1e-14)


def test_mse_by_hand():
    assert engine.mse([1, 2], [0, 4]) == 2.5
    trace = engine.trace_mse([1, 2], [0, 4])
    assert [(step.phase, step.output) for step in trace] == [
        ("subtract", 1),
        ("subtract", -2),
        ("square", 1),
        ("square", 4),
        ("sum", 1),
        ("sum", 5),
        ("divide", 2.5),
    ]
    assert trace.tensors["output"] == 2.5


def test_global_pools_are_one_window_a_channel():
    x = np.arange(24.0).reshape(2, 3, 4)
    for name in ("global_max_pool2d", "global_avg_pool2d"):
        trace = getattr(engine, f"trace_{name}")(x)
        assert (trace.op, len(trace)) == (name, 2)
        np.testing.assert_array_equal(trace.tensors["output"], getattr(engine, name)(x))
        np.testing.assert_array_equal(trace[1].window, x[1])
    assert engine.trace_global_max_pool2d(x)[1].selected == (2, 3)
    assert engine.trace_global_avg_pool2d(x)[1].divisor == 12


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_every_padded_cell_knows_its_source(mode):
    x = np.arange(1.0, 13.0).reshape(1, 3, 4)
    padding = ((1, 2), (0, 3))
    trace = engine.trace_pad2d(x, padding, mode=mode)
    padded = engine.pad2d(x, padding, mode=mode)
    assert len(trace) == padded.size
    np.testing.assert_array_equal(trace.tensors["output"], padded)
    for step in trace:
        assert step.output == padded[step.output_cell]
        if step.source == (-1, -1, -1):
            assert mode == "zeros"
            assert not step.inside
        else:
            assert x[step.source] == step.output
    assert sum(step.inside for step in trace) == x.size


@pytest.mark.parametrize(
    ("call", "error", "field"),
    [
        (lambda: engine.linear([1, 2], [[1, 2, 3]]), ShapeError, "weight"),
        (lambda: engine.linear([1, 2], [[1, 2]], [1, 2]), ShapeError, "bias"),
        (lambda: engine.trace_dense([1], []), ParameterError, "layers"),
        (lambda: engine.trace_dense([1], [{"weight": [[1]], "activation": "softplus"}]), ParameterError, "layers"),
        (lambda: engine.leaky_relu([1], math.nan), ParameterError, "negative_slope"),
        (lambda: engine.softmax([1, 2], axis=1), ParameterError, "axis"),
        (lambda: engine.cross_entropy([1, 2], 2), ParameterError, "target"),
        (lambda: engine.cross_entropy([1, 2], 0.5), ParameterError, "target"),
        (lambda: engine.cross_entropy([[1, 2]], 0), ShapeError, "target"),
        (lambda: engine.trace_cross_entropy([1, 2], [0]), ShapeError, "target"),
        (lambda: engine.binary_cross_entropy([1.5], [1]), ParameterError, "input"),
        (lambda: engine.binary_cross_entropy_with_logits([1.5], [2]), ParameterError, "target"),
        (lambda: engine.mse([1, 2], [1]), ShapeError, "target"),
        (lambda: engine.trace_pad2d([[1, 2]], 1, mode="mirror"), ParameterError, "mode"),
        (lambda: engine.trace_pad2d([[1, 2]], 2, mode="reflect"), ParameterError, "padding"),
    ],
)
def test_refusals_name_the_field(call, error, field):
    with pytest.raises(error) as caught:
        call()
    assert caught.value.field == field
