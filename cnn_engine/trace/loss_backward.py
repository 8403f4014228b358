"""The gradients of the losses, one output of the network at a time: where every backward pass begins.

The loss is a mean. What one answer does to its own cost is the local derivative; from above comes the share that this
cost has in the mean. Softmax with cross-entropy is of one sample, and so its share is 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ShapeError
from cnn_engine.losses import check_classes, check_fractions
from cnn_engine.pointwise import shifted, sigmoid
from cnn_engine.relations import operations
from cnn_engine.relations.links import both
from cnn_engine.sums import add_in_order
from cnn_engine.tensors import Vector
from cnn_engine.trace.base import Array, Columns, Linked, Source, Tensors, Trace, found_at, indices, lists
from cnn_engine.trace.columns import Column
from cnn_engine.trace.showing import Card, Panel, Region, Show, Text, shown
from cnn_engine.trace.softmax import Index
from cnn_engine.windows import array_of
from cnn_engine.words import Alike

__all__ = ["trace_mse_backward", "trace_sigmoid_binary_cross_entropy_backward", "trace_softmax_cross_entropy_backward"]

COLUMNS = (
    Column("output_cell", "whole", (), "the index of the answer, and of its gradient"),
    Column(
        "prediction", "number", (), "what the network says: a share by softmax or the sigmoid, or the answer itself"
    ),
    Column("truth", "number", (), "what it should say"),
    Column("local", "number", ("term",), "how fast its own cost grows with the answer; 0 where there is no term"),
    Column("above", "number", ("term",), "how much this cost counts in the loss; 0 where there is no term"),
    Column("products", "number", ("term",), "local times above"),
    Column("term_cells", "whole", ("term",), "the index of the prediction or of the truth that the term comes from"),
    Column("inside", "flag", ("term",), "whether there is a term"),
    Column("output", "number", (), "the gradient: the products added from first to last"),
)

LESS = "{prediction:factor} − {truth:operand}"
PART = (shown("times_part_of_mean"), "{local.0:factor} × {above.0:operand}")
LINES: dict[str, Sequence[tuple[Text, str]]] = {
    "softmax_cross_entropy": ((shown("share_less_truth"), LESS),),
    "sigmoid_binary_cross_entropy": ((shown("share_less_truth"), LESS), PART),
    "mse": (
        (shown("answer_less_truth"), LESS),
        (shown("slope_of_square"), "2 × ({prediction:factor} − {truth:operand})"),
        PART,
    ),
}


def trace_softmax_cross_entropy_backward(logits: Vector, target: Index) -> Annotated[Trace, COLUMNS]:
    """Return the steps of the gradient of `cross_entropy` by a sample's logits (K,); its true class is `target`.

    Two terms for the true class, its share by softmax and -1; for every other class its share alone.
    """
    x = array_of(logits, "logits", Vector).astype(np.float64)
    label = check_classes(target, x.size)
    if label.ndim:
        raise ShapeError("target_not_one_class", "target")
    powers = np.exp(shifted(x, 0))
    shares = powers / add_in_order(powers)
    truth = np.zeros(x.size)
    truth[label] = 1
    local = np.stack([shares, -truth], axis=1)
    inside = np.stack([np.ones(x.size, bool), truth > 0], axis=1)
    tensors: dict[str, Source] = {"logits": x, "target": np.asarray(int(label))}
    return _LossBackwardTrace("softmax_cross_entropy", tensors, shares, truth, local, inside)


def trace_sigmoid_binary_cross_entropy_backward(logits: Vector, target: Vector) -> Annotated[Trace, COLUMNS]:
    """Return the steps of the gradient of `binary_cross_entropy_with_logits` by logits (K,); targets (K,), 0 to 1.

    One term for each: the sigmoid less the target, times 1 / K.
    """
    x, t = _pair(logits, target, "logits")
    check_fractions(t, "target")
    shares = sigmoid(x)
    tensors: dict[str, Source] = {"logits": x, "target": t}
    return _LossBackwardTrace("sigmoid_binary_cross_entropy", tensors, shares, t, (shares - t)[:, None])


def trace_mse_backward(prediction: Vector, target: Vector) -> Annotated[Trace, COLUMNS]:
    """Return the steps of the gradient of `mse` by the answers (K,), whose truths are `target` (K,).

    One term for each: twice the answer less the target, times 1 / K.
    """
    x, t = _pair(prediction, target, "prediction")
    return _LossBackwardTrace("mse", {"prediction": x, "target": t}, x, t, 2 * (x - t)[:, None])


def _pair(answers: ArrayLike, target: ArrayLike, name: str) -> tuple[Array, Array]:
    """Return answers and truths (K,) in float64."""
    x, t = array_of(answers, name, Vector), array_of(target, "target", Vector)
    if x.shape != t.shape:
        raise ShapeError("target_of_another_shape", "target", shape=t.shape, expected=x.shape)
    return x.astype(np.float64), t.astype(np.float64)


class _LossBackwardTrace(Trace):
    def __init__(
        self,
        loss: str,
        tensors: dict[str, Source],
        prediction: Array,
        truth: Array,
        local: Array,
        inside: Array | None = None,
    ) -> None:
        self.loss, self.op = loss, f"{loss}_backward"
        self.params = {}
        self.given = next(iter(tensors))
        self.prediction, self.truth, self.local = prediction, truth, local
        self.inside = np.ones_like(local, bool) if inside is None else inside
        self.share = 1.0 if inside is not None else 1 / len(prediction)
        own: dict[str, Source] = {} if self.given == "prediction" else {"shares": prediction}
        if inside is not None:
            own["truth"] = truth
        self.tensors = Tensors({**tensors, **own, "output": lambda: self._columns(np.arange(len(self)))["output"]})

    def _linked(self) -> Iterable[Linked]:
        names = [name for name in self.tensors if name == "output" or self.tensors[name].shape == self.truth.shape]
        return [(operations.one_to_one(self.truth.shape, *names), both(*names))]

    def _output_shape(self) -> tuple[int, ...]:
        return (len(self.prediction),)

    def _columns(self, cells: Array) -> Columns:
        local, inside = self.local[cells], self.inside[cells]
        above = np.where(inside, self.share, 0.0)
        products = np.where(inside, local * above, 0.0)
        return {
            "output_cell": cells,
            "prediction": self.prediction[cells],
            "truth": self.truth[cells],
            "local": np.where(inside, local, 0.0),
            "above": above,
            "products": products,
            "term_cells": np.where(inside, cells[:, None], 0),
            "inside": inside,
            "output": add_in_order(products),
        }

    def show(self) -> Show:
        """Return what the network says, what it should say, and the gradient."""
        here = (Region("output_cell"),)
        title = shown("answers" if self.given == "prediction" else "logits")
        panels = [Panel("input", self.given, title, edit=self.given, opens=0, regions=here)]
        if "shares" in self.tensors:
            panels.append(Panel("shares", "shares", shown("shares"), sign="→", regions=here))
        truth = "truth" if "truth" in self.tensors else "target"
        panels.append(Panel("truth", truth, shown("truth"), sign="−", regions=here))
        filled = (Region("output_cell", framed=False),)
        panels.append(Panel("output", "output", shown("gradient"), sign="→", fills=0, opens=0, regions=filled))
        return Show(panels, [Card(shown("the_gradient"), shown("gradient_place"), lines=LINES[self.loss])])

    def _messages(self, columns: Columns) -> Alike:
        shown = "shares" if "shares" in self.tensors else self.given
        own = lists(columns, cell="output_cell", prediction="prediction", truth="truth", output="output")
        found = found_at(indices(columns["output_cell"]), prediction=shown, output="output")
        return self._alike(f"backward.{self.loss}", {"count": len(self)}, own, found)
