"""Activations as programs: each as it is called in each framework, and its gradient step by step in NumPy.

What is in braces is filled in: `{x}` is what the function is given, the rest its other parameters by name. Flatten and
dense layers follow.
"""

from __future__ import annotations

from collections.abc import Callable

from cnn_engine.code.text import MAPS, Programs, TraceWriter, declared, literal
from cnn_engine.trace.base import Trace

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


# ---- what works on lines of numbers: flatten, dense layers


PRODUCT = {"numpy": "{weight} @ {x}{bias}", "torch": "F.linear({x}, {weight}{bias})", "keras": "{weight} @ {x}{bias}"}


def _layer(framework: str, x: str, weight: str, bias: str | None) -> str:
    """Return one dense layer before its activation."""
    joiner = ", " if framework == "torch" else " + "
    return PRODUCT[framework].format(x=x, weight=weight, bias=joiner + bias if bias else "")


def _linear(framework: str) -> TraceWriter:
    return lambda trace: f"output = {_layer(framework, 'input', 'weight', 'bias' if 'bias' in trace.tensors else None)}"


def dense_declarations(framework: str, trace: Trace) -> str:
    """Return the input, and the weight and bias of each layer by its number."""
    parts = [declared(framework, "input", trace.tensors["input"])]
    for number in range(len(trace.params["layers"])):
        parts.append(declared(framework, f"weight{number + 1}", trace.tensors[f"{number}.weight"], "outputs, inputs"))
        parts.append(declared(framework, f"bias{number + 1}", trace.tensors[f"{number}.bias"]))
    return "\n".join(parts)


def _dense(framework: str) -> TraceWriter:
    def body(trace: Trace) -> str:
        layers, x, statements = trace.params["layers"], "input", []
        for number, layer in enumerate(layers, start=1):
            name = "output" if number == len(layers) else f"hidden{number}"
            line = _layer(framework, x, f"weight{number}", f"bias{number}")
            function = layer["activation"]
            statements.append(f"{name} = {called(function, framework, line)}{remark(function, framework)}")
            x = name
        return "\n".join(statements)

    return body


def _averaged(average: str, module: str) -> TraceWriter:
    """Return a line for the average of each map, and one for a dense layer over the same maps."""
    dense = f'output = {module}.einsum("kchw,chw->k", weight, input)  # the scores of the dense layer'
    return lambda _: f"averages = {average}  # the scores by averages\n{dense}"


def _all(make: Callable[[str], TraceWriter]) -> dict[str, TraceWriter]:
    return {framework: make(framework) for framework in ("numpy", "torch", "keras")}


BODIES: Programs = {
    **{
        name: {framework: _filled(f"output = {text}{remark(name, framework)}") for framework, text in programs.items()}
        for name, programs in FUNCTIONS.items()
    },
    "flatten": {
        "numpy": lambda _: "output = input.reshape(-1)",
        "torch": lambda _: "output = torch.flatten(input)",
        "keras": lambda _: (
            "# keras.layers.Flatten would go by row, column, channel where channels come last: Keras's default\n"
            "output = keras.ops.reshape(input, (-1,))"
        ),
    },
    "linear": _all(_linear),
    "dense": _all(_dense),
    "average_or_dense": {
        "numpy": _averaged("input.mean(axis=(1, 2))", "np"),
        "torch": _averaged("input.mean(dim=(1, 2))", "torch"),
        "keras": _averaged("keras.ops.mean(input, axis=(1, 2))", "keras.ops"),
    },
}
TENSORS = {
    "linear": {"input": "", "weight": "outputs, inputs", "bias": ""},
    "average_or_dense": {"input": MAPS, "weight": "classes, channels, height, width"},
}
