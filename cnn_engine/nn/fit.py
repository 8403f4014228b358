"""`fit`: a training run as a generator of events.

It holds no thread and no clock: the next step happens when the next event is asked for, so that whoever runs it can
pause, step, slow down, change the learning rate or stop between any two events. All that it needs to go on is in the
trainer, which may be saved between any two events and taken up again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import Count, whole
from cnn_engine.nn import evidence, parts, work
from cnn_engine.nn.batches import augmentation_of, batch_in, check_batches, order_of, steps_per_epoch
from cnn_engine.nn.events import Ended, EpochDone, Event, StepDone, Underway, Validated
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.network import ANSWER_BATCH
from cnn_engine.nn.options import AtLeastZero, read
from cnn_engine.nn.trainer import Trainer
from cnn_engine.words import Message

Samples = tuple[ArrayLike, ArrayLike]
Augment = Callable[[Array, np.random.Generator], Array]


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the validation loss has not fallen by more than `min_delta` for `patience` epochs.

    With `restore_best` the network then takes back the parameters that did best.
    """

    patience: Count = 5
    min_delta: AtLeastZero = 0.0
    restore_best: bool = True

    def __post_init__(self) -> None:
        read(EarlyStopping.__init__, vars(self))


def fit(
    trainer: Trainer,
    train: Samples,
    *,
    epochs: int,
    validation: Samples | None = None,
    early_stopping: EarlyStopping | None = None,
    augment: Augment | None = None,
    cut: bool = False,
) -> Iterator[Event]:
    """Train until `epochs` are complete, telling every step, epoch and validation, and the end.

    Args:
        trainer: where it goes on from `trainer.progress`; set `trainer.slow_motion` to see the parts of each step.
        train: (x, y), shuffled anew for each epoch; the last batch of an epoch may be smaller.
        epochs: how many in all.
        validation: (x, y), looked at after each epoch and never learned from.
        early_stopping: needs a validation set.
        augment: gets each batch and a source of random numbers, gives the batch that is trained on.
        cut: stop inside a step or a validation that takes long as well (`work.py` counts), telling `Underway` after
            every piece of it. The numbers are the same.

    What is saved between any two events goes on to the same numbers, bit for bit with as many threads for NumPy's
    matrix products. In slow motion a step counts from its "update" on: saved right there, it is not told again.
    A run that is finished goes on where more epochs are asked for. One that stopped early or diverged stays so.

    Raises:
        ParameterError, ShapeError: at the call, before anything is trained.
    """
    run = _Fit(trainer, train, whole(epochs, "epochs", 1), validation, early_stopping, augment)
    if cut:
        run.cut()
    return run.events()


def _checked(trainer: Trainer, samples: object, name: str) -> tuple[Array, Array]:
    if not isinstance(samples, tuple | list) or len(samples) != 2:
        raise ParameterError("not_a_pair_x_y", name, name=name)
    x, y = trainer.check(*samples)
    bad = ~np.isfinite(x).all(axis=tuple(range(1, x.ndim)))
    if bad.any():
        raise ParameterError("sample_not_finite", name, name=name, sample=np.argmax(bad))
    return x, y


