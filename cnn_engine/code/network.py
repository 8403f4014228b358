"""One update of a network as a program: forward, loss, backward, update, and the loss after it.

>>> from cnn_engine import trace_network
>>> line = [{"layer": "linear", "out_features": 1, "bias": False}]
>>> trace = trace_network(line, {"0.weight": [[2]]}, [3], [4], loss="mse")
>>> begins, _ = programs_of_network(trace)["torch"].split(AUTOGRAD)
>>> print(begins.rstrip())
import torch
import torch.nn.functional as F
<BLANKLINE>
image = torch.tensor([3], dtype=torch.float64)  # the input
target = torch.tensor([4], dtype=torch.float64)
parameters = {}
parameters["0.weight"] = torch.tensor([[2]], dtype=torch.float64)
<BLANKLINE>
<BLANKLINE>
def forward():
    outputs = [image]
    # layer 1: linear
    output = F.linear(outputs[0], parameters["0.weight"])
    outputs.append(output)
    # the loss
    logits = outputs[-1].reshape(-1)
    output = F.mse_loss(logits, target)
    return outputs, output
<BLANKLINE>
<BLANKLINE>
def update(name, values, gradient):
    rate = 0.1
    step = rate * gradient
    return values - step

It goes on with AUTOGRAD and PRINTED. The programs of the layers are those of their operations, and the arithmetic of
the update is the optimizer's own.
"""

from __future__ import annotations

import re
from textwrap import indent
from typing import TYPE_CHECKING, Any

from cnn_engine import code
from cnn_engine.code.backward import on_the_way
from cnn_engine.code.text import FRAMEWORKS, declared, imports, literal
from cnn_engine.nn.arithmetic import tokens
from cnn_engine.trace.base import Trace

if TYPE_CHECKING:
    from cnn_engine.trace.network import NetworkTrace

SIGNS = {"×": "*", "÷": "/", "−": "-", "^": "**"}
AUTOGRAD = """for tensor in (image, *parameters.values()):
    tensor.requires_grad_()  # what gradients are asked of
outputs, loss = forward()
loss.backward()
gradients = {name: tensor.grad for name, tensor in {**parameters, "input": image}.items()}
parameters = {name: update(name, tensor.detach(), gradients[name]) for name, tensor in parameters.items()}
"""
BY_HAND = """outputs, loss = forward()
gradients = backward(outputs)
parameters = {name: update(name, array, gradients[name]) for name, array in parameters.items()}
"""
PRINTED = """_, loss_after = forward()

print("loss before", loss.item())
for name, gradient in gradients.items():
    print("gradient by", name, gradient)
for name, tensor in parameters.items():
    print("updated", name, tensor)
print("loss after", loss_after.item())
"""


def programs_of_network(trace: NetworkTrace) -> dict[str, str]:
    """Return one update of a network, with its numbers, as a program in each framework."""
    return {framework: _program(framework, trace) for framework in FRAMEWORKS}


def written_of_network(trace: NetworkTrace) -> int:
    """Return how many numbers such a program holds."""
    arrays = [trace.forward.first, *trace.parameters.values()]
    kept = [array for own in trace.state.vectors.values() for array in own.values()]
    return sum(array.size for array in (*arrays, *kept))


def _program(framework: str, trace: NetworkTrace) -> str:
    functions = [_forward(framework, trace)]
    functions += [_backward(trace)] if framework == "numpy" else []
    functions.append(_update(trace))
    ends = (BY_HAND if framework == "numpy" else AUTOGRAD) + PRINTED
    body = "\n\n\n".join([_declarations(framework, trace), *functions, ends])
    return f"{imports(framework, body, backward=True)}\n\n{body}"


def _declarations(framework: str, trace: NetworkTrace) -> str:
    lines = [declared(framework, "image", trace.forward.first, "the input")]
    target = trace.tensors["target"]
    if target.ndim:
        lines.append(declared(framework, "target", target))
    lines.append("parameters = {}")
    lines += [declared(framework, _key(name), array) for name, array in trace.parameters.items()]
    if trace.state.vectors:
        lines.append(f"kept = {{name: {{}} for name in {list(trace.state.vectors)}}}  # from the updates before")
    for vector, own in trace.state.vectors.items():
        lines += [declared(framework, f'kept["{vector}"]["{name}"]', array) for name, array in own.items()]
    return "\n".join(lines)


# ---- the layers


def _key(name: str) -> str:
    return f'parameters["{name}"]'


