"""What people keep on this server: files in a folder, each of one owner and until a date."""

from __future__ import annotations

import re
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import orjson
from filelock import FileLock

from cnn_engine.words import amount
from cnn_server.runs.store import StoreError

ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
HEAD_BYTES = 1_000  # that the first line of a file may have
PATIENCE = 30.0  # seconds to wait for another process, which writes one file at a time


@dataclass(frozen=True)
class About:
    """Who chose to keep something, when, and until when it is kept: seconds since 1970; whether all are told of it."""

    owner: str
    made: float
    until: float
    shared: bool = False


@dataclass(frozen=True)
class Rules:
    """How long things are kept, in seconds; how many bytes all may have together, and how many one person keeps."""

    ttl: float
    max_bytes: int
    most_of_one: int | None  # None: any number

    def check_count(self, count: int, what: str) -> None:
        """Refuse one more of a person who keeps so many already.

        Raises:
            StoreError: they keep as many as one person may.
        """
        if self.most_of_one is not None and count >= self.most_of_one:
            raise StoreError("too_many_kept", full=True, count=self.most_of_one, what=amount(f"{what}s"))


class Shelf(ABC):
    """A place where bytes of people are kept. Every method may raise a StoreError."""

    @abstractmethod
    def keep(self, name: str, data: bytes, owner: str) -> About:
        """Keep something under an id; what is kept under it already stays as it is."""

    @abstractmethod
    def get(self, name: str) -> bytes | None:
        """Return what is kept under an id."""

    @abstractmethod
    def about(self, name: str, *, used: bool = False) -> About | None:
        """Return whose that is, and until when; with `used` it counts as used now."""

    @abstractmethod
    def share(self, name: str, shared: bool) -> None:
        """Let everybody be told of something that is kept, or nobody any more."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Forget something, if it is there."""

    @abstractmethod
    def every(self) -> dict[str, About]:
        """Return everything that is kept, by its id."""

    def owned_by(self, owner: str) -> list[str]:
        """Return ids of what one person keeps, the newest first."""
        return self._newest_first(lambda about: about.owner == owner)

    def shared(self) -> list[str]:
        """Return ids of what everybody is told of, the newest first."""
        return self._newest_first(lambda about: about.shared)

    def made_since(self, moment: float) -> list[str]:
        """Return ids of what was kept after a time and still is."""
        return self._newest_first(lambda about: about.made >= moment)

    def _newest_first(self, wanted: Callable[[About], bool]) -> list[str]:
        found = [(about.made, name) for name, about in self.every().items() if wanted(about)]
        return [name for _, name in sorted(found, reverse=True)]


class KeptFiles(Shelf):
    """A `Shelf` that is a folder, made with the first file: with `what` "photo" files are photos/ID.photo.

    Processes that share the folder change it one after the other, by the lock of photos.lock beside it.
    """

    def __init__(self, folder: str | Path, what: str, rules: Rules) -> None:
        self._folder, self._what, self.rules = Path(str(folder)) / f"{what}s", what, rules
        self._lock = threading.Lock()
        self._others = FileLock(self._folder.with_suffix(".lock"), timeout=PATIENCE, fallback_to_soft=False)
        self.every()  # what is past its date goes at the start as well

    @property
    def until(self) -> float:
        """Until when something would be kept that is kept now."""
        return time.time() + self.rules.ttl

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no thread and no other process change the folder meanwhile.

        Raises:
            StoreError: the folder cannot be written to.
        """
        with self._lock:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._others.acquire()
            except OSError as error:
                raise self._not_written(error) from error
            try:
                yield
            finally:
                self._others.release()

    def _not_written(self, error: OSError) -> StoreError:
        return StoreError("not_written_in_folder", folder=str(self._folder), reason=error.strerror)

    def keep(self, name: str, data: bytes, owner: str) -> About:
        """Write something down under its id; one that is kept already stays as it is.

        Raises:
            StoreError: it cannot be written, or there is no room for it.
        """
        if (known := self.about(name)) is not None:
            return known
        with self._alone():
            if (known := self.about(name)) is not None:
                return known
            about = About(owner, time.time(), self.until)
            self._check_room(len(data), owner)
            self._write(name, about, data)
            return about

    def _check_room(self, size: int, owner: str) -> None:
        every = self.every()
        if sum(self._path(name).stat().st_size for name in every) + size > self.rules.max_bytes:
            raise StoreError("no_room_to_keep", full=True, what=amount(f"{self._what}s"))
        self.rules.check_count(sum(known.owner == owner for known in every.values()), self._what)

    def _write(self, name: str, about: About, data: bytes) -> None:
        path = self._path(name)
        beside = path.with_suffix(f".{secrets.token_hex(4)}.part")
        try:
            try:
                beside.write_bytes(orjson.dumps(asdict(about)) + b"\n" + data)
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            raise self._not_written(error) from error

    def get(self, name: str) -> bytes | None:
        """Return what is kept under an id."""
        if self.about(name) is None:
            return None
        try:
            return self._path(name).read_bytes().partition(b"\n")[2]
        except OSError:
            return None

    def about(self, name: str, *, used: bool = False) -> About | None:
        """Return whose a kept thing is, and until when. Use counts for nothing here, where nothing makes room."""
        return self._about(self._path(name)) if ID.fullmatch(name) else None

    def _about(self, path: Path) -> About | None:
        """Return what the first line of a file says; None if it is damaged. A file whose time is over is deleted."""
        try:
            with path.open("rb") as file:
                about = About(**orjson.loads(file.readline(HEAD_BYTES)))
        except (OSError, ValueError, TypeError):
            return None
        if about.until > time.time():
            return about
        with suppress(OSError):
            path.unlink()
        return None

    def share(self, name: str, shared: bool) -> None:
        """Let everybody be told of something that is kept, or nobody any more.

        Raises:
            StoreError: it cannot be written.
        """
        if self.about(name) is None:
            return
        with self._alone():
            about, data = self.about(name), self.get(name)
            if about is not None and data is not None:
                self._write(name, replace(about, shared=shared), data)

    def drop(self, name: str) -> None:
        """Forget something, if it is there."""
        if self.about(name) is None:
            return
        try:
            with self._alone():  # who is sharing it would write it again
                self._forget(name)
        except StoreError:  # where nothing can be written nobody writes it again
            self._forget(name)

    def _forget(self, name: str) -> None:
        with suppress(OSError):
            self._path(name).unlink()

    def every(self) -> dict[str, About]:
        """Return everything that is kept, by its id; what is past its date is deleted."""
        found = ((path.stem, self._about(path)) for path in self._folder.glob(f"*.{self._what}"))
        return {name: about for name, about in found if about is not None}

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.{self._what}"
