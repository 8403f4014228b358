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
    backward_operations,
    conv2d,
    conv_transpose2d,
    flatten,
    global_pool2d,
    interpolate2d,
    linear,
    loss_backward,
    optimizers,
    pad2d,
    pool2d,
    softmax,
)
from cnn_engine.trace import pointwise as activations
from cnn_engine.trace.base import Trace
from cnn_engine.trace.columns import Column


@dataclass(frozen=True)
class Operation:
    """One operation: its trace, the function that computes it whole, and what people call it."""

    trace: Callable[..., Trace]
    function: Callable[..., Any] | None
    columns: tuple[Column, ...]
    group: str
    title: str
    summary: str

    @property
    def name(self) -> str:
        """The name by which the API and a trace's `op` know it."""
        return self.trace.__name__.removeprefix("trace_")

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

    def as_json(self) -> dict[str, Any]:
        """Return the row as the API shows it."""
        return {
            "name": self.name,
            "title": self.title,
            "summary": self.summary,
            "group": self.group,
            "parameters": [parameter.as_json() for parameter in self.parameters],
            "columns": [column.as_json() for column in self.columns],
        }


def _activation(trace: Callable[..., Trace], function: Callable[..., Any], title: str, summary: str) -> Operation:
    return Operation(trace, function, activations.COLUMNS, "activation", title, summary)


def _phased(trace: Callable[..., Trace], function: Callable[..., Any], title: str, summary: str) -> Operation:
    return Operation(trace, function, softmax.COLUMNS, "answer", title, summary)


def _pool(
    trace: Callable[..., Trace], function: Callable[..., Any], columns: tuple[Column, ...], title: str
) -> Operation:
    return Operation(trace, function, columns, "pooling", title, title)


def _backward(trace: Callable[..., Trace], columns: tuple[Column, ...], title: str, summary: str) -> Operation:
    gradient = f"The gradient of {summary}"
    return Operation(trace, None, columns, "backward", f"{title}, backward", gradient)


