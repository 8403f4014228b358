"""Activations as programs: each as it is called in each framework, and its gradient step by step in NumPy.

What is in braces is filled in: `{x}` is what the function is given, the rest its other parameters by name.
"""

from __future__ import annotations

from cnn_engine.code.text import Programs, TraceWriter, literal

FUNCTIONS = {
    "relu": {"numpy": "np.maximum({x}, 0)", "torch": "F.relu({x})", "keras": "keras.ops.relu({x})"},
    "leaky_relu": {
        "numpy": "np.where({x} > 0, {x}, {negative_slope} * {x})",
        "torch": "F.leaky_relu({x}, {negative_slope})",
        "keras": "keras.ops.where({x} > 0, {x}, {negative_slope} * {x})",
    },
    "hardtanh": {
        "numpy": "np.clip({x}, {min_val}, {max_val})",
        "torch": "F.hardtanh({x}, {min_val}, {max_val})",
        # not keras.ops.clip, whose slope at a bound is 1
        "keras": "keras.ops.where({x} <= {min_val}, {min_val}, keras.ops.where({x} >= {max_val}, {max_val}, {x}))",
    },
    "sigmoid": {
        "numpy": "np.exp(-np.logaddexp(0, -({x})))",
        "torch": "torch.sigmoid({x})",
        "keras": "keras.ops.sigmoid({x})",
    },
    "tanh": {"numpy": "np.tanh({x})", "torch": "torch.tanh({x})", "keras": "keras.ops.tanh({x})"},
}
REMARKS = {"sigmoid": "  # 1 / (1 + exp(-x)), safe for any x"}  # on NumPy's
GRADIENTS = {
    "relu": "output = np.where(input > 0, grad_output, 0)",
    "leaky_relu": "output = np.where(input > 0, 1, {negative_slope}) * grad_output",
    "hardtanh": "output = np.where((input > {min_val}) & (input < {max_val}), grad_output, 0)",
    "sigmoid": f"s = {FUNCTIONS['sigmoid']['numpy']}{REMARKS['sigmoid']}\noutput = s * (1 - s) * grad_output",
    "tanh": "t = np.tanh(input)\noutput = (1 - t * t) * grad_output",
}


def called(name: str, framework: str, x: str) -> str:
    """Return the call of an activation that has no other parameters; "none" gives x itself."""
    return x if name == "none" else FUNCTIONS[name][framework].format(x=x)


def remark(name: str, framework: str) -> str:
    """Return what is remarked on the call, behind it."""
    return REMARKS.get(name, "") if framework == "numpy" else ""


def _filled(text: str) -> TraceWriter:
    return lambda trace: text.format(
        x="input", **{name: literal(value) for name, value in trace.params.items() if isinstance(value, float)}
    )


NUMPY_GRADIENTS = {name: _filled(text) for name, text in GRADIENTS.items()}
BODIES: Programs = {
    name: {framework: _filled(f"output = {text}{remark(name, framework)}") for framework, text in programs.items()}
    for name, programs in FUNCTIONS.items()
}
