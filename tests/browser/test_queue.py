"""A run that waits says where it stands and about how long it takes; one that was left gives its place away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from scripts.serving import serving

from .test_training import TINY, expect_begun, expect_state, sentence, start

LONG = f"/training#{TINY}&epochs=100&speed=2"


@pytest.fixture
def small_room(tmp_path) -> Iterator[str]:
    """A server with one place, which is kept for two seconds by a run that nobody watches."""
    with serving({"DATA_DIR": str(tmp_path), "RUNS_AT_ONCE": 1, "RUN_UNWATCHED": 2.0, "RUN_WORKERS": 1}) as address:
        yield address


def test_who_waits_is_told_about_how_long_and_gets_the_place_of_a_run_that_was_left(small_room, open_page):
    first: Page = open_page(f"{small_room}{LONG}")
    run = start(first)
    expect_begun(first)
    second: Page = open_page(f"{small_room}{LONG}", width=390, height=844)
    start(second)
    waits = r"waits for its turn: place 1 in the queue\. It begins in about \d+ (minutes?|hours?)"
    expect(sentence(second)).to_contain_text(re.compile(waits))
    first.goto(f"{small_room}/")
    expect_begun(second)
    first.goto(f"{small_room}/training#run={run}")
    waits = (
        r"has given its place to another one at step \d+, and goes on by itself: place 1 in the queue\. It goes on in"
    )
    expect(sentence(first)).to_contain_text(re.compile(waits))
    second.goto(f"{small_room}/")
    expect_state(first, "running")
