"""Files of both kinds, checkpoints and models: what is damaged, foreign or hostile is refused unread, in a sentence."""

from __future__ import annotations

import io
import itertools
import json
import pickle
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from cnn_engine.errors import FileError
from cnn_engine.models import ModelError
from cnn_engine.models import load as load_model
from cnn_engine.models import save as save_model
from cnn_engine.nn import CheckpointError, fit, load, save
from tests.engine.models.cases import PAPER
from tests.engine.packing import members, npy, packed

from .runs import DRAWING, blobs, trainer_of

MOST_SECONDS = 5  # where one is meant


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, a good one, one of its arrays, and how it is read."""

    what: str
    good: bytes
    name: str
    load: Callable[[io.BytesIO], object]
    refusal: type[FileError]

    @property
    def files(self):
        """{name: bytes} of the good one."""
        return members(self.good)

    @property
    def array(self):
        return np.load(io.BytesIO(self.files[self.name]))

    def with_array(self, data):
        """The good file with other bytes for its array."""
        return packed(self.files | {self.name: data if isinstance(data, bytes) else npy(data)})

    def with_text(self, **changes):
        about = json.loads(self.files["about.json"]) | changes
        return packed(self.files | {"about.json": json.dumps(about)})

    def without(self, name):
        return packed({own: data for own, data in self.files.items() if own != name})

    def refused(self, data):
        """What loading says."""
        with pytest.raises(self.refusal) as refused:
            self.load(io.BytesIO(data))
        assert (type(refused.value), refused.value.field) == (self.refusal, "file")
        return str(refused.value)


def _checkpoint():
    trainer = trainer_of(DRAWING, optimizer={"name": "sgd", "learning_rate": 0.2, "momentum": 0.9})
    list(itertools.islice(fit(trainer, blobs(21), epochs=9), 7))
    file = io.BytesIO()
    save(trainer, file)
    return Kind("checkpoint", file.getvalue(), "network/0.weight.npy", load, CheckpointError)


def _model():
    file = io.BytesIO()
    save_model(PAPER, file)
    return Kind("model", file.getvalue(), "0.weight.npy", load_model, ModelError)


@pytest.fixture(scope="module", params=[_checkpoint, _model], ids=["checkpoint", "model"])
def kind(request):
    return request.param()


def savez():
    file = io.BytesIO()
    np.savez(file, weights=np.ones(3))
    return file.getvalue()


BAIT = Path("sprung.by.a.file")  # in the folder of the test


class Trap:
    """Unpickling it writes a file."""

    def __reduce__(self):
        return open, (str(BAIT), "w")


def header(text):
    """An array's bytes with this text as its header."""
    return b"\x93NUMPY\x01\x00" + (len(text) + 1).to_bytes(2, "little") + text + b"\n" + bytes(8)


def pickled():
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "|O", "fortran_order": False, "shape": (2,)})
    return head.getvalue() + pickle.dumps(np.array([Trap()] * 2, object), protocol=4)


def endless():
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f4", "fortran_order": False, "shape": (10**6, 10**6)})
    return head.getvalue()


CODE = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': open('" + str(BAIT).encode() + b"', 'w')}"
FOREIGN = "this file is not a {what}"
NAMED = "{name}"

