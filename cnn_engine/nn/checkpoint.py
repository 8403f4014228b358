"""A checkpoint: one `.npz` with everything that training needs to go on, to the very same numbers.

Arrays are stored as they are; everything else is the JSON text beside them (see `npz`).
"""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np

from cnn_engine.errors import CheckpointError, ConvoscopeError, FileError
from cnn_engine.geometry import flag, whole_in
from cnn_engine.nn.evidence import reason
from cnn_engine.nn.layers import make_layers
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.network import Network
from cnn_engine.nn.npz import Archive, Format
from cnn_engine.nn.options import number
from cnn_engine.nn.trainer import ENDS, PHASES, Progress, Trainer
from cnn_engine.zips import File

FORMAT = Format("checkpoint", 1, CheckpointError)
MOST_COUNTED = 2**53  # steps, epochs and the like: whole numbers that a float holds exactly
NETWORK_KEYS = {"architecture", "input_shape", "seed", "initialisation", "dtype"}
TRAINER_KEYS = {"loss", "task", "class_weights", "optimizer", "schedule", "batch_size", "clip_norm", "seed"}
LATER_KEYS = {"task", "class_weights"}  # which earlier checkpoints do not have
REMEMBERED = tuple(field.name for field in fields(Progress) if field.name != "best")


def save(trainer: Trainer, file: File) -> None:
    """Write a checkpoint. A path is written whole or not at all: another file first, which then takes its name."""
    FORMAT.write(file, _about(trainer), _arrays(trainer))


def load(file: File) -> Trainer:
    """Return the trainer that `save` wrote; `fit` with the same sets goes on where it was.

    Raises:
        FileNotFoundError: there is no such file.
        CheckpointError: what is not a checkpoint of this project, is damaged, or is of a version not known here.
    """
    with FORMAT.open(file) as archive:
        return _read(archive)


def _about(trainer: Trainer) -> dict[str, Any]:
    network = trainer.network
    return {
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
    """Return every array of a trainer, live, by its name in the file."""
    network = trainer.network
    named = {f"network/{name}": array for name, array in (network.parameters() | network.buffers()).items()}
    for vector, flat in trainer.optimizer.state.items():
        named |= {f"{vector}/{name}": array for name, array in network.store.by_name(flat).items()}
    return named | {f"best/{name}": array for name, array in trainer.progress.best.items()}


def _read(archive: Archive) -> Trainer:
    about = archive.about
    try:
        _check_size(about["network"], archive)
        trainer = _trainer(about)
    except FileError:
        raise
    except ConvoscopeError as error:
        raise CheckpointError("checkpoint_impossible", error=error) from error
    except Exception as error:
        raise CheckpointError("checkpoint_description_damaged", error=error) from error
    wanted = _arrays(trainer)
    archive.check_names(wanted)
    read = {name: archive.array(name, like.shape, like.dtype) for name, like in wanted.items()}
    for name, like in wanted.items():
        like[...] = read[name]
    return trainer


def _check_size(network: dict[str, Any], archive: Archive) -> None:
    """Refuse a network larger than its file, before any memory is taken."""
    layers = make_layers(network["architecture"], tuple(network["input_shape"]))
    values = sum(math.prod(parameter.shape) for layer in layers for parameter in layer.parameters().values())
    archive.check_room(values, np.dtype(np.float32).itemsize)


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


def _progress(values: dict[str, Any]) -> Progress:
    progress = Progress(**values)
    for name in REMEMBERED:
        value, like = values[name], getattr(Progress(), name)
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
