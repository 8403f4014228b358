"""Activations: each on paper, by finite differences, and the same whole, step by step, backward and as a layer."""

from __future__ import annotations

import math

import numpy as np
import pytest

import cnn_engine as engine
from cnn_engine import ParameterError
from cnn_engine.catalogue import OPERATIONS
from cnn_engine.nn import Network
from cnn_engine.nn.layers import LAYERS
from cnn_engine.pointwise import ACTIVATIONS
from cnn_engine.words import say

from .nn.test_by_hand import run

THIRD = math.log(3)  # the sigmoid of log 3 is 3/4, with slope 3/16
# the activation, its options, what it is given, what that becomes, and the slopes there
ON_PAPER = [
    ("relu", {}, [-2, 0, 3], [0, 0, 3], [0, 0, 1]),
    ("leaky_relu", {"negative_slope": 0.25}, [-2, 0, 3], [-0.5, 0, 3], [0.25, 0.25, 1]),
    ("hardtanh", {}, [-3, -1, -0.5, 0, 1, 4], [-1, -1, -0.5, 0, 1, 1], [0, 0, 1, 1, 0, 0]),
    ("hardtanh", {"min_val": 0, "max_val": 6}, [-3, 0, 5, 6, 7], [0, 0, 5, 6, 6], [0, 0, 1, 0, 0]),
    ("sigmoid", {}, [0, THIRD, -THIRD], [1 / 2, 3 / 4, 1 / 4], [1 / 4, 3 / 16, 3 / 16]),
    ("tanh", {}, [0, math.log(2)], [0, 3 / 5], [1, 16 / 25]),  # the tangent of log 2 is 3/5
]
REFUSED = [
    ("hardtanh", {"min_val": 2, "max_val": 1}, "min_val", "min_val 2 must be less than 1"),
    ("hardtanh", {"min_val": 1}, "min_val", "min_val 1 must be less than 1"),
    ("hardtanh", {"max_val": math.inf}, "max_val", "max_val must be a finite number, not inf"),
    ("leaky_relu", {"negative_slope": math.nan}, "negative_slope", "negative_slope must be a finite number, not nan"),
    ("leaky_relu", {"negative_slope": True}, "negative_slope", "negative_slope must be a finite number, not True"),
]


def test_every_activation_is_worked_on_paper_and_is_a_layer():
    assert {name for name, *_ in ON_PAPER} == set(ACTIVATIONS) == set(ACTIVATIONS) & set(LAYERS)


@pytest.mark.parametrize(("name", "options", "x", "output", "slopes"), ON_PAPER)
def test_an_activation_and_its_gradient_are_what_is_worked_on_paper(name, options, x, output, slopes):
    function, trace = getattr(engine, name), getattr(engine, f"trace_{name}")
    backward = getattr(engine, f"trace_{name}_backward")
    np.testing.assert_allclose(function(x, **options), output, rtol=1e-14)
    np.testing.assert_allclose([step.output for step in trace(x, **options)], output, rtol=1e-14)
    gradient = backward(x, np.full(len(x), 16.0), **options).tensors["output"]
    np.testing.assert_allclose(gradient, np.multiply(slopes, 16), rtol=1e-14)


@pytest.mark.parametrize(("name", "options", "x", "output", "slopes"), ON_PAPER)
def test_a_layer_gives_the_same_forward_and_backward(name, options, x, output, slopes):
    given, gradients = run({"layer": name, **options}, x, [[16] * len(x)])
    np.testing.assert_allclose(given, output, rtol=1e-14)
    np.testing.assert_allclose(gradients["input"], np.multiply(slopes, 16), rtol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_is_that_of_finite_differences_between_the_corners(name):
    options = {option.name: option.default for option in OPERATIONS[name].parameters if not option.required}
    activation, x, h = ACTIVATIONS[name], np.linspace(-3.3, 3.3, 67), 1e-6
    for corner in activation.corners(**options):
        x = x[np.abs(x - corner) > 2 * h]
    differences = (activation.function(x + h, **options) - activation.function(x - h, **options)) / (2 * h)
    np.testing.assert_allclose(activation.slope(x, **options), differences, atol=1e-8)


@pytest.mark.parametrize(("name", "options", "field", "sentence"), REFUSED)
def test_what_an_activation_refuses_is_named(name, options, field, sentence):
    for refused in (getattr(engine, name), getattr(engine, f"trace_{name}"), lambda _, **given: layer(name, given)):
        with pytest.raises(ParameterError) as error:
            refused([1.0], **options)
        assert (error.value.field.rpartition(".")[2], say(error.value.message).rpartition(": ")[2]) == (field, sentence)


def layer(name, options):
    return Network([{"layer": name, **options}], input_shape=(1,))
