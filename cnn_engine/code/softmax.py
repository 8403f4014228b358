"""Softmax, the losses and their gradients as programs.

A gradient is autograd's, in Keras on PyTorch too; in NumPy it is that of its formula.
"""

from __future__ import annotations

from cnn_engine.code.activations import called, remark
from cnn_engine.code.text import Programs, TraceWriter

NUMPY_LOGS = """shifted = input - input.max()  # no power can become too large
logs = shifted - np.log(np.exp(shifted).sum())
"""
KERAS_LOGS = "logs = keras.ops.log_softmax(input)\n"


def _always(text: str) -> TraceWriter:
    return lambda _: text


def _of_class(text: str) -> TraceWriter:
    return lambda trace: text.replace("TARGET", str(trace.tensors["target"]))


def _autograd(name: str, loss: str) -> TraceWriter:
    """Return what asks for the gradient of a loss by the tensor of this name."""
    begun = f"{name}.requires_grad_()  # what the gradient is asked of"
    return _of_class(f"{begun}\nloss = {loss}\nloss.backward()\noutput = {name}.grad")


BODIES: Programs = {
    "softmax": {
        "numpy": _always(
            "powers = np.exp(input - input.max())  # no power can become too large\noutput = powers / powers.sum()"
        ),
        "torch": _always("output = F.softmax(input, dim=0)"),
        "keras": _always("output = keras.ops.softmax(input)"),
    },
    "log_softmax": {
        "numpy": _always(f"{NUMPY_LOGS}output = logs"),
        "torch": _always("output = F.log_softmax(input, dim=0)"),
        "keras": _always("output = keras.ops.log_softmax(input)"),
    },
    "cross_entropy": {
        "numpy": _of_class(f"{NUMPY_LOGS}output = -logs[TARGET]  # the true class, counted from 0"),
        "torch": _of_class("output = F.cross_entropy(input, torch.tensor(TARGET))  # the true class, counted from 0"),
        "keras": _of_class(f"{KERAS_LOGS}output = -logs[TARGET]  # the true class, counted from 0"),
    },
    "mse": {
        "numpy": _always("output = np.square(input - target).mean()"),
        "torch": _always("output = F.mse_loss(input, target)"),
        "keras": _always("output = keras.ops.sum(keras.ops.square(input - target)) / len(input)"),
    },
    "binary_cross_entropy": {
        "numpy": _always(
            'with np.errstate(divide="ignore"):  # the logarithm of 0 counts as -100, as in PyTorch\n'
            "    yes, no = np.maximum(np.log(input), -100), np.maximum(np.log(1 - input), -100)\n"
            "output = -(target * yes + (1 - target) * no).mean()"
        ),
        "torch": _always("output = F.binary_cross_entropy(input, target)"),
        "keras": _always(
            "# Keras's own binary_crossentropy cuts probabilities off near 0 and 1; PyTorch's logarithms end at -100\n"
            "yes, no = (keras.ops.maximum(keras.ops.log(p), -100.0) for p in (input, 1 - input))\n"
            "output = -keras.ops.sum(target * yes + (1 - target) * no) / len(input)"
        ),
    },
    "binary_cross_entropy_with_logits": {
        "numpy": _always("output = (np.logaddexp(0, input) - input * target).mean()"),
        "torch": _always("output = F.binary_cross_entropy_with_logits(input, target)"),
        "keras": _always("output = keras.ops.sum(keras.ops.softplus(input) - input * target) / len(input)"),
    },
    "softmax_cross_entropy_backward": {
        "numpy": _of_class(
            "powers = np.exp(logits - logits.max())  # no power can become too large\n"
            "output = powers / powers.sum()\n"
            "output[TARGET] -= 1  # the true class, counted from 0"
        ),
        "torch": _autograd("logits", "F.cross_entropy(logits, torch.tensor(TARGET))  # the true class, counted from 0"),
        "keras": _autograd("logits", "-keras.ops.log_softmax(logits)[TARGET]  # the true class, counted from 0"),
    },
    "sigmoid_binary_cross_entropy_backward": {
        "numpy": _always(
            f"shares = {called('sigmoid', 'numpy', 'logits')}{remark('sigmoid', 'numpy')}\n"
            "output = (shares - target) / len(target)"
        ),
        "torch": _autograd("logits", "F.binary_cross_entropy_with_logits(logits, target)"),
        "keras": _autograd(
            "logits",
            "-keras.ops.sum(\n"
            "    target * keras.ops.log_sigmoid(logits) + (1 - target) * keras.ops.log_sigmoid(-logits)\n"
            ") / len(target)",
        ),
    },
    "mse_backward": {
        "numpy": _always("output = 2 * (prediction - target) / len(target)"),
        "torch": _autograd("prediction", "F.mse_loss(prediction, target)"),
        "keras": _autograd("prediction", "keras.ops.sum(keras.ops.square(prediction - target)) / len(target)"),
    },
}
TENSORS = {
    "mse": {"input": "", "prediction": "", "target": ""},
    "binary_cross_entropy": {"input": "", "target": ""},
    "binary_cross_entropy_with_logits": {"input": "", "target": ""},
    "softmax_cross_entropy": {"logits": ""},
    "sigmoid_binary_cross_entropy": {"logits": "", "target": ""},
}
