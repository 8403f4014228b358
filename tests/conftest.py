"""The order of the tests, one thread for NumPy, and a data folder that is theirs."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from scripts import bundle, node
from tests.pure.calling import Scripts, calling

# Before NumPy is loaded: on a machine that is busy, threads that share a small product wait for each other for ages.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# None is used, and each process would read what all installed packages say of themselves to find that out.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
os.environ["CONVOSCOPE_DATA_DIR"] = tempfile.mkdtemp(prefix="convoscope-tests-")
atexit.register(shutil.rmtree, os.environ["CONVOSCOPE_DATA_DIR"], ignore_errors=True)

MadeOnce = Callable[[str, Callable[[Path], object]], Path]
BROWSER_TESTS = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: once Playwright's synchronous API has started, its event loop runs in this thread,
    and no other test could run one.
    """
    browser = f"{BROWSER_TESTS}{os.sep}"
    items.sort(key=lambda item: str(item.path).startswith(browser))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """What is made while tests are collected stays: to look for garbage among it would take a fifth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


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
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Makes a folder of this name once for all processes of this run, and returns where it is."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def folder_of(name: str, make: Callable[[Path], object]) -> Path:
        folder = shared / name
        with FileLock(f"{folder}.lock"):
            if not folder.is_dir():
                make(folder)
        return folder

    return folder_of


@pytest.fixture(scope="session")
def bundled(made_once: MadeOnce, node_environment: dict[str, str]) -> Path:
    """A folder with bundles of all pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", node_environment["PATH"])
        return made_once("bundled", bundle.bundle)
