"""The lines of one weight's update: equations in numbers, whichever optimizer makes them."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.options import build
from cnn_engine.trace.one_weight import weight_lines

POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
SIGNS = {"\N{MINUS SIGN}": "-", "×": "*", "÷": "/", "√": "math.sqrt"}


def computed(text: str) -> float:
    """What one side of an equation comes to."""
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda power: f"**({power[0].translate(POWERS)})", text)
    for sign, python in SIGNS.items():
        text = text.replace(sign, python)
    return float(eval(text, {"math": math}))


@pytest.mark.parametrize(
    ("name", "settings"),
    [*((name, {}) for name in OPTIMIZERS), ("sgd", {"momentum": 0.9}), ("sgd", {"weight_decay": 0.01})],
)
@pytest.mark.parametrize("gradient", [0.25, -0.04435])
def test_each_line_is_an_equation_of_numbers_that_holds(name, settings, gradient) -> None:
    optimizer = build(OPTIMIZERS, {"name": name, "learning_rate": 0.01, **settings}, "optimizer")
    optimizer.prepare(np.zeros(1))
    lines = [text for _, text in weight_lines(optimizer, 0.7226, gradient, 0.01)]
    equations = [re.split("[=≈]", text.lstrip("≈")) for text in lines]
    held = [sides for sides in equations if len(sides) == 2]
    assert len(held) >= 2, lines
    for left, right in held:
        assert computed(left) == pytest.approx(computed(right), rel=2e-3), lines
