"""Two processes with half of each batch each: the same numbers to rounding, and an end that is noticed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from cnn_engine import ParameterError
from cnn_engine.nn import Network, Trainer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="refused on Windows, see test_what_is_refused")

LAYERS = [
    {"layer": "conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1},
    {"layer": "relu"},
    {"layer": "max_pool2d", "kernel_size": 2},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 3},
]
RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((40, 2, 6, 6)).astype(np.float32), RANDOM.integers(0, 3, 40)


def trainer(**options: Any) -> Trainer:
    return Trainer(Network(LAYERS, input_shape=(2, 6, 6)), batch_size=8, **options)


@pytest.fixture(scope="module")
def two() -> Iterator[Trainer]:
    made = trainer(processes=2)
    yield made
    made.close()


def test_the_same_numbers_whatever_the_size_of_the_batch(two: Trainer) -> None:
    one = trainer()
    for size in (8, 1, 7, 40, 2):  # 40: more than was laid out for
        losses = [each.step(X[:size], Y[:size]) for each in (one, two)]
        assert losses[0] == pytest.approx(losses[1], rel=1e-5)
        assert one._parts.correct == two._parts.correct
    for name, array in one.network.parameters().items():
        np.testing.assert_allclose(two.network.parameters()[name], array, rtol=1e-3, atol=1e-5, err_msg=name)


def test_gradients_of_both_halves(two: Trainer) -> None:
    expected = Trainer(two.network).gradients(X, Y)
    for name, gradient in two.gradients(X, Y).items():
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-4, atol=1e-6, err_msg=name)


def test_regression() -> None:
    y = RANDOM.standard_normal((6, 3)).astype(np.float32)
    both = trainer(processes=2, loss="mse")
    assert both.step(X[:6], y) == pytest.approx(trainer(loss="mse").step(X[:6], y), rel=1e-5)
    both.close()


def test_a_second_process_that_has_ended_is_told() -> None:
    lame = trainer(processes=2)
    process = lame._parts._partner._process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with pytest.raises(RuntimeError, match="the second training process has ended"):
        lame.step(X[:8], Y[:8])
    lame.close()


@pytest.mark.parametrize("layer", [{"layer": "batch_norm2d"}, {"layer": "dropout"}])
def test_what_is_refused(layer: dict[str, Any]) -> None:
    network = Network([LAYERS[0], layer, *LAYERS[1:]], input_shape=(2, 6, 6))
    with pytest.raises(ParameterError, match=rf"processes 2 is not possible: layer 2 \({layer['layer']}\)"):
        Trainer(network, processes=2)
    for processes in (0, 3, True, "2"):
        with pytest.raises(ParameterError, match="processes"):
            trainer(processes=processes)
