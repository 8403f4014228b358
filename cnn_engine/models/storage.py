"""Models in files: an `.npz` of their arrays with one text beside them, and those that are shipped.

The text, `about.json`, has what else a `Model` consists of. See `cnn_engine.nn.npz` for what keeps a file harmless.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cnn_engine.errors import ConvoscopeError, FileError, ModelError
from cnn_engine.models.model import FLOATS, Model, dtypes_of, parameter_shapes
from cnn_engine.nn.layers import make_layers
from cnn_engine.nn.network import read_input_shape
from cnn_engine.nn.npz import Archive, Format
from cnn_engine.words import Message, say
from cnn_engine.words.kept import kept, read
from cnn_engine.zips import File

FORMAT = Format("model", 1, ModelError)
FOLDER = Path(__file__).parent / "files"
SHIPPED = tuple(sorted(path.stem for path in FOLDER.glob("*.npz")))
KINDS: Mapping[str, Any] = {"classes": list, "prepare": dict, "dataset": dict | None}
ABOUT = ("architecture", "input_shape", "classes", "name", "source", "accuracy", "prepare", "dataset")

BY_MESSAGE = ("name", "source")  # where they are no texts of somebody's own


def save(model: Model, file: File) -> None:
    """Write a model to a path or a stream, its parameters in the kinds of numbers that they have."""
    about = {name: getattr(model, name) for name in ABOUT} | {"prepare": dict(model.prepare)}
    if model.words:
        about["words"] = {what: kept(message) for what, message in model.words.items()}
    FORMAT.write(file, about, model.parameters)


def load(file: File) -> Model:
    """Return the model that `save` wrote; nothing in the file is run.

    Raises:
        FileNotFoundError: there is no such file.
        ModelError: what is not a model of this project, is damaged, too large, or of a version not known here.
    """
    with FORMAT.open(file) as archive:
        try:
            return _read(archive)
        except FileError:
            raise
        except ConvoscopeError as error:
            raise ModelError("model_impossible", "file", error=error) from error


def _read(archive: Archive) -> Model:
    about = {name: value for name, value in archive.about.items() if name not in ("kind", "version")}
    words = about.pop("words", {})
    wrong = min(set(about) ^ set(ABOUT), default="")
    for name, kind in KINDS.items():
        if not wrong and not isinstance(about[name], kind):
            wrong = name
    if wrong:
        raise ModelError("model_description_damaged", "file", wrong=wrong)
    shapes = _shapes(about)
    archive.check_names(shapes)
    archive.check_room(sum(map(math.prod, shapes.values())), FLOATS[0].itemsize)
    arrays = {name: archive.array(name, shape, *dtypes_of(name)) for name, shape in shapes.items()}
    return Model(**about, parameters=arrays, words=_words(words, about))


def _words(given: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, Message]:
    """Return the messages of the name and the source, where they still say what stands there in English."""
    known = {}
    for what, own in given.items():
        try:
            message = read(own)
            if what in BY_MESSAGE and _is_of_sources(message) and say(message) == about[what]:
                known[what] = message
        except (KeyError, TypeError, ValueError, RecursionError):  # another version's
            continue
    return known


def _is_of_sources(value: Any) -> bool:
    """Return whether this is a message that a file may hold, which only fills in texts and numbers."""
    if not isinstance(value, Message):
        return False
    plain = all(isinstance(own, str | int) or _is_of_sources(own) for own in value.args.values())
    return plain and value.id.startswith("sources.")


def _shapes(about: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    return parameter_shapes(make_layers(about["architecture"], read_input_shape(about["input_shape"])))


@cache
def shipped(name: str) -> Model:
    """Return a model that comes with the project, by its name among `SHIPPED`.

    Raises:
        KeyError: there is none of this name.
    """
    if name not in SHIPPED:
        raise KeyError(name)
    return load(FOLDER / f"{name}.npz")
