"""The order of the tests, one thread for NumPy, and a data folder that is theirs."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Before NumPy is loaded: on a machine that is busy, threads that share a small product wait for each other for ages.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["CONVOSCOPE_DATA_DIR"] = tempfile.mkdtemp(prefix="convoscope-tests-")
atexit.register(shutil.rmtree, os.environ["CONVOSCOPE_DATA_DIR"], ignore_errors=True)

BROWSER_TESTS = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: once Playwright's synchronous API has started, its event loop runs in this thread,
    and no other test could run one.
    """
    items.sort(key=lambda item: BROWSER_TESTS in item.path.parents)
