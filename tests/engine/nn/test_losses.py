"""Losses: worked by hand, in numbers that can be checked on paper, and what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnn_engine import ParameterError, ShapeError
from cnn_engine.nn import Network, Trainer
from cnn_engine.nn.losses import LOSSES

LOG3 = math.log(3)


def loss_and_gradient(name, outputs, y, dtype="float64"):
    """Of outputs (N, K): the loss and its gradient (N, K), by the stage that training uses."""
    columns = np.asarray(outputs, dtype).T.copy()
    gradients = np.empty_like(columns)
    loss = LOSSES[name](columns, gradients)
    value = loss.forward(LOSSES[name].check(y, columns.shape[1], columns.shape[0], columns.dtype))
    loss.backward()
    return value, gradients.T, loss.correct()


def test_cross_entropy_of_two_samples():
    """Softmax of (0, log 3) is (1/4, 3/4), of (0, 0) it is (1/2, 1/2)."""
    loss, gradient, correct = loss_and_gradient("cross_entropy", [[0, LOG3], [0, 0]], [0, 1])
    assert loss == pytest.approx((math.log(4) + math.log(2)) / 2, rel=1e-15)
    np.testing.assert_allclose(gradient, [[-3 / 8, 3 / 8], [1 / 4, -1 / 4]], rtol=1e-15)
    assert correct == 0  # of equal outputs the first is the answer


def test_cross_entropy_of_outputs_that_exp_could_not_take():
    loss, gradient, correct = loss_and_gradient("cross_entropy", [[1000, 0, -1000]], [0])
    assert (loss, correct) == (0, 1)
    np.testing.assert_array_equal(gradient, [[0, 0, 0]])
    loss, gradient, _ = loss_and_gradient("cross_entropy", [[1000, 0, -1000]], [2])
    assert loss == 2000
    np.testing.assert_array_equal(gradient, [[1, 0, -1]])


def test_binary_cross_entropy_of_two_outputs():
    """Sigmoid of log 3 is 3/4: −log(3/4) where it is true, −log(1/4) where it is not; the mean over both."""
    loss, gradient, correct = loss_and_gradient("binary_cross_entropy", [[LOG3, LOG3]], [[1, 0]])
    assert loss == pytest.approx((math.log(4 / 3) + math.log(4)) / 2, rel=1e-15)
    np.testing.assert_allclose(gradient, [[-1 / 8, 3 / 8]], rtol=1e-15)
    assert correct == 0


def test_binary_cross_entropy_of_sure_answers_keeps_its_small_terms():
    loss, gradient, correct = loss_and_gradient("binary_cross_entropy", [[20], [-20]], [1, 0], "float32")
    assert loss == pytest.approx(math.exp(-20), rel=1e-6)
    assert correct == 2
    loss, gradient, _ = loss_and_gradient("binary_cross_entropy", [[-500]], [1])
    assert (loss, gradient[0, 0]) == (500, -1)


def test_mse_of_two_samples():
    """Differences 1, −2, 0, 3: squares 1 + 4 + 0 + 9 over 4 values."""
    loss, gradient, correct = loss_and_gradient("mse", [[1, 2], [3, 4]], [[0, 4], [3, 1]])
    assert loss == 14 / 4
    np.testing.assert_array_equal(gradient, [[0.5, -1], [0, 1.5]])
    assert correct is None


@pytest.mark.parametrize("kind", ["uint8", "int8", "int16", "uint32", "int64", "uint64"])
def test_labels_may_be_of_any_whole_kind(kind):
    """8 bits hold the classes, and not the classes times the batch."""
    network = Network(["flatten", {"layer": "linear", "out_features": 10}], input_shape=(1, 3, 3))
    random = np.random.default_rng(0)
    x, y = random.standard_normal((300, 1, 3, 3)), random.integers(0, 10, 300)
    wanted, given = Trainer(network).gradients(x, y), Trainer(network).gradients(x, y.astype(kind))
    for name, gradient in wanted.items():
        np.testing.assert_array_equal(given[name], gradient)
    assert Trainer(network).evaluate(x, y.astype(kind)) == Trainer(network).evaluate(x, y)


REFUSED = [
    ("cross_entropy", [0, 3], ParameterError, "y holds class 3 where the network has classes 0 to 2"),
    ("cross_entropy", [-1, 0], ParameterError, "y holds class -1 where the network has classes 0 to 2"),
    ("cross_entropy", [0.0, 1.0], ParameterError, "y must hold class indices, whole numbers, not float64"),
    ("cross_entropy", [True, False], ParameterError, "y must hold class indices, whole numbers, not bool"),
    ("cross_entropy", ["a", "b"], ParameterError, "y must hold class indices, whole numbers, not <U1"),
    ("cross_entropy", [0], ShapeError, "y of shape (1,) must have one class index for each of 2 samples"),
    ("cross_entropy", [[0], [1]], ShapeError, "y of shape (2, 1) must have one class index for each of 2 samples"),
    ("cross_entropy", [[0], [1, 2]], ShapeError, "y is ragged: its rows have different lengths"),
    ("binary_cross_entropy", [[0, 1, 2], [0, 0, 0]], ParameterError, "y holds 2, which is not from 0 to 1"),
    ("binary_cross_entropy", [[0, 1, math.nan]] * 2, ParameterError, "y holds nan, which is no finite float32"),
    ("binary_cross_entropy", [0, 1], ShapeError, "y of shape (2,) must have shape (2, 3): a value for each output"),
    ("mse", [[0, 1, math.inf]] * 2, ParameterError, "y holds inf, which is no finite float32"),
    ("mse", [[0, 1, 1e300]] * 2, ParameterError, "y holds 1e+300, which is no finite float32"),
    ("mse", [["a", "b", "c"]] * 2, ParameterError, "y must hold real numbers, not <U1"),
    ("mse", [[1], [1, 2]], ShapeError, "y is ragged: its rows have different lengths"),
]


@pytest.mark.parametrize(("loss", "y", "error", "message"), REFUSED)
def test_truth_that_does_not_fit_is_refused(loss, y, error, message):
    trainer = Trainer(Network([{"layer": "linear", "out_features": 3}], input_shape=(4,)), loss=loss)
    before = trainer.network.state()
    with pytest.raises(error) as refused:
        trainer.step(np.ones((2, 4)), y)
    assert (str(refused.value), refused.value.field) == (message, "y")
    assert trainer.progress.step == 0
    for name, array in trainer.network.state().items():
        np.testing.assert_array_equal(array, before[name])
