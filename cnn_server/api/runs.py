"""/api/runs: training runs are made, found, told what to do, named and deleted."""

from __future__ import annotations

import secrets
import time
from typing import Any

from flask import Response, current_app

from cnn_engine.nn.layers.base import counting
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.languages import language, sentence_of
from cnn_server.problems import ProblemError
from cnn_server.room import is_owner
from cnn_server.run_answers import RunAnswer, RunsAnswer, RunsDeleted
from cnn_server.runs import caps, commands, owners, reasons, visits
from cnn_server.runs.owners import owner
from cnn_server.runs.prepared import filled_in, prepare
from cnn_server.runs.record import Run
from cnn_server.runs.service import Service, service
from cnn_server.runs.slots import RunLimits, standings
from cnn_server.runs.store import RunGoneError, trouble_of
from cnn_server.runs.waiting import Waiting
from cnn_server.schemas.runs import CommandBody, RunBody, RunChange, RunPath

HEARD = 1.0  # seconds to wait for a worker to carry a command out
LISTEN = 0.01
LABELS = ("name", "shared")  # of a body what is no setting
DIALS = ("steps_per_second", "slow_motion")  # settings that may be changed while it runs

api = Resource("runs", __name__)


def found(run_id: str) -> Run:
    """Return a run by its id; 404 where there is none."""
    run = service().store().get(run_id)
    if run is None:
        raise gone(run_id)
    return run


def looked_at(run_id: str) -> Run:
    """Return a run that somebody looks at, which keeps its slot by that, or has it again."""
    run = found(run_id)
    visits.note(service().store(), run, current_app.config["RUN_UNWATCHED"], owners.visitor())
    return run


def gone(run_id: str) -> ProblemError:
    """Return the refusal of an id that no run has."""
    return ProblemError(404, "no_run", run=run_id[:40])


def answer(run: Run, status: int = 200) -> Response:
    """Return a run as JSON."""
    return encoding.fresh_json(body_of(run), status)


def body_of(run: Run, queue: dict[str, Waiting] | None = None) -> dict[str, Any]:
    """Return what is told of a run, and of where it stands in the queue."""
    if queue is None:
        queue = service().hub.queue.now() if run.state == "queued" else {}
    waiting = queue.get(run.id, Waiting())
    trouble = trouble_of(run, service().store(), current_app.config["RUN_LEASE"]) or waiting.trouble
    shown = ("layers", "parameters", "steps_per_epoch", "total_steps", "classes", "targets", "input_shape", "task")
    own = ("id", "name", "state", "shared", "created", "settings", "step", "learning_rate", "metrics", "phase")
    return {
        **{name: getattr(run, name) for name in (*own, "steps_per_second", "slow_motion")},
        **{name: reasons.worded(getattr(run, name), language()) for name in ("end", "warning")},
        **{name: run.facts[name] for name in shown},
        **waiting.as_json(),
        "mine": run.owner == owner(),
        "steerable": run.owner == owner() or is_owner(),
        "memory": run.facts.get("memory"),  # what was stored before it was told has none
        "class_weights": run.facts.get("class_weights"),
        "seconds": run.trained,
        "seconds_per_step": run.trained / run.step if run.step else None,
        "epoch": run.epoch_of(run.step),
        "seconds_left": run.seconds_left,
        "trouble": trouble and sentence_of(trouble),
    }


# ---- making


@api.post("/api/runs", responses=answers({201: RunAnswer}, 400, 403, 413, 415, 429, 503, 507))
def create(body: RunBody) -> Response:
    """Start a run, or put it into the queue; what is impossible starts nothing."""
    given = body.model_dump()
    dataset = caps.outline_within(current_app.config, given, body.batch_size)
    chosen = filled_in({name: given[name] for name in given if name not in LABELS}, dataset)
    with counting():  # the memory is for the worker to take
        prepared = prepare(chosen, dataset)
    caps.check_length(current_app.config, prepared.settings["epochs"], prepared.steps_per_epoch)
    runs = service()
    now = time.time()
    run = Run(
        id=secrets.token_urlsafe(12),
        owner=owner(),
        created=now,
        visited=now,
        person=owners.person(),
        address=owners.address(),
        settings=dict(prepared.settings),
        facts=prepared.facts(),
        learning_rate=prepared.trainer.learning_rate,
        **{name: given[name] for name in (*LABELS, *DIALS)},
    )
    _make_room(runs, run)
    runs.store().add(run)
    if owners.visitor() is None:
        runs.strangers.add(run.address, run.id)
    runs.start_workers()
    response = answer(run, 201)
    response.headers["Location"] = f"/api/runs/{run.id}"
    return response


