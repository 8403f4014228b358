"""One run in a worker: its events, the log, checkpoints.

`fit` holds no clock and no thread, so that a session is only asked to go on for a moment, and many of them share a
worker. Nothing here waits.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from cnn_engine.nn import Ended, EpochDone, Event, StepDone, SubStep, Underway, Validated
from cnn_engine.nn.evidence import EVERY, DeadWatch
from cnn_engine.words import Message
from cnn_server.runs import commands, reasons
from cnn_server.runs.blobs import Blobs, SlowMotion
from cnn_server.runs.commands import Rates
from cnn_server.runs.lease import Lease
from cnn_server.runs.pace import Pace, Speed, interval
from cnn_server.runs.points import Unwritten
from cnn_server.runs.prepared import Ready
from cnn_server.runs.record import Blob, Run, finite
from cnn_server.runs.store import RunStore, StoreError

FLUSH = 0.05  # seconds for an event at least: an entry of the log is one, or two where an epoch ends in it
RETRY = 0.5  # seconds until the store is tried again
ENDING = 0.5  # seconds that whoever lets go of a run waits for the end of an epoch
# What of a record a session knows better than the store.
OWN = ("step", "epoch", "metrics", "phase", "warning", "speed", "trained", "lost_workers", *commands.DIALS)

logger = logging.getLogger("convoscope.runs")


class Session:
    """A run that this worker has."""

    def __init__(self, store: RunStore, run: Run, worker: str, ready: Ready, lease: float) -> None:
        now = time.monotonic()
        self.id, self._store, self._run = run.id, store, run
        self.trainer, self._events, self.long, self._dataset = ready
        run.phase = None
        self._lease = Lease(store, run, worker, lease)
        self._watch = DeadWatch(self.trainer)
        self._looking: Iterator[Underway] | None = None  # whether the network has died, where that takes long
        self._logged = run.step  # replayed up to here, in silence
        self._rates = Rates(run.rates, self.trainer.progress.step)
        self._settled = True  # nothing of the last step is still to come
        self._inside = False  # in the middle of a long step or validation
        self._urgent = False  # there is something to write that does not wait for the end of an epoch
        self._unwritten = Unwritten()
        self._slow_motion = SlowMotion(self.trainer)
        self._blobs = Blobs(self.trainer, self._slow_motion, now)
        self._epoch: EpochDone | None = None  # one that is over and not yet judged
        self._end: Ended | None = None
        self._gives_way = False
        self._dirty = True
        self._pace = Pace(now, paused=run.state == "paused")
        self._speed = Speed(self.trainer.progress.step, now)
        self._flush_at = now
        self.listened = 0.0  # when it last looked for commands
        self._blocked_until = 0.0
        self._apply_rates()

    # ---- what is asked of it

    @property
    def over(self) -> bool:
        """Whether the end is written."""
        return not self._run.open

    def wake_at(self, now: float) -> float:
        """Return when there is something to do next, commands aside."""
        if now < self._blocked_until:
            return self._blocked_until
        times = [self._pace.due] if self._goes_on() else []
        if self._dirty or self._unwritten:
            times.append(self._flush_at)
        return min(times, default=now + 1.0)

    def attend(self, until: float) -> None:
        """Train until this time (of `time.monotonic`), or as far as pace and pause allow; then write what is due.

        Raises:
            LostError, RunGoneError: it is no longer this worker's.
        """
        began = now = time.monotonic()
        if now < self._blocked_until or (self._blocked_until and not self._save(now)):
            return
        if self._dirty:
            until = now  # what is to be told at once does not wait for a whole turn
        while self._goes_on() and (now >= self._pace.due or not self._paced()):
            if self._unhindered():
                self._hurry(until)
            else:
                self._take(self._next())
            now = time.monotonic()
            if now >= until:
                break
        self._run.trained += now - began
        self._write_what_is_due(now)

    def listen(self) -> None:
        """Look for commands and carry them out.

        Raises:
            LostError: it is no longer this worker's.
        """
        self._hear(self._lease.read())

    def _hear(self, run: Run) -> None:
        """Carry out what a record that was just read asks for, and see that the lease is renewed in good time."""
        self.listened = time.monotonic()
        self._run.watched = run.watched
        for command in self._lease.commands(run):
            self._carry_out(command)
            self._dirty = self._urgent = True
            self._pace.due = min(self._pace.due, self.listened)
            self._flush_at = self.listened  # what was asked for is told at once
        if self._lease.is_short(run):
            self._dirty = self._urgent = True

    def release(self, *, give_way: bool = False) -> bool:
        """Let somebody else go on from here: a step is told together with the epoch that it ends. What gives way to
        another run waits in the queue; what the network is now can be looked at meanwhile. Returns whether that could
        be written; where it could not, the run is still this session's.

        A validation or a look that takes long is left alone: who goes on does it again, with the steps since the last
        checkpoint.
        """
        self._gives_way = give_way
        self._blobs.look_due |= give_way
        latest = time.monotonic() + ENDING
        while not self._settled and time.monotonic() < latest:
            self._take(self._next())
        return self._save(time.monotonic(), checkpoint=True, release=True)

    def give_back(self, *, give_way: bool = False) -> None:
        """Let somebody else go on from what is written down: this may be called while another thread trains."""
        self._lease.give_back(queued=give_way and not self._pace.paused)

    # ---- going on

    def _replaying(self) -> bool:
        return self.trainer.progress.step < self._logged

    def _goes_on(self) -> bool:
        if self._end is not None and self._settled:
            return False
        return self._replaying() or not self._settled or not self._pace.paused or self._pace.granted > 0

    def _paced(self) -> bool:
        """Return whether the next event waits for its time: not while a step is repeated or has something to come."""
        waits = self._settled and self._looking is None and not self._replaying()
        return waits and not (self._pace.paused and self._pace.granted)

    def _unhindered(self) -> bool:
        """Return whether steps follow each other without anything to wait for, to repeat or to show between them."""
        run = self._run
        held = self._pace.paused or run.steps_per_second or run.slow_motion or run.phase or self._end is not None
        return not held and self._settled and self._looking is None and not self._replaying()

    def _hurry(self, until: float) -> None:
        """Take the steps of an unhindered run, thousands a second, until this time or until something else happens.

        They are put down some at a time: what is done between two of them finds nothing in the processor's caches.
        """
        progress, steps = self.trainer.progress, []
        for event in self._events:
            if type(event) is StepDone:
                steps.append(event)
                self._settled, self._inside = progress.phase == "train", False
                if event.step % EVERY == 0:
                    self._put_down(steps)
                    steps.clear()
            else:
                self._take(event)
            if time.monotonic() >= until or self._end is not None or self._looking is not None:
                break
        self._put_down(steps)
        self._pace.due = time.monotonic()

    def _put_down(self, steps: list[StepDone]) -> None:
        """Keep steps for the log, and look whether the network has died."""
        self._unwritten.add_steps(steps)
        pieces = self._watch.pieces(steps)
        if pieces is not None:
            self._looking = self._look(pieces)
            if not self.long:
                deque(self._looking, maxlen=0)

    def _look(self, pieces: Generator[Underway, None, dict[str, Any] | None]) -> Iterator[Underway]:
        """See whether the network has died, with pauses."""
        if evidence := (yield from pieces):
            self._run.warning = _died(evidence)
        self._looking = None

    def _next(self) -> Event:
        """Return the next event: a look at the network ends before its next step begins."""
        if self._looking is not None:
            for underway in self._looking:
                return underway
        return next(self._events)

    def _carry_out(self, command: commands.Command) -> None:
        self._run.speed = None  # how fast it goes on is seen anew
        self._speed.begin(self.trainer.progress.step, time.monotonic())
        match command["command"]:
            case "pause":
                self._pace.pause()
                self._blobs.hurry()
            case "resume":
                self._pace.resume()
            case "step":
                self._pace.grant()
            case "stop":
                step = max(self.trainer.progress.step, self._logged)
                self._end = Ended("stopped", step, self.trainer.progress.epoch, commands.stopped_by_hand(step))
                self._looking = None
                self._leave_validation()
            case "set":
                self._set(command)

    def _set(self, command: commands.Command) -> None:
        for dial in commands.DIALS:
            if dial in command:
                setattr(self._run, dial, command[dial])
        if "learning_rate" in command:
            self._rates.add(max(self.trainer.progress.step, self._logged), command["learning_rate"])
        self._apply_rates()

    def _apply_rates(self) -> None:
        """Apply the rates that were set at this step when it was trained first."""
        for rate in self._rates.reached(self.trainer.progress.step):
            self.trainer.learning_rate = rate
        if not self._replaying():
            self.trainer.slow_motion = self._run.slow_motion

    def _take(self, event: Event) -> None:
        self._inside = isinstance(event, Underway)
        match event:
            case Underway():
                self._leave_validation()
                if self._end is not None:
                    return
            case StepDone():
                self._step(event)
            case EpochDone():
                self._epoch = event
            case Validated():
                self._validated(event)
            case SubStep():
                self._substep(event)
            case Ended():
                self._end = event
        updating = isinstance(event, SubStep) and event.phase == "update"
        self._settled = self.trainer.progress.phase == "train" and self._epoch is None and not updating

    def _step(self, done: StepDone) -> None:
        if done.step <= self._logged:
            self._apply_rates()
            return
        if not self.trainer.slow_motion:
            self._slow_motion.clear()
            self._run.phase = None
            self._pass(phase=False)
        self._put_down([done])

    def _substep(self, part: SubStep) -> None:
        if self._replaying() or not self._run.slow_motion:
            return
        self._run.phase = self._slow_motion.add(part)
        self._dirty = self._blobs.look_due = True
        self._pass(phase=True)

    def _pass(self, *, phase: bool) -> None:
        self._blobs.look_due |= self._pace.paused
        self._pace.passed(interval(self._run.steps_per_second, phase=phase))

    def _validated(self, validated: Validated) -> None:
        self._tell_epoch(validated.loss, validated.accuracy)
        if validated.step > self._logged:
            self._run.metrics |= {"validation_loss": finite(validated.loss), "validation_accuracy": validated.accuracy}

    def _tell_epoch(self, validation_loss: float | None, validation_accuracy: float | None) -> None:
        assert self._epoch is not None, "an epoch ends before it is judged"
        done, self._epoch = self._epoch, None
        if done.step > self._logged:
            self._unwritten.add_epoch(done, validation_loss, validation_accuracy)

    def _leave_validation(self) -> None:
        """End a long validation where somebody stops the run: its epoch is told without what that would have found."""
        if self._end is not None and self._inside and self._epoch is not None:
            self._tell_epoch(None, None)
            self._settled = True

    # ---- writing

    def _write_what_is_due(self, now: float) -> None:
        if self.over:
            return
        if not self._settled:
            if self._urgent and self._inside:
                self._save(now)
            return
        waiting = bool(self._unwritten) or self._dirty or self._end is not None
        if waiting and (now >= self._flush_at or self._dirty or self._end is not None):
            self._save(now, checkpoint=self._blobs.checkpoint_due(now))

    def _save(self, now: float, *, checkpoint: bool = False, release: bool = False) -> bool:
        """Write all that happened since the last time, in one piece; whether that was possible.

        Where it was not, the very same is tried again before anything is added: it may have been written after all.
        In the middle of an epoch's end that is what was asked and carried out, and nothing of the epoch.
        """
        entry, blobs, settled = None, list[Blob](), self._settled
        if settled:
            entry = self._unwritten.entry()
            blobs = self._due_blobs(now, checkpoint=checkpoint)
            self._note(now)
        try:
            self._run = self._store.change(self.id, lambda run: self._edit(run, release=release), entry, blobs)
        except StoreError as error:
            if not self._blocked_until:
                logger.warning("run %s waits: %s", self.id, error)
            self._blocked_until = now + RETRY
            self._blobs.look_due |= any(blob.kind == "parameters" for blob in blobs)
            return False
        if settled:
            self._flush_at = now + FLUSH * (2 if self._unwritten.epochs else 1)
            self._unwritten = Unwritten()
        self._rates.unwritten.clear()
        self._dirty, self._urgent, self._blocked_until = False, False, 0.0
        if not release:
            self._hear(self._run)
        return True

    def _due_blobs(self, now: float, *, checkpoint: bool) -> list[Blob]:
        made: list[Blob] = []
        if self._replaying():
            return made
        if checkpoint and self._end is None:
            made.append(self._blobs.checkpoint(now))
        if self._end is not None or self._blobs.parameters_due(self._run, now):
            made.append(self._blobs.parameters(self._run, now))
        return made

    def _note(self, now: float) -> None:
        """Bring the record up to date."""
        run, progress = self._run, self.trainer.progress
        if done := self._unwritten.last:
            run.metrics |= {
                "loss": finite(done.loss),
                "accuracy": done.accuracy,
                "learning_rate": done.learning_rate,
                "gradient_norm": finite(done.gradient_norm),
            }
            run.step, run.lost_workers = done.step, 0
        run.epoch = max(run.epoch, progress.epoch)
        if (speed := self._speed.measured(progress.step, now)) is not None:
            run.speed = speed

    def _edit(self, run: Run, *, release: bool) -> None:
        """Put into the stored run what this session knows better."""
        self._lease.check(run)
        for name in OWN:
            setattr(run, name, getattr(self._run, name))
        run.rates += [rate for rate in self._rates.unwritten if rate not in run.rates]
        run.state = "paused" if self._pace.paused else "running"
        self._lease.renew(run)
        if release:
            self._lease.end(run, queued=self._gives_way and not self._pace.paused)
        if self._end is not None and (self._settled or release):  # else the epoch that ends is to be told first
            run.finish(self._end.state, self._end.message, dict(self._end.evidence), time.time())


def _died(evidence: Mapping[str, Any]) -> dict[str, Any]:
    silent = tuple(row["layer"] + 1 for row in evidence["layers"] if row["silent"] == row["outputs"])
    known = {"layers": silent, "since_step": evidence["since_step"], "loss": evidence["loss"]}
    return reasons.kept("message", Message("runs.died", known)) | {"kind": "dead", "evidence": dict(evidence)}
