"""What is said: numbers by the table that the pages are tested by too, sentences word by word."""

from __future__ import annotations

import json
import math
import operator
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import cnn_engine
from cnn_engine import trace_avg_pool2d, trace_conv2d, trace_flatten, trace_max_pool2d
from cnn_engine.wording import equation, exact, number, numbers, numbers_that_hold, unbroken
from cnn_engine.words.en import learning, reasons

CASES = json.loads((Path(__file__).parents[1] / "number_wording.json").read_text("utf-8"))
FORMULAS = json.loads((Path(__file__).parents[1] / "formula_wording.json").read_text("utf-8"))
LESSON = np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize(("value", "text"), CASES)
def test_a_number_as_people_read_it(value, text):
    assert number(-math.inf if value is None else value) == text


def test_many_numbers_at_once_are_said_as_one_by_one():
    values = np.array([math.nan if value is None else value for value, _ in CASES] + [math.inf, -0.0, 1e305])
    near = np.concatenate([values, np.arange(-2000, 2000) / 1000, np.arange(-200, 200) / 2000, np.geomspace(1e-9, 1e9)])
    whole, few = near[near == np.rint(near)], np.array([2**60, -3])
    for some in (near, near * (1 + 1e-15), whole, few, np.float32([0.1, 1 / 3]), near[:0]):
        assert numbers(some) == [number(value) for value in some]


@pytest.mark.parametrize(("text", "bound"), FORMULAS)
def test_operators_stay_with_their_operands(text, bound):
    assert unbroken(text).replace("\N{NO-BREAK SPACE}", "~") == bound


def test_an_equation_has_one_sign_which_says_whether_its_right_side_is_rounded():
    assert [equation("1 ÷ 3", 1 / 3), equation("2 + 2", 4)] == ["1 ÷ 3 ≈ 0.333", "2 + 2 = 4"]


def test_what_an_update_takes_away_is_printed_so_that_it_makes_the_new_value():
    # −0.571 − (−1.004) would be 0.433
    values, step = -0.57071, -1.00438
    spoken = learning.update((0,), (1,), values, 10 * step, 0.1, {"step": step}, values - step)
    assert spoken.startswith("Bias 1 was ≈−0.5707, and its gradient is ≈−10.044.")
    assert "0.1, times the gradient: ≈−1.0044. It is taken away, and the new value is ≈0.434." in spoken


def test_what_is_not_a_number_is_none():
    assert [number(value) for value in (math.inf, math.nan)] == ["none", "none"]


VERB = re.compile(
    r"[=≈] |\b(is|are|was|be|has|have|covers?|lies?|holds?|adds?|makes?|moves?|meets?|leaves|gives?|costs?|"
    r"takes?|becomes|keeps|misses|fall|rise|stays?|depends?|gathers|goes|grew|counts?|stands?|reached|won|said|used)\b"
)
LINE = [1.5, -2.0, 0.0]
SAYING = {
    "conv2d": trace_conv2d([LESSON, LESSON], np.ones((2, 2, 2, 2)), [1, 0], padding=1),
    "conv_transpose2d": cnn_engine.trace_conv_transpose2d(LESSON, np.ones((1, 1, 2, 2)), stride=2),
    "conv_transpose2d, scattered": cnn_engine.trace_conv_transpose2d(LESSON, np.ones((1, 1, 2, 2)), mode="scatter"),
    "interpolate2d": cnn_engine.trace_interpolate2d(LESSON, 2, mode="bilinear"),
    "max_pool2d": trace_max_pool2d(LESSON, 2, padding=1),
    "avg_pool2d": trace_avg_pool2d(LESSON, 2),
    "global_avg_pool2d": cnn_engine.trace_global_avg_pool2d([LESSON]),
    **{
        f"pad2d, {mode}": cnn_engine.trace_pad2d(LESSON, 1, mode=mode)
        for mode in ("zeros", "reflect", "replicate", "circular")
    },
    "flatten": trace_flatten(LESSON),
    "linear": cnn_engine.trace_linear(LINE, np.ones((2, 3)), [1, 0]),
    **{
        name: getattr(cnn_engine, f"trace_{name}")(LINE)
        for name in ("relu", "leaky_relu", "hardtanh", "sigmoid", "tanh")
    },
    "softmax": cnn_engine.trace_softmax(LINE),
    "log_softmax": cnn_engine.trace_log_softmax(LINE),
    "cross_entropy": cnn_engine.trace_cross_entropy(LINE, 0),
    "mse": cnn_engine.trace_mse(LINE, [1, 1, 1]),
    "binary_cross_entropy": cnn_engine.trace_binary_cross_entropy([0.25, 0.5], [1, 0]),
    "binary_cross_entropy_with_logits": cnn_engine.trace_binary_cross_entropy_with_logits(LINE, [1, 0, 1]),
    "conv2d, backward": cnn_engine.trace_conv2d_backward(LESSON, np.ones((1, 1, 2, 2)), np.ones((2, 2)), wrt="input"),
    "max_pool2d, backward": cnn_engine.trace_max_pool2d_backward(LESSON, 2, np.ones((1, 1))),
    "pad2d, backward": cnn_engine.trace_pad2d_backward(LESSON, 1, np.ones((5, 5))),
    "relu, backward": cnn_engine.trace_relu_backward(LINE, [1, 1, 1]),
}


