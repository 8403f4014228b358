"""Models in files: what is saved comes back, and what is damaged, foreign or hostile is refused in a sentence."""

from __future__ import annotations

import io
import json
import time
from dataclasses import replace

import numpy as np
import pytest

from cnn_engine import ParameterError
from cnn_engine.models import Model, ModelError, answer, load, save
from cnn_engine.models.model import texts_of
from cnn_engine.words import Message
from cnn_engine.words.kept import kept
from tests.engine.models.cases import PAPER, PAPER_INPUT, any_model
from tests.engine.packing import members, packed

LAYERS = [{"layer": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": "same"}, "batch_norm2d", "flatten"]


def saved(model):
    file = io.BytesIO()
    save(model, file)
    return file.getvalue()


def with_about(**changes):
    """The file of the model on paper with another text."""
    files = members(saved(PAPER))
    files["about.json"] = json.dumps(json.loads(files["about.json"]) | changes).encode()
    return packed(files)


def refusal(data):
    with pytest.raises(ModelError) as refused:
        load(io.BytesIO(data))
    assert refused.value.field == "file"
    return str(refused.value)


# ---- there and back


def test_a_model_comes_back_as_it_was(tmp_path):
    path = tmp_path / "paper.npz"
    save(PAPER, path)
    model = load(path)
    for name in ("input_shape", "classes", "name", "source", "accuracy", "prepare", "dataset", "architecture"):
        assert getattr(model, name) == getattr(PAPER, name)
    assert model.parameters.keys() == PAPER.parameters.keys()
    for name, array in PAPER.parameters.items():
        assert (model.parameters[name].dtype, model.parameters[name].tolist()) == (array.dtype, array.tolist())
    assert answer(load(str(path)), PAPER_INPUT).logits.tolist() == [16, -7]
    assert [one.name for one in tmp_path.iterdir()] == ["paper.npz"]


def test_what_a_model_is_called_comes_back_as_a_message_where_it_says_that():
    name = Message("sources.bent_name", {"model": Message("sources.digits", {})})
    back = load(io.BytesIO(saved(replace(PAPER, **texts_of(name=name)))))
    assert (back.name, back.words) == ("Digits (bent)", {"name": name})
    others = [Message("sources.clothes", {}), Message("parts.as_kept", {"text": back.name}), Message("sources.new", {})]
    for own in [*map(kept, others), back.name, {"list": [3]}]:
        assert load(io.BytesIO(with_about(name=back.name, words={"name": own}))).words == {}


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_parameters_keep_their_kind_and_are_computed_with_in_float64(dtype):
    model, sample = any_model(LAYERS, (1, 4, 4), 3)
    numbers = {n: a.astype(dtype) if a.dtype.kind == "f" else a for n, a in model.parameters.items()}
    own = Model(LAYERS, numbers, (1, 4, 4), model.classes)
    back = load(io.BytesIO(saved(own)))
    assert {array.dtype.name for array in back.parameters.values()} == {dtype, "int64"}
    as_double = Model(
        LAYERS, {n: a.astype(float) if a.dtype.kind == "f" else a for n, a in numbers.items()}, (1, 4, 4), model.classes
    )
    given = answer(back, sample)
    assert given.logits.dtype == np.float64
    assert given.logits.tolist() == answer(as_double, sample).logits.tolist()


def test_numpy_reads_the_arrays():
    with np.load(io.BytesIO(saved(PAPER)), allow_pickle=False) as arrays:
        assert arrays["4.weight"].tolist() == [[1, 2], [-1, 0.5]]


def test_numbers_that_are_none_are_kept():
    model = PAPER.changed({"4.bias": [np.nan, np.inf]})
    assert np.isnan(load(io.BytesIO(saved(model))).parameters["4.bias"][0])


def test_what_a_model_is_made_of_is_its_own():
    weight = np.ones((2, 4))
    layers = ["flatten", {"layer": "linear", "out_features": 2, "bias": False}]
    model = Model(layers, {"1.weight": weight}, (1, 2, 2), ["a", "b"])
    weight[...] = 7
    layers[1]["out_features"] = 9
    assert model.parameters["1.weight"].max() == 1
    assert model.architecture[1]["out_features"] == 2
    with pytest.raises(ValueError, match="read-only"):
        model.parameters["1.weight"][0] = 3


# ---- what is no model


IMPOSSIBLE = {  # beside what test_npz.py has for files of either kind
    "a checkpoint": (lambda: with_about(kind="convoscope checkpoint"), "not a model of this project"),
    "unknown text": (lambda: with_about(more=1), '"more"'),
    "another layer": (lambda: with_about(architecture=["dance"]), "dance"),
    "no layers": (lambda: with_about(architecture=7), "list of layers"),
    "a network larger than the file": (
        lambda: with_about(
            architecture=["flatten", {"layer": "linear", "out_features": 900_000}], input_shape=[1, 2, 2]
        ),
        "arrays are not those",
    ),
    "too many parameters": (
        lambda: with_about(architecture=["flatten", {"layer": "linear", "out_features": 9_000_000}]),
        "arrays are not those",
    ),
    "too few classes": (lambda: with_about(classes=["yes"]), "1 name where the network has 2 outputs"),
    "classes that are numbers": (lambda: with_about(classes=[1, 2]), "must be text"),
    "classes that are one text": (lambda: with_about(classes="ab"), '"classes"'),
    "a long name": (lambda: with_about(name="x" * 201), "at most 200"),
    "an accuracy above 1": (lambda: with_about(accuracy=97.6), "97.6"),
    "an accuracy that is none": (lambda: with_about(accuracy=float("nan")), "must be finite"),
    "a step that is none": (lambda: with_about(prepare={"dance": True}), "dance"),
    "a step that is no flag": (lambda: with_about(prepare={"crop": 1}), "true or false"),
    "a data set without a name": (lambda: with_about(dataset={"size": 8}), '"name"'),
    "half a character in the name": (lambda: with_about(name="\ud800"), "damaged"),
    "half a character in the source": (lambda: with_about(source="a\udfff"), "damaged"),
    "half a character in a class": (lambda: with_about(classes=["\ud800", "b"]), "damaged"),
    "half a character in a layer": (lambda: with_about(architecture=["\ud800"]), "damaged"),
    "a data set that is unknown": (lambda: with_about(dataset={"name": "mnist"}), "mnist"),
    "an endless number": (lambda: with_about(dataset={"name": "digits", "size": 2**64}), "beyond 64 bits"),
    "a list as an option": (lambda: with_about(dataset={"name": "digits", "size": [1]}), "must be texts, numbers"),
    "a long option": (lambda: with_about(dataset={"name": "digits", "size": "x" * 201}), "at most 200"),
    "many options": (lambda: with_about(dataset={"name": "digits"} | {f"a{n}": 1 for n in range(30)}), "31 entries"),
    "a shape that is none": (lambda: with_about(input_shape=[1, 2]), "input_shape"),
    "a shape without end": (lambda: with_about(input_shape=[1, 10**9, 10**9]), "more than 4096"),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_is_no_model_is_refused_in_one_sentence(name):
    make, message = IMPOSSIBLE[name]
    data = make()
    began = time.process_time()
    sentence = refusal(data)
    assert time.process_time() - began < 5  # where one second is meant
    assert message in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("change", [{"name": "\ud800"}, {"source": "\ud800"}, {"classes": ["\ud800", "b"]}])
def test_half_a_character_is_no_text_of_a_model(change):
    with pytest.raises(ParameterError, match="half a character"):
        replace(PAPER, **change)


def test_a_whole_number_that_no_answer_can_hold_is_none_of_a_layer():
    with pytest.raises(ParameterError, match="beyond 64 bits"):
        Model([{"layer": "batch_norm2d", "eps": 2**64}, "flatten"], {}, (1, 1, 2), ["a", "b"])


def test_a_file_that_says_more_than_it_holds_takes_no_memory():
    files = members(saved(PAPER))
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"shape": (1000, 4), "fortran_order": False, "descr": "<f8"})
    about = json.loads(files["about.json"]) | {
        "architecture": ["flatten", {"layer": "linear", "out_features": 1000, "bias": False}],
        "classes": [str(n) for n in range(1000)],
    }
    data = packed({"about.json": json.dumps(about).encode(), "1.weight.npy": head.getvalue()})
    assert "4,000 parameters" in refusal(data) or "needed" in refusal(data)


def test_a_file_that_is_not_there_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz")


def test_more_parameters_than_are_taken_are_refused():
    with pytest.raises(ParameterError, match="8,000,000 parameters"):
        Model(["flatten", {"layer": "linear", "out_features": 2, "bias": False}], {}, (1, 2000, 2000), ["a", "b"])


def test_what_is_another_file_is_refused_in_words_of_people():
    """What Python says of it, "File is not a zip file", says nothing to whoever chose a photo."""
    assert refusal(b"\x89PNG") == "this file is not a model that was saved here, or it is damaged"
