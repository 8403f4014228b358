"""A network on one sample, one number at a time: forward, loss, backward and update on one timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ConvoscopeError
from cnn_engine.geometry import whole
from cnn_engine.nn.criteria import check_output
from cnn_engine.nn.network import Network
from cnn_engine.sums import add_in_order
from cnn_engine.tensors import LineOrMaps
from cnn_engine.trace.backward import BackwardTrace
from cnn_engine.trace.base import Array, Columns, Source, Tensors, Trace
from cnn_engine.trace.entries import called, entries, joined
from cnn_engine.trace.learning import OptimizerState, learned
from cnn_engine.trace.passes import Backward, Forward, check_loss, parts_of
from cnn_engine.trace.predicting import no_answers, right_answers
from cnn_engine.trace.update import UpdateTrace
from cnn_engine.trace.zeros import with_causes
from cnn_engine.windows import array_of
from cnn_engine.words import Message, Messages

Span = tuple[int, int, int]  # the index of an entry, and its own steps from and up to
SGD: Mapping[str, Any] = {"name": "sgd", "learning_rate": 0.1}


def trace_network(
    architecture: Sequence[Mapping[str, Any] | str],
    parameters: Mapping[str, ArrayLike],
    input: ArrayLike,
    target: ArrayLike,
    *,
    loss: str = "cross_entropy",
    optimizer: str | Mapping[str, Any] = SGD,
    optimizer_state: Mapping[str, Any] | None = None,
    updates: int = 0,
) -> NetworkTrace:
    """Return the steps of one update of a network on one sample: forward, loss, backward, update.

    Everything is in float64 and added in the order of the traces that it is made of. An entry of the timeline is
    computed when one of its steps, or what follows from it, is asked for.

    Args:
        architecture: as `Network` takes it; batch_norm2d and dropout have no traces and are refused.
        parameters: {"0.weight": array, ...} by PyTorch's names and shapes. NaN and infinite ones spread and are shown.
        input: (C, H, W), (H, W) for one channel, or (F,).
        target: the class, an int; for the other two losses an array as long as the network's answer.
        loss: "cross_entropy", "binary_cross_entropy" or "mse", as `Trainer` takes it.
        optimizer: as `Trainer` takes it.
        optimizer_state: what the optimizer has kept from the updates before: {"updates": how many there were,
            "exp_avg": {"0.weight": array, ...}, ...}, by the names of its vectors; perhaps "learning_rate", that of
            this update, where a schedule has made it another. None: it begins.
        updates: how many are made on this sample before the one that is traced.

    Raises:
        ParameterError, ShapeError: an argument that does not fit, by its name.
    """
    x = array_of(input, "input", LineOrMaps).astype(np.float64)
    x = x[None] if x.ndim == 2 else x
    network = Network(architecture, input_shape=x.shape, dtype="float64", initialisation="zeros")
    parts, outputs = parts_of(network.layers, network.architecture), check_output(network.output_shape)
    try:
        given = network.fitting(parameters)
    except ConvoscopeError as error:
        raise error.within(f"parameters.{error.field}") from error
    values = {name: given[name].astype(np.float64) for name in network.store.declared}
    forward = Forward(parts, values, x, loss, target)
    loss_steps = check_loss(loss, outputs, target)
    state = OptimizerState(optimizer, {} if optimizer_state is None else optimizer_state, values)
    finite = whole(updates, "updates", 0)
    if updates:
        with np.errstate(all="ignore"):
            state, finite = learned(forward, state, updates)
        forward = Forward(parts, state.parameters, x, loss, target)
    return NetworkTrace(forward, outputs, loss_steps, state, finite)


class NetworkTrace(Trace):
    """A trace of many: each entry of `timeline` stands for the steps of one, which `part` gives.

    Beside the columns of its own trace each step has `entry`, the index in the timeline, and of a gradient `sign` and
    `size`, which answer is right where a person predicts them ("" where there is nothing to predict). Where a range
    reaches over several entries, a column has None for the steps that lack it, and where its shape differs it is one of
    objects.

    Attributes:
        timeline: the entries in order.
        finite_updates: how many of the updates before, from the first on, left finite numbers alone and a finite loss.
    """

    op = "network"

    def __init__(
        self, forward: Forward, outputs: int, loss_steps: int, state: OptimizerState, finite_updates: int
    ) -> None:
        self.finite_updates = finite_updates
        self.forward, self.backward, self.state = forward, Backward(forward), state
        self.parameters = forward.parameters
        self.timeline = tuple(entries(forward, outputs, loss_steps, state.name))
        self._starts = np.array([entry.start for entry in self.timeline])
        self._updates: dict[str, UpdateTrace] = {}
        self.params = {"loss": forward.loss, "optimizer": state.name, "learning_rate": state.rate}
        self.tensors = Tensors(self._sources())

    def _sources(self) -> dict[str, Source]:
        """Return the sample, what every layer gives, the gradient by that, the answers as shares, and the loss."""
        way, back, quiet = self.forward, self.backward, np.errstate(all="ignore")
        sources: dict[str, Source] = {"input": way.first, "target": np.asarray(way.target)}
        for index in range(len(way.parts)):
            sources[f"{index}.output"] = quiet(partial(way.read, index + 1))
            sources[f"{index}.gradient"] = quiet(partial(back.above, index))
        if self.forward.loss != "mse":
            sources["probabilities"] = lambda: way.loss_trace.tensors["probabilities"]
        return {**sources, "output": lambda: np.asarray(self.loss)}

    # ---- what it comes to

    @property
    def logits(self) -> Array:
        """(K,), the network's answer."""
        with np.errstate(all="ignore"):
            return self.forward.answers

    @property
    def loss(self) -> float:
        """The loss before the update."""
        with np.errstate(all="ignore"):
            return self.forward.value

    @cached_property
    def loss_after(self) -> float:
        """The loss of the same sample after the update."""
        way = self.forward
        with np.errstate(all="ignore"):
            return Forward(way.parts, self.parameters_after, way.first, way.loss, way.target).value

    @cached_property
    def gradients(self) -> dict[str, Array]:
        """The gradient of the loss by every parameter, by its name and in its shape."""
        with np.errstate(all="ignore"):
            return {name: self.backward.gradient(name) for name in self.parameters}

    @property
    def input_gradient(self) -> Array:
        """The gradient of the loss by the input, in its shape."""
        with np.errstate(all="ignore"):
            return self.backward.input_gradient

    @cached_property
    def parameters_after(self) -> dict[str, Array]:
        """Every parameter after the update."""
        with np.errstate(all="ignore"):
            return {name: self._update(name).tensors["output"] for name in self.parameters}

    @property
    def optimizer_state(self) -> dict[str, Any]:
        """What the optimizer has kept from the updates before this one, as `trace_network` takes it."""
        return self.state.kept()

    @cached_property
    def predicted_change(self) -> float:
        """What the gradient predicts of the loss, to first order: each gradient times the change of its parameter."""
        with np.errstate(all="ignore"):
            terms = [
                self.gradients[name] * (self.parameters_after[name] - values)
                for name, values in self.parameters.items()
            ]
            return float(sum(add_in_order(term.reshape(-1)) for term in terms))

    def outcome(self) -> Message:
        """Return what the update has done to the loss."""
        numbers = {"loss": self.loss, "loss_after": self.loss_after, "predicted": self.predicted_change}
        return Message("learning.outcome", {**numbers, "closed": self._closed_layers()}, {"loss": ("output", ())})

    def _closed_layers(self) -> list[int]:
        """Return the layers of ReLU whose gates are all closed, counted from 1."""
        way = self.forward
        with np.errstate(all="ignore"):
            relus = [index for index, part in enumerate(way.parts) if part.layer.kind == "relu"]
            return [index + 1 for index in relus if np.all(way.read(index) <= 0)]

    # ---- its steps

    def _output_shape(self) -> tuple[int, ...]:
        return ()

    def __len__(self) -> int:
        last = self.timeline[-1]
        return last.start + last.count

    @property
    def marks(self) -> list[tuple[int, Message]]:
        """Where each entry begins, and what it is called."""
        return [(entry.start, called(entry, self.forward, "mark")) for entry in self.timeline]

    @property
    def labels(self) -> list[Message]:
        """What each entry is called where its pass is said beside it."""
        return [called(entry, self.forward, "part") for entry in self.timeline]

    def part(self, index: int) -> Trace:
        """Return the trace of an entry of the timeline."""
        entry = self.timeline[index]
        with np.errstate(all="ignore"):
            if entry.way == "update":
                return self._update(f"{entry.layer}.{entry.wrt}")
            if entry.layer is None:
                return self.forward.loss_trace if entry.way == "loss" else self.backward.loss_trace
            if entry.way == "forward":
                return self.forward.trace(entry.layer)
            made = self.backward.trace(entry.layer, entry.wrt or "")
            _ = made.tensors["output"]  # it is needed in any case, and so the steps that make it up are kept
            return made

    def _update(self, name: str) -> UpdateTrace:
        if name not in self._updates:
            values, gradient = self.parameters[name], self.gradients[name]
            self._updates[name] = UpdateTrace(
                self.state.name, self.state.optimizer(name), name, values, gradient, self.state.rate
            )
        return self._updates[name]

    def spans(self, start: int, stop: int) -> Iterator[Span]:
        """Yield the entries that a range reaches over."""
        first = int(np.searchsorted(self._starts, start, side="right")) - 1
        for index in range(first, len(self.timeline)):
            entry = self.timeline[index]
            if entry.start >= stop:
                return
            yield index, max(start - entry.start, 0), min(stop - entry.start, entry.count)

    def _columns(self, cells: Array) -> Columns:
        spans = list(self.spans(int(cells[0]), int(cells[-1]) + 1)) if len(cells) else []
        return self._joined(spans, [self._columns_of(*span) for span in spans])

    def _joined(self, spans: Sequence[Span], parts: Sequence[Columns]) -> Columns:
        """Return the columns of these spans as one."""
        if not spans:
            return {"entry": np.arange(0), **no_answers(0)}
        answered = [self._answered(span[0], columns) for span, columns in zip(spans, parts, strict=True)]
        entries = np.repeat([index for index, _, _ in spans], [stop - start for _, start, stop in spans])
        return {"entry": entries, **joined(answered)}

    def _columns_of(self, index: int, start: int, stop: int) -> Columns:
        """Return the columns of some steps of an entry; of a gradient with why what comes from above is 0."""
        part, entry = self.part(index), self.timeline[index]
        with np.errstate(all="ignore"):
            columns = part.columns(start, stop)
            if entry.way != "backward" or entry.layer is None or not isinstance(part, BackwardTrace):
                return columns
            return with_causes(self.backward, entry.layer, part, columns)

    def _answered(self, index: int, columns: Columns) -> Columns:
        """Return the columns of an entry with what is right to predict: of gradients that do more than move."""
        entry, output = self.timeline[index], columns["output"]
        predicted = entry.way == "backward" and entry.op != "flatten_backward"
        return {**(right_answers(output) if predicted else no_answers(len(output))), **columns}

    def page(self, start: int = 0, stop: int | None = None) -> tuple[Columns, list[Messages]]:
        """Return the columns of some steps, and what each of them does: why a product is 0 is found once for both."""
        end = len(self) if stop is None else stop
        self._check_range(start, end)
        spans = list(self.spans(start, end))
        parts = [self._columns_of(*span) for span in spans]
        with np.errstate(all="ignore"):
            described = [self._messages_of(*span, own) for span, own in zip(spans, parts, strict=True)]
            return self._joined(spans, parts), [messages for own in described for messages in own]

    def _messages_of(self, index: int, start: int, stop: int, columns: Columns) -> list[Messages]:
        """Return what some steps of an entry do; of a gradient with why what comes from above is 0."""
        part = self.part(index)
        return [part._messages(columns)] if isinstance(part, BackwardTrace) else part.page(start, stop)[1]
