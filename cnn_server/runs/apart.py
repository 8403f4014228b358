"""A run whose steps take long, in a thread of its own: the other runs of its worker do not wait for it.

NumPy computes without holding the interpreter, and so beside the worker's own thread. Whether a run is trained like
this is counted before it begins: a thread of its own would cost one of short steps more than it is worth.
"""

from __future__ import annotations

import logging
import threading
import time

from cnn_server.runs.session import RETRY, Session
from cnn_server.runs.store import StoreError

LISTEN = 0.04  # seconds between two looks for commands
SLICE = 0.1  # seconds that it goes on between two of them at least
TOO_LONG = 60.0  # seconds in one piece of a step, of which none takes one
PATIENCE = 1.0  # seconds to wait for the end of a piece of a step

logger = logging.getLogger("convoscope.runs")


class Apart:
    """What a worker asks of a session, which only this thread trains."""

    listened = float("inf")  # nobody else has to look for its commands

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stop = threading.Event()
        self._error: Exception | None = None
        self._came_back = time.monotonic()
        self._thread = self._begun()

    def _begun(self) -> threading.Thread:
        thread = threading.Thread(target=self._work, name=f"run {self._session.id}", daemon=True)
        thread.start()
        return thread

    def _work(self) -> None:
        try:
            while not self._stop.is_set() and not self._session.over:
                self._stop.wait(self._turn())
        except Exception as error:  # told to the worker by `attend`
            self._error = error

    def _turn(self) -> float:
        """Listen and go on for a while. The seconds until the next turn."""
        session, now = self._session, time.monotonic()
        self._came_back = now
        try:
            if now >= session.listened + LISTEN:
                session.listen()
            session.attend(time.monotonic() + SLICE)
        except StoreError as error:
            logger.warning("run %s waits: %s", session.id, error)
            return RETRY
        now = time.monotonic()
        return max(0.0, min(session.wake_at(now), session.listened + LISTEN) - now)

    @property
    def over(self) -> bool:
        """Whether the end is written."""
        return self._error is None and self._session.over

    def wake_at(self, now: float) -> float:
        """Return when the worker is to look at it again."""
        return now + 1.0

    def busy_for(self, now: float) -> float:
        """Return for how many seconds it has been in one piece of a step."""
        return now - self._came_back if self._thread.is_alive() else 0.0

    def attend(self, until: float) -> None:
        """Begin a thread anew that ended because the run was to be let go, which then failed.

        Raises:
            Exception: whatever ended its thread.
        """
        alive = self._thread.is_alive()
        if self._error is not None:
            raise self._error
        if not alive and not self._session.over:
            self._thread = self._begun()

    def listen(self) -> None:
        """Do nothing: the thread of the run listens by itself."""

    def release(self, *, give_way: bool = False) -> bool:
        """Let somebody else go on from here, or, where a piece takes too long, from what is written down. Returns
        whether that could be written; where it could not, the run goes on here.
        """
        self._stop.set()
        self._thread.join(PATIENCE)
        if self._error is not None or self._session.over:
            return True
        try:
            if self._thread.is_alive():
                self._session.give_back(give_way=give_way)
                return True
            if self._session.release(give_way=give_way):
                return True
        except StoreError as error:
            logger.warning("run %s cannot be given back now: %s", self._session.id, error)
        self._stop.clear()
        return False

    def ask_to_stop(self) -> None:
        """Ask the run to stop without waiting for it, so that many can be released at once."""
        self._stop.set()
