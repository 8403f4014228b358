"""A network: an architecture with its parameters, and its answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError, ShapeError, shape_text
from cnn_engine.geometry import whole
from cnn_engine.nn.initialisation import initialisation as begun_as
from cnn_engine.nn.layers import as_entries, make_layers
from cnn_engine.nn.layers.base import Array, Shape
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.nn.options import one_of
from cnn_engine.nn.plan import Plan
from cnn_engine.nn.store import Store
from cnn_engine.windows import as_array

PLANS_KEPT = 8  # batches and the last, shorter one, each perhaps in parts of two sizes, to train and to answer
ANSWER_BATCH = 64  # samples answered at once: what a cache holds


def read_input_shape(shape: object) -> Shape:
    """Return the shape of one sample, (C, H, W) or (F,), as a tuple."""
    if isinstance(shape, str) or not isinstance(shape, Sequence) or len(shape) not in {1, 3}:
        raise ParameterError("not_an_input_shape", "input_shape", shape=shape)
    return tuple(whole(size, "input_shape", 1) for size in shape)


def check_fit(given: Mapping[str, Array], shapes: Mapping[str, Shape], needed: Iterable[str]) -> None:
    """Refuse arrays of which one that is needed is missing, or one is unknown or of another shape."""
    if missing := [name for name in needed if name not in given]:
        raise ParameterError("parameter_missing", missing[0], name=missing[0])
    for name, array in given.items():
        if name not in shapes:
            raise ParameterError("unknown_parameter", name, name=name)
        if array.shape != shapes[name]:
            raise ShapeError("parameter_of_another_shape", name, name=name, shape=array.shape, expected=shapes[name])


class Network:
    """Layers one after the other.

    Args:
        architecture: a list such as [{"layer": "flatten"}, {"layer": "linear", "out_features": 10}]; each entry's
            other keys are the layer's PyTorch arguments, and a layer without any may be its name alone.
        input_shape: (C, H, W) of one sample, or (F,).
        seed: of the weights.
        initialisation: "kaiming_normal" or "he" in short, "kaiming_uniform", "xavier_normal", "xavier_uniform" or
            "xavier" in short; "zeros", {"name": "constant", "val": 0.1} and {"name": "normal", "std": 0.001} to see
            what goes wrong.
        dtype: "float32" to train, "float64" to check.

    Raises:
        ShapeError, ParameterError: naming the layer, its input shape and the rule that it broke.
    """

    def __init__(
        self,
        architecture: Sequence[Mapping[str, Any] | str],
        *,
        input_shape: Sequence[int],
        seed: int = 0,
        initialisation: str | Mapping[str, Any] = "he",
        dtype: str = "float32",
    ) -> None:
        self.input_shape = read_input_shape(input_shape)
        self.seed = whole(seed, "seed", 0)
        self.initialisation, rule = begun_as(initialisation)
        self.dtype = np.dtype(one_of(dtype, "dtype", ("float32", "float64")))
        self.layers = make_layers(architecture, self.input_shape)
        self.architecture: list[dict[str, Any]] = as_entries(architecture)
        self.output_shape = self.layers[-1].output_shape
        self.store = Store(self.layers, self.dtype)
        self.store.initialise(rule, self.seed)
        self._plans: OrderedDict[tuple[int, bool], Plan] = OrderedDict()

    def parameters(self) -> dict[str, Array]:
        """Return {"0.weight": array, ...} by PyTorch's names and shapes: live views."""
        return self.store.public(self.store.values)

    def buffers(self) -> dict[str, Array]:
        """Return what layers keep but do not learn, such as "1.running_mean": live."""
        return dict(self.store.buffers)

    def state(self) -> dict[str, Array]:
        """Return copies of all parameters and buffers: what `load` takes."""
        return {name: array.copy() for name, array in (self.parameters() | self.buffers()).items()}

    def load(self, parameters: Mapping[str, ArrayLike]) -> None:
        """Take values for every parameter, and for any of the buffers; nothing is changed where one does not fit."""
        own, given = self.parameters() | self.buffers(), self.fitting(parameters)
        for name, array in given.items():
            with np.errstate(over="ignore"):
                given[name] = array.astype(own[name].dtype)
            if not np.isfinite(given[name]).all():
                raise ParameterError("parameter_not_finite", name, name=name, dtype=self.dtype)
        self.restore(given)

    def fitting(self, parameters: Mapping[str, ArrayLike]) -> dict[str, Array]:
        """Return arrays for every parameter, and for any of the buffers, whose names and shapes are the network's."""
        own = self.parameters() | self.buffers()
        given = {name: as_array(array, name, tuple(range(5))) for name, array in parameters.items()}
        check_fit(given, {name: array.shape for name, array in own.items()}, self.store.declared)
        return given

    def restore(self, state: Mapping[str, Array]) -> None:
        """Take back what `state` gave, unchecked."""
        own = self.parameters() | self.buffers()
        for name, array in state.items():
            own[name][...] = array

    def plan(self, batch: int, *, training: bool = False) -> Plan:
        """Return the layout for a batch size, made once and kept while it is among the last few used."""
        key = batch, training
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = Plan(self.layers, self.store, batch, training=training)
            if len(self._plans) > PLANS_KEPT:
                self._plans.popitem(last=False)
        self._plans.move_to_end(key)
        return plan

    def plans(self) -> list[Plan]:
        """Return the layouts that are kept."""
        return list(self._plans.values())

    def forget_plans(self) -> None:
        """Let go of the layouts, and of the memory that they hold."""
        self._plans.clear()

    def check_input(self, x: ArrayLike) -> Array:
        """Return samples as an array (N, ...) that fits the network."""
        array = x if isinstance(x, np.ndarray) else as_array(x, "x", (2, 4))
        if array.dtype.kind not in "fiu":
            raise ParameterError("not_real_numbers", "x", dtype=array.dtype, name="x")
        if array.shape[1:] != self.input_shape or not array.ndim:
            raise ShapeError("x_not_samples", "x", shape=array.shape, expected=shape_text(self.input_shape))
        if not len(array):
            raise ShapeError("no_sample", "x")
        return array

    def __call__(self, x: ArrayLike) -> Array:
        """Return the logits for (N, C, H, W) or (N, F): dropout off, batch normalisation by its running statistics.

        They have the last layer's shape, as PyTorch's: (N, K), and (N, K, 1, 1) after a global pool without a flatten.
        `answers.reshape(len(x), -1)` is (N, K) for both.
        """
        samples = self.check_input(x)
        answers = np.empty((len(samples), *self.output_shape), self.dtype)
        with np.errstate(all="ignore"):
            most = self.at_once(len(samples))
            for start in range(0, len(samples), most):
                part = samples[start : start + most]
                outputs = self._answer(part).T
                answers[start : start + len(part)] = outputs.reshape(len(part), *self.output_shape)
        return answers

    def at_once(self, count: int) -> int:
        """Return how many of so many samples are answered at once: all, where their answers depend on each other."""
        return count if self.together else min(count, ANSWER_BATCH)

    @property
    def together(self) -> bool:
        """Whether the answers to some samples depend on each other."""
        return any(isinstance(layer, BatchNorm2d) and not layer.tracks for layer in self.layers)

    def _answer(self, part: Array) -> Array:
        plan = self.plan(len(part))
        outputs = plan.forward(part)
        if plan.output.value.ndim == 4:  # [row, channel, column, sample] -> [channel · row · column, sample]
            return plan.output.value.swapaxes(0, 1).reshape(-1, len(part))
        return outputs

    def activations(self, x: ArrayLike) -> list[Array]:
        """Return what every layer gives for these samples, as (N, C, H, W) or (N, F)."""
        samples = self.check_input(x)
        plan = Plan(self.layers, self.store, len(samples), training=False, fast=False)
        with np.errstate(all="ignore"):
            plan.forward(samples)
        return [np.ascontiguousarray(array) for array in plan.activations().values()]
