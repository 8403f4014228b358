"""Every operation, declared once: whatever lists operations, or what they take, follows from this table.

What the parameters are, and how far they go, is in the signature of a row's trace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cnn_engine import interpolation, losses, ops, pointwise, transposed, windows
from cnn_engine.code import BODIES
from cnn_engine.nn.layers import LAYERS, Layer
from cnn_engine.parameters import Parameter, describe
from cnn_engine.trace import (
    average_or_dense,
    backward_pools,
    backward_values,
    backward_windows,
    conv2d,
    conv_transpose2d,
    depth,
    flatten,
    global_pool2d,
    interpolate2d,
    linear,
    loss_backward,
    optimizers,
    pad2d,
    phases,
    pool2d,
    softmax,
    stacked_conv2d,
)
from cnn_engine.trace import pointwise as activations
from cnn_engine.trace.base import Trace
from cnn_engine.trace.columns import Column
from cnn_engine.words import ENGLISH, Message, say

BACKWARD = "backward"  # the group of gradients


@dataclass(frozen=True)
class Operation:
    """One operation: its trace, the function that computes it whole, and what people call it."""

    trace: Callable[..., Trace]
    function: Callable[..., Any] | None
    columns: tuple[Column, ...]
    group: str

    @property
    def name(self) -> str:
        """The name by which the API and a trace's `op` know it."""
        return self.trace.__name__.removeprefix("trace_")

    @property
    def title(self) -> Message:
        """What people call it."""
        own = self._called("title")
        return Message("operations.backward_title", {"title": own}) if self.group == BACKWARD else own

    @property
    def summary(self) -> Message:
        """What it is, as the first words of a sentence."""
        if self.group != BACKWARD:
            return self._called("summary")
        operands = "_of_operands" if any(parameter.name == "wrt" for parameter in self.parameters) else ""
        return Message(f"operations.backward_summary{operands}", {"called": self._called("called")})

    def _called(self, what: str) -> Message:
        return Message(f"operations.{self.name.removesuffix('_backward')}.{what}", {})

    @property
    def identifier(self) -> str:
        """The name as that of a type: MaxPool2d."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What its trace takes."""
        return describe(self.trace)

    @property
    def layer(self) -> type[Layer] | None:
        """The layer of a network that does the same."""
        return LAYERS.get(self.name)

    @property
    def programs(self) -> Mapping[str, Callable[[Trace], str]] | None:
        """What writes it as a program, for each framework."""
        return BODIES.get(self.name)

    def as_json(self, code: str = ENGLISH) -> dict[str, Any]:
        """Return the row as the API shows it, its title and summary in the language of this code."""
        head = {"name": self.name, "title": say(self.title, code), "summary": say(self.summary, code)}
        return head | {"group": self.group, **self.takes_and_holds()}

    def takes_and_holds(self) -> dict[str, list[dict[str, Any]]]:
        """Return its parameters and its columns as the API shows them."""
        return {
            "parameters": [parameter.as_json() for parameter in self.parameters],
            "columns": [column.as_json() for column in self.columns],
        }


def _activation(name: str) -> Operation:
    trace = getattr(activations, f"trace_{name}")
    return Operation(trace, pointwise.ACTIVATIONS[name].function, activations.COLUMNS, "activation")


def _activation_backward(name: str) -> Operation:
    columns = activations.GATED_COLUMNS if pointwise.ACTIVATIONS[name].gated else activations.SLOPE_COLUMNS
    return _backward(getattr(activations, f"trace_{name}_backward"), columns)


def _phased(trace: Callable[..., Trace], function: Callable[..., Any]) -> Operation:
    return Operation(trace, function, phases.COLUMNS, "answer")


def _pool(trace: Callable[..., Trace], function: Callable[..., Any], columns: tuple[Column, ...]) -> Operation:
    return Operation(trace, function, columns, "pooling")


def _backward(trace: Callable[..., Trace], columns: tuple[Column, ...]) -> Operation:
    return Operation(trace, None, columns, BACKWARD)


