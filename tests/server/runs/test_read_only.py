"""A data folder that may only be read from the start, as the system itself forbids it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cnn_engine.words import say
from cnn_server.runs.sqlite_store import SQLiteRunStore
from cnn_server.runs.store import StoreError

from .support import a_run, points, work_to_the_end

NOBODY = 65534


@contextmanager
def may_only_read(folder: Path) -> Iterator[None]:
    """Permissions do not hold for root, who is somebody else meanwhile."""
    root = os.geteuid() == 0
    for path in (folder, *folder.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in (folder, *folder.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where anybody may look."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.mark.parametrize("closed", [True, False])
def test_what_may_only_be_read_from_the_start_can_be_read(folder, closed):
    """Whether the last process has closed the file, so that nothing but the file is there, or was killed."""
    before = SQLiteRunStore(folder)
    before.add(a_run())
    work_to_the_end(before)
    written = points(before)
    if closed:
        before.close()
    with may_only_read(folder):
        store = SQLiteRunStore(folder)
        for _ in range(2):
            run = store.get("run")
            assert run is not None
            assert (run.state, run.step) == ("finished", 24)
            assert points(store) == written
        assert "cannot be written to" in say(store.trouble())
        with pytest.raises(StoreError, match="cannot be written to"):
            store.add(a_run("other"))
        with pytest.raises(StoreError, match="cannot be written to"):
            store.change("run", lambda run: setattr(run, "name", "other"))
    store.add(a_run("other"))  # the same store, once it is mended
    assert [run.id for run in SQLiteRunStore(folder).unfinished()] == ["other"]
    store.close()
    before.close()