class _Fit:
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
        self.x, self.y = _checked(trainer, train, "train")
        self.validation: tuple[Array, ArrayLike] | None = None
        if validation is not None:  # its truth stays as it was given: `Trainer.evaluate` checks it by itself
            self.validation = _checked(trainer, validation, "validation")[0], validation[1]
        if augment is not None and not callable(augment):
            raise ParameterError("augment_not_a_function", "augment", augment=augment)
        if early_stopping is not None and not isinstance(early_stopping, EarlyStopping):
            raise ParameterError("not_early_stopping", "early_stopping", early_stopping=early_stopping)
        if early_stopping is not None and validation is None:
            raise ParameterError("early_stopping_without_validation", "early_stopping")
        count, size = len(self.x), trainer.batch_size
        self.batches = steps_per_epoch(count, size)
        self._check_progress()
        self._cut_steps = self._cut_validation = self._cut_looks = False
        check_batches(trainer.network.layers, count, size)
        trainer.prepare({size, count % size} - {0})

    def cut(self) -> None:
        """Stop inside what takes long, from now on."""
        layers = self.trainer.network.layers
        self._cut_steps = work.long_step(layers, self.trainer.batch_size)
        self._cut_looks = self._cut_steps or work.long_pass(layers, ANSWER_BATCH)
        self._cut_validation = self.validation is not None and work.long_pass(layers, len(self.validation[0]))

    def _check_progress(self) -> None:
        """Refuse sets with which a run that is taken up again cannot go on."""
        progress = self.trainer.progress
        if progress.phase == "train" and progress.batch >= self.batches:
            raise ParameterError("train_shorter_than_run", "train", batch=progress.batch, batches=self.batches)
        if progress.phase == "validate" and self.validation is None:
            raise ParameterError("validation_missing", "validation")
        if progress.ended == "finished" and progress.epoch < self.epochs:
            progress.ended = ""

    def events(self) -> Iterator[Event]:
        trainer, progress = self.trainer, self.trainer.progress
        while not progress.ended:
            if progress.phase == "epoch":
                yield self._close_epoch()
            elif progress.phase == "validate":
                yield from self._validate()
            elif progress.epoch >= self.epochs:
                yield from self._finish()
            else:
                order = order_of(trainer.seed, progress.epoch, len(self.x))
                while progress.phase == "train" and not progress.ended:
                    yield from self._step(order)
        yield self._end()

    def _step(self, order: Array) -> Iterator[Event]:
        trainer, progress = self.trainer, self.trainer.progress
        chosen = batch_in(order, progress.batch, trainer.batch_size)
        x, y = self.x[chosen], self.y[chosen]
        if self.augment is not None:
            x = self._augmented(x, self.augment)
        cut = self._cut_steps
        loss = (yield from trainer.forward_backward_pieces(x, y)) if cut else trainer.forward_backward(x, y)
        if slow := trainer.slow_motion:
            yield from trainer.look(loss, (yield from self._in_pieces(trainer.activations_pieces())))
            # somebody may have asked for other gradients meanwhile
            loss = (yield from trainer.forward_backward_pieces(x, y)) if cut else trainer.forward_backward(x, y)
        norm, correct, rate = trainer.gradient_norm, trainer.correct, trainer.rate
        if not math.isfinite(loss) or not math.isfinite(norm):
            layers = yield from self._in_pieces(trainer.largest_pieces())
            self._diverge(evidence.of_pass(trainer, loss, layers))
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

    def _augmented(self, x: Array, augment: Augment) -> Array:
        random = augmentation_of(self.trainer.seed, self.trainer.progress.step)
        changed = self.trainer.network.check_input(augment(x, random))
        if len(changed) != len(x):
            raise ShapeError("augment_changes_count", "augment", count=len(changed), expected=len(x))
        return changed

    def _count(self, done: StepDone, correct: int | None) -> None:
        progress = self.trainer.progress
        progress.batch += 1
        progress.seen += done.samples
        progress.loss_sum += done.loss * done.samples
        progress.correct = -1 if correct is None else progress.correct + correct
        if progress.batch == self.batches:
            progress.phase = "epoch"

    def _diverge(self, why: dict[str, Any]) -> None:
        self.trainer.progress.ended, self.trainer.progress.evidence = "diverged", why

    def _in_pieces(self, pieces: Generator[Underway, None, parts.Value]) -> Generator[Underway, None, parts.Value]:
        """Yield the value of some work, with its pauses only where they are wanted."""
        return (yield from pieces) if self._cut_looks else parts.done(pieces)

    def _finish(self) -> Iterator[Event]:
        """End the run after a look at the last update, the only one that no later step has looked at."""
        progress = self.trainer.progress
        if np.isfinite(self.trainer.store.flat).all():
            progress.ended = "finished"
        else:
            yield from self._diverge_by_answers("parameters", None, self.x)

    def _diverge_by_answers(self, what: str, loss: float | None, x: Array) -> Iterator[Event]:
        """Few samples show what has become of the network."""
        trainer = self.trainer
        sizes = yield from self._in_pieces(trainer.largest_answers_pieces(x[:ANSWER_BATCH]))
        self._diverge(evidence.of_answers(trainer, what, loss, sizes))

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

    def _validate(self) -> Iterator[Event]:
        assert self.validation is not None, "the phase comes only where there is a validation set"
        if self._cut_validation:
            score = yield from self.trainer.evaluate_pieces(*self.validation)
        else:
            score = self.trainer.evaluate(*self.validation)
        yield from self._judge(*score)

    def _judge(self, loss: float, accuracy: float | None) -> Iterator[Event]:
        trainer, progress = self.trainer, self.trainer.progress
        assert self.validation is not None, "the phase comes only where there is a validation set"
        progress.phase = "train"
        if not math.isfinite(loss):
            yield from self._diverge_by_answers("validation loss", loss, self.validation[0])
            yield Validated(progress.step, progress.epoch, loss, accuracy, False)
            return
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
        yield Validated(progress.step, progress.epoch, loss, accuracy, best)

    def _end(self) -> Ended:
        progress = self.trainer.progress
        if progress.best and progress.ended != "diverged":
            self.trainer.network.restore(progress.best)
        return Ended(progress.ended, progress.step, progress.epoch, self._reason(), progress.evidence)

    def _reason(self) -> Message:
        progress = self.trainer.progress
        if progress.ended == "diverged":
            return evidence.reason(progress.evidence)
        if progress.ended == "stopped":
            return Message("ends.stopped_early", {"epoch": progress.best_epoch})
        return Message("ends.complete", {"epochs": progress.epoch})
