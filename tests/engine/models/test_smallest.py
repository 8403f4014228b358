"""The smallest change of one number that turns an answer: on paper, by answers, against all numbers moved."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import ParameterError, ShapeError
from cnn_engine.models import SHIPPED, Model, answer, bend, shipped, smallest_change
from cnn_engine.models.smallest import CHECKS, straight
from cnn_engine.models.work import bending_work, model_answer_work, smallest_work, why_work
from cnn_engine.nn import Network
from tests.engine.models.cases import PAPER, PAPER_INPUT, any_model
from tests.engine.models.test_learned import DEEP

BOUND = 10.0


def logits_with(model, sample, change, value, off=()):
    """The logits with one number of the model at a value."""
    bent = bend(model, [{"parameter": change.parameter, "index": list(change.index), "value": value}])
    return answer(bent, sample, off=off).logits


def leads(logits, wanted):
    return all(logits[wanted] > one for other, one in enumerate(logits) if other != wanted)


def turns_and_half_does_not(model, sample, change, wanted, off=()):
    half = (change.before + change.after) / 2
    assert leads(logits_with(model, sample, change, change.after, off), wanted)
    assert not leads(logits_with(model, sample, change, half, off), wanted)


def test_it_is_as_on_paper():
    """Of logits 16 and -7 the second is wanted: 23 of a bias, or 23 / 7 of a weight that is times 7, and a little."""
    found = smallest_change(PAPER, PAPER_INPUT, 1, bound=30)
    assert (found.class_, found.bound) == (1, 30)
    assert (found.bias.parameter, found.bias.index, found.bias.before) == ("4.bias", (1,), -1)
    assert (found.bias.after, found.bias.exact) == (22.01, True)  # 22 would only draw level
    assert (found.weight.parameter, found.weight.before, found.weight.exact) == ("4.weight", -1, True)
    assert (found.weight.index, found.weight.after) == ((1, 0), 2.286)  # -1 + 23 / 7 = 2.28571...
    turns_and_half_does_not(PAPER, PAPER_INPUT, found.bias, 1)
    turns_and_half_does_not(PAPER, PAPER_INPUT, found.weight, 1)
    assert PAPER.parameters["4.bias"].tolist() == [5, -1]


def test_without_a_class_it_is_the_one_that_comes_next():
    model, sample = any_model(*DEEP, seed=1)
    order = np.argsort(-answer(model, sample).logits)
    assert smallest_change(model, sample).class_ == order[1]
    assert smallest_change(model, sample, int(order[2])).class_ == order[2]


def test_beyond_the_bound_there_is_none():
    found = smallest_change(PAPER, PAPER_INPUT, 1)
    assert (found.bound, found.bias) == (10, None)
    assert found.weight.after == 2.286
    assert smallest_change(PAPER, PAPER_INPUT, 1, bound=3.2).weight is None


@pytest.mark.parametrize("name", SHIPPED)
def test_of_a_shipped_model_the_answer_turns_and_by_half_of_the_change_does_not(name):
    model = shipped(name)
    random = np.random.default_rng(5)
    found = []
    for _ in range(3):
        sample = random.random(model.input_shape)
        order = np.argsort(-answer(model, sample).logits)
        for wanted in map(int, order[1:3]):
            one = smallest_change(model, sample, wanted)
            found += [(sample, wanted, change) for change in (one.bias, one.weight) if change]
    assert len(found) > 6
    for sample, wanted, change in found:
        assert abs(change.after - change.before) <= BOUND
        turns_and_half_does_not(model, sample, change, wanted)


def test_where_it_is_exact_a_thousandth_less_of_no_number_of_those_layers_does_it():
    """Every number of the last layers, moved up and down by that much: three classes, so that two others compete."""
    model, sample = any_model(*DEEP, seed=3)
    wanted = int(np.argsort(-answer(model, sample).logits)[1])
    for off in ((), [{"layer": 3, "channel": 1}]):
        found = smallest_change(model, sample, wanted, off=off, bound=1e6)
        for kind, change in (("bias", found.bias), ("weight", found.weight)):
            turns_and_half_does_not(model, sample, change, wanted, off)
            size = abs(change.after - change.before) * 0.999
            for layer in (3, 5):
                name = f"{layer}.{kind}"
                assert straight(model, layer)
                for index, before in np.ndenumerate(model.parameters[name]):
                    for value in (before - size, before + size):
                        moved = {"parameter": name, "index": list(index), "value": float(value)}
                        assert not leads(answer(bend(model, [moved]), sample, off=off).logits, wanted)


def test_a_number_before_a_gate_is_found_by_trying_where_it_does_with_less():
    """The filter's bias goes to four cells, whose average the logit takes 8 times: -1 + 8 (1 + change) > 9."""
    layers = [{"layer": "conv2d", "out_channels": 1, "kernel_size": 1}, "relu", "global_avg_pool2d", "flatten"]
    model, _ = any_model([*layers, {"layer": "linear", "out_features": 2}], (1, 2, 2), seed=0)
    numbers = {"0.weight": [[[[0.5]]]], "0.bias": [0.0], "4.weight": [[0.0], [8.0]], "4.bias": [9.0, -1.0]}
    model, sample = model.changed(numbers), np.full((1, 2, 2), 2.0)
    found = smallest_change(model, sample, 1)
    assert (found.bias.parameter, found.bias.exact) == ("0.bias", False)
    assert found.bias.after == pytest.approx(0.25, rel=2e-3)
    assert (found.weight.parameter, found.weight.exact) == ("0.weight", False)
    assert found.weight.after == pytest.approx(0.625, rel=2e-3)
    for change in (found.bias, found.weight):
        turns_and_half_does_not(model, sample, change, 1)


