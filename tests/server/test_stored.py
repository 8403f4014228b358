"""One page says what is stored, where, for how long and how to delete it, as the server is configured."""

from __future__ import annotations

import pytest

from cnn_server import create_app
from cnn_server.runs import strangers
from cnn_server.stored import duration

REDIS = {"REDIS_URL": "redis://:secret@127.0.0.1:1/0"}


def page(**config: object) -> str:
    answer = create_app(config).test_client().get("/stored")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_it_follows_the_configuration() -> None:
    html = page(RUN_MAX_AGE=3 * 86_400, IMAGE_TTL=1800, RUNS_KEPT_PER_CLIENT=7)
    assert "3 days after the end; of one person the newest 7" in html
    assert "In the memory of this server, never on a disk." in html
    assert "30 minutes, or less where many are uploaded." in html
    assert "Redis" not in html


def test_with_redis_it_says_that_it_may_be_written_to_disk() -> None:
    html = page(**REDIS)
    assert html.count("In Redis, which may write to disk.") >= 2
    assert "never on a disk" not in html
    assert "secret" not in html


def test_it_says_how_long_an_address_is_known() -> None:
    html = page()
    assert "a code made from the address of your network" in html
    assert "Until such a run is deleted or goes, ten minutes longer at most, or until the server stops." in html
    assert strangers.LOOK == 600.0  # seconds


def test_pages_lead_to_it() -> None:
    client = create_app().test_client()
    for path in ("/", "/training", "/feature-maps", "/operations/convolution", "/classroom"):
        assert 'href="/stored"' in client.get(path).text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (90, "90 seconds"),
        (1800, "30 minutes"),
        (14 * 86_400, "14 days"),
        (31_536_000, "1 year"),
    ],
)
def test_times_are_told_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
