"""Weights that begin alike stay alike, zeros never learn, tiny ones hardly: what goes wrong is what is promised."""

from __future__ import annotations

import io

import numpy as np
import pytest

from cnn_engine.data.datasets import load_dataset
from cnn_engine.errors import ParameterError
from cnn_engine.nn import INITIALISATIONS, Network, Trainer, fit, load, save

DIGITS = load_dataset("digits", train=320)
LAYERS = [
    {"layer": "conv2d", "out_channels": 6, "kernel_size": 3, "padding": 1},
    {"layer": "relu"},
    {"layer": "max_pool2d", "kernel_size": 2},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 10},
]


def trained(initialisation, epochs=3, **optimizer):
    network = Network(LAYERS, input_shape=DIGITS.input_shape, initialisation=initialisation)
    trainer = Trainer(network, optimizer={"name": "sgd", "learning_rate": 0.05} | optimizer)
    list(fit(trainer, DIGITS.train, epochs=epochs))
    return trainer


def test_filters_that_begin_alike_stay_alike():
    trainer = trained({"name": "constant", "val": 0.05})
    filters = trainer.network.parameters()["0.weight"]
    assert np.abs(filters - 0.05).max() > 0.002, "they have learned"
    assert np.abs(filters - filters[:1]).max() < 1e-5, "and all the same"
    others = trained("he").network.parameters()["0.weight"]
    assert np.abs(others - others[:1]).max() > 0.1


def test_zeros_stay_zeros_before_a_relu():
    trainer = trained("zeros")
    parameters = trainer.network.parameters()
    assert not parameters["0.weight"].any()
    assert not parameters["4.weight"].any()
    assert parameters["4.bias"].any(), "the last bias alone learns how frequent the classes are"
    assert trainer.evaluate(*DIGITS.validation).accuracy < 0.2


def test_tiny_weights_learn_far_more_slowly():
    tiny, usual = (trained(name, epochs=2).evaluate(*DIGITS.validation).loss for name in ("normal", "he"))
    assert tiny == pytest.approx(np.log(10), abs=0.05)
    assert usual < tiny - 0.1


def test_pytorchs_names_and_options():
    def weights(config):
        return Network(LAYERS, input_shape=(1, 8, 8), initialisation=config).parameters()["0.weight"]

    assert np.array_equal(weights("kaiming_uniform"), weights("he_uniform"))
    assert np.array_equal(weights("kaiming_normal"), weights("he"))
    assert (weights({"name": "constant", "val": -2}) == -2).all()
    assert np.allclose(weights({"name": "normal", "std": 0.5}), 500 * weights("normal"), rtol=1e-5)
    assert set(INITIALISATIONS) > {"zeros", "constant", "normal", "xavier_normal", "xavier_uniform"}


def test_a_checkpoint_keeps_its_options():
    trainer, file = trained({"name": "normal", "std": 0.5}, epochs=1), io.BytesIO()
    save(trainer, file)
    file.seek(0)
    assert load(file).network.initialisation == {"name": "normal", "std": 0.5}


@pytest.mark.parametrize(
    ("config", "field", "message"),
    [
        ("ones", "initialisation", "initialisation 'ones' is none of"),
        ({"name": "constant", "val": "a"}, "initialisation.val", "val must be a number"),
        ({"name": "constant", "val": 1e9}, "initialisation.val", "is larger than 1000"),
        ({"name": "normal", "std": 0}, "initialisation.std", "std 0 must be more than 0"),
        ({"name": "zeros", "val": 0}, "initialisation.val", 'has no option "val"'),
        (3, "initialisation", "must be a name or an object"),
    ],
)
def test_what_cannot_be_begun_with_is_refused(config, field, message):
    with pytest.raises(ParameterError, match=message) as refused:
        Network(LAYERS, input_shape=(1, 8, 8), initialisation=config)
    assert refused.value.field == field
