"""The order of the tests, one thread for NumPy, and a data folder that is theirs."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from scripts import bundle, node
from tests.pure.calling import Scripts, calling

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


@pytest.hookimpl(optionalhook=True)  # without pytest-xdist nobody asks
def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: a test waits for a page, a process or a run for more than half of its time."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(scope="session")
def node_environment() -> dict[str, str]:
    """An environment with Node, and with what package-lock.json names installed."""
    return node.with_packages()


@pytest.fixture(scope="session")
def scripts() -> Iterator[Scripts]:
    """The scripts that need no page, in a Node that is started once."""
    with calling() as scripts:
        yield scripts


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory, node_environment: dict[str, str]) -> Path:
    """A folder with bundles of all pages, made once for all processes of this run."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "bundled"
    with FileLock(f"{folder}.lock"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", node_environment["PATH"])
        if not folder.is_dir():
            bundle.bundle(folder)
    return folder
