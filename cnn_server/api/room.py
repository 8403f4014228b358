"""/api/room: what the owner of the room sees, and does with the runs of everybody.

DELETE /api/room/lesson: delete everything that was made since the server was started.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, current_app

from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.languages import sentence_of
from cnn_server.problems import ProblemError
from cnn_server.room import delete_since, is_owner, made_since, the_room
from cnn_server.run_view_answers import RoomAnswer, RoomDone
from cnn_server.runs import commands
from cnn_server.runs.record import Run
from cnn_server.runs.service import service
from cnn_server.runs.store import RunGoneError
from cnn_server.runs.waiting import Waiting
from cnn_server.schemas.runs import RoomCommand

OLDER = 300  # runs at most that are shown of those before this lesson
SHOWN = ("id", "name", "state", "step", "steps_per_second", "slow_motion", "created", "seconds_left", "shared")

api = Resource("room_api", __name__)


def _check_owner() -> None:
    if not is_owner():
        raise ProblemError(403, "not_the_rooms_owner")


@api.get("/api/room", responses=answers({200: RoomAnswer}, 403, 503))
def overview() -> Response:
    """Return every run, the newest first, and how much there is of this lesson."""
    _check_owner()
    store, since, now = service().store(), the_room().since, time.time()
    runs = _every_run()
    queue = service().hub.queue.now()
    people = the_room().numbered(run.owner for run in reversed(runs))
    held, trouble = sum(run.held(now) for run in runs), store.trouble()
    return encoding.fresh_json(
        {
            "since": since,
            "places": {"taken": held, "at_once": current_app.config["RUNS_AT_ONCE"]},
            "runs": [_row(run, people[run.owner], queue) for run in runs],
            "made": made_since(since),
            "trouble": trouble and sentence_of(trouble),
        }
    )


def _every_run() -> list[Run]:
    """Return all runs of this lesson, and of those before it what goes on and the newest of what has ended."""
    store = service().store()
    this_lesson = store.made_since(the_room().since)
    others = [*store.unfinished(), *store.made_since(0.0, len(this_lesson) + OLDER)]
    found = {run.id: run for run in (*this_lesson, *others)}
    return sorted(found.values(), key=lambda run: -run.created)


def _row(run: Run, person: int, queue: dict[str, Waiting]) -> dict[str, Any]:
    now, config, waiting = time.time(), current_app.config, queue.get(run.id, Waiting())
    return {
        **{name: getattr(run, name) for name in SHOWN},
        **waiting.as_json(),
        "trouble": waiting.trouble and sentence_of(waiting.trouble),
        "person": person,
        "dataset": run.settings["dataset"],
        "total_steps": run.facts["total_steps"],
        "has_place": run.held(now),
        "watched": run.open and now - run.visited <= config["RUN_UNWATCHED"],
        "this_lesson": run.created >= the_room().since,
    }


# ---- what may be done


def _give(run: Run, now: float, command: str) -> None:
    commands.give(run, {"command": command}, now)


def _pause(run: Run, now: float) -> None:
    """Pause a run; one that waits leaves the queue."""
    if run.state == "queued" and not run.held(now):
        run.state, run.parked, run.commanded = "paused", False, now
        run.pending.clear()
        run.seen = run.sent
    elif run.open and commands.state_to_come(run) == "running":
        _give(run, now, "pause")


def _free(run: Run, now: float) -> None:
    """Pause it, and let whoever waits have its slot at once."""
    _pause(run, now)
    run.commanded = 0.0


ACTS: dict[str, Callable[[Run, float], None]] = {
    "pause": _pause,
    "free": _free,
    "resume": partial(_give, command="resume"),
    "stop": partial(_give, command="stop"),
}


@api.post("/api/room/commands", responses=answers({200: RoomDone}, 400, 403, 413, 415, 503, 507))
def command(body: RoomCommand) -> Response:
    """Do something with some runs, or with all. What a run's state does not allow is left out."""
    _check_owner()
    ids = [run.id for run in _every_run()] if body.runs is None else body.runs
    return encoding.fresh_json({"done": sum(_done(run_id, body.command) for run_id in ids)})


def _done(run_id: str, name: str) -> bool:
    store = service().store()
    if name == "delete":
        there = store.get(run_id) is not None
        service().drop(run_id)
        return there

    def edit(run: Run) -> None:
        if not run.open:
            raise commands.NotNowError("run_has_ended", state=run.state)
        ACTS[name](run, time.time())

    try:
        store.change(run_id, edit)
    except (commands.NotNowError, RunGoneError):
        return False
    return True


@api.delete("/api/room/lesson", responses=answers({200: RoomDone}, 403, 503, 507))
def end_lesson() -> Response:
    """Delete everything that people made since the server was started."""
    _check_owner()
    counts = delete_since(the_room().since)
    return encoding.fresh_json({"done": sum(counts.values()), "deleted": counts})
