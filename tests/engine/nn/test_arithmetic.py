"""An optimizer's arithmetic as it is written is what its update does, bit for bit."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from cnn_engine.nn.arithmetic import evaluate, tokens
from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.optimizers.base import Optimizer
from cnn_engine.nn.options import build

CONFIGS = [
    {"name": "sgd"},
    {"name": "sgd", "weight_decay": 0.05},
    {"name": "sgd", "momentum": 0.9},
    {"name": "sgd", "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
    {"name": "sgd", "momentum": 0.7, "dampening": 0.3},
    {"name": "adagrad"},
    {"name": "adagrad", "lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.3},
    {"name": "rmsprop"},
    {"name": "rmsprop", "centered": True, "momentum": 0.5, "weight_decay": 0.2, "alpha": 0.9},
    {"name": "adam"},
    {"name": "adam", "betas": (0.5, 0.7), "weight_decay": 0.1, "eps": 1e-3},
    {"name": "adamw"},
    {"name": "adamw", "weight_decay": 0.0},
]


def made(config: dict) -> Optimizer:
    return build(OPTIMIZERS, config, "optimizer")


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_what_is_explained_is_what_the_update_does(config):
    rng = np.random.default_rng(3)
    values = rng.standard_normal(9)
    optimizer = made(config)
    optimizer.prepare(values)
    for step in range(30):
        gradient = rng.standard_normal(9) * 10.0 ** rng.integers(-6, 6)
        rate = 0.05 / (1 + step)
        before = values.copy()
        found = optimizer.explain(values, gradient, rate)
        assert np.array_equal(values, before)  # explaining changes nothing
        optimizer.update(values, gradient, rate)
        assert list(found)[-1] == "output"
        assert np.array_equal(found["output"], values)
        for name, vector in optimizer.state.items():
            assert np.array_equal(found[name], vector), name


def independent(formula: str, known: dict[str, float]) -> float:
    """Python's own reading of a formula, with math's own root."""
    text = re.sub(r"√ (\w+|\([^()]*\))", r"math.sqrt(\1)", " ".join(tokens(formula)))
    for sign, python in {"×": "*", "÷": "/", "−": "-", "²": "**2", "^": "**"}.items():
        text = text.replace(sign, python)
    return eval(text, {"math": math}, known)


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_every_line_is_a_true_equation(config):
    """Worked again by Python itself, number by number, from the printed names."""
    optimizer = made(config)
    values, gradient = np.array([0.75]), np.array([-1.25])
    optimizer.prepare(values)
    for _ in range(2):
        known = {name: value for name, value in vars(optimizer).items() if isinstance(value, float)}
        known |= {f"{name}_before": float(vector[0]) for name, vector in optimizer.state.items()}
        known |= {"values": float(values[0]), "gradient": -1.25, "rate": 0.5, "t": optimizer.updates + 1}
        lines, found = optimizer.lines(), optimizer.explain(values, gradient, 0.5)
        assert list(lines) == list(found)
        for name, formula in lines.items():
            known[name] = float(found[name][0])
            assert independent(formula, known) == pytest.approx(known[name], rel=1e-15), f"{name} = {formula}"
        optimizer.update(values, gradient, 0.5)


def test_adams_first_update_by_hand():
    """From 0, with gradient 2: mean 0.2, squares 0.004; both corrected, 2 / √4 = 1, so the step is the rate."""
    adam = made({"name": "adam", "eps": 0.0})
    values = np.array([3.0])
    adam.prepare(values)
    found = adam.explain(values, np.array([2.0]), 0.25)
    assert found["exp_avg"] == pytest.approx([0.2])
    assert found["exp_avg_sq"] == pytest.approx([0.004])
    assert found["root"] == pytest.approx([math.sqrt(0.004)])
    assert found["direction"] == pytest.approx([0.2 / math.sqrt(0.004)])
    assert found["step"] == pytest.approx([0.25])
    assert found["output"] == pytest.approx([2.75])


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1 + 2 × 3", 7),
        ("(1 + 2) × 3", 9),
        ("8 ÷ 2 ÷ 2", 2),
        ("8 − 2 − 2", 4),
        ("√a + 1", 4),
        ("√(a + 7) × 2", 8),
        ("2 × a²", 162),
        ("1 − b ^ 3", 0.875),
        ("1 ÷ (a − 9)", math.inf),
    ],
)
def test_formulas_by_hand(formula, value):
    assert evaluate(formula, {"a": np.array([9.0]), "b": 0.5}) == value


@pytest.mark.parametrize("formula", ["1 +* 2", "(1 + 2", "a b", "2 % 3"])
def test_what_is_no_formula_is_refused(formula):
    with pytest.raises((ValueError, KeyError)):
        evaluate(formula, {"a": 1.0, "b": 2.0})