_BACKWARD = (
    _backward(
        backward_operations.trace_conv2d_backward,
        backward_operations.CONV2D_COLUMNS,
        "Convolution",
        "a convolution by its weight, its input or its bias",
    ),
    _backward(
        backward_operations.trace_conv_transpose2d_backward,
        backward_operations.CONV_TRANSPOSE2D_COLUMNS,
        "Transposed convolution",
        "a transposed convolution by its weight, its input or its bias",
    ),
    _backward(
        backward_operations.trace_max_pool2d_backward,
        backward_operations.MAX_POOL_COLUMNS,
        "Max pooling",
        "max pooling",
    ),
    _backward(
        backward_operations.trace_avg_pool2d_backward,
        backward_operations.AVG_POOL_COLUMNS,
        "Average pooling",
        "average pooling",
    ),
    _backward(
        backward_operations.trace_global_max_pool2d_backward,
        backward_operations.MAX_POOL_COLUMNS,
        "Global max pooling",
        "global max pooling",
    ),
    _backward(
        backward_operations.trace_global_avg_pool2d_backward,
        backward_operations.AVG_POOL_COLUMNS,
        "Global average pooling",
        "global average pooling",
    ),
    _backward(backward_operations.trace_pad2d_backward, backward_operations.MOVED_COLUMNS, "Padding", "padding"),
    _backward(backward_operations.trace_flatten_backward, backward_operations.FLATTEN_COLUMNS, "Flatten", "flattening"),
    _backward(
        backward_operations.trace_linear_backward,
        backward_operations.LINEAR_COLUMNS,
        "Dense layer",
        "a dense layer by its weight, its input or its bias",
    ),
    _backward(backward_operations.trace_relu_backward, backward_operations.RELU_COLUMNS, "ReLU", "ReLU"),
    _backward(
        backward_operations.trace_leaky_relu_backward,
        backward_operations.ACTIVATION_COLUMNS,
        "Leaky ReLU",
        "leaky ReLU",
    ),
    _backward(
        backward_operations.trace_sigmoid_backward, backward_operations.ACTIVATION_COLUMNS, "Sigmoid", "the sigmoid"
    ),
    _backward(
        backward_operations.trace_tanh_backward,
        backward_operations.ACTIVATION_COLUMNS,
        "tanh",
        "the hyperbolic tangent",
    ),
    _backward(
        loss_backward.trace_softmax_cross_entropy_backward,
        loss_backward.COLUMNS,
        "Cross-entropy",
        "softmax and cross-entropy",
    ),
    _backward(
        loss_backward.trace_sigmoid_binary_cross_entropy_backward,
        loss_backward.COLUMNS,
        "Binary cross-entropy",
        "the sigmoid and binary cross-entropy",
    ),
    _backward(
        loss_backward.trace_mse_backward,
        loss_backward.COLUMNS,
        "Mean squared error",
        "the mean squared error",
    ),
)
_ROWS = (
    Operation(conv2d.trace_conv2d, ops.conv2d, conv2d.COLUMNS, "convolution", "Convolution", "A convolution"),
    Operation(
        conv_transpose2d.trace_conv_transpose2d,
        transposed.conv_transpose2d,
        conv_transpose2d.COLUMNS,
        "convolution",
        "Transposed convolution",
        "A transposed convolution",
    ),
    Operation(
        interpolate2d.trace_interpolate2d,
        interpolation.interpolate2d,
        interpolate2d.COLUMNS,
        "convolution",
        "Upsampling",
        "Upsampling, by the nearest values or between them",
    ),
    _pool(pool2d.trace_max_pool2d, ops.max_pool2d, pool2d.MAX_COLUMNS, "Max pooling"),
    _pool(pool2d.trace_avg_pool2d, ops.avg_pool2d, pool2d.AVG_COLUMNS, "Average pooling"),
    _pool(global_pool2d.trace_global_max_pool2d, ops.global_max_pool2d, pool2d.MAX_COLUMNS, "Global max pooling"),
    _pool(global_pool2d.trace_global_avg_pool2d, ops.global_avg_pool2d, pool2d.AVG_COLUMNS, "Global average pooling"),
    Operation(pad2d.trace_pad2d, windows.pad2d, pad2d.COLUMNS, "padding", "Padding", "Padding"),
    Operation(flatten.trace_flatten, ops.flatten, flatten.COLUMNS, "flatten", "Flatten", "Flattening"),
    Operation(linear.trace_linear, ops.linear, linear.COLUMNS, "dense", "Dense layer", "A dense layer"),
    Operation(
        linear.trace_dense,
        None,
        linear.DENSE_COLUMNS,
        "dense",
        "Dense layers",
        "Several dense layers with their activations",
    ),
    _activation(activations.trace_relu, pointwise.relu, "ReLU", "ReLU"),
    _activation(activations.trace_leaky_relu, pointwise.leaky_relu, "Leaky ReLU", "Leaky ReLU"),
    _activation(activations.trace_sigmoid, pointwise.sigmoid, "Sigmoid", "The sigmoid"),
    _activation(activations.trace_tanh, pointwise.tanh, "tanh", "The hyperbolic tangent"),
    _phased(softmax.trace_softmax, pointwise.softmax, "Softmax", "Softmax"),
    _phased(softmax.trace_log_softmax, pointwise.log_softmax, "Log softmax", "The logarithm of softmax"),
    _phased(softmax.trace_cross_entropy, losses.cross_entropy, "Cross-entropy", "Softmax and cross-entropy"),
    _phased(
        softmax.trace_binary_cross_entropy,
        losses.binary_cross_entropy,
        "Binary cross-entropy",
        "Binary cross-entropy of probabilities",
    ),
    _phased(
        softmax.trace_binary_cross_entropy_with_logits,
        losses.binary_cross_entropy_with_logits,
        "Binary cross-entropy with logits",
        "The sigmoid and binary cross-entropy",
    ),
    _phased(softmax.trace_mse, losses.mse, "Mean squared error", "The mean squared error"),
    Operation(
        optimizers.trace_optimizers,
        None,
        optimizers.COLUMNS,
        "optimizers",
        "Optimizers",
        "A race of optimizers down a landscape",
    ),
    *_BACKWARD,
)
OPERATIONS = {row.name: row for row in _ROWS}


def names(group: str) -> list[str]:
    """Return the names of the operations of a group."""
    return [row.name for row in _ROWS if row.group == group]
