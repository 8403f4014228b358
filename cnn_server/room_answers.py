"""What the owner of the room sees of it, described for /openapi.json."""

from __future__ import annotations

from pydantic import Field

from cnn_server.answers import Answer
from cnn_server.run_answers import State


class RoomRun(Answer):
    """A run as the owner of the room sees it. People have numbers, in the order in which they came."""

    id: str
    name: str
    person: int
    state: State
    dataset: str
    created: float = Field(description="seconds since 1970")
    step: int
    total_steps: int
    steps_per_second: float | None
    slow_motion: bool
    seconds_left: float | None
    shared: bool
    place: int | None = Field(description="in the queue, from 1")
    starts_in: int | None
    trouble: str | None = Field(description="why it cannot begin though it may be its turn")
    has_place: bool = Field(description="whether it has a slot")
    watched: bool = Field(description="whether somebody has looked at it lately")
    this_lesson: bool = Field(description="whether it was started since the server was")


class RoomPlaces(Answer):
    """How many runs are trained, and how many may be at once."""

    taken: int
    at_once: int


class RoomAnswer(Answer):
    """All runs, the newest first, and how much there is of this lesson."""

    since: float
    places: RoomPlaces
    runs: list[RoomRun]
    made: dict[str, int]
    trouble: str | None


class RoomDone(Answer):
    """With how many things something was done, and how many of each kind were deleted."""

    done: int
    deleted: dict[str, int] | None = None