@pytest.mark.parametrize("trace", SAYING.values(), ids=SAYING)
def test_every_sentence_of_a_step_has_a_verb(trace):
    sentences = [part for text in trace.descriptions() for part in re.split(r"(?<=[.])\s", text)]
    assert [sentence for sentence in sentences if not VERB.search(sentence)] == []


def test_an_exact_number_has_a_power_of_ten_for_an_exponent():
    assert [exact(value) for value in (1e-8, 2.5e-7, -3e-10, 0.999, 2.0, 1e22)] == [
        "10⁻⁸",
        "2.5 × 10⁻⁷",
        "−3 × 10⁻¹⁰",
        "0.999",
        "2",
        "10²²",
    ]


def test_what_is_printed_of_an_equation_holds():
    rng = np.random.default_rng(3)
    needed_more = 0
    for scale in (1.0, 30.0, 1e-3):
        for first, second in rng.normal(0, scale, (400, 2)):
            shown = numbers_that_hold([first, second], first * second, operator.mul)
            needed_more += shown != [number(first), number(second)]
            printed = math.prod(float(value_printed(text)) for text in shown)
            right = value_printed(number(first * second))
            assert abs(Decimal(printed) - right) <= Decimal("0.5000001") * unit_printed(number(first * second))
    assert 0 < needed_more < 1200
    assert numbers_that_hold([0.60946], 0.49518, lambda share: -math.log(share)) == ["≈0.6095"]
    assert numbers_that_hold([1.0, 1.6408], 0.60946, operator.truediv) == ["1", "1.6408"]


def value_printed(text: str) -> Decimal:
    """What a text says a number is."""
    mantissa, _, power = text.removeprefix("≈").replace("−", "-").partition(" × 10")
    exponent = int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0)
    return Decimal(mantissa).scaleb(exponent)


def unit_printed(text: str) -> Decimal:
    """One of the last place to which numbers like this one are rounded, zeros at its end included."""
    value = value_printed(text)
    return Decimal(10) ** ((value.adjusted() - 3) if " × " in text else -3)


def test_a_sentence_and_a_loss_add_up_as_they_are_printed():
    trace = cnn_engine.trace_conv2d([[[0.123, 1.77], [3.1, 0.4]]], [[[[0.37, -0.21], [0.113, 0.77]]]])
    assert "≈0.0455 − 0.3717 + 0.3503 + ≈0.308 add up to ≈0.332" in trace[0].describe()
    loss = cnn_engine.trace_cross_entropy([2.0, 1.0, -1.0, 0.5], 0)
    assert loss[len(loss) - 1].describe().startswith("Loss = −ln(0.6095) ≈ 0.495:")
    assert reasons.contribution_equation(0.83152, 2.72027, 0.83152 * 2.72027) == "≈0.8315 × ≈2.7203 ≈ 2.262"
    assert "holds ≈0.8315. For each 1" in reasons.contribution(0.83152, 2.72027, 0.83152 * 2.72027, ["7"])
