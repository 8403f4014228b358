"""An operation with its numbers as a program: in PyTorch, in Keras 3, and in NumPy alone.

>>> from cnn_engine import trace_conv2d
>>> print(programs(trace_conv2d([[1, 2], [3, 4]], [[1, 0]]))["torch"])
import torch
import torch.nn.functional as F
<BLANKLINE>
input = torch.tensor([[[1, 2], [3, 4]]], dtype=torch.float64)  # channels, height, width
weight = torch.tensor([[[[1, 0]]]], dtype=torch.float64)  # filters, channels of a group, height, width
<BLANKLINE>
output = F.conv2d(input, weight)
print(output)
<BLANKLINE>

    text           numbers as text, and the parts of a program
    surroundings   padding, in the words of each framework
    convolution, stacked, transposed, interpolation, pools, lines, activations, softmax
                   the operations, one function for each framework
    backward, loss_backward
                   their gradients

Each program stands by itself and binds `output`, in the shape that the operation gives. Where a framework lacks an
option the program does the same explicitly, and says so.
"""

from __future__ import annotations

from collections.abc import Callable

from cnn_engine.code import (
    activations,
    backward,
    convolution,
    interpolation,
    lines,
    loss_backward,
    pools,
    softmax,
    stacked,
    surroundings,
    transposed,
)
from cnn_engine.code.text import FRAMEWORKS, declared, program
from cnn_engine.trace.base import Trace

__all__ = ["BODIES", "FRAMEWORKS", "programs", "written"]

MAPS = "channels, height, width"
Parts = dict[str, str]  # the tensors of an operation that its program begins with, and what their axes are

TENSORS: dict[str, Parts] = {
    "conv2d": {"input": MAPS, "weight": "filters, channels of a group, height, width", "bias": ""},
    "stacked_conv2d": {"input": MAPS, "weight": "", "second_weight": ""},
    "conv_transpose2d": {"input": MAPS, "weight": "channels, filters of a group, height, width", "bias": ""},
    "average_or_dense": {"input": MAPS, "weight": "classes, channels, height, width"},
    "linear": {"input": "", "weight": "outputs, inputs", "bias": ""},
    "mse": {"input": "", "prediction": "", "target": ""},
    "binary_cross_entropy": {"input": "", "target": ""},
    "binary_cross_entropy_with_logits": {"input": "", "target": ""},
    "softmax_cross_entropy": {"logits": ""},
    "sigmoid_binary_cross_entropy": {"logits": "", "target": ""},
}
BODIES: dict[str, dict[str, Callable[[Trace], str]]] = (
    convolution.BODIES
    | transposed.BODIES
    | stacked.BODIES
    | interpolation.BODIES
    | pools.BODIES
    | surroundings.BODIES
    | lines.BODIES
    | activations.BODIES
    | softmax.BODIES
    | backward.BODIES
    | loss_backward.BODIES
)


def programs(trace: Trace) -> dict[str, str]:
    """The operation of a trace, with its numbers, as a program in each framework: {"torch", "keras", "numpy"}."""
    return {
        framework: program(
            framework, _declarations(framework, trace), _body(framework, trace), trace.op != _forward(trace)
        )
        for framework in FRAMEWORKS
    }


def written(trace: Trace) -> int:
    """About how many numbers the longest of the programs holds, known without making it."""
    named = {"input", "target", "weight", "second_weight", "bias", "grad_output", "logits", "prediction"}
    op = _forward(trace)
    count = sum(trace.tensors[name].size for name in trace.tensors if name.rpartition(".")[2] in named)
    if op == "conv_transpose2d":
        count += transposed.gaps(trace)
    if op == "interpolate2d":
        count += sum(trace.output_shape[1:])
    return count + sum(map(sum, trace.params.get("padding", ())))


def _forward(trace: Trace) -> str:
    """Return the name of the operation, be the trace forward or backward."""
    return trace.op.removesuffix("_backward")


def _body(framework: str, trace: Trace) -> str:
    return BODIES[trace.op][framework](trace)


def _declarations(framework: str, trace: Trace) -> str:
    if trace.op == "dense":
        return lines.dense_declarations(framework, trace)
    parts = TENSORS.get(_forward(trace)) or {"input": MAPS if trace.tensors["input"].ndim == 3 else ""}
    parts = {**parts, "grad_output": ""}
    declarations = [
        declared(framework, name, trace.tensors[name], axes) for name, axes in parts.items() if name in trace.tensors
    ]
    return "\n".join(declarations)
