"""Gradients as programs: by PyTorch's autograd, also where Keras stands on it, and step by step in NumPy.

The first two compute the operation as its own program does, and go back through it. `output` is the gradient.
"""

from __future__ import annotations

from collections.abc import Callable

from cnn_engine import code
from cnn_engine.code import convolution, pools, surroundings, transposed
from cnn_engine.code.surroundings import numpy_pad, sides_of
from cnn_engine.code.text import TraceWriter
from cnn_engine.geometry import Sides
from cnn_engine.trace.backward import BackwardTrace
from cnn_engine.trace.base import Trace
from cnn_engine.windows import padding_sources

ZEROS = {"torch": "torch.zeros({}, dtype=torch.float64)", "keras": 'keras.ops.zeros({}, dtype="float64")'}


# ---- autograd


Writer = Callable[[BackwardTrace], str]


def _autograd(framework: str) -> Writer:
    def body(trace: BackwardTrace) -> str:
        operand = trace.wrt or "input"
        made = on_the_way(trace.forward.op, framework)(trace.forward).strip()
        begun = f"{operand}.requires_grad_()  # what the gradient is asked of"
        if operand == "bias":
            count = trace.output_shape[0]
            begun = f"bias = {ZEROS[framework].format(count)}  # any will do: its gradient is the same\n{begun}"
            made += f"\noutput = output + bias{'[:, None, None]' * (len(trace.forward.output_shape) == 3)}"
        spread = trace.forward.op == "conv_transpose2d" and transposed.spread_in_keras(trace.forward)
        if spread and operand == "weight" and framework == "keras":
            return _with_gaps(trace, begun, made)
        return f"{begun}\n{made}\noutput.backward(grad_output)\noutput = {operand}.grad"

    return body


def _with_gaps(trace: BackwardTrace, begun: str, made: str) -> str:
    """Ask for the gradient of the weights that are written with their gaps, and leave those out of it."""
    kernel = "kernel = keras"
    made = made.replace(kernel, f"{begun}\n{kernel}")
    return f"{made}\noutput.backward(grad_output)\noutput = {transposed.without_gaps('weight.grad', trace)}"


def _keras_max(trace: Trace) -> str:
    """Return max pooling whose gradient goes to the first of equal values, where `keras.ops.max` would share it."""
    body = code.BODIES["max_pool2d"]["keras"](trace)
    among = "x = keras.ops.max(keras.ops.stack(taps(x)), axis=0)\n"
    first = (
        "x = keras.ops.stack(taps(x))\n"
        "x = keras.ops.take_along_axis(x, keras.ops.argmax(x, axis=0)[None], axis=0)[0]  # the first of the largest\n"
    )
    return body.replace(among, first)


def _keras_global_max(trace: Trace) -> str:
    size = trace.tensors["input"].shape[1:]
    pooled = f'x = keras.ops.max_pool(x, {size}, 1, "valid", "channels_last")  # keras.ops.max shares among equals\n'
    return surroundings.channels_last() + pooled + surroundings.CHANNELS_FIRST


KERAS = {"max_pool2d": _keras_max, "global_max_pool2d": _keras_global_max}


def on_the_way(name: str, framework: str) -> TraceWriter:
    """Return what writes an operation that a gradient goes back through; in Keras some are written otherwise there."""
    other = KERAS.get(name) if framework == "keras" else None
    return other or code.BODIES[name][framework]


# ---- NumPy


def _inside(trace: Trace, sides: Sides) -> str:
    """Return the cells of `gradient` that are none of the padding."""
    (top, _), (left, _) = sides
    _, rows, cols = trace.tensors["input"].shape
    if not any(map(sum, sides)):
        return "output = gradient"
    return f"output = gradient[:, {top} : {top + rows}, {left} : {left + cols}]  # what fell on padding is lost"


def _gathered(trace: Trace, mode: str) -> str:
    """Return lines that lead the gradient of what was padded back to the cells of the input."""
    sides = sides_of(trace)
    if mode == "zeros":
        return _inside(trace, sides)
    _, *size = trace.tensors["input"].shape
    rows, cols = (padding_sources(size[i], sides[i], mode).tolist() for i in (0, 1))  # type: ignore[arg-type]
    return (
        f"rows, columns = np.array({rows}), np.array({cols})  # which of the input's each padded one is a copy of\n"
        "output = np.zeros_like(input)\n"
        "np.add.at(output, (slice(None), rows[:, None], columns), gradient)  # copies are added up"
    )


