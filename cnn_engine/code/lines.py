"""What works on lines of numbers as programs: flatten, dense layers."""

from __future__ import annotations

from collections.abc import Callable

from cnn_engine.code.activations import called, remark
from cnn_engine.code.text import MAPS, Programs, TraceWriter, declared
from cnn_engine.trace.base import Trace

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
