"""What may be asked of a run in which state, what it does to one that no worker has, and the rates that were set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cnn_engine.words import Message
from cnn_server.runs.record import Run
from cnn_server.words import RefusalError

Command = dict[str, Any]
DIALS = ("learning_rate", "steps_per_second", "slow_motion")


class NotNowError(RefusalError):
    """The state of the run does not allow the command."""


def state_to_come(run: Run) -> str:
    """Return the state once the commands that wait are carried out."""
    state = "paused" if run.parked else run.state
    for command in run.pending:
        state = {"pause": "paused", "resume": "running", "stop": "stopped"}.get(command["command"], state)
    return state


def check(run: Run, command: Command) -> None:
    """Refuse what the state does not allow. To pause twice, or to resume twice, does no harm and is no error.

    Raises:
        NotNowError: with the reason.
    """
    name, state = command["command"], state_to_come(run)
    if not run.open:
        raise NotNowError("run_has_ended", state=run.state)
    if state == "stopped":
        raise NotNowError("run_is_being_stopped")
    if state == "queued" and name not in {"stop", "set"}:
        raise NotNowError("run_waits", command=name)
    if name == "step" and state != "paused":
        raise NotNowError("run_is_running")


def give(run: Run, command: Command, now: float) -> None:
    """Give a run a command: at once where no worker has it, else for its worker to find."""
    check(run, command)
    run.sent += 1
    run.commanded = run.visited = now
    if run.state == "running" or run.held(now):
        run.pending.append(command)
        return
    _at_rest(run, command, now)


def _at_rest(run: Run, command: Command, now: float) -> None:
    """Carry out what needs no worker; queue a paused run that is to go on."""
    match command["command"]:
        case "stop":
            run.seen = run.sent
            run.finish("stopped", stopped_by_hand(run.step), {}, now)
            return
        case "set":
            set_dials(run, command)
        case "pause":
            run.pending.clear()
            run.state, run.parked = "paused", False
        case _:
            run.pending.append(command)
            run.state, run.parked = "queued", True
            return
    run.seen = run.sent - len(run.pending)


def obey_early(run: Run, now: float) -> None:
    """Carry out what a run is told that is not ready to be trained yet, in order, up to a step that is asked for."""
    while run.pending and run.pending[0]["command"] != "step":
        command = run.pending.pop(0)
        run.seen += 1
        match command["command"]:
            case "stop":
                run.finish("stopped", stopped_by_hand(run.step), {}, now)
            case "set":
                set_dials(run, command)
            case name:
                run.state = "paused" if name == "pause" else "running"


def set_dials(run: Run, command: Command) -> None:
    """Write down what was set. A learning rate counts for the steps after the one that the run is at."""
    for dial in DIALS:
        if dial in command:
            setattr(run, dial, command[dial])
    if "learning_rate" in command:
        run.rates.append((run.step, command["learning_rate"]))


def stopped_by_hand(step: int) -> Message:
    """Return why a run ended that somebody stopped."""
    return Message("runs.stopped_by_hand", {"step": step}) if step else Message("runs.stopped_before_it_began", {})


Rate = tuple[int, float]  # the step from which on it counts, and the learning rate


class Rates:
    """The learning rates that were set while a run went on, from a step on, and of them those that are not stored yet.

    A step that is trained again has the rate that it had.
    """

    def __init__(self, stored: Sequence[Rate], step: int) -> None:
        self._ahead = [(at, rate) for at, rate in stored if at >= step]
        self.unwritten: list[Rate] = []

    def add(self, step: int, rate: float) -> None:
        """Set a rate from this step on."""
        self._ahead.append((step, rate))
        self.unwritten.append((step, rate))

    def reached(self, step: int) -> Iterator[float]:
        """Yield the rates that count by this step, each once, in the order in which they were set."""
        while self._ahead and self._ahead[0][0] <= step:
            yield self._ahead.pop(0)[1]
