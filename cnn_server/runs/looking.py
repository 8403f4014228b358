"""What a run's network is doing now, computed here from the parameters that its worker stored."""

from __future__ import annotations

import io
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.dataset import Dataset
from cnn_engine.errors import ConvoscopeError
from cnn_engine.nn import Network
from cnn_engine.nn.checkpoint import load
from cnn_engine.nn.criteria import Criterion
from cnn_engine.nn.work import answer_bytes, answer_work
from cnn_server.runs import visits
from cnn_server.runs.blobs import Snapshot, read
from cnn_server.runs.data_sets import data_bytes
from cnn_server.runs.outlines import judged_data
from cnn_server.runs.record import MOST_FOLLOWED, Run
from cnn_server.runs.settings import criterion_of, network_of, trainer_of
from cnn_server.runs.store import RunStore, StoreError

logger = logging.getLogger(__name__)

MB = 1024 * 1024
HELD = 64 * MB  # bytes for what layers give while samples are answered
KEPT_PLANS = 4 * MB  # bytes of it that are kept for the next time
Array = NDArray[Any]


class DamagedError(Exception):
    """What was stored of a network cannot be read."""


@dataclass
class Look:
    """A run's network as of a step. Only one thread may use it at a time."""

    network: Network
    dataset: Dataset
    criterion: Criterion
    step: int = 0
    epoch: int = 0
    phase: str | None = None
    extra: dict[str, Array] = field(default_factory=dict)  # gradients and changes of slow motion
    answers: dict[str, Any] = field(default_factory=dict)  # what was computed already, for this step
    optimizer: dict[str, Any] | None = None  # what its optimizer has kept, of a small network

    def take(self, data: bytes) -> None:
        """Become what a worker stored.

        Raises:
            DamagedError: it is not whole, or of another network; then nothing has changed.
        """
        try:
            self._become(read(data))
        except Exception as error:  # of many kinds, see `read`
            raise DamagedError(str(error)) from error

    def take_checkpoint(self, data: bytes) -> None:
        """Become the network of a checkpoint.

        Raises:
            CheckpointError: it is not whole.
        """
        trainer = load(io.BytesIO(data))
        optimizer = trainer.optimizer_state() if trainer.store.flat.size <= MOST_FOLLOWED else None
        step, epoch = trainer.progress.step, trainer.progress.epoch
        self._become(Snapshot(step, epoch, None, trainer.network.state(), {}, optimizer))

    def _become(self, found: Snapshot) -> None:
        """Take the arrays of a snapshot as `network.load` does, but show what is not finite as it is."""
        own = self.network.parameters() | self.network.buffers()
        if {name: array.shape for name, array in found.state.items()} != {name: own[name].shape for name in own}:
            raise DamagedError("its arrays are not those of this network")
        for name, array in found.state.items():
            own[name][...] = array
        self.step, self.epoch, self.phase = found.step, found.epoch, found.phase
        self.extra, self.answers, self.optimizer = found.extra, {}, found.optimizer

    def held(self) -> int:
        """Return bytes that are kept of it until the next time, its data set aside."""
        vectors: list[dict[str, Array]] = [own for own in (self.optimizer or {}).values() if isinstance(own, dict)]
        kept = [array for own in vectors for array in own.values()]
        arrays = [self.network.store.flat, *self.network.buffers().values(), *self.extra.values(), *kept]
        answers = sum(len(value) if isinstance(value, bytes) else value.nbytes for value in self.answers.values())
        return sum(array.nbytes for array in arrays) + answers + self._laid_out()

    def _laid_out(self) -> int:
        """Return bytes of the layouts that the network keeps for its next answers."""
        return sum(plan.batch for plan in self.network.plans()) * answer_bytes(self.network.layers)

    def work(self, count: int) -> int:
        """Return nanoseconds for the answers to so many samples, as counted."""
        return answer_work(self.network.layers, count)

    def outputs(self, split: str) -> Array:
        """Return the network's answers to all samples of a part: (N, outputs)."""
        key = f"outputs/{split}"
        if key not in self.answers:
            self.answers[key] = self._answered(self.dataset.parts[split].x)
        found: Array = self.answers[key]
        return found

    def first_outputs(self, split: str, count: int) -> Array:
        """Return those to the first samples of a part: (count, outputs)."""
        if f"outputs/{split}" in self.answers or self.needed_for(split, count) > count:
            return self.outputs(split)[:count]
        return self._answered(self.dataset.parts[split].x[:count])

    def needed_for(self, split: str, count: int) -> int:
        """Return how many samples have to be answered for so many: all, where their answers depend on each other."""
        size = self.dataset.parts[split].size
        return size if self.network.at_once(size) == size else count

    def _answered(self, x: Array) -> Array:
        """Return answers, computed some samples at a time so that little memory is held: none for large networks."""
        layers, network = self.network.layers, self.network
        most = max(1, HELD // answer_bytes(layers))
        if network.at_once(len(x)) == len(x):
            most = len(x)
        parts = [network(x[start : start + most]) for start in range(0, len(x), most)]
        if self._laid_out() > KEPT_PLANS:
            network.forget_plans()
        return np.concatenate(parts).reshape(len(x), -1)


def _as_it_begins(run: Run, network: Network, dataset: Dataset) -> dict[str, Any] | None:
    if network.store.flat.size > MOST_FOLLOWED:
        return None
    return trainer_of(run.settings, network, dataset).optimizer_state()


class _Kept:
    """A run's network once it is made. `lock` is held by whoever makes or uses it; `bytes` is what it took last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.look: Look | None = None
        self.bytes = 0


class Looker:
    """The networks of this process that somebody looked at lately, in so many MB, and one at least."""

    def __init__(self, most: int) -> None:
        self._most = most * MB
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    @contextmanager
    def at(self, store: RunStore, run: Run) -> Iterator[Look]:
        """Yield the network of a run as it was stored last; as it begins where nothing was."""
        visits.look(store, run)
        kept = self._entry(run.id)
        with kept.lock:
            look = kept.look = kept.look or _made(run)
            stored = store.blobs(run.id, "parameters")
            if stored and look.answers.get("data") != stored[0].data:
                self._take(store, run, look, stored[0].data)
                look.answers["data"] = stored[0].data
            try:
                yield look
            finally:
                kept.bytes = look.held()
                self._make_room()

    def _entry(self, run_id: str) -> _Kept:
        with self._lock:
            kept = self._kept.setdefault(run_id, _Kept())
            self._kept.move_to_end(run_id)
            return kept

    def _make_room(self) -> None:
        """Forget those that were looked at longest ago; who looks at one of them now has it until the end of that."""
        with self._lock:
            while len(self._kept) > 1 and self._bytes() > self._most:
                self._kept.popitem(last=False)

    def _bytes(self) -> int:
        """Return bytes of all of them: a data set counts once, for it is shared."""
        data = {id(kept.look.dataset): data_bytes(kept.look.dataset) for kept in self._kept.values() if kept.look}
        return sum(kept.bytes for kept in self._kept.values()) + sum(data.values())

    def _take(self, store: RunStore, run: Run, look: Look, data: bytes) -> None:
        """Take the network as it was stored; where that is damaged, as of the newest checkpoint that is whole."""
        try:
            look.take(data)
        except DamagedError as error:
            logger.warning("run %s: the parameters that were stored are damaged: %s", run.id, error)
        else:
            return
        for blob in store.blobs(run.id, "checkpoint"):
            with suppress(ConvoscopeError, DamagedError):
                look.take_checkpoint(blob.data)
                return
        raise StoreError("network_damaged")


def _made(run: Run) -> Look:
    """Return the network as it begins."""
    dataset = judged_data(run.settings)
    network = network_of(run.settings, dataset)
    criterion = criterion_of(run.settings, dataset, network)
    return Look(network, dataset, criterion, optimizer=_as_it_begins(run, network, dataset))
