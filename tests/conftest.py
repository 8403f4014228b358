"""The order of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

BROWSER_TESTS = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: once Playwright's synchronous API has started, its event loop runs in this thread,
    and no other test could run one.
    """
    items.sort(key=lambda item: BROWSER_TESTS in item.path.parents)
