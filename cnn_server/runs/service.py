"""The runs of an application: the store, the hub, and the workers."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app

from cnn_server.problems import ProblemError, render
from cnn_server.runs import owners
from cnn_server.runs.hub import Hub
from cnn_server.runs.launcher import Launcher
from cnn_server.runs.looking import Looker
from cnn_server.runs.slots import RunLimits
from cnn_server.runs.store import RunStore, StoreError, open_store
from cnn_server.runs.strangers import Strangers

EXTENSION = "runs"


class Service:
    """What the API asks for runs. The store is opened when it is needed first, in the process that needs it."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._store: RunStore | None = None
        self._launcher: Launcher | None = None
        self.looker = Looker(int(config["LOOKS_MEMORY"]))
        self.strangers = Strangers(self.store, int(config["RUNS_KEPT_PER_CLIENT"]))
        self.hub = Hub(self.store, lambda: int(config["MAX_VIEWERS"]), RunLimits.of(config))

    def store(self) -> RunStore:
        """Return the store.

        Raises:
            StoreError: it cannot be had now; the next call tries again.
        """
        with self._lock:
            if self._store is None:
                self._store = open_store(self._config)
            return self._store

    def made_since(self, time: float) -> list[str]:
        """Return ids of the runs that were started after a time."""
        return [run.id for run in self.store().made_since(time)]

    def drop(self, run_id: str) -> None:
        """Forget a run and all that belongs to it, here and in the store; one that goes on ends with that."""
        self.store().remove(run_id)
        self.strangers.forget(run_id)

    def start_workers(self, launcher: Launcher | None = None) -> None:
        """Start the workers, unless this process has done so: by a launcher that has begun, or by one of its own."""
        with self._lock:
            if self._launcher is None:
                self._launcher = launcher or Launcher(self._config)
                self._launcher.start()

    def stop_workers(self) -> None:
        """End the workers, which leave their runs to others first."""
        with self._lock:
            launcher, self._launcher = self._launcher, None
        if launcher is not None:
            launcher.stop()

    def stop(self) -> None:
        """End the workers and close the store."""
        self.stop_workers()
        self.strangers.stop()
        with self._lock:
            store, self._store = self._store, None
        if store is not None:
            store.close()


def service() -> Service:
    """Return that of the current application."""
    found: Service = current_app.extensions[EXTENSION]
    return found


def _of_store(error: StoreError) -> Response:
    response = render(ProblemError.of_message(507 if error.full else 503, error.message))
    response.headers["Retry-After"] = "5"
    return response


def register(app: Flask) -> None:
    """Give an application its runs, and tell what goes wrong in the store."""
    app.extensions[EXTENSION] = Service(app.config)
    app.register_error_handler(StoreError, _of_store)
    owners.register(app)
