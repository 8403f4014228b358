"""Upsampling as a program."""

from __future__ import annotations

import numpy as np

from cnn_engine.code.text import Programs, declared
from cnn_engine.interpolation import InterpolatedAxis
from cnn_engine.trace.base import Trace


def _torch(trace: Trace) -> str:
    parts = trace.params
    corners = f", align_corners={parts['align_corners']}" * (parts["mode"] == "bilinear")
    call = f'F.interpolate(input[None], scale_factor={parts["scale_factor"]}, mode="{parts["mode"]}"{corners})'
    return f"output = {call}[0]"


def _positions(framework: str, trace: Trace) -> str:
    """Return lines that say where in the input each output row and column lies."""
    size, lines = trace.tensors["input"].shape[1:], []
    given = zip(("rows", "columns"), size, trace.params["scale_factor"], strict=True)
    for name, side, factor in given:
        axis = InterpolatedAxis(side, factor, trace.params["mode"], trace.params["align_corners"])
        at = axis.positions(np.arange(axis.output_size))
        what = f"where in the input each of the output's {name} lies"
        nearest = f"{name} = {at.astype(int).tolist()}  # which of the input's each of the output's {name} repeats"
        lines.append(nearest if axis.mode == "nearest" else declared(framework, name, at, what))
    return "\n".join(lines) + "\n"


def _numpy(trace: Trace) -> str:
    body, (height, width) = _positions("numpy", trace), trace.tensors["input"].shape[1:]
    if trace.params["mode"] == "nearest":
        return f"{body}output = input[:, rows][:, :, columns]"
    return (
        f"{body}down = np.maximum(0, 1 - np.abs(rows[:, None] - np.arange({height})))  # the weights: by how near\n"
        f"across = np.maximum(0, 1 - np.abs(columns[:, None] - np.arange({width})))\n"
        "output = down @ input @ across.T"
    )


def _numpy_gradient(trace: Trace) -> str:
    program = _numpy(trace).rpartition("\n")[0]
    if trace.params["mode"] == "nearest":
        at = f"np.ix_(range({len(trace.tensors['input'])}), rows, columns)"
        return f"{program}\noutput = np.zeros_like(input)\nnp.add.at(output, {at}, grad_output)"
    return f"{program}\noutput = down.T @ grad_output @ across"


def _keras(trace: Trace) -> str:
    body, (height, width) = _positions("keras", trace), trace.tensors["input"].shape[1:]
    why = "# keras.layers.UpSampling2D takes whole factors alone: here every row and column is placed by itself\n"
    if trace.params["mode"] == "nearest":
        return f"{why}{body}output = keras.ops.take(keras.ops.take(input, rows, axis=1), columns, axis=2)"
    weights = 'keras.ops.relu(1 - keras.ops.abs({}[:, None] - keras.ops.arange({}, dtype="float64")))'
    return (
        f"{why}{body}down = {weights.format('rows', height)}  # the weights: by how near\n"
        f"across = {weights.format('columns', width)}\n"
        "output = down @ input @ keras.ops.transpose(across)"
    )


BODIES: Programs = {"interpolate2d": {"numpy": _numpy, "torch": _torch, "keras": _keras}}
GAPS = {"interpolate2d": lambda trace: sum(trace.output_shape[1:])}  # tables of cells and weights
NUMPY_GRADIENTS = {"interpolate2d": _numpy_gradient}