def test_behind_a_closed_gate_only_what_comes_after_it_is_found():
    model = PAPER.changed({"0.bias": [-99.0, -99.0]})  # logits 5 and -1: one bias falls by 6, and a little
    found = smallest_change(model, PAPER_INPUT, 1)
    assert (found.bias.after, found.weight) == (-1.001, None)


def test_no_more_answers_are_looked_at_than_are_counted(monkeypatch):
    from cnn_engine.models import smallest

    model, looked = shipped("digits"), []
    sample = np.random.default_rng(1).random(model.input_shape)
    turns = smallest._leads
    monkeypatch.setattr(smallest, "_leads", lambda *given: (looked.append(1), turns(*given))[1])
    smallest_change(model, sample, bound=1e6)
    assert 10 < len(looked) <= 1 + 2 * CHECKS


def test_of_numbers_that_are_none_nothing_is_found():
    none = PAPER.changed({"4.bias": [np.nan, 0]})
    found = smallest_change(none, PAPER_INPUT, 1)
    assert (found.bias, found.weight) == (None, None)


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: smallest_change(PAPER, PAPER_INPUT, 0), "class"),  # it is the answer already
        (lambda: smallest_change(PAPER, PAPER_INPUT, 2), "class"),
        (lambda: smallest_change(PAPER, PAPER_INPUT, 1, bound=0), "bound"),
        (lambda: smallest_change(PAPER, [[[1]]], 1), "input"),
        (lambda: smallest_change(PAPER, PAPER_INPUT, 1, off=[{"layer": 9, "channel": 0}]), "off.0.layer"),
    ],
)
def test_what_is_refused(call, field):
    with pytest.raises((ParameterError, ShapeError)) as refused:
        call()
    assert refused.value.field == field


SUMS = [{"layer": "conv2d", "out_channels": 8, "kernel_size": 3}, {"layer": "global_avg_pool2d"}]


@pytest.mark.parametrize("name", ["digits", "shapes-colour", "sums"])
def test_the_work_that_is_counted_is_at_most_about_three_times_what_is_done(monkeypatch, name):
    """In answers, as work is counted, where a search ends that finds both changes."""
    from cnn_engine.models import smallest

    network = Network(SUMS, input_shape=(1, 48, 48), seed=1)
    own = Model(SUMS, network.state(), (1, 48, 48), list("abcdefgh"), name="sums", source="")
    model, answers, gradients = own if name == "sums" else shipped(name), [], []
    sample = np.random.default_rng(0).random(model.input_shape)
    whole = smallest.Pass

    def counted(*given, backward=False, **more):
        (gradients if backward else answers).append(1)
        return whole(*given, backward=backward, **more)

    monkeypatch.setattr(smallest, "Pass", counted)
    smallest_change(model, sample)
    answer, gradient = model_answer_work(model), why_work(model, "gradient")
    done = bending_work(model) + len(answers) * answer + len(gradients) * gradient
    assert done <= smallest_work(model) <= 3.5 * done
