"""Messages: ids, languages, and numbers that know their cells."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest

from cnn_engine import trace_avg_pool2d, trace_conv2d, trace_flatten, trace_linear, trace_max_pool2d, trace_relu
from cnn_engine.trace import Trace
from cnn_engine.trace.linear import trace_dense
from cnn_engine.words import lacking, language, say, spans
from cnn_engine.words.en import steps

ROOT = Path(__file__).resolve().parents[2]
IMAGE = np.arange(9.0).reshape(3, 3) - 4
TRACES = {
    "conv2d": trace_conv2d(IMAGE, np.full((2, 1, 2, 2), 0.25), np.array([0.5, -1.25])),
    "conv2d without bias": trace_conv2d(IMAGE, np.full((1, 1, 2, 2), 0.25)),
    "conv2d of large windows": trace_conv2d(IMAGE, np.full((1, 1, 3, 2), 0.25)),
    "max_pool2d": trace_max_pool2d(IMAGE, 2),
    "max_pool2d with padding": trace_max_pool2d(IMAGE, 2, padding=1, dilation=2),
    "avg_pool2d": trace_avg_pool2d(IMAGE, 2, stride=1),
    "flatten": trace_flatten(IMAGE),
    "relu": trace_relu(IMAGE),
    "linear": trace_linear(np.array([1.5, 2.0]), np.ones((2, 2)), np.array([0.1, 0.0])),
    "dense": trace_dense(np.array([1.5, 2.0]), [{"weight": np.ones((2, 2)), "bias": np.ones(2), "activation": "tanh"}]),
}


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
def test_a_number_of_a_sentence_is_the_value_of_its_cell(trace: Trace) -> None:
    seen = 0
    for message, sentence in zip(trace.messages(), trace.descriptions(), strict=True):
        assert say(message) == sentence
        for span in spans(message):
            text = sentence[span.start : span.start + span.length]
            value = trace.tensors[span.tensor][span.index]
            assert float(text.lstrip("≈").replace("\N{MINUS SIGN}", "-")) == pytest.approx(value, abs=5e-4)
            seen += 1
    assert seen >= len(trace)


def test_every_message_of_a_step_is_a_sentence_of_the_language() -> None:
    sentences = language("en")
    for trace in TRACES.values():
        for message in trace.messages():
            inspect.signature(sentences[message.id]).bind(**message.args)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ModuleNotFoundError):
        language("xx")


def test_sentences_of_large_windows_are_not_kept():
    wide = trace_conv2d(np.ones((1, 400)), np.ones((1, 100)), dilation=(1, 2))
    before = steps._kept.cache_info().currsize
    wide.descriptions(0, 50)
    assert steps._kept.cache_info().currsize == before
    TRACES["conv2d"].descriptions()
    assert steps._kept.cache_info().currsize > 0


def test_no_language_lacks_a_sentence_or_a_value_of_one() -> None:
    written = {
        path.name
        for package in ("cnn_engine", "cnn_server")
        for path in (ROOT / package / "words").iterdir()
        if path.is_dir() and path.name != "__pycache__"
    }
    assert "en" in written
    assert not {code: missed for code in written if (missed := lacking(code))}


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes a module of a language that is the only one, in a package by this name."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(package: str, code: str, text: str, module: str = "things") -> None:
        folder = tmp_path / package / code
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
        (folder / f"{module}.py").write_text(text)
        monkeypatch.setattr("cnn_engine.words.message.PACKAGES", [package])

    return write


def test_what_a_language_lacks_is_said(written) -> None:
    for code, texts in (("en", {"a": "{x} is {y}", "b": "b", "c": "{x}"}), ("xx", {"a": "{y}: {x}", "c": "c"})):
        written("words_of_a_test", code, f"TEXTS = {texts!r}\n")
    assert lacking("xx") == ["things.b", "things.c"]
    assert lacking("en") == []


def test_a_family_of_operations_says_all_of_its_own_in_one_module(written) -> None:
    family = """SECTION = "steps"
SHOWN = {"near": "by how near"}
ERRORS = {"far": "{x} is too far"}
def nearest(x): return f"Takes {x}."
"""
    written("words_of_a_family", "xx", family)
    sayings = language("xx")
    assert sorted(sayings) == ["errors.far", "shown.near", "steps.nearest"]
    assert [sayings["steps.nearest"](x=1), sayings["errors.far"](x=2)] == ["Takes 1.", "2 is too far"]
    written("words_of_a_family", "yy", family)
    written("words_of_a_family", "yy", 'TEXTS = {"near": "near"}', "shown")
    with pytest.raises(ValueError, match=r"shown\.near is said by two modules of the language yy"):
        language("yy")
