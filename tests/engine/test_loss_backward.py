"""The gradients of the losses: by hand, by differences of the losses, and what PyTorch's means make of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

import cnn_engine as engine
from cnn_engine import ParameterError, ShapeError

LOGITS = [0.0, math.log(2), math.log(5)]  # shares of 1, 2 and 5 eighths
CASES = {
    "softmax_cross_entropy": (engine.trace_softmax_cross_entropy_backward, engine.cross_entropy, 2),
    "sigmoid_binary_cross_entropy": (
        engine.trace_sigmoid_binary_cross_entropy_backward,
        engine.binary_cross_entropy_with_logits,
        [1.0, 0.0, 0.25],
    ),
    "mse": (engine.trace_mse_backward, engine.mse, [0.5, -1.0, 3.0]),
}


def test_the_terms_of_cross_entropy_are_the_share_and_minus_one_for_the_truth():
    trace = engine.trace_softmax_cross_entropy_backward(LOGITS, 1)
    columns = trace.columns()
    np.testing.assert_allclose(columns["products"], [[1 / 8, 0], [2 / 8, -1], [5 / 8, 0]], rtol=1e-14)
    assert columns["inside"].tolist() == [[True, False], [True, True], [True, False]]
    assert columns["above"].tolist() == [[1, 0], [1, 1], [1, 0]]
    assert columns["term_cells"].tolist() == [[0, 0], [1, 1], [2, 0]]
    np.testing.assert_allclose(trace.tensors["output"], [1 / 8, -6 / 8, 5 / 8], rtol=1e-14)
    assert trace.tensors["truth"].tolist() == [0, 1, 0]


def test_binary_cross_entropy_divides_by_how_many_there_are():
    trace = engine.trace_sigmoid_binary_cross_entropy_backward([0.0, math.log(3), 0, 0], [1, 0, 0.5, 0])
    columns = trace.columns()
    np.testing.assert_allclose(columns["local"][:, 0], [-1 / 2, 3 / 4, 0, 1 / 2], rtol=1e-14)
    assert columns["above"][:, 0].tolist() == [1 / 4] * 4
    np.testing.assert_allclose(trace.tensors["output"], [-1 / 8, 3 / 16, 0, 1 / 8], rtol=1e-14)


def test_mse_divides_by_how_many_there_are():
    trace = engine.trace_mse_backward([1, 4], [0, 2])
    assert trace.tensors["output"].tolist() == [1, 2]
    assert trace.columns()["local"].tolist() == [[2], [4]]
    assert trace.columns()["prediction"].tolist() == [1, 4]
    assert engine.trace_mse_backward([3], [1]).tensors["output"].tolist() == [4]


@pytest.mark.parametrize("name", CASES)
def test_the_steps_add_up_bit_for_bit(name):
    backward, _, target = CASES[name]
    trace = backward(np.array([0.3, -1.7, 2.2]), target)
    assert trace.op == f"{name}_backward"
    for step in trace:
        total = 0.0
        for local, above, product, inside in zip(step.local, step.above, step.products, step.inside, strict=True):
            assert product == local * above
            assert inside or (local, above) == (0, 0)
            total += product
        assert step.output == total == trace.tensors["output"][step.output_cell]


@pytest.mark.parametrize("name", CASES)
def test_they_are_the_slope_of_the_loss(name):
    backward, loss, target = CASES[name]
    values, nudge = np.array([0.3, -1.7, 2.2]), 1e-6
    for k, gradient in enumerate(backward(values, target).tensors["output"]):
        away = np.zeros(3)
        away[k] = nudge
        slope = (loss(values + away, target) - loss(values - away, target)) / (2 * nudge)
        assert gradient == pytest.approx(slope, rel=1e-7, abs=1e-9)


def test_logits_far_from_0_overflow_nothing():
    with np.errstate(all="raise", under="ignore"):
        assert engine.trace_softmax_cross_entropy_backward([1000.0, -1000.0], 1).tensors["output"].tolist() == [1, -1]
        trace = engine.trace_sigmoid_binary_cross_entropy_backward([1000.0, -1000.0], [0, 0])
        assert trace.tensors["output"].tolist() == [0.5, 0]


@pytest.mark.parametrize(
    ("make", "error", "field"),
    [
        (lambda: engine.trace_softmax_cross_entropy_backward(LOGITS, 3), ParameterError, "target"),
        (lambda: engine.trace_softmax_cross_entropy_backward(LOGITS, -1), ParameterError, "target"),
        (lambda: engine.trace_softmax_cross_entropy_backward(LOGITS, 0.5), ParameterError, "target"),
        (lambda: engine.trace_softmax_cross_entropy_backward(LOGITS, [0, 1]), ShapeError, "target"),
        (lambda: engine.trace_softmax_cross_entropy_backward([LOGITS], 0), ShapeError, "logits"),
        (lambda: engine.trace_sigmoid_binary_cross_entropy_backward(LOGITS, [0, 1]), ShapeError, "target"),
        (lambda: engine.trace_sigmoid_binary_cross_entropy_backward([1.0], [1.5]), ParameterError, "target"),
        (lambda: engine.trace_mse_backward(LOGITS, [0, 1]), ShapeError, "target"),
        (lambda: engine.trace_mse_backward([], []), ShapeError, "prediction"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(make, error, field):
    with pytest.raises(error) as refused:
        make()
    assert refused.value.field == field
