"""A process that trains: `python -m cnn_server.runs`.

Its standard input is its lifeline. The first line is the configuration as JSON; when the pipe ends, so does the
process, whatever became of the one that held the other end.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import orjson

from cnn_server.config import settings
from cnn_server.runs.slots import RunLimits
from cnn_server.runs.store import StoreError, open_store
from cnn_server.runs.worker import Worker, worker_name

NICENESS = 5  # the pages come first: their calls are short
BEATS = 8  # words in the time without any after which a worker counts as stuck
PATIENCE = 2.0  # seconds for the last checkpoints once the lifeline has ended

logger = logging.getLogger("convoscope.runs")


def main() -> None:
    """Work until the lifeline ends."""
    logging.basicConfig(format="%(levelname)s: %(message)s")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, whose end ends this too
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    config = settings(orjson.loads(_first_line()))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_until_the_end, args=(stop,), name="lifeline", daemon=True).start()
    name: str | None = config.get("RUN_WORKER_NAME")
    beat: Callable[[], None] = _silent
    if name:  # somebody listens
        beat = Beat(sys.stdout.fileno(), config["RUN_STUCK"] / BEATS)
    while not stop.is_set():
        beat()
        try:
            store = open_store(config)
        except StoreError as error:
            logger.warning("the worker waits: %s", error)
            stop.wait(2.0)
            continue
        Worker(store, RunLimits.of(config), name or worker_name(), beat=beat).work(stop)
        store.close()


class Beat:
    """Says by a pipe that this process gets on, as often as it is called and not more than once in so many seconds."""

    def __init__(self, pipe: int, seconds: float) -> None:
        self._pipe, self._seconds, self._due = pipe, seconds, 0.0

    def __call__(self) -> None:
        """Say so."""
        if (now := time.monotonic()) >= self._due:
            self._due = now + self._seconds
            with suppress(OSError):  # who listened is gone, and the lifeline will tell
                os.write(self._pipe, b".")


def _silent() -> None:
    pass


def _first_line() -> bytes:
    """Read the first line unbuffered, so that the rest is left for the lifeline."""
    line = b""
    while not line.endswith(b"\n") and (more := os.read(sys.stdin.fileno(), 1)):
        line += more
    return line or b"{}"


def _until_the_end(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop.set()
    time.sleep(PATIENCE)
    os._exit(0)


if __name__ == "__main__":
    main()
