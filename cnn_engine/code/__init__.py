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
    backward       gradients
    the others     the operations by their families, one function for each framework

Each module declares whose programs it writes (`BODIES`), whose gradient in NumPy (`NUMPY_GRADIENTS`), and where an
operation begins with more tensors than an input (`TENSORS`) or holds more numbers than these (`GAPS`). A program
stands by itself and binds `output`, in the shape that the operation gives. Where a framework lacks an option the
program does the same explicitly, and says so.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

from cnn_engine.code import activations
from cnn_engine.code.backward import gradient
from cnn_engine.code.text import FRAMEWORKS, MAPS, Programs, declared, program
from cnn_engine.trace.base import Trace

__all__ = ["BODIES", "FRAMEWORKS", "programs", "written"]

BODIES: Programs = {}
TENSORS: dict[str, dict[str, str]] = {}  # of those that begin with more than an input: its tensors, and their axes
GAPS: dict[str, Callable[[Trace], int]] = {}  # of those that hold more numbers than their tensors: how many more
for _found in pkgutil.iter_modules(__path__):  # each module declares its own
    _module = import_module(f"{__name__}.{_found.name}")
    BODIES |= getattr(_module, "BODIES", {})
    TENSORS |= getattr(_module, "TENSORS", {})
    GAPS |= getattr(_module, "GAPS", {})
    BODIES |= {f"{_name}_backward": gradient(_body) for _name, _body in getattr(_module, "NUMPY_GRADIENTS", {}).items()}


def programs(trace: Trace) -> dict[str, str]:
    """Return the operation of a trace, with its numbers, as a program in each framework: "torch", "keras", "numpy"."""
    return {
        framework: program(
            framework, _declarations(framework, trace), _body(framework, trace), trace.op != _forward(trace)
        )
        for framework in FRAMEWORKS
    }


def written(trace: Trace) -> int:
    """Return about how many numbers the longest of the programs holds, without making it."""
    named = {"input", "target", "weight", "second_weight", "bias", "grad_output", "logits", "prediction"}
    count = sum(trace.tensors[name].size for name in trace.tensors if name.rpartition(".")[2] in named)
    if more := GAPS.get(_forward(trace)):
        count += more(trace)
    return count + sum(map(sum, trace.params.get("padding", ())))


def _forward(trace: Trace) -> str:
    """Return the name of the operation, be the trace forward or backward."""
    return trace.op.removesuffix("_backward")


def _body(framework: str, trace: Trace) -> str:
    return BODIES[trace.op][framework](trace)


def _declarations(framework: str, trace: Trace) -> str:
    if trace.op == "dense":
        return activations.dense_declarations(framework, trace)
    parts = TENSORS.get(_forward(trace)) or {"input": MAPS if trace.tensors["input"].ndim == 3 else ""}
    parts = {**parts, "grad_output": ""}
    declarations = [
        declared(framework, name, trace.tensors[name], axes) for name, axes in parts.items() if name in trace.tensors
    ]
    return "\n".join(declarations)
