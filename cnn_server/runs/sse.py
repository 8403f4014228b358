"""Server-sent events: the bytes of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from cnn_engine.words import ENGLISH, Message, say
from cnn_server.runs import reasons
from cnn_server.runs.points import as_json, as_lists, read
from cnn_server.runs.record import LogPiece, Run
from cnn_server.runs.waiting import Waiting

COMMENT = b": still here\n\n"
STATE_FIELDS = ("state", "learning_rate", "steps_per_second", "slow_motion", "name", "shared")


def encoded(event: str, data: Any, number: int | None = None) -> bytes:
    """Return one event; only a step has a number, by which a viewer resumes."""
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {event}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"


def state_of(run: Run, waiting: Waiting, trouble: Message | None) -> dict[str, Any]:
    """Return what must change for a `state` event to come."""
    return {name: getattr(run, name) for name in STATE_FIELDS} | waiting.as_json() | {"trouble": trouble}


def state_event(run: Run, waiting: Waiting, trouble: Message | None, code: str = ENGLISH) -> bytes:
    """Return the state as it is."""
    now = {"step": run.step, "epoch": run.epoch_of(run.step), "seconds_left": run.seconds_left}
    return encoded("state", state_of(run, waiting, trouble) | now | {"trouble": trouble and say(trouble, code)})


def warning_event(warning: Mapping[str, Any], code: str = ENGLISH) -> bytes:
    """Return what a run should be looked at for."""
    return encoded("warning", reasons.worded(warning, code))


def entry_events(run: Run, entries: Sequence[LogPiece], after: int = 0) -> bytes:
    """Return the events of entries after a step: one `epoch` with all that ended, one `step` with all the points.

    The epochs come first, so that whoever has heard of a step has heard of all the epochs up to it.
    """
    events = encoded("epoch", epochs[-1] | {"epochs": epochs}) if (epochs := epochs_of(entries, after)) else b""
    points = read((entry.points for entry in entries), after)
    if not len(points):
        return events
    step, loss, accuracy, rate, _ = as_lists(points[-1:])[0]
    data = {
        "step": step,
        "epoch": run.epoch_of(step),
        "loss": loss,
        "accuracy": accuracy,
        "learning_rate": rate,
        "seconds_left": run.seconds_left,
        "points": orjson.Fragment(as_json(points)),
    }
    return events + encoded("step", data, step)


def epochs_of(entries: Sequence[LogPiece], after: int = 0) -> list[dict[str, Any]]:
    """Return the epochs of some entries after a step."""
    return [epoch for entry in entries for epoch in orjson.loads(entry.epochs) if epoch["step"] > after]


def end_event(run: Run | None, code: str) -> bytes:
    """Return the last event."""
    gone = {"state": "stopped", "reason": say(Message("runs.deleted", {}), code), "evidence": {}}
    return encoded("end", reasons.worded(run.end, code) if run is not None else gone)
