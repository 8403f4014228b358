"""Backward traces against PyTorch's autograd, in random settings: `python -m benchmarks.bench_backward`.

Each setting is drawn anew: sizes, kernels, strides, padding in all modes and uneven, dilation, groups, answers and
truths; half of the inputs of max pooling are whole numbers, so that many windows have several largest values. A
gradient differs where any of its cells is off by more than 1e-12 of the largest.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

import cnn_engine as engine
from benchmarks import machine, table
from benchmarks.peers import torch_or_exit
from cnn_engine.catalogue import names

SETTINGS = 2_000
TOLERANCE = 1e-12
Arguments = tuple[list[Any], dict[str, Any]]  # the arrays, in order, and the options
Random = np.random.Generator


def _pair(rng: Random, low: int, high: int) -> tuple[int, int]:
    return int(rng.integers(low, high + 1)), int(rng.integers(low, high + 1))


def _sides(rng: Random, most: int) -> Any:
    return _pair(rng, 0, most), _pair(rng, 0, most)


def _convolution(rng: Random) -> Arguments:
    groups, depth, per_group = (int(size) for size in rng.integers(1, 4, 3))
    kernel, dilation = _pair(rng, 1, 3), _pair(rng, 1, 3)
    size = tuple(int(rng.integers(4, 7)) + d * (k - 1) for k, d in zip(kernel, dilation, strict=True))
    mode = str(rng.choice(["zeros", "reflect", "replicate", "circular"]))
    options = {"stride": _pair(rng, 1, 3), "dilation": dilation, "groups": groups}
    arrays = [rng.standard_normal((groups * depth, *size)), rng.standard_normal((groups * per_group, depth, *kernel))]
    return arrays, options | {"padding": _sides(rng, 3), "padding_mode": mode}


def _transposed(rng: Random) -> Arguments:
    groups, depth, per_group = (int(size) for size in rng.integers(1, 4, 3))
    kernel, stride, dilation = _pair(rng, 2, 4), _pair(rng, 1, 4), _pair(rng, 1, 3)
    extra = tuple(int(rng.integers(0, max(s, d))) for s, d in zip(stride, dilation, strict=True))
    options = {"stride": stride, "dilation": dilation, "groups": groups, "output_padding": extra}
    arrays = [
        rng.standard_normal((groups * depth, *_pair(rng, 3, 5))),
        rng.standard_normal((groups * depth, per_group, *kernel)),
    ]
    return arrays, options | {"padding": _pair(rng, 0, 1)}


def _pool(rng: Random, **more: Any) -> Arguments:
    kernel = _pair(rng, 1, 4)
    padding = tuple(int(rng.integers(0, size // 2 + 1)) for size in kernel)
    x = rng.standard_normal((2, *_pair(rng, 7, 10)))
    options = {"kernel_size": kernel, "stride": _pair(rng, 1, 3), "padding": padding}
    return [np.rint(x) if rng.random() < 0.5 else x], options | {"ceil_mode": bool(rng.random() < 0.5), **more}


def _padding(rng: Random) -> Arguments:
    mode = str(rng.choice(["zeros", "reflect", "replicate", "circular"]))
    return [rng.standard_normal((2, *_pair(rng, 4, 6)))], {"padding": _sides(rng, 3), "mode": mode}


def _values(rng: Random) -> Arguments:
    return [rng.standard_normal((2, 3, 4)) * 5], {}


def _maps(rng: Random) -> Arguments:
    x = rng.standard_normal((3, *_pair(rng, 1, 6)))
    return [np.rint(x) if rng.random() < 0.5 else x], {}


def _dense(rng: Random) -> Arguments:
    inputs, outputs = _pair(rng, 1, 9)
    return [rng.standard_normal(inputs), rng.standard_normal((outputs, inputs))], {}


DRAWN: dict[str, Callable[[Random], Arguments]] = {
    "conv2d": _convolution,
    "conv_transpose2d": _transposed,
    "max_pool2d": lambda rng: _pool(rng, dilation=_pair(rng, 1, 2)),
    "avg_pool2d": lambda rng: _pool(rng, count_include_pad=bool(rng.random() < 0.5)),
    "global_max_pool2d": _maps,
    "global_avg_pool2d": _maps,
    "pad2d": _padding,
    "flatten": _maps,
    "linear": _dense,
    **dict.fromkeys(names("activation"), _values),
}


LOSSES = {  # what the gradient is called here -> the loss in PyTorch
    "softmax_cross_entropy": "cross_entropy",
    "sigmoid_binary_cross_entropy": "binary_cross_entropy_with_logits",
    "mse": "mse_loss",
}


def computed(torch: Any, name: str, tensors: list[Any], options: dict[str, Any]) -> Any:
    """Return what an operation gives for one sample."""
    if name == "flatten":
        return tensors[0].reshape(-1)
    if name.startswith("global_"):
        pool = getattr(torch.nn.functional, name.replace("global", "adaptive"))
        return pool(tensors[0][None], 1)[0]
    operation = import_module("scripts.make_torch_fixtures").operation  # which needs PyTorch to be there
    return operation(name, tensors, options)


def autograd(torch: Any, name: str, arrays: list[Any], options: dict[str, Any], above: Any) -> dict[str, Any]:
    """Return the gradient by every operand, as PyTorch has it."""
    tensors = [torch.from_numpy(array.copy()).requires_grad_() for array in arrays]
    if len(arrays) > 1:
        tensors.append(torch.zeros(above.shape[0], dtype=torch.float64, requires_grad=True))
    computed(torch, name, tensors, options).backward(torch.from_numpy(above))
    return {operand: one.grad.numpy() for operand, one in zip(("input", "weight", "bias"), tensors, strict=False)}


def differences(torch: Any, name: str, rng: Random) -> list[float]:
    """Return how far each gradient of one drawn setting is off, as a part of its largest value."""
    arrays, options = DRAWN[name](rng)
    output = getattr(engine, name)(*arrays, **options)
    above = rng.standard_normal(output.size if name == "flatten" else output.shape)  # of one sample
    trace = getattr(engine, f"trace_{name}_backward")
    given = dict(zip(("input", "weight"), arrays, strict=False)) | options | {"grad_output": above}
    found = []
    for operand, expected in autograd(torch, name, arrays, options, above).items():
        by = {"wrt": operand} if "wrt" in inspect.signature(trace).parameters else {}
        off = np.abs(trace(**given, **by).tensors["output"] - expected).max()
        found.append(float(off / max(1.0, np.abs(expected).max())))
    return found


def of_a_loss(torch: Any, name: str, rng: Random) -> list[float]:
    """Return the same for the gradient of a loss by the answers of a network."""
    answers = rng.standard_normal(int(rng.integers(2, 9))) * 5
    given = torch.from_numpy(answers.copy()).requires_grad_()
    classes = name == "softmax_cross_entropy"
    target: Any = int(rng.integers(len(answers))) if classes else rng.random(len(answers))
    loss = getattr(torch.nn.functional, LOSSES[name])
    (loss(given[None], torch.tensor([target])) if classes else loss(given, torch.from_numpy(target))).backward()
    off = np.abs(getattr(engine, f"trace_{name}_backward")(answers, target).tensors["output"] - given.grad.numpy())
    return [float(off.max() / max(1.0, np.abs(given.grad.numpy()).max()))]


def main() -> None:
    """Print the table; fail where any gradient differs."""
    torch, rng = torch_or_exit(), np.random.default_rng(0)
    names = [*DRAWN, *LOSSES]
    found: dict[str, list[list[float]]] = {name: [] for name in names}
    for number in range(SETTINGS):
        name = names[number % len(names)]
        found[name].append((of_a_loss if name in LOSSES else differences)(torch, name, rng))
    wrong = {name: sum(max(setting) > TOLERANCE for setting in settings) for name, settings in found.items()}
    rows = [
        [f"`{name}`", f"{len(settings):,}", f"{wrong[name]}", f"{max(map(max, settings)):.0e}"]
        for name, settings in found.items()
    ]
    rows.append(["all", f"{SETTINGS:,}", f"{sum(wrong.values())}", ""])
    print("### Backward traces against PyTorch's autograd\n")
    print(table(["operation", "random settings", "that differ", "largest difference"], rows))
    print(f"\nPyTorch {torch.__version__}. {machine()}")
    sys.exit(1 if any(wrong.values()) else 0)


if __name__ == "__main__":
    main()
