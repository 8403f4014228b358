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

import orjson

from cnn_server.config import settings
from cnn_server.runs.places import Limits
from cnn_server.runs.store import StoreError, open_store
from cnn_server.runs.worker import Worker, worker_name

NICENESS = 5  # the pages come first: their calls are short
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
    name = config.get("RUN_WORKER_NAME") or worker_name()
    while not stop.is_set():
        try:
            store = open_store(config)
        except StoreError as error:
            logger.warning("the worker waits: %s", error)
            stop.wait(2.0)
            continue
        Worker(store, Limits.of(config), name).work(stop)
        store.close()


def _first_line() -> bytes:
    """Unbuffered, so that the rest is left for the lifeline."""
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
