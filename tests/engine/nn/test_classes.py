"""One accuracy for every loss, weights for the classes, and batches that leave one sample over."""

from __future__ import annotations

import io

import numpy as np
import pytest

from cnn_engine.data.datasets import load_dataset
from cnn_engine.errors import ConvoscopeError, ShapeError
from cnn_engine.nn import Network, StepDone, Trainer, Validated, check_batches, evaluate, fit, load, save

RANDOM = np.random.default_rng(7)
X = RANDOM.standard_normal((70, 1, 3, 3))
Y = RANDOM.integers(0, 3, 70)
LINEAR = [{"layer": "flatten"}, {"layer": "linear", "out_features": 3}]
WEIGHTS = [0.5, 1.0, 4.0]


def network(outputs=3, dtype="float64"):
    return Network([LINEAR[0], LINEAR[1] | {"out_features": outputs}], input_shape=(1, 3, 3), dtype=dtype)


# ---- accuracy


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy", "mse"])
def test_accuracy_is_the_diagonal_whatever_the_loss(loss):
    """In each step, in each epoch's validation, and in the evaluation; by the largest output each time."""
    data = load_dataset("digits")
    layers = [{"layer": "flatten"}, {"layer": "linear", "out_features": 10}]
    trainer = Trainer(
        Network(layers, input_shape=data.input_shape),
        loss=loss,
        task="classification",
        optimizer={"name": "adam", "learning_rate": 0.03},
    )
    seen = 0
    for event in fit(trainer, data.train, epochs=2, validation=data.validation):
        if isinstance(event, StepDone):
            assert event.accuracy is not None
        if isinstance(event, Validated):
            answers = trainer.network(data.validation.x)
            found = evaluate(trainer, *data.validation)
            assert found.accuracy == np.trace(found.confusion_matrix) / data.validation.size
            assert event.accuracy == found.accuracy == (answers.argmax(axis=1) == data.validation.y).mean()
            seen += 1
    assert seen == 2
    assert found.accuracy > 0.4
    assert trainer.evaluate(*data.validation).loss == pytest.approx(found.loss, rel=1e-5)


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mse"])
def test_class_indices_are_as_good_as_one_and_zeros(loss):
    plain, found = Trainer(network(), loss=loss), Trainer(network(), loss=loss, task="classification")
    wanted, given = plain.gradients(X, np.eye(3)[Y]), found.gradients(X, Y)
    assert all(np.array_equal(given[name], wanted[name]) for name in wanted)


@pytest.mark.parametrize(("loss", "middle"), [("binary_cross_entropy", 0.0), ("mse", 0.5)])
def test_one_output_tells_two_classes_apart(loss, middle):
    """By binary cross-entropy where the sigmoid is one half, by mse half way between the 0 and the 1 it is to give."""
    lone = Network([{"layer": "linear", "out_features": 1}], input_shape=(1,), dtype="float64")
    lone.load({"0.weight": [[1.0]], "0.bias": [0.0]})
    trainer = Trainer(lone, loss=loss, task="classification")
    x, y = [[middle - 0.1], [middle], [middle + 0.1], [middle + 9]], [0, 0, 1, 0]
    found = evaluate(trainer, x, y)
    assert (trainer.evaluate(x, y).accuracy, found.accuracy) == (0.75, 0.75)
    assert found.confusion_matrix.tolist() == [[2, 1], [0, 1]]
    assert (found.confidence >= 0).all()
    assert (found.confidence <= 1).all()


def test_probabilities_too_close_to_tell_apart_do_not_change_the_answer():
    """Sigmoids of 40 and 50 are both 1 in float64: the larger output is still the answer."""
    two = Network([{"layer": "linear", "out_features": 2}], input_shape=(2,), dtype="float64")
    two.load({"0.weight": np.eye(2), "0.bias": [0, 0]})
    found = evaluate(two, [[40.0, 50.0]], [1], loss="binary_cross_entropy", task="classification")
    assert (found.accuracy, found.confusion_matrix.tolist()) == (1, [[0, 0], [0, 1]])


def test_a_regression_has_no_accuracy():
    for loss in ("mse", "binary_cross_entropy"):
        trainer = Trainer(network(), loss=loss, task="regression")
        truth = RANDOM.random((70, 3))
        trainer.step(X, truth)
        assert (trainer.correct, trainer.evaluate(X, truth).accuracy) == (None, None)
        found = evaluate(trainer, X, truth)
        assert (found.task, found.loss) == ("regression", pytest.approx(trainer.evaluate(X, truth).loss))


# ---- weights