def _conv2d(trace: BackwardTrace) -> str:
    if trace.wrt == "bias":
        return "output = grad_output.sum(axis=(1, 2))"
    if trace.wrt == "weight":
        line = "output[f] += padded[WINDOW] * grad_output[f, row, column]"
        return convolution.numpy_loop(trace.forward, "output = np.zeros_like(weight)", line)
    line = "gradient[WINDOW] += (\n    weight[f] * grad_output[f, row, column]\n)"
    body = convolution.numpy_loop(trace.forward, "gradient = np.zeros_like(padded)", line)
    return body + _gathered(trace.forward, trace.params["padding_mode"])


def _conv_transpose2d(trace: BackwardTrace) -> str:
    if trace.wrt == "bias":
        return "output = grad_output.sum(axis=(1, 2))"
    (top, bottom), (left, right) = sides_of(trace.forward)
    inside = f"full[:, {top} : rows - {bottom}, {left} : columns - {right}] = grad_output  # 0 where padding cut\n"
    if trace.wrt == "weight":
        line = "output[channel] += input[channel, row, column] * full[WINDOW]"
    else:
        line = "output[channel, row, column] = (weight[channel] * full[WINDOW]).sum()"
    return transposed.numpy_loop(trace.forward, f"{inside}output = np.zeros_like({trace.wrt})\n", line)


def _linear(trace: BackwardTrace) -> str:
    made = {
        "weight": "np.outer(grad_output, input)",
        "input": "weight.T @ grad_output",
        "bias": "grad_output",
    }
    return f"output = {made[trace.wrt or 'input']}"


GRADIENT = "gradient = np.zeros(padded.shape)"


def _max_pool2d(trace: BackwardTrace) -> str:
    line = (
        "i, j = np.unravel_index(padded[window].argmax(), kernel_size)  # the first of the largest\n"
        f"gradient[{pools.CELL}] += grad_output[channel, row, column]"
    )
    body = pools.numpy_loop(trace.forward, pools.numpy_padded_max(trace.forward), GRADIENT, line)
    return body + _inside(trace.forward, pools.all_sides(trace.forward))


def _avg_pool2d(trace: BackwardTrace) -> str:
    padded = f"padded = {numpy_pad('input', pools.all_sides(trace.forward))}\n{pools.numpy_counted(trace.forward)}"
    line = "gradient[window] += grad_output[channel, row, column] / counted[window].sum()"
    body = pools.numpy_loop(trace.forward, padded, GRADIENT, line)
    return body + _inside(trace.forward, pools.all_sides(trace.forward))


def _global_max_pool2d(_: BackwardTrace) -> str:
    return """
output = np.zeros_like(input)
for channel, values in enumerate(input):
    first = np.unravel_index(values.argmax(), values.shape)  # the first of the largest
    output[channel][first] = grad_output[channel, 0, 0]
"""


def _pad2d(trace: BackwardTrace) -> str:
    return f"gradient = grad_output\n{_gathered(trace.forward, trace.params['mode'])}"


NUMPY_GRADIENTS: dict[str, Writer] = {
    "conv2d": _conv2d,
    "conv_transpose2d": _conv_transpose2d,
    "max_pool2d": _max_pool2d,
    "avg_pool2d": _avg_pool2d,
    "global_max_pool2d": _global_max_pool2d,
    "global_avg_pool2d": lambda _: "output = np.ones_like(input) * grad_output / input[0].size",
    "pad2d": _pad2d,
    "flatten": lambda _: "output = grad_output.reshape(input.shape)",
    "linear": _linear,
}


def _of_backward(body: Writer) -> TraceWriter:
    def written(trace: Trace) -> str:
        if not isinstance(trace, BackwardTrace):
            raise TypeError(f"{trace.op} is no gradient")
        return body(trace)

    return written


def gradient(numpy: Writer) -> dict[str, TraceWriter]:
    """Return the programs of a gradient: step by step as given in NumPy, by autograd in the others."""
    return {
        "numpy": _of_backward(numpy),
        "torch": _of_backward(_autograd("torch")),
        "keras": _of_backward(_autograd("keras")),
    }
