"""A checkpoint: one `.npz` with everything that training needs to go on, to the very same numbers.

Arrays are stored as they are, uncompressed; everything else is one JSON text. Nothing in a file is ever run, and
nothing is read before its place, shape and kind are known to be what the network in the text needs.
"""

from __future__ import annotations

import io
import json
import math
import os
import threading
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import IO, Any

import numpy as np

from cnn_engine.errors import ConvoscopeError
from cnn_engine.geometry import flag, whole_in
from cnn_engine.nn.errors import CheckpointError
from cnn_engine.nn.evidence import reason
from cnn_engine.nn.layers import make_layers
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.network import Network
from cnn_engine.nn.options import number
from cnn_engine.nn.trainer import ENDS, PHASES, Progress, Trainer

VERSION = 1
KIND = "convoscope checkpoint"
TEXT = "about.json"
MOST_TEXT = 1_000_000  # bytes
MOST_COUNTED = 2**53  # steps, epochs and the like: whole numbers that a float holds exactly
NETWORK_KEYS = {"architecture", "input_shape", "seed", "initialisation", "dtype"}
TRAINER_KEYS = {"loss", "task", "class_weights", "optimizer", "schedule", "batch_size", "clip_norm", "seed"}
LATER_KEYS = {"task", "class_weights"}  # which earlier checkpoints do not have
REMEMBERED = tuple(field.name for field in fields(Progress) if field.name != "best")

File = str | os.PathLike[str] | IO[bytes]


def save(trainer: Trainer, file: File) -> None:
    """Write a checkpoint. A path is written whole or not at all: another file first, which then takes its name."""
    if not isinstance(file, str | os.PathLike):
        _write(trainer, file)
        return
    path = Path(file)
    beside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        with beside.open("wb") as stream:
            _write(trainer, stream)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(file: File) -> Trainer:
    """The trainer that `save` wrote; `fit` with the same sets goes on where it was.

    Raises:
        FileNotFoundError: there is no such file.
        CheckpointError: what is not a checkpoint of this project, is damaged, or is of a version not known here.
    """
    try:
        with zipfile.ZipFile(file if not isinstance(file, os.PathLike) else os.fspath(file)) as archive:
            return _read(archive)
    except (FileNotFoundError, CheckpointError):
        raise
    except Exception as error:  # what zipfile, json and numpy raise on damaged bytes is of many kinds
        raise CheckpointError("not_a_checkpoint_or_damaged", error=error) from error


def _about(trainer: Trainer) -> dict[str, Any]:
    network = trainer.network
    return {
        "kind": KIND,
        "version": VERSION,
        "network": {
            "architecture": network.architecture,
            "input_shape": network.input_shape,
            "seed": network.seed,
            "initialisation": network.initialisation,
            "dtype": network.dtype.name,
        },
        "trainer": trainer.options
        | {"batch_size": trainer.batch_size, "clip_norm": trainer.clip_norm, "seed": trainer.seed},
        "learning_rate": trainer.learning_rate,
        "updates": trainer.optimizer.updates,
        "schedule": trainer.schedule.state(),
        "progress": {name: getattr(trainer.progress, name) for name in REMEMBERED},
        "best": bool(trainer.progress.best),
    }


def _arrays(trainer: Trainer) -> dict[str, Array]:
    """Every array of a trainer, live, by its name in the file."""
    network = trainer.network
    named = {f"network/{name}": array for name, array in (network.parameters() | network.buffers()).items()}
    for vector, flat in trainer.optimizer.state.items():
        named |= {f"{vector}/{name}": array for name, array in network.store.by_name(flat).items()}
    return named | {f"best/{name}": array for name, array in trainer.progress.best.items()}


def _write(trainer: Trainer, stream: IO[bytes]) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(TEXT, json.dumps(_about(trainer), default=np.generic.item))
        for name, array in _arrays(trainer).items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(f"{name}.npy", buffer.getvalue())


def _read(archive: zipfile.ZipFile) -> Trainer:
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
        raise CheckpointError("checkpoint_compressed")
    about = _text(archive)
    try:
        _check_size(about["network"], archive)
        trainer = _trainer(about)
    except CheckpointError:
        raise
    except ConvoscopeError as error:
        raise CheckpointError("checkpoint_impossible", error=error) from error
    except Exception as error:
        raise CheckpointError("checkpoint_description_damaged", error=error) from error
    wanted = _arrays(trainer)
    given = set(archive.namelist()) - {TEXT}
    if given != {f"{name}.npy" for name in wanted}:
        wrong = min(given ^ {f"{name}.npy" for name in wanted})
        raise CheckpointError("checkpoint_of_another_network", wrong=wrong)
    read = {name: _array(archive, name, like) for name, like in wanted.items()}
    for name, like in wanted.items():
        like[...] = read[name]
    return trainer


