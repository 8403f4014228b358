"""A network that has died is found out; one that learns, or is only slow, is not."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.nn import Network, StepDone, Trainer, fit
from cnn_engine.nn.evidence import EVERY, LOOKS, DeadWatch
from cnn_engine.nn.parts import done

LAYERS = [{"layer": "linear", "out_features": 6}, {"layer": "relu"}, {"layer": "linear", "out_features": 3}]


def samples(count: int = 24) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    y = np.arange(count) % 3
    return (random.random((count, 4)) + y[:, None]).astype(np.float32), y


def evidence_of(watch: DeadWatch, step: StepDone) -> dict | None:
    """What it finds after a step, its pauses left out."""
    pieces = watch.pieces([step])
    return None if pieces is None else done(pieces)


def watched(network: Network, epochs: int = 60, **options) -> list[dict]:
    trainer = Trainer(network, **{"optimizer": {"name": "sgd", "learning_rate": 0.01}, "batch_size": 8} | options)
    watch = DeadWatch(trainer)
    steps = (event for event in fit(trainer, samples(), epochs=epochs) if isinstance(event, StepDone))
    return [evidence for evidence in (evidence_of(watch, step) for step in steps) if evidence]


def test_silent_relus_and_a_flat_loss_are_a_dead_network():
    network = Network(LAYERS, input_shape=(4,))
    network.parameters()["0.weight"][...] = -np.abs(network.parameters()["0.weight"])
    network.parameters()["0.bias"][...] = -1  # the inputs are positive: no unit can be active
    network.parameters()["2.bias"][...] = 0
    found = watched(network)
    assert found[0]["layers"] == [{"layer": 1, "kind": "relu", "outputs": 6, "silent": 6, "share": 1.0}]
    assert (found[0]["since_step"], found[0]["step"]) == (1, EVERY * LOOKS)
    assert found[0]["loss"] == pytest.approx(np.log(3), rel=0.01)  # three classes as likely as each other


def test_while_the_loss_falls_it_is_not_dead_yet():
    """The last bias learns alone: that is still learning, for a while."""
    network = Network(LAYERS, input_shape=(4,))
    network.parameters()["0.weight"][...] = 0
    network.parameters()["0.bias"][...] = -1
    network.parameters()["2.bias"][...] = (20, 0, 0)
    found = watched(network, optimizer={"name": "sgd", "learning_rate": 0.5}, epochs=200)
    assert found
    assert found[0]["since_step"] > 1


def test_the_evidence_counts_the_outputs_that_are_silent_and_tells_the_losses():
    """Three of the first four ReLUs can never be active; of the two after them none can."""
    layers = [{"layer": "linear", "out_features": 4}, {"layer": "relu"}, {"layer": "linear", "out_features": 2}]
    network = Network([*layers, {"layer": "relu"}, LAYERS[2]], input_shape=(4,))
    for name, value in (("0.weight", 0), ("0.bias", -1), ("2.weight", -1), ("2.bias", -1), ("4.bias", 0)):
        network.parameters()[name][...] = value
    network.parameters()["0.bias"][0] = 2
    trainer = Trainer(network, optimizer={"name": "sgd", "learning_rate": 0.01}, batch_size=8)
    watch, losses = DeadWatch(trainer), []
    for event in fit(trainer, samples(), epochs=60):
        if isinstance(event, StepDone):
            losses.append(event.loss)
            if evidence := evidence_of(watch, event):
                break
    first, second = evidence["layers"]
    assert first == {"layer": 1, "kind": "relu", "outputs": 4, "silent": 3, "share": 0.75}
    assert second == {"layer": 3, "kind": "relu", "outputs": 2, "silent": 2, "share": 1.0}
    spans = evidence["losses"]
    assert [(span["from_step"], span["to_step"]) for span in spans] == [(at, at + 7) for at in range(1, 64, 8)]
    for span in spans:
        result = losses[span["from_step"] - 1 : span["to_step"]]
        assert span["loss"] == pytest.approx(sum(result) / 8)


@pytest.mark.parametrize("layer", [{"layer": "relu"}, {"layer": "tanh"}])
def test_a_network_that_learns_is_not_dead(layer):
    assert watched(Network([LAYERS[0], layer, LAYERS[2]], input_shape=(4,))) == []


def test_one_active_unit_is_enough():
    network = Network(LAYERS, input_shape=(4,))
    network.parameters()["0.weight"][:5] = 0
    network.parameters()["0.bias"][:5] = -1
    network.parameters()["0.weight"][5] = 1
    assert watched(network) == []
