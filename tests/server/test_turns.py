"""Turns: so many at a time, in the order in which they came."""

from __future__ import annotations

import threading

import pytest

from cnn_server.turns import Turns
from scripts.waiting import HANG


def waiting(turns: Turns, take) -> threading.Thread:
    """A thread that waits for its turn."""
    before = turns.waiting

    def wait() -> None:
        with turns:
            take()

    thread = threading.Thread(target=wait)
    thread.start()
    while turns.waiting == before:
        threading.Event().wait(0.001)
    return thread


def test_who_waits_comes_before_who_comes_at_the_moment_when_a_turn_is_free():
    turns, order = Turns(1), []
    turns.__enter__()
    threads = [waiting(turns, lambda name=name: order.append(name)) for name in ("first", "second")]
    turns.__exit__(None, None, None)
    with turns:
        order.append("last")
    for thread in threads:
        thread.join(HANG)
    assert order == ["first", "second", "last"]


def test_no_more_are_in_at_once_and_one_who_fails_gives_the_turn_back():
    turns, inside = Turns(2), []
    turns.__enter__()
    with pytest.raises(ZeroDivisionError), turns:
        raise ZeroDivisionError
    with turns:
        thread = waiting(turns, lambda: inside.append(1))
        assert inside == []
    thread.join(HANG)
    assert inside == [1]
