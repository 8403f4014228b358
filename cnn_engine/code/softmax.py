"""Softmax and the losses as programs."""

from __future__ import annotations

from collections.abc import Callable

from cnn_engine.trace.base import Trace

NUMPY_LOGS = """shifted = input - input.max()  # no power can become too large
logs = shifted - np.log(np.exp(shifted).sum())
"""
KERAS_LOGS = "logs = keras.ops.log_softmax(input)\n"


def _always(text: str) -> Callable[[Trace], str]:
    return lambda _: text


def _of_class(text: str) -> Callable[[Trace], str]:
    return lambda trace: text.replace("TARGET", str(trace.params["target"]))


BODIES: dict[str, dict[str, Callable[[Trace], str]]] = {
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
}
TENSORS = {
    "mse": {"input": "", "prediction": "", "target": ""},
    "binary_cross_entropy": {"input": "", "target": ""},
    "binary_cross_entropy_with_logits": {"input": "", "target": ""},
}
