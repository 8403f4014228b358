"""`fit`: a training run as a generator of events.

It holds no thread and no clock: the next step happens when the next event is asked for, so that whoever runs it can
pause, step, slow down, change the learning rate or stop between any two events. All that it needs to go on is in the
trainer, which may be saved between any two events and taken up again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole
from cnn_engine.nn.events import Ended, EpochDone, Event, StepDone, Validated
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.options import at_least_zero, flag
from cnn_engine.nn.trainer import DRAW_AUGMENTATION, DRAW_ORDER, Trainer

Samples = tuple[ArrayLike, ArrayLike]
Augment = Callable[[Array, np.random.Generator], Array]


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the validation loss has not fallen by more than `min_delta` for `patience` epochs.

    With `restore_best` the network then takes back the parameters that did best.
    """

    patience: int = 5
    min_delta: float = 0.0
    restore_best: bool = True

    def __post_init__(self) -> None:
        whole(self.patience, "patience", 1)
        at_least_zero(self.min_delta, "min_delta")
        flag(self.restore_best, "restore_best")


def fit(
    trainer: Trainer,
    train: Samples,
    *,
    epochs: int,
    validation: Samples | None = None,
    early_stopping: EarlyStopping | None = None,
    augment: Augment | None = None,
) -> Iterator[Event]:
    """Train until `epochs` are complete, telling every step, epoch and validation, and the end.

    Args:
        trainer: where it goes on from `trainer.progress`; set `trainer.slow_motion` to see the parts of each step.
        train: (x, y), shuffled anew for each epoch; the last batch of an epoch may be smaller.
        epochs: how many in all.
        validation: (x, y), looked at after each epoch and never learned from.
        early_stopping: needs a validation set.
        augment: gets each batch and a source of random numbers, gives the batch that is trained on.

    Raises:
        ParameterError, ShapeError: at the call, before anything is trained.
    """
    run = _Run(trainer, train, whole(epochs, "epochs", 1), validation, early_stopping, augment)
    return run.events()


class _Run:
    def __init__(
        self,
        trainer: Trainer,
        train: Samples,
        epochs: int,
        validation: Samples | None,
        early_stopping: EarlyStopping | None,
        augment: Augment | None,
    ) -> None:
        self.trainer, self.epochs, self.augment, self.early = trainer, epochs, augment, early_stopping
        self.x, self.y = trainer.check(*train)
        self.validation = None if validation is None else trainer.check(*validation)
        if early_stopping is not None and validation is None:
            raise ParameterError("early_stopping needs a validation set", "early_stopping")
        count, size = len(self.x), trainer.batch_size
        if size > count:
            raise ParameterError(f"batch_size {size} exceeds the {count} training samples", "batch_size")
        trainer.prepare({size, count % size} - {0})
        self.batches = math.ceil(count / size)

    def events(self) -> Iterator[Event]:
        trainer, progress = self.trainer, self.trainer.progress
        while not progress.ended:
            if progress.phase == "epoch":
                yield self._close_epoch()
            elif progress.phase == "validate":
                yield self._validate()
            elif progress.epoch >= self.epochs:
                progress.ended = "finished"
            else:
                order = trainer.random(DRAW_ORDER, progress.epoch).permutation(len(self.x))
                while progress.phase == "train" and not progress.ended:
                    yield from self._step(order)
        yield self._end()

    def _step(self, order: Array) -> Iterator[Event]:
        trainer, progress = self.trainer, self.trainer.progress
        chosen = order[progress.batch * trainer.batch_size : (progress.batch + 1) * trainer.batch_size]
        x, y = self.x[chosen], self.y[chosen]
        if self.augment is not None:
            x = self.augment(x, trainer.random(DRAW_AUGMENTATION, progress.step))
        loss = trainer.forward_backward(x, y)
        if slow := trainer.slow_motion:
            yield from trainer.look(loss)
            loss = trainer.forward_backward(x, y)  # somebody may have asked for other gradients meanwhile
        norm, correct, rate = trainer.gradient_norm, trainer.correct, trainer.rate
        if not math.isfinite(loss) or not math.isfinite(norm):
            self._diverge(loss, norm, rate)
            return
        seen = [trainer.update_seen()] if slow else []
        if not slow:
            trainer.update()
        done = StepDone(
            progress.step,
            progress.epoch + 1,
            loss,
            None if correct is None else correct / len(chosen),
            rate,
            norm,
            len(chosen),
        )
        self._count(done, correct)
        yield from seen
        yield done

    def _count(self, done: StepDone, correct: int | None) -> None:
        progress = self.trainer.progress
        progress.batch += 1
        progress.seen += done.samples
        progress.loss_sum += done.loss * done.samples
        progress.correct = -1 if correct is None else progress.correct + correct
        if progress.batch == self.batches:
            progress.phase = "epoch"

    def _diverge(self, loss: float, norm: float, rate: float) -> None:
        progress = self.trainer.progress
        progress.ended = "diverged"
        progress.evidence = {
            "step": progress.step + 1,
            "loss": loss,
            "learning_rate": rate,
            "gradient_norm": norm,
            "layers": self.trainer.largest(),
        }

    def _close_epoch(self) -> EpochDone:
        progress = self.trainer.progress
        loss = progress.loss_sum / progress.seen
        accuracy = None if progress.correct < 0 else progress.correct / progress.seen
        progress.epoch += 1
        progress.batch = progress.seen = progress.correct = 0
        progress.loss_sum = 0.0
        progress.phase = "train" if self.validation is None else "validate"
        if self.validation is None:
            self.trainer.schedule.observe(loss)
        return EpochDone(progress.step, progress.epoch, loss, accuracy)

    def _validate(self) -> Validated:
        trainer, progress = self.trainer, self.trainer.progress
        assert self.validation is not None, "the phase comes only where there is a validation set"
        loss, accuracy = trainer.evaluate(*self.validation)
        trainer.schedule.observe(loss)
        least = self.early.min_delta if self.early is not None else 0.0
        best = loss < progress.best_loss - least
        if best:
            progress.best_loss, progress.best_epoch, progress.waited = loss, progress.epoch, 0
            if self.early is not None and self.early.restore_best:
                progress.best = trainer.network.state()
        else:
            progress.waited += 1
            if self.early is not None and progress.waited >= self.early.patience:
                progress.ended = "stopped"
        progress.phase = "train"
        return Validated(progress.step, progress.epoch, loss, accuracy, best)

    def _end(self) -> Ended:
        progress = self.trainer.progress
        if progress.best and progress.ended != "diverged":
            self.trainer.network.load(progress.best)
        return Ended(progress.ended, progress.step, progress.epoch, self._reason(), progress.evidence)

    def _reason(self) -> str:
        progress = self.trainer.progress
        if progress.ended == "diverged":
            what = "loss" if not math.isfinite(progress.evidence["loss"]) else "gradient"
            return f"the {what} of step {progress.evidence['step']} is not a finite number"
        if progress.ended == "stopped":
            return f"the validation loss has not fallen since epoch {progress.best_epoch}"
        return f"{progress.epoch} epochs are complete"
