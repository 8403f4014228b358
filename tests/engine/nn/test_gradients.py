"""Every layer's and every loss's gradients against finite differences in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnn_engine.nn import Network, Trainer
from cnn_engine.nn.layers.activations import ACTIVATIONS

STEP = 1e-6
LINEAR = [{"layer": "flatten"}, {"layer": "linear", "out_features": 3}]


def conv(**options: Any) -> dict[str, Any]:
    return {"layer": "conv2d", "out_channels": 4, "kernel_size": 3, **options}


def pool(kind: str, **options: Any) -> dict[str, Any]:
    return {"layer": f"{kind}_pool2d", "kernel_size": 2, **options}


FIRST = conv(kernel_size=2)  # something to learn before the layer under test, so that its input gradient is needed

LAYERS: dict[str, list[dict[str, Any]]] = {
    "conv2d": [conv()],
    "conv2d without bias": [conv(bias=False)],
    "conv2d padded, as a fast plan takes it": [conv(padding=1)],
    "conv2d 5x5 with padding 2": [conv(kernel_size=5, padding=2)],
    "conv2d with pairs": [conv(kernel_size=(3, 2), stride=(1, 2), padding=((0, 2), (1, 0)))],
    "conv2d stride 2 leaving cells unread": [conv(kernel_size=2, stride=3)],
    "conv2d dilated": [conv(kernel_size=2, dilation=2)],
    "conv2d in groups": [conv(groups=2)],
    "conv2d depthwise": [conv(groups=4, padding=1)],
    "conv2d 1x1": [conv(kernel_size=1)],
    "conv2d same": [conv(kernel_size=2, padding="same")],
    "conv2d reflect": [conv(padding=1, padding_mode="reflect")],
    "conv2d replicate": [conv(padding=2, padding_mode="replicate")],
    "conv2d circular": [conv(padding=1, padding_mode="circular")],
    "max_pool2d": [pool("max")],
    "max_pool2d that overlaps": [pool("max", kernel_size=3, stride=2, padding=1)],
    "max_pool2d with ceil_mode and dilation": [pool("max", kernel_size=2, stride=2, dilation=2, ceil_mode=True)],
    "avg_pool2d": [pool("avg")],
    "avg_pool2d that overlaps": [pool("avg", kernel_size=3, stride=2, padding=1)],
    "avg_pool2d counting no padding": [
        pool("avg", kernel_size=3, stride=2, padding=1, count_include_pad=False, ceil_mode=True)
    ],
    "global_max_pool2d": [{"layer": "global_max_pool2d"}],
    "global_avg_pool2d": [{"layer": "global_avg_pool2d"}],
    **{layer.kind: [{"layer": layer.kind}] for layer in ACTIVATIONS},
    "leaky_relu with a steep slope": [{"layer": "leaky_relu", "negative_slope": 0.2}],
    "dropout": [{"layer": "dropout", "p": 0.4}],
    "batch_norm2d": [{"layer": "batch_norm2d"}],
    "batch_norm2d without affine": [{"layer": "batch_norm2d", "affine": False}],
    "two linear layers": [
        {"layer": "flatten"},
        {"layer": "linear", "out_features": 5},
        {"layer": "tanh"},
        {"layer": "linear", "out_features": 4, "bias": False},
    ],
    "convolution, relu and pooling, twice": [
        conv(padding=1),
        {"layer": "relu"},
        pool("max"),
        conv(padding=1),
        {"layer": "relu"},
        pool("max"),
    ],
}


def numerical(trainer: Trainer, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The gradient by central differences, in the order of the flat vector."""
    flat = trainer.network.store.flat
    result = np.empty_like(flat)
    for index, value in enumerate(flat.copy()):
        losses = []
        for change in (STEP, -STEP):
            flat[index] = value + change
            losses.append(trainer.forward_backward(*trainer.check(x, y)))
        flat[index] = value
        result[index] = (losses[0] - losses[1]) / (2 * STEP)
    return result


def assert_gradients(trainer: Trainer, x: np.ndarray, y: np.ndarray) -> None:
    expected = trainer.network.store.by_name(numerical(trainer, x, y))
    actual = trainer.gradients(x, y)
    assert actual.keys() == expected.keys() == trainer.network.parameters().keys()
    for name, gradient in actual.items():
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-5, atol=1e-8, err_msg=name)
        assert np.abs(gradient).max() > 1e-6, f"{name}: a gradient of nothing but 0 proves nothing"


@pytest.mark.parametrize("name", LAYERS)
def test_a_layers_gradients_are_those_of_finite_differences(name: str) -> None:
    random = np.random.default_rng(1)
    layers = [FIRST | {"bias": "batch_norm2d" not in name}, *LAYERS[name]]  # which takes any bias away again
    if layers[-1]["layer"] != "linear":
        layers += LINEAR
    if name == "conv2d depthwise":
        assert layers[1]["groups"] == layers[0]["out_channels"]
    network = Network(layers, input_shape=(2, 8, 7), dtype="float64", seed=3)
    trainer = Trainer(network, seed=5)
    assert_gradients(trainer, random.standard_normal((3, 2, 8, 7)), np.array([0, 2, 1]))


@pytest.mark.parametrize(
    ("loss", "outputs", "y"),
    [
        ("cross_entropy", 4, [3, 0, 1, 1]),
        ("binary_cross_entropy", 1, [0.0, 1.0, 1.0, 0.25]),
        ("binary_cross_entropy", 3, [[0, 1, 0.5], [1, 1, 0], [0, 0, 0], [0.25, 1, 0]]),
        ("mse", 1, [0.5, -2.0, 30.0, 1.0]),
        ("mse", 2, [[0.5, 1], [-2, 3], [30, 0], [1, 1]]),
    ],
)
def test_a_losss_gradients_are_those_of_finite_differences(loss: str, outputs: int, y: list[Any]) -> None:
    random = np.random.default_rng(2)
    network = Network([{"layer": "linear", "out_features": outputs}], input_shape=(6,), dtype="float64")
    assert_gradients(Trainer(network, loss=loss), random.standard_normal((4, 6)) * 3, np.array(y))


def test_a_batch_in_parts_has_the_gradient_of_the_batch() -> None:
    random = np.random.default_rng(3)
    network = Network([conv(padding=1), {"layer": "relu"}, *LINEAR], input_shape=(1, 5, 5), dtype="float64")
    x, y = random.standard_normal((71, 1, 5, 5)), random.integers(0, 3, 71)
    trainer = Trainer(network)
    whole = trainer.gradients(x, y)
    single = [trainer.gradients(x[[index]], y[[index]]) for index in range(71)]
    for name, gradient in whole.items():
        mean = np.mean([one[name] for one in single], axis=0)
        np.testing.assert_allclose(gradient, mean, rtol=1e-9, atol=1e-12)


def test_batch_normalisation_sees_the_whole_batch() -> None:
    random = np.random.default_rng(4)
    network = Network([conv(bias=False), {"layer": "batch_norm2d"}, *LINEAR], input_shape=(1, 5, 5), dtype="float64")
    trainer = Trainer(network)
    assert_gradients(trainer, random.standard_normal((40, 1, 5, 5)), random.integers(0, 3, 40))
