"""Where runs live. Two stores do the same: SQLite in the data folder, and Redis for many machines."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from cnn_engine.words import Message
from cnn_server.runs.record import Blob, LogPiece, Run
from cnn_server.words import RefusalError

Edit = Callable[[Run], None]
Pick = Callable[[list[Run]], Run | None]


class StoreError(RefusalError):
    """The store cannot do what was asked. `full` says that there is no room left."""

    def __init__(self, id: str, *, full: bool = False, **values: Any) -> None:
        super().__init__(id, **values)
        self.full = full


class RunGoneError(Exception):
    """A run that is not there, or not any more."""


class RunStore(Protocol):
    """A place for runs. Every method may raise StoreError and leaves nothing half done."""

    def add(self, run: Run) -> None:
        """Keep a new run; a queued one is in the queue from now on."""

    def get(self, run_id: str) -> Run | None:
        """Return a run as it is now."""

    def change(self, run_id: str, edit: Edit, entry: LogPiece | None = None, blobs: Sequence[Blob] = ()) -> Run:
        """Read, edit and write a run in one piece, with an entry for its log and blobs.

        What `edit` raises leaves everything as it was. An entry that is in the log already is not written again: the
        answer to its writing may have been lost.

        Raises:
            RunGoneError: there is no such run.
        """

    def remove(self, run_id: str) -> None:
        """Forget a run and all that belongs to it."""

    def owned_by(self, owner: str) -> list[Run]:
        """Return somebody's runs, the newest first."""

    def made_since(self, time: float, limit: int | None = None) -> list[Run]:
        """Return the runs that were started since a time, whoever's they are, the newest first: so many at most."""

    def unfinished(self) -> list[Run]:
        """Return the runs that have not ended, in the order of the queue: the oldest first."""

    def claim(self, pick: Pick) -> Run | None:
        """Let `pick` choose and mark one of the unfinished runs while nobody else can, and keep what it marked."""

    def ended_before(self, time: float) -> list[str]:
        """Return ids of runs that ended before a time."""

    def log(self, run_id: str, after: int, limit: int = 1000) -> list[LogPiece]:
        """Return entries that hold a step after this one, in order."""

    def blobs(self, run_id: str, kind: str) -> list[Blob]:
        """Return what is stored of a kind, the newest first."""

    def trouble(self) -> Message | None:
        """Return why nothing can be written now, as far as that can be told without keeping anything."""

    def close(self) -> None:
        """Let go of connections."""


KEPT_BLOBS = {
    "checkpoint": 2,
    "parameters": 1,
}  # how many are kept; an older one, should the newest be damaged


def open_store(config: Mapping[str, Any]) -> RunStore:
    """Return the store that the configuration asks for.

    Raises:
        StoreError: it cannot be had.
    """
    if url := config.get("REDIS_URL"):
        try:
            from cnn_server.runs.redis_store import RedisRunStore  # noqa: PLC0415  (an optional extra)
        except ImportError as error:
            raise StoreError("redis_not_installed", reason=str(error)) from error
        return RedisRunStore(str(url))
    from cnn_server.runs.sqlite_store import SQLiteRunStore  # noqa: PLC0415

    return SQLiteRunStore(config["DATA_DIR"])


def trouble_of(run: Run, store: RunStore, lease: float) -> Message | None:
    """Return why a run does not go on, for people; None where all is well.

    A worker renews its lease, of so many seconds, in good time.
    """
    if not run.open:
        return None
    left = run.lease - time.time()
    if run.state != "queued" and left > lease / 2:
        return None
    if trouble := store.trouble():
        return Message("runs.waits_to_be_written", {"trouble": trouble})
    if run.state == "running" and left < -lease / 2:
        return Message("runs.worker_silent", {})
    return None
