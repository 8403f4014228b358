"""Training a network: forward, loss, backward, update.

Backpropagation gives gradients; the optimizer decides what to do with them. `Trainer` keeps the two apart: `gradients`
changes nothing, `step` is the gradients and then one update.

Every number that is drawn at random comes from the seed and the number of the step or epoch, so that nothing random
has to be remembered: a run that is taken up again draws what it would have drawn.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole, whole_in
from cnn_engine.nn.criteria import Criterion, check_output
from cnn_engine.nn.events import UNDERWAY, SubStep, Underway
from cnn_engine.nn.halves import Halves
from cnn_engine.nn.layers.base import Array, Signal
from cnn_engine.nn.network import Network
from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.optimizers.base import Optimizer, clip_scale, norm
from cnn_engine.nn.options import build, number, positive
from cnn_engine.nn.parts import BatchParts, Largest, Value, done, every_layer, part_sizes, samples_at_once
from cnn_engine.nn.quiet import quiet
from cnn_engine.nn.schedules import SCHEDULES, Schedule

PHASES = ("train", "epoch", "validate")
ENDS = ("", "finished", "stopped", "diverged")
DRAW_STEP, DRAW_ORDER, DRAW_AUGMENTATION = 1, 2, 3  # what a random number is drawn for


class Score(NamedTuple):
    """How a network does on some samples: the mean loss, and the share that is right where that means something."""

    loss: float
    accuracy: float | None


@dataclass
class Progress:
    """How far training has come: all that `fit` needs to go on, besides the numbers of the network."""

    step: int = 0
    epoch: int = 0  # complete ones
    batch: int = 0  # within the epoch
    seen: int = 0  # samples of the epoch
    loss_sum: float = 0.0
    correct: int = 0
    phase: str = "train"  # one of PHASES: what comes next
    best_loss: float = math.inf
    best_epoch: int = 0
    waited: int = 0  # epochs since the best
    ended: str = ""  # one of ENDS
    evidence: dict[str, Any] = field(default_factory=dict)  # of a run that diverged
    best: dict[str, Array] = field(default_factory=dict)  # the network's state at its best, where it is wanted


def random_of(seed: int, purpose: int, count: int) -> np.random.Generator:
    """Return the random numbers of a seed for one purpose at one moment."""
    return np.random.default_rng([seed, purpose, count])


class Trainer:
    """A network with a loss and an optimizer.

    Args:
        network: what learns.
        loss: "cross_entropy" (with softmax, y: class indices), "binary_cross_entropy" (with sigmoid, y: 0 to 1) or
            "mse".
        task: "classification" makes y class indices (N,) whatever the loss, with one accuracy for all: the share that
            is taken for its class. A lone output tells two classes apart, by mse at 0.5. "regression" has no accuracy.
            None: what the loss takes.
        class_weights: a number for each class, for "cross_entropy": PyTorch's `weight`, Σ w[y] loss / Σ w[y].
        optimizer: a name, or {"name": "adam", "learning_rate": 0.001, ...} with PyTorch's options: sgd, adagrad,
            rmsprop, adam, adamw.
        batch_size: samples for one update in `fit`; `step` takes any number.
        schedule: a name, or {"name": "cosine", "T_max": 10, ...}: constant, step, exponential, cosine, warm_up,
            reduce_on_plateau.
        clip_norm: the most that the norm of all gradients together may be; None for no limit.
        seed: of dropout, augmentation and the order of the samples.
        processes: 2 for two processes with half the batch each: the same numbers to rounding. Not with batch_norm2d or
            dropout, and not on Windows. NumPy's matrix products should have one thread (OPENBLAS_NUM_THREADS=1).

    Raises:
        ParameterError, ShapeError: naming the option and the rule that it broke.
    """

    def __init__(
        self,
        network: Network,
        *,
        loss: str = "cross_entropy",
        task: str | None = None,
        class_weights: Sequence[float] | None = None,
        optimizer: str | Mapping[str, Any] = "adam",
        batch_size: int = 32,
        schedule: str | Mapping[str, Any] = "constant",
        clip_norm: float | None = None,
        seed: int = 0,
        processes: int = 1,
    ) -> None:
        self.network, self.store = network, network.store
        if not self.store.declared:
            raise ParameterError("nothing_to_learn", "architecture")
        weights = None if class_weights is None else tuple(class_weights)
        self.criterion = Criterion(loss, check_output(network.output_shape), task, weights)
        self.outputs = self.criterion.outputs
        self.optimizer: Optimizer = build(OPTIMIZERS, optimizer, "optimizer")
        self.schedule: Schedule = build(SCHEDULES, schedule, "schedule")
        self.options = copy.deepcopy(
            {"loss": loss, "task": task, "class_weights": weights, "optimizer": optimizer, "schedule": schedule}
        )
        self.batch_size = whole(batch_size, "batch_size", 1)
        self.clip_norm = None if clip_norm is None else positive(clip_norm, "clip_norm")
        self.seed = whole(seed, "seed", 0)
        self.learning_rate = self.optimizer.learning_rate
        self.optimizer.prepare(self.store.flat)
        self.progress = Progress()
        self.slow_motion = False
        self._quiet = quiet()
        self._parts = BatchParts(network, self.criterion)
        if whole_in(processes, "processes", 1, 2) == 2:
            self._parts = Halves(network, self.criterion, self.batch_size)

    @property
    def learning_rate(self) -> float:
        """The rate that was set; the schedule makes the one of each step of it. It may be set at any time."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._learning_rate = positive(number(value, "learning_rate"), "learning_rate")

    @property
    def rate(self) -> float:
        """The learning rate of the step that comes next."""
        return self.schedule.rate(self._learning_rate, self.progress.step, self.progress.epoch)

    def optimizer_state(self) -> dict[str, Any]:
        """Return what the optimizer has kept, and the rate of the step that comes next, as `trace_network` takes it.

        {"updates": how many were made, "learning_rate", and each vector by its name: {"0.weight": array, ...}, live}.
        """
        vectors = {name: self.store.by_name(vector) for name, vector in self.optimizer.state.items()}
        return {"updates": self.optimizer.updates, "learning_rate": self.rate, **vectors}

    def step(self, x: ArrayLike, y: ArrayLike) -> float:
        """Go forward, backward, and update; return the loss before. x: (N, C, H, W); y: as the loss takes it."""
        return self._quiet.run(self._step, *self.check(x, y))

    def _step(self, samples: Array, truth: Array) -> float:
        loss = self._pass(samples, truth)
        self._update()
        return loss

    def gradients(self, x: ArrayLike, y: ArrayLike) -> dict[str, Array]:
        """Return the gradient of the loss by every parameter, by PyTorch's names and shapes; nothing is changed."""
        self.forward_backward(*self.check(x, y))
        return {name: array.copy() for name, array in self.store.public(self.store.gradients).items()}

    def check(self, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        """Return samples and truth that fit the network and the loss, or the error that says why not."""
        samples = self.network.check_input(x)
        return samples, self.criterion.check(y, len(samples), self.store.flat.dtype)

    def forward_backward(self, samples: Array, truth: Array) -> float:
        """Return the loss, with the gradients left in `network.store`; checked samples only."""
        return self._quiet.run(self._pass, samples, truth)

    def _pass(self, samples: Array, truth: Array) -> float:
        return self._parts.forward_backward(samples, truth, self._draws())

    def forward_backward_pieces(self, samples: Array, truth: Array) -> Generator[Underway, None, float]:
        """Do what `forward_backward` does, with pauses, in which only this trainer's state may be read."""
        return self._paused(self._parts.pieces(samples, truth, self._draws()))

    def _paused(self, pieces: Generator[None, None, Value]) -> Generator[Underway, None, Value]:
        while True:
            try:
                self._quiet.run(next, pieces)
            except StopIteration as end:
                found: Value = end.value
                return found
            yield UNDERWAY

    def _draws(self) -> np.random.Generator | None:
        """Return the random numbers of the step that comes next, for networks that draw any."""
        return random_of(self.seed, DRAW_STEP, self.progress.step) if self._parts.draws else None

    def update(self) -> None:
        """Take one step of the optimizer, from the gradients in `network.store`."""
        self._quiet.run(self._update)

    def _update(self) -> None:
        gradient = self.store.flat_gradient
        if self.clip_norm is not None:
            np.multiply(gradient, clip_scale(gradient, self.clip_norm), out=gradient)
        self.optimizer.update(self.store.flat, gradient, self.rate)
        self._parts.commit()
        self.progress.step += 1

    def signals(self) -> dict[int, Signal]:
        """Return what each layer gave for the last part of the last pass, and the loss's gradient by it: live.

        By the number of the layer; of layers that are worked out together the last one alone.
        """
        return self._parts.signals()

    def activations_pieces(self) -> Generator[Underway, None, dict[int, Array]]:
        """Yield what each layer gave for the last part of the last pass, by its number; with pauses."""
        return self._paused(self._parts.activations(self._draws()))

    def look(self, loss: float, activations: dict[int, Array]) -> Iterator[SubStep]:
        """Yield what the last pass made: forward, loss and backward."""
        step = self.progress.step + 1
        gradients = {name: array.copy() for name, array in self.store.public(self.store.gradients).items()}
        yield SubStep("forward", step, {"outputs": self._parts.outputs.T.copy()}, activations)
        yield SubStep("loss", step, {"loss": np.asarray(loss)}, {})
        yield SubStep("backward", step, gradients, {})

    def update_seen(self) -> SubStep:
        """Take one step of the optimizer, and return by how much it changed each parameter."""
        before = self.store.flat.copy()
        self.update()
        return SubStep("update", self.progress.step, self.store.by_name(self.store.flat - before), {})

    def close(self) -> None:
        """End the second process, where there is one; it ends with this object or this process in any case."""
        self._parts.close()

    def prepare(self, sizes: set[int]) -> None:
        """Lay the network out for batches of these sizes, so that what cannot be is refused before anything runs."""
        for size in sizes:
            self._parts.prepare(size)

    @property
    def correct(self) -> int | None:
        """How many samples the last forward pass had right."""
        return self._parts.correct

    @property
    def gradient_norm(self) -> float:
        """The length of the gradient, all parameters taken together; may be infinite or not a number."""
        return self._quiet.run(norm, self.store.flat_gradient)

    def largest_pieces(self) -> Generator[Underway, None, list[dict[str, Any]]]:
        """Yield the largest activation and gradient of each layer in the last pass: the evidence when a run diverges.

        With pauses, as all that ends in `_pieces`; `parts.done` goes through them.
        """
        return self._paused(self._parts.largest(self._draws()))

    def largest_answers_pieces(self, x: Array) -> Generator[Underway, None, list[float]]:
        """Yield the largest activation of each layer while these samples are answered, a few at a time, with pauses."""
        return self._paused(self._largest_answers(x))

    def _largest_answers(self, x: Array) -> Generator[None, None, list[float]]:
        sizes = Largest(self.network)
        most = len(x) if self.network.together else samples_at_once(self.network.layers, self.batch_size)
        yield from every_layer(self.network, x, most, sizes.look, training=False)
        return sizes.most

    def silent_pieces(self, kind: str) -> Generator[Underway, None, list[dict[str, Any]]]:
        """Count, with pauses, how many outputs of each layer of a kind were 0 for every sample of the last pass."""
        return self._paused(self._parts.silent(kind, self._draws()))

    def evaluate(self, x: ArrayLike, y: ArrayLike) -> Score:
        """Return the mean loss and the share that is right, without dropout and normalised by running statistics."""
        return self._quiet.run(done, self._evaluation(*self.check(x, y)))

    def evaluate_pieces(self, x: ArrayLike, y: ArrayLike) -> Generator[Underway, None, Score]:
        """Do what `evaluate` does, with pauses."""
        return self._paused(self._evaluation(*self.check(x, y)))

    def _evaluation(self, samples: Array, truth: Array) -> Generator[None, None, Score]:
        total, right, known = 0.0, 0, True
        for start, size in part_sizes(len(samples), self.network.at_once(len(samples))):
            part = truth[start : start + size]
            plan = self.network.plan(size)
            plan.load(samples[start : start + size])
            yield from plan.run_pieces()
            loss = self.criterion.lay_out(plan.outputs, np.empty_like(plan.outputs))
            total += loss.forward(part) * self.criterion.mass(part)
            correct = loss.correct()
            known, right = known and correct is not None, right + (correct or 0)
        return Score(total / self.criterion.mass(truth), right / len(samples) if known else None)
