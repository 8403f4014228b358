"""A run's network as its worker stores it for those who look: an .npz, written and read here."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from cnn_engine.nn import Trainer
from cnn_server.runs.record import MOST_FOLLOWED

Arrays = dict[str, NDArray[Any]]
STATE, OPTIMIZER = "state/", "optimizer/"  # what the names of the network's and of the optimizer's arrays begin with


class Snapshot(NamedTuple):
    """What was stored: the network's arrays as of a step, those of slow motion, and what the optimizer has kept."""

    step: int
    epoch: int
    phase: str | None
    state: Arrays
    extra: Arrays
    optimizer: dict[str, Any] | None  # of a small network


def stored(trainer: Trainer, phase: str | None, extra: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the network as it is, and in slow motion the gradients and changes.

    With a network that is small enough to be followed number by number goes what its optimizer has kept.
    """
    arrays = dict(extra) | {STATE + name: array for name, array in trainer.network.state().items()}
    about: dict[str, Any] = {"step": trainer.progress.step, "epoch": trainer.progress.epoch, "phase": phase}
    if trainer.store.flat.size <= MOST_FOLLOWED:
        kept = trainer.optimizer_state()
        vectors = {name: kept.pop(name) for name in trainer.optimizer.state}
        about["optimizer"] = kept
        arrays |= {f"{OPTIMIZER}{name}/{of}": part for name, own in vectors.items() for of, part in own.items()}
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, about=np.frombuffer(orjson.dumps(about), np.uint8), **arrays)
    return stream.getvalue()


def read(data: bytes) -> Snapshot:
    """Return what was stored; what zipfile, zlib, json and numpy raise on damaged bytes is of many kinds."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        about = orjson.loads(arrays["about"].tobytes())
        found = {name: arrays[name] for name in arrays.files if name != "about"}
    state = {name.removeprefix(STATE): found[name] for name in found if name.startswith(STATE)}
    extra = {name: array for name, array in found.items() if not name.startswith((STATE, OPTIMIZER))}
    optimizer = _optimizer_state(about.get("optimizer"), found)
    return Snapshot(about["step"], about["epoch"], about["phase"], state, extra, optimizer)


def _optimizer_state(about: dict[str, Any] | None, arrays: Arrays) -> dict[str, Any] | None:
    """Return what a worker stored of an optimizer; nothing where it stored none."""
    if about is None:
        return None
    kept = dict(about)
    for name, array in arrays.items():
        if name.startswith(OPTIMIZER):
            vector, _, parameter = name.removeprefix(OPTIMIZER).partition("/")
            kept.setdefault(vector, {})[parameter] = array
    return kept
