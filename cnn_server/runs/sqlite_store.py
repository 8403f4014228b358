"""Runs in one SQLite file in the data folder, for all the processes of one machine."""

from __future__ import annotations

import queue
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cnn_engine.words import Message
from cnn_server.runs.record import Blob, LogPiece, Run
from cnn_server.runs.store import KEPT_BLOBS, Edit, Pick, RunGoneError, StoreError

FILE = "runs.sqlite3"
ROOM = 1024 * 1024  # bytes free below which an error in writing is told as a full disk
PROBED = 1.0  # seconds for which is remembered whether anything can be written
PROBE = "CREATE TABLE probe AS SELECT zeroblob(65536) AS room"  # undone at once
BUSY = 5.0  # seconds to wait for another process's transaction
SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, created REAL NOT NULL, open INTEGER NOT NULL, ended REAL,
    fixed BLOB NOT NULL, changing BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS runs_by_owner ON runs (owner, created);
CREATE INDEX IF NOT EXISTS runs_open ON runs (open, created);
CREATE TABLE IF NOT EXISTS log (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, step INTEGER NOT NULL,
    points BLOB NOT NULL, epochs BLOB NOT NULL, PRIMARY KEY (run, step)
);
CREATE TABLE IF NOT EXISTS blobs (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, kind TEXT NOT NULL, number INTEGER NOT NULL,
    step INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (run, kind, number)
);
"""
NEXT_BLOB = """
INSERT INTO blobs
SELECT ?1, ?2, coalesce(max(number), 0) + 1, ?3, ?4 FROM blobs WHERE run = ?1 AND kind = ?2
"""
OLD_BLOBS = """
DELETE FROM blobs WHERE run = ?1 AND kind = ?2
AND number <= (SELECT max(number) FROM blobs WHERE run = ?1 AND kind = ?2) - ?3
"""


class _Unchanging(sqlite3.Connection):
    """A connection to a file in a folder that may only be read, where SQLite cannot even note that it reads.

    It is used once: later the file may change after all.
    """


class SQLiteRunStore:
    """A `RunStore`. Connections are shared between threads, one user at a time."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(str(folder))  # a name of digits alone comes from the environment as a number
        self._free: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._probed: tuple[float, Message | None] = (-PROBED, None)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError("folder_not_made", folder=str(self.folder), reason=error.strerror) from error
        with self._reading() as db:
            db.executescript(SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.folder / FILE, timeout=BUSY, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error as error:
            db.close()
            if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_READONLY_DIRECTORY or self._log().exists():
                raise
            return _Unchanging(f"{(self.folder / FILE).absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        return db

    def _log(self) -> Path:
        """Return where SQLite writes first; there is none after the last process has closed the file."""
        return self.folder / f"{FILE}-wal"

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection, and raise SQLite's errors in words."""
        try:
            try:
                db = self._free.get_nowait()
            except queue.Empty:
                db = self._connect()
            try:
                yield db
            except sqlite3.Error:
                db.close()
                raise
            except BaseException:
                self._put_back(db)
                raise
            self._put_back(db)
        except sqlite3.Error as error:
            raise self._as_store_error(error) from error

    def _put_back(self, db: sqlite3.Connection) -> None:
        if isinstance(db, _Unchanging):
            db.close()
        else:
            self._free.put(db)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in a transaction, which is written whole or not at all."""
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def _as_store_error(self, error: sqlite3.Error) -> StoreError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and self._no_room()):
            return self._full()
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return StoreError("folder_not_written", folder=str(self.folder), reason=str(error))
        return StoreError("runs_not_reached", folder=str(self.folder), reason=str(error))

    def _full(self) -> StoreError:
        return StoreError("folder_full", full=True, folder=str(self.folder))

    def _no_room(self) -> bool:
        """Return whether the disk is full; what SQLite has only in memory yet does not tell."""
        try:
            return shutil.disk_usage(self.folder).free < ROOM
        except OSError:
            return False

    def trouble(self) -> Message | None:
        """Return why nothing can be written now. It is tried, and undone; the answer holds for a second."""
        now = time.monotonic()
        if now - self._probed[0] >= PROBED:
            self._probed = now, self._probe()
        return self._probed[1]

    def _probe(self) -> Message | None:
        try:
            with self._reading() as db:
                db.execute("BEGIN IMMEDIATE")
                try:
                    db.execute(PROBE)
                finally:
                    if db.in_transaction:
                        db.execute("ROLLBACK")
        except StoreError as error:
            return error.message
        return self._full().message if self._no_room() else None

    def close(self) -> None:
        """Close the connections."""
        while not self._free.empty():
            self._free.get_nowait().close()

    # ---- runs

    def add(self, run: Run) -> None:
        """Keep a new run."""
        row = (run.id, run.owner, run.created, run.open, run.ended, run.fixed_json(), run.changing_json())
        with self._writing() as db:
            db.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def get(self, run_id: str) -> Run | None:
        """Return a run as it is now."""
        with self._reading() as db:
            return self._get(db, run_id)

    @staticmethod
    def _get(db: sqlite3.Connection, run_id: str) -> Run | None:
        row = db.execute("SELECT fixed, changing FROM runs WHERE id = ?", (run_id,)).fetchone()
        return None if row is None else Run.read(*row)

    def change(self, run_id: str, edit: Edit, entry: LogPiece | None = None, blobs: Sequence[Blob] = ()) -> Run:
        """Read, edit and write a run in one piece; an entry that is in the log already is not written again."""
        with self._writing() as db:
            run = self._get(db, run_id)
            if run is None:
                raise RunGoneError(run_id)
            step = run.step
            edit(run)
            self._save(db, run)
            if entry is not None and entry.step > step:
                db.execute("INSERT INTO log VALUES (?, ?, ?, ?)", (run_id, *entry))
            for blob in blobs:
                db.execute(NEXT_BLOB, (run_id, blob.kind, blob.step, blob.data))
                db.execute(OLD_BLOBS, (run_id, blob.kind, KEPT_BLOBS[blob.kind]))
            if not run.open:
                db.execute("DELETE FROM blobs WHERE run = ? AND kind = 'checkpoint'", (run_id,))
        return run

    @staticmethod
    def _save(db: sqlite3.Connection, run: Run) -> None:
        row = (run.open, run.ended, run.changing_json(), run.id)
        db.execute("UPDATE runs SET open = ?, ended = ?, changing = ? WHERE id = ?", row)

    def remove(self, run_id: str) -> None:
        """Forget a run."""
        with self._writing() as db:
            db.execute("DELETE FROM runs WHERE id = ?", (run_id,))

    def owned_by(self, owner: str) -> list[Run]:
        """Return somebody's runs, the newest first."""
        query = "SELECT fixed, changing FROM runs WHERE owner = ? ORDER BY created DESC, rowid DESC"
        with self._reading() as db:
            return [Run.read(*row) for row in db.execute(query, (owner,))]

    def made_since(self, time: float, limit: int | None = None) -> list[Run]:
        """Return the runs that were started since a time, the newest first."""
        query = "SELECT fixed, changing FROM runs WHERE created >= ? ORDER BY created DESC, rowid DESC LIMIT ?"
        with self._reading() as db:
            return [Run.read(*row) for row in db.execute(query, (time, -1 if limit is None else limit))]

    def unfinished(self) -> list[Run]:
        """Return the runs that have not ended, the oldest first."""
        with self._reading() as db:
            return self._unfinished(db)

    @staticmethod
    def _unfinished(db: sqlite3.Connection) -> list[Run]:
        rows = db.execute("SELECT fixed, changing FROM runs WHERE open ORDER BY created, rowid")
        return [Run.read(*row) for row in rows]

    def claim(self, pick: Pick) -> Run | None:
        """Let `pick` choose and mark one of the unfinished runs."""
        with self._writing() as db:
            run = pick(self._unfinished(db))
            if run is not None:
                self._save(db, run)
            return run

    def ended_before(self, time: float) -> list[str]:
        """Return ids of runs that ended before a time."""
        with self._reading() as db:
            return [run_id for (run_id,) in db.execute("SELECT id FROM runs WHERE ended < ?", (time,))]

    # ---- what belongs to a run

    def log(self, run_id: str, after: int, limit: int = 1000) -> list[LogPiece]:
        """Return entries that hold a step after this one, in order."""
        query = "SELECT step, points, epochs FROM log WHERE run = ? AND step > ? ORDER BY step LIMIT ?"
        with self._reading() as db:
            return [LogPiece(*row) for row in db.execute(query, (run_id, after, limit))]

    def blobs(self, run_id: str, kind: str) -> list[Blob]:
        """Return what is stored of a kind, the newest first."""
        query = "SELECT kind, step, data FROM blobs WHERE run = ? AND kind = ? ORDER BY number DESC"
        with self._reading() as db:
            return [Blob(*row) for row in db.execute(query, (run_id, kind))]