def _make_room(runs: Service, new: Run) -> None:
    """Refuse one run too many that waits; forget the oldest that have ended."""
    config, store = current_app.config, runs.store()
    unfinished = store.unfinished()
    mine = [run for run in unfinished if new.person in (run.person, run.owner)]
    for run in mine:
        visits.claim(store, run, new.person)
    if len(mine) >= config["RUNS_WAITING_PER_CLIENT"]:
        raise ProblemError(429, "too_many_own_runs", count=len(mine))
    level = standings([*unfinished, new], RunLimits.of(config), new.created)
    first = sum(level[run.id].level <= level[new.id].level for run in unfinished)
    if first >= config["RUNS_WAITING"]:
        raise ProblemError(429, "too_many_runs_before", count=first)
    ended = [run for run in store.owned_by(new.owner) if not run.open]
    for run in ended[max(config["RUNS_KEPT_PER_CLIENT"] - 1, 0) :]:
        runs.drop(run.id)
    if owners.visitor() is None:
        runs.strangers.make_room(new.address)


# ---- finding and changing


@api.get("/api/runs", responses=answers({200: RunsAnswer}, 503))
def own_runs() -> Response:
    """Return one's own runs, the newest first."""
    mine = service().store().owned_by(owner())
    queue = service().hub.queue.now() if any(run.state == "queued" for run in mine) else {}
    return encoding.fresh_json({"runs": [body_of(run, queue) for run in mine]})


@api.get("/api/runs/<run_id>", responses=answers({200: RunAnswer}, 404, 503))
def one(path: RunPath) -> Response:
    """Return a run, whoever's it is."""
    return answer(looked_at(path.run_id))


@api.delete("/api/runs", responses=answers({200: RunsDeleted}, 403, 503, 507))
def delete_own() -> Response:
    """Delete all one's own runs."""
    runs = service()
    mine = runs.store().owned_by(owner())
    for run in mine:
        runs.drop(run.id)
    return encoding.json({"deleted": len(mine)})


@api.patch("/api/runs/<run_id>", responses=answers({200: RunAnswer}, 400, 403, 404, 413, 415, 503, 507))
def change(path: RunPath, body: RunChange) -> Response:
    """Name one's run, or share its controls with everybody who watches."""
    changes = body.model_dump(exclude_none=True)

    def edit(run: Run) -> None:
        _check_owner(run)
        for name, value in changes.items():
            setattr(run, name, value)

    return answer(_changed(path.run_id, edit))


@api.delete("/api/runs/<run_id>", responses={"204": None, **answers({}, 403, 404, 503, 507)})
def delete(path: RunPath) -> Response:
    """Delete one's run; one that goes on ends with that."""
    _check_owner(found(path.run_id))
    service().drop(path.run_id)
    return Response(status=204)


def _check_owner(run: Run) -> None:
    if run.owner != owner() and not is_owner():
        raise ProblemError(403, "somebody_elses_run")


def _changed(run_id: str, edit: Any) -> Run:
    try:
        return service().store().change(run_id, edit)
    except RunGoneError:
        raise gone(run_id) from None


# ---- commands


@api.post("/api/runs/<run_id>/commands", responses=answers({200: RunAnswer}, 400, 403, 404, 409, 413, 415, 503, 507))
def command(path: RunPath, body: CommandBody) -> Response:
    """Tell a run what to do. The answer comes when its worker has done it, or after a second."""
    given = body.model_dump(include=body.model_fields_set)
    _check_dials(given)

    def edit(run: Run) -> None:
        if not run.shared and run.owner != owner() and not is_owner():
            raise ProblemError(403, "run_not_shared")
        try:
            commands.give(run, given, time.time())
        except commands.NotNowError as error:
            raise ProblemError.of_message(409, error.message) from None

    return answer(_heard(_changed(path.run_id, edit)))


def _check_dials(given: dict[str, Any]) -> None:
    dials = [dial for dial in commands.DIALS if dial in given]
    if given["command"] != "set" and dials:
        raise ProblemError(422, "dial_of_another_command", dials[0], dial=dials[0], command=given["command"])
    if given["command"] == "set" and not dials:
        raise ProblemError(422, "set_without_dial", "command", dials=", ".join(commands.DIALS))
    for dial in ("learning_rate", "slow_motion"):
        if dial in dials and given[dial] is None:
            raise ProblemError(422, "null_dial", dial, dial=dial)


def _heard(run: Run) -> Run:
    """Return the run once its worker has carried out what was sent up to now."""
    store, sent, latest = service().store(), run.sent, time.monotonic() + HEARD
    while run.seen < sent and run.open and time.monotonic() < latest:
        time.sleep(LISTEN)
        run = store.get(run.id) or run
    return run
