"""The gradients of the losses as programs: by autograd, in Keras on PyTorch too, and in NumPy by their formulas."""

from __future__ import annotations

from collections.abc import Callable

from cnn_engine.code.activations import called, remark
from cnn_engine.trace.base import Trace


def _formula(text: str) -> Callable[[Trace], str]:
    return lambda trace: text.replace("TARGET", str(trace.tensors["target"]))


def _autograd(name: str, loss: str) -> Callable[[Trace], str]:
    """Return what asks for the gradient of a loss by the tensor of this name."""
    begun = f"{name}.requires_grad_()  # what the gradient is asked of"
    return _formula(f"{begun}\nloss = {loss}\nloss.backward()\noutput = {name}.grad")


BODIES: dict[str, dict[str, Callable[[Trace], str]]] = {
    "softmax_cross_entropy_backward": {
        "numpy": _formula(
            "powers = np.exp(logits - logits.max())  # no power can become too large\n"
            "output = powers / powers.sum()\n"
            "output[TARGET] -= 1  # the true class, counted from 0"
        ),
        "torch": _autograd("logits", "F.cross_entropy(logits, torch.tensor(TARGET))  # the true class, counted from 0"),
        "keras": _autograd("logits", "-keras.ops.log_softmax(logits)[TARGET]  # the true class, counted from 0"),
    },
    "sigmoid_binary_cross_entropy_backward": {
        "numpy": _formula(
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
        "numpy": _formula("output = 2 * (prediction - target) / len(target)"),
        "torch": _autograd("prediction", "F.mse_loss(prediction, target)"),
        "keras": _autograd("prediction", "keras.ops.sum(keras.ops.square(prediction - target)) / len(target)"),
    },
}
TENSORS = {
    "softmax_cross_entropy": {"logits": ""},
    "sigmoid_binary_cross_entropy": {"logits": "", "target": ""},
}