def by_hand(logits, labels, weights):
    """PyTorch's formula: the mean of the losses, each weighted by its class, over the sum of these weights."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]
    chosen = np.array(weights)[labels]
    return (chosen * losses).sum() / chosen.sum()


def test_the_weighted_loss_is_pytorchs():
    """torch.nn.CrossEntropyLoss(weight=[0.5, 1, 4]) of two samples, by hand: (0.5 log 2 + 4 log 4) / 4.5."""
    answers = np.log([[2.0, 1, 1], [1, 2, 1]])
    same = Network([{"layer": "linear", "out_features": 3}], input_shape=(3,), dtype="float64")
    same.load({"0.weight": np.eye(3), "0.bias": np.zeros(3)})
    trainer = Trainer(same, class_weights=WEIGHTS)
    loss = trainer.evaluate(answers, [0, 2]).loss
    assert loss == pytest.approx((0.5 * np.log(2) + 4 * np.log(4)) / 4.5, rel=1e-12)
    assert evaluate(trainer, answers, [0, 2]).loss == pytest.approx(loss, rel=1e-12)


@pytest.mark.parametrize(
    "count", [1, 7, 70]
)  # 70 go through in parts, which weigh by their classes and not by their size
def test_weighted_gradients_by_finite_differences(count):
    trainer = Trainer(network(), class_weights=WEIGHTS)
    x, y = X[:count], Y[:count]
    gradients = trainer.gradients(x, y)
    for name, values in trainer.network.parameters().items():
        for index in list(np.ndindex(values.shape))[::4]:
            sides = []
            for step in (1e-5, -1e-5):
                values[index] += step
                sides.append(by_hand(trainer.network(x), y, WEIGHTS))
                values[index] -= step
            assert gradients[name][index] == pytest.approx((sides[0] - sides[1]) / 2e-5, rel=1e-5, abs=1e-9)
    assert trainer.step(x, y) == pytest.approx(by_hand(network()(x), y, WEIGHTS), rel=1e-9)


def test_equal_weights_change_nothing():
    plain, equal = Trainer(network()), Trainer(network(), class_weights=[3, 3, 3])
    for _ in range(3):
        assert equal.step(X, Y) == pytest.approx(plain.step(X, Y), rel=1e-12)


def test_two_processes_weigh_as_one():
    one = Trainer(network(dtype="float32"), class_weights=WEIGHTS)
    two = Trainer(network(dtype="float32"), class_weights=WEIGHTS, processes=2)
    try:
        for _ in range(3):
            assert two.step(X[:21], Y[:21]) == pytest.approx(one.step(X[:21], Y[:21]), rel=1e-5)
    finally:
        two.close()


def test_a_checkpoint_remembers_task_and_weights():
    for options in ({"class_weights": WEIGHTS}, {"loss": "mse", "task": "classification"}, {}):
        trainer, file = Trainer(network(), **options), io.BytesIO()
        save(trainer, file)
        file.seek(0)
        again = load(file)
        assert again.criterion == trainer.criterion
        assert again.step(X, Y) == trainer.step(X, Y)


@pytest.mark.parametrize(
    ("options", "field", "message"),
    [
        ({"class_weights": [1, 2]}, "class_weights", "class_weights has 2 weights where the network has 3 outputs"),
        ({"class_weights": [1, 0, 1]}, "class_weights", "class_weights 0 must be more than 0"),
        ({"class_weights": [1, 1, np.inf]}, "class_weights", "class_weights must be finite"),
        (
            {"class_weights": [1, 1, 1], "loss": "mse"},
            "class_weights",
            "class_weights are for cross_entropy, not for mse",
        ),
        ({"task": "ranking"}, "task", "task 'ranking' is none of"),
        ({"task": "regression"}, "loss", "cross_entropy is for classes, and a regression has none: take mse"),
    ],
)
def test_what_does_not_fit_is_refused(options, field, message):
    with pytest.raises(ConvoscopeError, match=message) as refused:
        Trainer(network(), **options)
    assert refused.value.field == field


# ---- batches


NORMAL = Network(["global_avg_pool2d", "batch_norm2d", "flatten", LINEAR[1]], input_shape=(1, 3, 3))


@pytest.mark.parametrize("samples", [2, 3, 5, 11, 70, 1259])
def test_a_batch_size_is_refused_exactly_where_a_batch_has_one_sample_and_the_one_named_works(samples):
    for size in range(1, min(samples, 40) + 1):
        batches = [min(size, samples - start) for start in range(0, samples, size)]
        if 1 not in batches:
            check_batches(NORMAL.layers, samples, size)
            continue
        with pytest.raises(ShapeError) as refused:
            check_batches(NORMAL.layers, samples, size)
        named = int(str(refused.value).rpartition("batch_size ")[2].split()[0])
        assert refused.value.field == "batch_size"
        assert 1 < named <= samples
        assert samples % named != 1


def test_the_sentence_names_the_cause_and_the_layer_as_people_count():
    with pytest.raises(ShapeError) as refused:
        check_batches(NORMAL.layers, 1259, 34)
    assert str(refused.value) == (
        "layer 2 (batch_norm2d) with input 1 × 1 × 1 has one value for each channel of a sample and needs at least "
        "2 samples in a batch: the last batch of an epoch has 1 (1259 = 37 × 34 + 1); batch_size 33 works"
    )
    with pytest.raises(ShapeError, match="take more training samples"):
        check_batches(NORMAL.layers, 1, 1)
    with pytest.raises(ShapeError, match="each batch has 1; batch_size 2 works"):
        check_batches(NORMAL.layers, 10, 1)


def test_fit_refuses_it_before_anything_is_trained():
    trainer = Trainer(NORMAL, batch_size=23)
    with pytest.raises(ShapeError, match=r"70 = 3 × 23 \+ 1"):
        fit(trainer, (X, Y), epochs=1)
    assert trainer.progress.step == 0