def _text(archive: zipfile.ZipFile) -> dict[str, Any]:
    if TEXT not in archive.namelist():
        raise CheckpointError("checkpoint_without_text", text=TEXT)
    if archive.getinfo(TEXT).file_size > MOST_TEXT:
        raise CheckpointError("checkpoint_text_too_long", text=TEXT, most=MOST_TEXT)
    try:
        about = json.loads(archive.read(TEXT))
    except (ValueError, RecursionError) as error:
        raise CheckpointError("damaged", name=TEXT, error=error) from error
    if not isinstance(about, dict) or about.get("kind") != KIND:
        raise CheckpointError("not_a_checkpoint")
    if about.get("version") != VERSION:
        raise CheckpointError("checkpoint_version", value=about.get("version"), version=VERSION)
    return about


def _check_size(network: dict[str, Any], archive: zipfile.ZipFile) -> None:
    """Before any memory is taken: a file cannot hold a network larger than itself."""
    layers = make_layers(network["architecture"], tuple(network["input_shape"]))
    values = sum(math.prod(parameter.shape) for layer in layers for parameter in layer.parameters().values())
    assert archive.fp is not None
    size = archive.fp.seek(0, os.SEEK_END)
    if values * np.dtype(np.float32).itemsize > size:
        raise CheckpointError("checkpoint_too_short", values=values, size=size)


def _trainer(about: dict[str, Any]) -> Trainer:
    for part, keys in (("network", NETWORK_KEYS), ("trainer", TRAINER_KEYS)):
        if set(about[part]) | LATER_KEYS & keys != keys:
            raise KeyError(*set(about[part]) ^ keys)
    network = Network(**about["network"])
    trainer = Trainer(network, **about["trainer"])
    trainer.learning_rate = about["learning_rate"]
    trainer.optimizer.updates = whole_in(about["updates"], "updates", 0, MOST_COUNTED)
    trainer.schedule.restore(about["schedule"])
    trainer.progress = _progress(about["progress"])
    if flag(about["best"], "best"):
        trainer.progress.best = network.state()
    return trainer


def _progress(told: dict[str, Any]) -> Progress:
    progress = Progress(**told)
    for name in REMEMBERED:
        value, like = told[name], getattr(Progress(), name)
        if type(value) is not type(like) and not (isinstance(like, float) and type(value) is int):
            raise TypeError(f"progress.{name}: {value!r}")
        if isinstance(like, int):
            whole_in(value, name, -1 if name == "correct" else 0, MOST_COUNTED)
    if progress.phase not in PHASES or progress.ended not in ENDS:
        raise ValueError(f"progress: {progress.phase!r}, {progress.ended!r}")
    number(progress.loss_sum, "loss_sum")
    if progress.best_loss != math.inf:
        number(progress.best_loss, "best_loss")
    if not progress.seen and (progress.batch or progress.phase == "epoch"):
        raise ValueError("progress: batches without samples")
    if (progress.ended == "diverged") != bool(progress.evidence):
        raise ValueError("progress: evidence goes with a run that diverged")
    if progress.evidence:
        reason(progress.evidence)
    return progress


def _array(archive: zipfile.ZipFile, name: str, like: Array) -> Array:
    """An array of the file, its shape and kind checked before it is read."""
    read_header: Callable[..., tuple[tuple[int, ...], bool, np.dtype[Any]]] = np.lib.format.read_array_header_1_0
    try:
        with archive.open(f"{name}.npy") as stream:
            version = np.lib.format.read_magic(stream)
            shape, fortran, dtype = read_header(stream)
            if version != (1, 0) or fortran or dtype != like.dtype or shape != like.shape:
                raise CheckpointError(
                    "checkpoint_array_of_another_kind",
                    name=name,
                    shape=shape,
                    dtype=dtype,
                    expected_shape=like.shape,
                    expected_dtype=like.dtype,
                )
            data = stream.read(like.nbytes + 1)
    except CheckpointError:
        raise
    except Exception as error:
        raise CheckpointError("damaged", name=name, error=error) from error
    if len(data) != like.nbytes:
        raise CheckpointError("checkpoint_array_cut_off", name=name, nbytes=like.nbytes)
    return np.frombuffer(data, like.dtype).reshape(like.shape)