_BACKWARD = (
    _backward(backward_windows.trace_conv2d_backward, backward_windows.CONV2D_COLUMNS),
    _backward(backward_windows.trace_conv_transpose2d_backward, backward_windows.CONV_TRANSPOSE2D_COLUMNS),
    _backward(backward_pools.trace_max_pool2d_backward, backward_pools.MAX_POOL_COLUMNS),
    _backward(backward_pools.trace_avg_pool2d_backward, backward_pools.AVG_POOL_COLUMNS),
    _backward(backward_pools.trace_global_max_pool2d_backward, backward_pools.MAX_POOL_COLUMNS),
    _backward(backward_pools.trace_global_avg_pool2d_backward, backward_pools.AVG_POOL_COLUMNS),
    _backward(backward_values.trace_pad2d_backward, backward_values.MOVED_COLUMNS),
    _backward(backward_values.trace_flatten_backward, backward_values.FLATTEN_COLUMNS),
    _backward(backward_values.trace_linear_backward, backward_values.LINEAR_COLUMNS),
    *map(_activation_backward, pointwise.ACTIVATIONS),
    _backward(loss_backward.trace_softmax_cross_entropy_backward, loss_backward.COLUMNS),
    _backward(loss_backward.trace_sigmoid_binary_cross_entropy_backward, loss_backward.COLUMNS),
    _backward(loss_backward.trace_mse_backward, loss_backward.COLUMNS),
)
_ROWS = (
    Operation(conv2d.trace_conv2d, ops.conv2d, conv2d.COLUMNS, "convolution"),
    Operation(
        conv_transpose2d.trace_conv_transpose2d, transposed.conv_transpose2d, conv_transpose2d.COLUMNS, "convolution"
    ),
    Operation(stacked_conv2d.trace_stacked_conv2d, None, stacked_conv2d.COLUMNS, "convolution"),
    Operation(interpolate2d.trace_interpolate2d, interpolation.interpolate2d, interpolate2d.COLUMNS, "convolution"),
    _pool(pool2d.trace_max_pool2d, ops.max_pool2d, pool2d.MAX_COLUMNS),
    _pool(pool2d.trace_avg_pool2d, ops.avg_pool2d, pool2d.AVG_COLUMNS),
    _pool(global_pool2d.trace_global_max_pool2d, ops.global_max_pool2d, pool2d.MAX_COLUMNS),
    _pool(global_pool2d.trace_global_avg_pool2d, ops.global_avg_pool2d, pool2d.AVG_COLUMNS),
    Operation(pad2d.trace_pad2d, windows.pad2d, pad2d.COLUMNS, "padding"),
    Operation(flatten.trace_flatten, ops.flatten, flatten.COLUMNS, "flatten"),
    Operation(linear.trace_linear, ops.linear, linear.COLUMNS, "dense"),
    Operation(linear.trace_dense, None, linear.DENSE_COLUMNS, "dense"),
    Operation(average_or_dense.trace_average_or_dense, None, average_or_dense.COLUMNS, "dense"),
    *map(_activation, pointwise.ACTIVATIONS),
    _phased(softmax.trace_softmax, pointwise.softmax),
    _phased(softmax.trace_log_softmax, pointwise.log_softmax),
    _phased(softmax.trace_cross_entropy, losses.cross_entropy),
    _phased(softmax.trace_binary_cross_entropy, losses.binary_cross_entropy),
    _phased(softmax.trace_binary_cross_entropy_with_logits, losses.binary_cross_entropy_with_logits),
    _phased(softmax.trace_mse, losses.mse),
    Operation(optimizers.trace_optimizers, None, optimizers.COLUMNS, "optimizers"),
    Operation(depth.trace_depth, None, depth.COLUMNS, "depth"),
    *_BACKWARD,
)
OPERATIONS = {row.name: row for row in _ROWS}


def names(group: str) -> list[str]:
    """Return the names of the operations of a group."""
    return [row.name for row in _ROWS if row.group == group]
