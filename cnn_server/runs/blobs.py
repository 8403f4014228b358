"""What is stored of a run beside its record and its log: checkpoints, and the parameters for those who look."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from cnn_engine.nn import SubStep, Trainer, save
from cnn_server.runs.record import MOST_FOLLOWED, Blob, Run, finite

CHECKPOINT = 3.0  # seconds between two checkpoints at least, and as long as 30 of them take
LOOK = 0.25  # seconds between two sets of parameters for those who look
WATCHED = 6.0  # seconds for which somebody who asked counts as looking
STATE, OPTIMIZER = "state/", "optimizer/"  # what the names of the network's and of the optimizer's arrays begin with
Arrays = dict[str, NDArray[Any]]


class SlowMotion:
    """A step in slow motion: what its phases leave to be looked at, by names such as "backward/0.weight"."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self.arrays: Arrays = {}

    def add(self, part: SubStep) -> dict[str, Any]:
        """Keep what a phase leaves, and return the run's `phase`."""
        if part.phase == "forward":
            self.arrays = {}
        else:
            self.arrays |= {f"{part.phase}/{name}": array for name, array in part.arrays.items()}
        if part.phase == "backward" and self._trainer.store.flat.size <= MOST_FOLLOWED:
            self.arrays |= self._before_the_update()
        return {"step": part.step, "phase": part.phase, **self._numbers(part)}

    def clear(self) -> None:
        """Keep nothing: the step is over, and the next one is not slow."""
        self.arrays = {}

    def _before_the_update(self) -> Arrays:
        """Return what the update that comes next begins with: parameters, and what the optimizer has kept."""
        kept = self._trainer.optimizer_state() | {"values": self._trainer.network.parameters()}
        named = {name: own if isinstance(own, dict) else {"": own} for name, own in kept.items()}
        return {f"before/{name}/{of}": np.array(part) for name, own in named.items() for of, part in own.items()}

    def _numbers(self, part: SubStep) -> dict[str, float | None]:
        """Return what a phase found out about the whole batch."""
        if part.phase == "loss":
            return {"loss": finite(float(part.arrays["loss"]))}
        return {"gradient_norm": finite(self._trainer.gradient_norm)} if part.phase == "backward" else {}


class Blobs:
    """When each kind is due, and how it is made. Times are those of `time.monotonic`."""

    def __init__(self, trainer: Trainer, slow_motion: SlowMotion, now: float) -> None:
        self._trainer, self._slow_motion = trainer, slow_motion
        self.look_due = True  # whoever looks next is to see the network as it is now
        self._looked, self._checkpoint_at = now, now + CHECKPOINT

    def hurry(self) -> None:
        """Let both be due at once."""
        self.look_due, self._checkpoint_at = True, 0.0

    def checkpoint_due(self, now: float) -> bool:
        """Return whether it is time for a checkpoint."""
        return now >= self._checkpoint_at

    def parameters_due(self, run: Run, now: float) -> bool:
        """Return whether there is something new to look at, and somebody who looks."""
        return self.look_due or (run.watched > time.time() - WATCHED and now >= self._looked + LOOK)

    def checkpoint(self, now: float) -> Blob:
        """Return the trainer as it can go on; the next one is due by how long this took."""
        started, stream = time.monotonic(), io.BytesIO()
        save(self._trainer, stream)
        blob = Blob("checkpoint", self._trainer.progress.step, stream.getvalue())
        self._checkpoint_at = now + max(CHECKPOINT, 30 * (time.monotonic() - started))
        return blob

    def parameters(self, run: Run, now: float) -> Blob:
        """Return the network as it is, and what slow motion shows of it."""
        phase = run.phase["phase"] if run.phase else None
        self._looked, self.look_due = now, False
        return Blob("parameters", self._trainer.progress.step, stored(self._trainer, phase, self._slow_motion.arrays))


# ---- a run's network as its worker stores it for those who look: an .npz, written and read here


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
