"""Errors carry an id and their values: every one that is raised can be said, in every language."""

from __future__ import annotations

import ast
import copy
import importlib
import pickle
import pkgutil
from pathlib import Path
from string import Formatter

import pytest

from cnn_engine import ParameterError, conv2d
from cnn_engine.nn import Network
from cnn_engine.words import en, say
from cnn_engine.words.en.errors import TEXTS
from cnn_server.words.en.errors import TEXTS as SERVER
from tests.pseudo_texts import assert_said

ROOT = Path(__file__).resolve().parents[2]
KINDS = {  # what is called with the id of a refusal, and which argument that is
    **dict.fromkeys(("ConvoscopeError", "ShapeError", "ParameterError", "StepRangeError", "ImageError"), 0),
    **dict.fromkeys(
        (
            "ImageTooLargeError",
            "DataError",
            "UnreadableError",
            "CheckpointError",
            "BeyondLimitError",
            "FileError",
            "ModelError",
        ),
        0,
    ),
    **dict.fromkeys(("StoreError", "NotNowError", "refusal", "refuse", "check_most"), 0),
    **dict.fromkeys(("ProblemError", "RefusedError", "self.refuse"), 1),
}
ADDED = {  # where an id is handed on
    "refusal(id)",
    "refusal(id, **values)",
    "ProblemError(413, id, field, **values | {called: given, 'most': most})",
}
MODULES = [importlib.import_module(f"{en.__name__}.{found.name}") for found in pkgutil.iter_modules(en.__path__)]
ENGINE = dict(TEXTS)
for module in MODULES:
    ENGINE |= getattr(module, "ERRORS", {})  # of a family of operations
ERRORS = ENGINE | SERVER


def called(call: ast.Call) -> str:
    """The name that is called, with `self` where it is a method."""
    if isinstance(call.func, ast.Attribute):
        return f"self.{call.func.attr}" if ast.unparse(call.func.value) == "self" else call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def raised(package: str = "cnn_*") -> list[tuple[str, ast.Call, int]]:
    """Every place at which a refusal is made: where, the call, and which argument is the id."""
    found = []
    for path in sorted(ROOT.glob(f"{package}/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node) in ADDED:
                continue
            name = called(node)
            if name in KINDS and node.args:
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node, KINDS[name]))
            elif name == "within" and len(node.args) == 2:
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node, 1))
    return found


def fields_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def counted(call: ast.Call) -> set[str]:
    """The values that `check_most` adds: what the number is called, and the most."""
    return {"most", call.args[4].value if len(call.args) > 4 else "count"}


def test_every_refusal_has_a_sentence_with_places_for_its_values():
    calls = raised()
    assert len(calls) > 350
    for where, call, index in calls:
        known = call.args[index]
        assert isinstance(known, ast.Constant), where
        assert known.value in ERRORS, where
        given = {keyword.arg for keyword in call.keywords} - {"as_page", "full"}
        given |= {"error"} if called(call) == "within" else set()
        given |= counted(call) if called(call) == "check_most" else set()
        if None not in given:  # values that are put together elsewhere
            assert fields_of(ERRORS[known.value]) == given, where


@pytest.mark.parametrize(("package", "errors"), [("cnn_engine", ENGINE), ("cnn_server", SERVER)])
def test_no_sentence_is_left_over(package, errors):
    used = {call.args[index].value for _, call, index in raised(package)}
    assert set(errors) <= used


def test_engine_and_server_have_no_sentence_of_the_same_id():
    assert not ENGINE.keys() & SERVER.keys()


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
    assert_said(english, other)