def _named(body: str, names: dict[str, str]) -> str:
    """Return the program of an operation with other names for its tensors; remarks stay as they are."""
    pattern = re.compile(rf"\b({'|'.join(names)})\b")
    parted = (line.partition("#") for line in body.strip().splitlines())
    return "\n".join(pattern.sub(lambda found: names[found[1]], code) + mark + remark for code, mark, remark in parted)


def _names(trace: NetworkTrace, index: int) -> dict[str, str]:
    """Return what a layer's tensors are called in the program."""
    own = {short: _key(f"{index}.{short}") for short in trace.forward.own(index)}
    return {"input": f"outputs[{index}]", "grad_output": "above", **own}


def _forward(framework: str, trace: NetworkTrace) -> str:
    lines = ["outputs = [image]"]
    for index, part in enumerate(trace.forward.parts):
        kind, made = part.layer.kind, trace.forward.trace(index)
        body = _named(on_the_way(kind, framework)(made), _names(trace, index))
        lines.append(f"# layer {index + 1}: {kind}\n{body}\noutputs.append(output)")
    loss = trace.forward.loss_trace
    lines.append(f"# the loss\nlogits = outputs[-1].reshape(-1)\n{_of_loss(framework, loss)}")
    return _function("forward()", [*lines, "return outputs, output"])


def _of_loss(framework: str, loss: Trace) -> str:
    return _named(code.BODIES[loss.op][framework](loss), {"input": "logits", "prediction": "logits"})


def _backward(trace: NetworkTrace) -> str:
    """Return the way back in NumPy, layer by layer; the other frameworks go it by themselves."""
    back, loss = trace.backward, trace.backward.loss_trace
    lines = ["gradients = {}", "# the loss", "logits = outputs[-1].reshape(-1)"]
    lines += [_of_loss("numpy", loss), "above = output.reshape(outputs[-1].shape)"]
    for index in reversed(range(len(trace.forward.parts))):
        part = trace.forward.parts[index]
        lines.append(f"# layer {index + 1}: {part.layer.kind}")
        for wrt in part.gradients():
            made = back.trace(index, wrt)
            lines.append(_named(code.BODIES[made.op]["numpy"](made), _names(trace, index)))
            lines.append(f'gradients["{index}.{wrt}"] = output' if wrt != "input" else "above = output")
    return _function("backward(outputs)", [*lines, 'gradients["input"] = above', "return gradients"])


def _function(head: str, lines: list[str]) -> str:
    return f"def {head}:\n" + indent("\n".join(lines), "    ")


# ---- the update


def _update(trace: NetworkTrace) -> str:
    """Return the optimizer's arithmetic as a function of one parameter."""
    state = trace.state
    first = next(iter(trace.parameters), None)
    if first is None:
        return _function("update(name, values, gradient)", ["return values"])
    optimizer = state.optimizer(first)
    formulas = optimizer.lines()
    used = {part for formula in formulas.values() for part in tokens(formula)}
    numbers = {"rate": state.rate, "t": optimizer.updates + 1, **vars(optimizer)}
    lines = [f"{name} = {literal(value)}" for name, value in numbers.items() if name in used and _is_number(value)]
    for vector, begins in optimizer.vectors().items():
        before = f'kept["{vector}"][name]' if state.vectors else literal(begins)
        lines += [f"{vector}_before = {before}"] if f"{vector}_before" in used else []
    lines += [f"{name} = {_python(formula)}" for name, formula in formulas.items() if name != "output"]
    return _function("update(name, values, gradient)", [*lines, f"return {_python(formulas['output'])}"])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _python(formula: str) -> str:
    """Return a formula as Python: a root is a power of a half, of a name or of what is in brackets."""
    parts = [SIGNS.get(part, part) for part in tokens(formula)]
    while "√" in parts:
        at = len(parts) - 1 - parts[::-1].index("√")
        end = _end_of_operand(parts, at + 1)
        parts[at : end + 1] = [*parts[at + 1 : end + 1], "**", "0.5"]
    text = " ".join(parts).replace("²", "** 2")
    return text.replace("( ", "(").replace(" )", ")")


def _end_of_operand(parts: list[str], start: int) -> int:
    """Return where the operand that begins there ends."""
    depth = 0
    for at in range(start, len(parts)):
        depth += {"(": 1, ")": -1}.get(parts[at], 0)
        if depth == 0:
            return at
    raise ValueError("a bracket is open at the end")
