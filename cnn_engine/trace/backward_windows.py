"""The way back through convolutions: which relation a gradient follows, where local derivatives come from.

Inputs and gradients have no batch axis, as in the traces forward. `grad_output` may also be a function that makes an
array of the output's shape, such as np.ones.
"""

from __future__ import annotations

from typing import Annotated, Unpack

from cnn_engine.geometry import Convolving
from cnn_engine.ops import conv2d
from cnn_engine.parameters import options_of
from cnn_engine.pointwise import floating
from cnn_engine.relations import operations
from cnn_engine.tensors import GradientOfMaps, Kernels, Maps
from cnn_engine.trace.backward import Operand, Way, columns_of
from cnn_engine.trace.backward_operands import by_operand, of_both, real
from cnn_engine.trace.base import Trace
from cnn_engine.trace.columns import CELL
from cnn_engine.trace.conv2d import trace_conv2d
from cnn_engine.trace.conv_transpose2d import trace_conv_transpose2d
from cnn_engine.trace.correlation import Conv2dBackwardTrace
from cnn_engine.transposed import Scattering, conv_transpose2d
from cnn_engine.windows import kernels_of

__all__ = ["trace_conv2d_backward", "trace_conv_transpose2d_backward"]

KERNEL_CELL = ("filter, channel, kernel row, kernel column",)
TURNED_CELL = ("channel, filter, kernel row, kernel column",)

CONV2D_COLUMNS = (
    *columns_of(KERNEL_CELL, CELL, ("padded_input", CELL), when="weight"),
    *columns_of(CELL, CELL, ("weight", KERNEL_CELL), when="input"),
    *columns_of((), CELL, when="bias"),
)
CONV_TRANSPOSE2D_COLUMNS = (
    *columns_of(TURNED_CELL, CELL, ("input", CELL), when="weight"),
    *columns_of(CELL, CELL, ("weight", TURNED_CELL), when="input"),
    *columns_of((), CELL, when="bias"),
)


@options_of(conv2d)
def trace_conv2d_backward(
    input: Maps,
    weight: Kernels,
    grad_output: GradientOfMaps,
    *,
    wrt: Operand = "weight",
    **options: Unpack[Convolving],
) -> Annotated[Trace, CONV2D_COLUMNS]:
    """Return the steps of a gradient of `conv2d`, given that of its output: one for each weight, input or bias.

    The gradient of the weight is the input correlated with the output's gradient: `local` is what the weight met in
    `padded_input` at each position. That of the input has the weights that it met as `local`, by filter, kernel row and
    kernel column; with padding that copies, over every copy of the cell. That of a bias adds up what comes from above.
    The tensor `weight_by_input` (C, O / groups, kH, kW) has the weights in the order in which inputs meet them.
    """
    x, w = real(input, "input", Maps), floating(kernels_of(weight))
    forward = trace_conv2d(x, w, **options)
    axes, channels = forward.geometry or {}, forward.channels
    ways = {
        "weight": Way(
            operations.windowed(axes, channels), "weight", "backward.weight", {"padded_input": "padded_input"}
        ),
        "input": Way(
            operations.windowed_input(axes, channels, forward.padding_mode),
            "input",
            "backward.input",
            {"weight": "weight"},
            tensors={"weight_by_input": lambda: channels.by_input(w)},
        ),
    }
    return by_operand(forward, w, grad_output, wrt, ways, Conv2dBackwardTrace)


@options_of(conv_transpose2d)
def trace_conv_transpose2d_backward(
    input: Maps,
    weight: Kernels,
    grad_output: GradientOfMaps,
    *,
    wrt: Operand = "weight",
    **options: Unpack[Scattering],
) -> Annotated[Trace, CONV_TRANSPOSE2D_COLUMNS]:
    """Return the steps of a gradient of `conv_transpose2d`, as `trace_conv2d_backward`.

    The gradient of the input is a plain convolution of the output's gradient, by output channel, kernel row and column.
    """
    x, w = real(input, "input", Maps), floating(kernels_of(weight))
    forward = trace_conv_transpose2d(x, w, **options)
    relation = operations.transposed(forward.axes, forward.channels)
    return by_operand(forward, w, grad_output, wrt, of_both(relation, "transposed_weight"))
