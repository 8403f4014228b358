"""Evaluation: worked by hand, by naive loops, and what always holds."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine.errors import ConvoscopeError, ParameterError, ShapeError
from cnn_engine.nn import Network, Trainer, evaluate

thorough = settings(deadline=None, max_examples=60, derandomize=True)  # the same cases in every run


def parrot(outputs, gain=1.0, bias=0.0):
    """A network that says what it is result: its logits are its inputs times `gain`, plus `bias`."""
    network = Network([{"layer": "linear", "out_features": outputs}], input_shape=(outputs,), dtype="float64")
    parameters = network.parameters()
    parameters["0.weight"][...] = gain * np.eye(outputs)
    parameters["0.bias"][...] = bias
    return network


def logits(*probabilities):
    """Logits whose softmax these are."""
    return np.log(np.array(probabilities, np.float64))


# Five samples of three classes; nothing is ever taken for the third class.
PROBABILITIES = logits([0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.95, 0.03, 0.02], [0.3, 0.45, 0.25])
LABELS = [0, 1, 1, 2, 1]


@pytest.fixture
def result():
    return evaluate(parrot(3), PROBABILITIES, LABELS, bins=4, most_confused=1)


def test_loss_and_accuracy_by_hand(result):
    assert result.samples == 5
    assert result.accuracy == 3 / 5
    right = [0.7, 0.3, 0.8, 0.02, 0.45]
    assert result.loss == pytest.approx(-sum(map(math.log, right)) / 5, rel=1e-12)


def test_the_confusion_matrix_by_hand(result):
    assert result.confusion_matrix.tolist() == [[1, 0, 0], [1, 2, 0], [1, 0, 0]]
    assert result.predicted.tolist() == [0, 0, 1, 0, 1]


def test_precision_and_recall_by_hand(result):
    first, second, third = result.per_class
    assert (first.precision, first.recall, first.support, first.predicted) == (1 / 3, 1.0, 1, 3)
    assert (second.precision, second.recall, second.support, second.predicted) == (1.0, 2 / 3, 3, 2)
    assert (third.precision, third.recall, third.support, third.predicted) == (None, 0.0, 1, 0)


def test_a_class_that_nothing_belongs_to_has_no_recall():
    result = evaluate(parrot(3), PROBABILITIES[:3], [0, 1, 1])
    assert result.per_class[2].recall is None
    assert result.per_class[2].support == 0


def test_the_surest_mistake_comes_first_by_hand(result):
    (mistake,) = result.most_confused
    assert (mistake.index, mistake.true, mistake.predicted) == (3, 2, 0)
    assert mistake.probability == pytest.approx(0.95)
    assert mistake.true_probability == pytest.approx(0.02)
    assert [mistake.index for mistake in evaluate(parrot(3), PROBABILITIES, LABELS).most_confused] == [3, 1]
    assert evaluate(parrot(3), PROBABILITIES, LABELS, most_confused=0).most_confused == ()


def test_calibration_by_hand(result):
    """0.7 right, 0.6 wrong: |1/2 − 0.65| twice; 0.8 right, 0.95 wrong: |1/2 − 0.875| twice; 0.45 right: 0.55."""
    bins = result.calibration.bins
    assert [(each.low, each.high, each.count) for each in bins] == [
        (0, 0.25, 0),
        (0.25, 0.5, 1),
        (0.5, 0.75, 2),
        (0.75, 1, 2),
    ]
    assert (bins[0].confidence, bins[0].accuracy) == (None, None)
    assert [each.accuracy for each in bins[1:]] == [1, 0.5, 0.5]
    assert [each.confidence for each in bins[1:]] == pytest.approx([0.45, 0.65, 0.875])
    assert result.calibration.expected_error == pytest.approx((0.55 + 2 * 0.15 + 2 * 0.375) / 5)


def test_a_confidence_on_an_edge_belongs_below_it_and_certainty_to_the_last():
    result = evaluate(parrot(2, gain=1000), [[0.0, 0.0], [1.0, 0.0]], [0, 0], bins=2)
    assert [each.count for each in result.calibration.bins] == [1, 1]
    assert result.calibration.bins[1].confidence == 1


def test_two_classes_from_one_output_by_hand():
    """Logit log 4 means 4 to 1 for class 1."""
    result = evaluate(parrot(1), [[math.log(4)], [math.log(4)], [-math.log(3)]], [1, 0, 0], loss="binary_cross_entropy")
    assert result.confusion_matrix.tolist() == [[1, 1], [0, 1]]
    assert result.loss == pytest.approx(-(math.log(0.8) + math.log(0.2) + math.log(0.75)) / 3)
    assert result.confidence.tolist() == pytest.approx([0.8, 0.8, 0.75])
    assert result.most_confused[0].true_probability == pytest.approx(0.2)


def test_a_regression_by_hand():
    result = evaluate(parrot(1), [[1.0], [2.0], [6.0]], [2.0, 2.0, 5.0], loss="mse")
    assert result.mse == result.loss == pytest.approx(2 / 3)
    assert result.mae == pytest.approx(2 / 3)
    assert result.r2 == pytest.approx(1 - 2 / 6)
    assert result.predicted.tolist() == [[1], [2], [6]]


def test_r2_of_several_outputs_is_their_mean_and_none_where_the_truth_is_constant():
    x = np.array([[1.0, 0.0], [3.0, 4.0]])
    result = evaluate(parrot(2), x, [[1.0, 2.0], [3.0, 6.0]], loss="mse")
    assert result.r2 == pytest.approx((1 + (1 - 8 / 8)) / 2)
    assert evaluate(parrot(2), x, [[0.1, 2.0], [0.1, 6.0]], loss="mse").r2 is None


def test_answering_the_mean_has_an_r2_of_nothing():
    result = evaluate(parrot(1, gain=0, bias=2.5), [[0.0]] * 4, [1.0, 2.0, 3.0, 4.0], loss="mse")
    assert result.r2 == pytest.approx(0)


@thorough
@given(st.integers(2, 6), st.integers(1, 60), st.integers(1, 15), st.integers(0, 10**6))
def test_anything_is_as_by_naive_loops(classes, count, bins, seed):
    random = np.random.default_rng(seed)
    x, y = random.normal(0, 2, (count, classes)), random.integers(0, classes, count)
    result = evaluate(parrot(classes), x, y, bins=bins, most_confused=count)
    softmax = [[math.exp(value) / sum(map(math.exp, row)) for value in row] for row in x]
    matrix = [[0] * classes for _ in range(classes)]
    for row, true in zip(softmax, y, strict=True):
        matrix[true][row.index(max(row))] += 1
    assert result.confusion_matrix.tolist() == matrix
    for label, score in enumerate(result.per_class):
        taken = sum(row[label] for row in matrix)
        assert score.precision == (matrix[label][label] / taken if taken else None)
        assert score.recall == (matrix[label][label] / sum(matrix[label]) if sum(matrix[label]) else None)
    error = 0.0
    for number in range(bins):
        inside = [
            (max(row), row.index(max(row)) == true)
            for row, true in zip(softmax, y, strict=True)
            if number / bins < max(row) <= (number + 1) / bins
        ]
        assert result.calibration.bins[number].count == len(inside)
        error += abs(sum(sure - hit for sure, hit in inside)) / count
    assert result.calibration.expected_error == pytest.approx(error, abs=1e-9)
    assert len(result.most_confused) == sum(map(sum, matrix)) - sum(matrix[k][k] for k in range(classes))
    sureness = [mistake.probability for mistake in result.most_confused]
    assert sureness == sorted(sureness, reverse=True)
    assert result.accuracy == (count - len(sureness)) / count


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy", "mse"])
def test_a_trainer_tells_the_same_loss_and_accuracy(loss):
    random = np.random.default_rng(0)
    outputs = 4 if loss == "cross_entropy" else 1
    architecture = [{"layer": "flatten"}, {"layer": "dropout"}, {"layer": "linear", "out_features": outputs}]
    trainer = Trainer(Network(architecture, input_shape=(1, 4, 4)), loss=loss)
    x = random.normal(size=(150, 1, 4, 4)).astype(np.float32)
    y = random.integers(0, 4, 150) if outputs == 4 else random.integers(0, 2, (150, 1)).astype(np.float32)
    result, score = evaluate(trainer, x, y), trainer.evaluate(x, y)
    assert result.loss == pytest.approx(score.loss, rel=1e-5)
    assert getattr(result, "accuracy", None) == score.accuracy


def test_a_network_that_ends_in_global_pooling_is_evaluated():
    architecture = [{"layer": "conv2d", "out_channels": 3, "kernel_size": 1}, {"layer": "global_avg_pool2d"}]
    result = evaluate(Network(architecture, input_shape=(1, 4, 4)), np.ones((2, 1, 4, 4)), [0, 2])
    assert result.confusion_matrix.sum() == 2


def test_it_becomes_plain_values(result):
    plain = asdict(result)
    assert plain["per_class"][2] == {"precision": None, "recall": 0.0, "support": 1, "predicted": 0}
    assert plain["calibration"]["bins"][0]["count"] == 0
    assert type(result.most_confused[0].index) is int
    assert result.task == "classification"


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"y": [0, 1, 1, 3, 1]}, ParameterError, "y holds class 3 where the network has classes 0 to 2"),
        ({"y": [0, 1]}, ShapeError, "one class index for each of 5 samples"),
        ({"x": np.zeros((0, 3)), "y": []}, ShapeError, "x holds no sample"),
        ({"x": np.zeros((5, 4))}, ShapeError, r"x of shape \(5, 4\) must be samples of shape 3"),
        ({"bins": 0}, ParameterError, "bins 0 is less than 1"),
        ({"most_confused": -1}, ParameterError, "most_confused -1 is less than 0"),
        ({"loss": "hinge"}, ParameterError, "loss 'hinge' is none of"),
        (
            {"loss": "binary_cross_entropy", "y": np.zeros((5, 3))},
            ParameterError,
            "3 outputs has no classes to confuse",
        ),
        ({"x": np.full((5, 3), np.nan)}, ConvoscopeError, "outputs are not finite: it has diverged"),
    ],
)
def test_what_cannot_be_evaluated(change, error, message):
    arguments = {"x": PROBABILITIES, "y": LABELS} | change
    with pytest.raises(error, match=message):
        evaluate(parrot(3), **arguments)
