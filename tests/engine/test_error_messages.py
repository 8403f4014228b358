"""Errors carry an id and their values: every one that is raised can be said, in every language."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from pathlib import Path
from string import Formatter

import pytest

from cnn_engine import ParameterError, conv2d
from cnn_engine.nn import Network
from cnn_engine.words import say
from cnn_engine.words.en.errors import ERRORS

ROOT = Path(__file__).resolve().parents[2]
KINDS = re.compile(
    r"(Convoscope|Shape|Parameter|StepRange|Image|ImageTooLarge|Data|Unreadable|Checkpoint|File|Model|BeyondLimit)Error"
)


def raised() -> list[tuple[str, ast.Call, int]]:
    """Every place at which an error of the engine is made: where, the call, and which argument is the id."""
    found = []
    for path in sorted((*ROOT.glob("cnn_engine/**/*.py"), *ROOT.glob("cnn_server/**/*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if KINDS.fullmatch(name) and node.args:
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node, 0))
            elif name == "within" and len(node.args) == 2:
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node, 1))
    return found


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_error_that_is_raised_has_a_sentence_with_places_for_its_values():
    calls = raised()
    assert len(calls) > 200
    for where, call, index in calls:
        known = call.args[index]
        assert isinstance(known, ast.Constant), where
        assert known.value in ERRORS, where
        given = {keyword.arg for keyword in call.keywords} | ({"error"} if index else set())
        if None not in given:  # values that are put together elsewhere
            assert places(ERRORS[known.value]) == given, where


def test_no_sentence_is_left_over():
    used = {call.args[index].value for _, call, index in raised()}
    assert set(ERRORS) == used


def test_an_error_is_the_same_after_it_has_been_sent_to_another_process():
    with pytest.raises(ParameterError) as refused:
        conv2d([[[[1.0]]]], [[[[1.0]]]], stride=0)
    for other in (pickle.loads(pickle.dumps(refused.value)), copy.copy(refused.value)):
        assert (type(other), str(other), other.field) == (ParameterError, str(refused.value), "stride")


def test_a_refusal_stays_as_it_was_and_can_be_sent_whatever_was_refused():
    layers = {"a": 1}
    with pytest.raises(ParameterError) as refused:
        Network(layers, input_shape=(1, 4, 4))
    text = str(refused.value)
    layers["b"] = 2
    assert str(refused.value) == text
    assert text in repr(refused.value)
    with pytest.raises(ParameterError) as other:
        conv2d([[[[1.0]]]], [[[[1.0]]]], stride=lambda: None)
    sent = pickle.loads(pickle.dumps(other.value))
    assert (str(sent), sent.args) == (str(other.value), other.value.args)


def test_an_error_within_another_is_said_in_one_language():
    with pytest.raises(ParameterError) as refused:
        Network([{"layer": "conv2d", "out_channels": 1, "kernel_size": 0}], input_shape=(1, 4, 4))
    english, other = str(refused.value), say(refused.value.message, "qps")
    assert english.startswith("layer 1 (conv2d) with input 1 × 4 × 4: kernel_size 0")
    assert (other[0], other[-1]) == ("⟦", "⟧")
