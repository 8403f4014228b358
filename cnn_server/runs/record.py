"""What a run is: a record that is changed in one piece, and a log that only grows."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from cnn_engine.words import Message
from cnn_server.runs import reasons

OPEN = ("queued", "running", "paused")
METRICS = ("loss", "accuracy", "learning_rate", "gradient_norm", "validation_loss", "validation_accuracy")
MOST_FOLLOWED = 32_768  # parameters of a network that can be followed number by number
FIXED = ("id", "owner", "created", "settings", "facts")  # what never changes, and is written once


class LogPiece(NamedTuple):
    """A piece of a run's log: what one flush wrote.

    `step` is its last step; `points` are its steps as points.py stores them, and `epochs` is the JSON of the epochs
    which were completed in it. An epoch is in the entry of its last step.
    """

    step: int
    points: bytes
    epochs: bytes


class Blob(NamedTuple):
    """Bytes of a run: a "checkpoint" to go on from, or the "parameters" to look at, as of a step."""

    kind: str
    step: int
    data: bytes


@dataclass
class Run:
    """Everything about a run but its log. Times are seconds since 1970."""

    id: str
    owner: str
    created: float
    settings: dict[str, Any]
    facts: dict[str, Any]  # what follows from the settings: shapes, counts, classes
    name: str = ""
    shared: bool = False
    state: str = "queued"
    step: int = 0
    epoch: int = 0
    learning_rate: float = 0.0
    steps_per_second: float | None = None
    slow_motion: bool = False
    rates: list[tuple[int, float]] = field(default_factory=list)  # (after this step, the rate that was set)
    metrics: dict[str, float | None] = field(default_factory=lambda: dict.fromkeys(METRICS))
    phase: dict[str, Any] | None = None
    warning: dict[str, Any] | None = None
    end: dict[str, Any] | None = None
    ended: float | None = None
    speed: float | None = None  # steps a second, as measured
    trained: float = 0.0  # seconds of computing, waiting for the pace aside
    pending: list[dict[str, Any]] = field(default_factory=list)  # commands that no worker has carried out yet
    sent: int = 0  # commands ever
    seen: int = 0  # commands carried out
    watched: float = 0.0  # when somebody last looked at the network
    visited: float = 0.0  # when somebody last looked at anything of it
    commanded: float = 0.0  # when it was last told what to do
    taken: float = 0.0  # when it was last given a slot
    person: str = ""  # whom it counts for: its owner, or an address where no cookie was brought
    address: str = ""  # where it was started, as a digest; kept only until it ends
    worker: str | None = None
    lease: float = 0.0  # until when the worker has it
    claims: int = 0  # how often it was given to one: what an earlier claim is at may not write any more
    parked: bool = False  # queued, but begun and paused before
    lost_workers: int = 0  # workers lost since the last progress

    def __post_init__(self) -> None:
        """Set whose the run is to its owner, where nothing else is known."""
        self.person = self.person or self.owner

    @property
    def open(self) -> bool:
        """Whether it has not ended."""
        return self.state in OPEN

    def held(self, now: float) -> bool:
        """Return whether a worker has it."""
        return self.worker is not None and self.lease > now

    def epoch_of(self, step: int) -> int:
        """Return the epoch that a step belongs to, from 1; 0 before the first step."""
        return -(-step // int(self.facts["steps_per_epoch"]))

    @property
    def seconds_left(self) -> float | None:
        """Return the seconds that it still takes, as measured or as it is paced; None where that is not known."""
        if self.state != "running" or not self.speed:
            return None
        return float(self.facts["total_steps"] - self.step) / min(self.speed, self.steps_per_second or math.inf)

    def finish(self, state: str, reason: Message, evidence: dict[str, Any], now: float) -> None:
        """End it."""
        self.state, self.ended = state, now
        self.end = {"state": state, **reasons.kept("reason", reason), "evidence": evidence}
        self.worker, self.lease, self.phase = None, 0.0, None
        self.person, self.address = self.owner, ""
        self.pending.clear()
        self.seen = self.sent

    def fixed_json(self) -> bytes:
        """Return what never changes."""
        return orjson.dumps({name: getattr(self, name) for name in FIXED}, option=orjson.OPT_SERIALIZE_NUMPY)

    def changing_json(self) -> bytes:
        """Return the rest."""
        values = {name: value for name, value in vars(self).items() if name not in FIXED}
        return orjson.dumps(values, option=orjson.OPT_SERIALIZE_NUMPY)

    @classmethod
    def read(cls, fixed: bytes, changing: bytes) -> Run:
        """Return a run from the two texts; what an older version wrote lacks nothing that has a default."""
        values = _fixed(fixed) | orjson.loads(changing)
        run = cls(**{name: value for name, value in values.items() if name in cls.__dataclass_fields__})
        run.rates = [(int(step), float(rate)) for step, rate in run.rates]
        return run

    def copy(self) -> Run:
        """Return another run with the same values."""
        return Run(**asdict(self))


@lru_cache(maxsize=512)  # more than run and wait at once
def _fixed(text: bytes) -> dict[str, Any]:
    """Return what never changes: read once, and shared by every record of a run."""
    values: dict[str, Any] = orjson.loads(text)
    return values


def finite(value: float | None) -> float | None:
    """Return a number for JSON: null where it is not finite."""
    return value if value is not None and math.isfinite(value) else None