# What is made of a good file, and what is said of it
HOSTILE: dict[str, tuple[Callable[[Kind], bytes], str]] = {
    "nothing": (lambda _: b"", FOREIGN),
    "a text": (lambda _: b"hello", FOREIGN),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(100), FOREIGN),
    "zeros": (lambda _: bytes(10_000), FOREIGN),
    "an empty zip": (lambda _: packed({}), FOREIGN),
    "another zip": (lambda _: packed({"a/../../b": "c"}), FOREIGN),
    "another npz": (lambda _: savez(), 'it has no "about.json"'),
    "a pickle": (lambda _: pickle.dumps(Trap()), FOREIGN),
    "a pickle inside": (lambda kind: kind.with_array(pickled()), NAMED),
    "a pickle in the place of an array": (lambda kind: kind.with_array(pickle.dumps(Trap())), NAMED),
    "code in a header": (lambda kind: kind.with_array(header(CODE)), NAMED),
    "a header without end": (lambda kind: kind.with_array(header(b"{'descr': " + b"-" * 9000 + b"1}")), NAMED),
    "compressed": (lambda kind: packed(kind.files, zipfile.ZIP_DEFLATED), "it is compressed"),
    "a zip bomb": (lambda _: packed({"about.json": bytes(50_000_000)}, zipfile.ZIP_DEFLATED), "it is compressed"),
    "ten thousand entries": (lambda _: packed({f"{n}.npy": b"" for n in range(10_000)}), "10,000 files"),
    "a long text": (lambda kind: packed(kind.files | {"about.json": b" " * 1_000_001}), "longer than 1,000,000 bytes"),
    **{
        f"a text that is {text[:9]!r}": (lambda kind, text=text: packed(kind.files | {"about.json": text}), "")
        for text in (b"", b"{", b"null", b"[]", b"\xff\xfe", b'"kind"', b"[" * 500_000)
    },
    "half a character": (lambda kind: kind.with_text(more="\ud800"), "damaged"),
    "another kind": (lambda kind: kind.with_text(kind="a recipe"), "this file is not a {what} of this project"),
    "of tomorrow": (lambda kind: kind.with_text(version=2), "this {what} is of version 2, and 1 is known here"),
    "a list as its version": (lambda kind: kind.with_text(version=[]), "version []"),
    "true as its version": (lambda kind: kind.with_text(version=True), "version True"),
    "a missing array": (lambda kind: kind.without(kind.name), '"{name}.npy"'),
    **{
        f"{more} too many": (lambda kind, more=more: packed(kind.files | {more: npy(np.ones(1))}), f'"{more}"')
        for more in ("9.weight.npy", "../../climbs.npy", "/absolute.npy")
    },
    "whole numbers": (lambda kind: kind.with_array(kind.array.astype(int)), "kind int64 must be"),
    "complex numbers": (lambda kind: kind.with_array(kind.array.astype(complex)), "kind complex128 must be"),
    "big-endian": (lambda kind: kind.with_array(kind.array.astype(">f4")), "must be"),
    "by columns": (lambda kind: kind.with_array(np.asfortranarray(np.ones((2, 2)))), NAMED),
    "several numbers in one": (lambda kind: kind.with_array(np.zeros(kind.array.shape, [("a", "f4")])), NAMED),
    "another shape": (lambda kind: kind.with_array(np.ones((7, 7), kind.array.dtype)), "(7, 7)"),
    "of NumPy's second version": (lambda kind: kind.with_array(npy(kind.array, version=(2, 0))), NAMED),
    "an array cut off": (lambda kind: kind.with_array(npy(kind.array)[:-4]), "bytes are needed"),
    "an array and more": (lambda kind: kind.with_array(npy(kind.array) + b"more"), "bytes are needed"),
    "an array without end": (lambda kind: kind.with_array(endless()), NAMED),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_such_file_is_refused_in_one_sentence_and_nothing_in_it_is_run(kind, name, tmp_path, monkeypatch):
    make, message = HOSTILE[name]
    monkeypatch.chdir(tmp_path)
    data = make(kind)
    began = time.process_time()
    tracemalloc.start()
    try:
        sentence = kind.refused(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < MOST_SECONDS
    assert most < 3 * len(data) + 3_000_000
    assert message.format(what=kind.what, name=kind.name.removesuffix(".npy")) in sentence
    assert "\n" not in sentence
    assert not BAIT.exists()


def test_a_file_that_ends_too_soon_is_refused(kind):
    for length in np.linspace(0, len(kind.good) - 1, 60).astype(int):
        kind.refused(kind.good[:length])


def test_a_file_with_any_bit_turned_is_refused_or_was_turned_where_nothing_is_kept(kind):
    """What is loaded is written as the good file is."""
    again = {CheckpointError: save, ModelError: save_model}[kind.refusal]
    random, refused = np.random.default_rng(0), 0
    for index in random.choice(len(kind.good), 300, replace=False):
        turned = bytearray(kind.good)
        turned[index] ^= 1 << random.integers(8)
        try:
            other = kind.load(io.BytesIO(bytes(turned)))
        except kind.refusal:
            refused += 1
        else:
            written = io.BytesIO()
            again(other, written)
            assert members(written.getvalue()) == kind.files
    assert refused > 150
