"""Transposed convolution from both ends: what each output cell gathers, and what each input cell scatters."""

from __future__ import annotations

from typing import Annotated, Literal, Unpack, get_args

from cnn_engine.geometry import check_word
from cnn_engine.parameters import options_of
from cnn_engine.tensors import Kernels, Maps, Vector
from cnn_engine.trace.transposed import TransposedTrace
from cnn_engine.trace.transposed_gather import GATHER, GatherTrace
from cnn_engine.trace.transposed_scatter import SCATTER, ScatterTrace
from cnn_engine.transposed import Scattering, conv_transpose2d
from cnn_engine.windows import array_of, kernels_of, maps_of

__all__ = ["trace_conv_transpose2d"]

Mode = Literal["gather", "scatter"]

COLUMNS = GATHER + SCATTER


@options_of(conv_transpose2d, first=True)
def trace_conv_transpose2d(
    input: Maps,
    weight: Kernels,
    bias: Vector | None = None,
    *,
    mode: Mode = "gather",
    **options: Unpack[Scattering],
) -> Annotated[TransposedTrace, COLUMNS]:
    """Return the steps of `conv_transpose2d`: input (C, H, W) or (H, W); weight (C, O / groups, kH, kW), or (kH, kW).

    "gather" has one step for each output cell: a plain convolution of the input spread out by the stride (the tensor
    `padded_input`) with the kernels turned by half a turn (`flipped_weight`, (O, C / groups, kH, kW)). "scatter" has
    one step for each input cell; the bias is added last, in the tensor `output` alone. `GATHER` and `SCATTER` say what
    a step of each holds.
    """
    check_word(mode, "mode", get_args(Mode))
    x, w = maps_of(input), kernels_of(weight)
    b = None if bias is None else array_of(bias, "bias", Vector)
    kind = GatherTrace if mode == "gather" else ScatterTrace
    return kind(x, w, b, **options)
