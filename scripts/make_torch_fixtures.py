"""Make the fixtures: what PyTorch computes for the settings of tests/engine/{gradient_cases,nn/torch_cases}.py.

    python -m pip install torch==2.13.0
    python -m scripts.make_torch_fixtures

Layers and losses are computed in float64 and stored in float32; optimizers and training runs are computed in
float32, as people train. Gradients of operations are computed and stored in float64.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import nn, optim
from torch.nn import functional
from torch.optim import lr_scheduler

from cnn_engine.nn import LAYERS
from tests.engine import gradient_cases
from tests.engine.nn import torch_cases as cases
from tests.engine.nn.torch_cases import Array, Options


def module(entry: Options, channels: int) -> Any:
    """Return the torch.nn module of an architecture's entry, for this many channels or features in."""
    options = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    kind = str(options.pop("layer"))
    makers: dict[str, Callable[..., Any]] = {
        "conv2d": lambda **given: nn.Conv2d(channels, **given),
        "global_max_pool2d": lambda: nn.AdaptiveMaxPool2d(1),
        "global_avg_pool2d": lambda: nn.AdaptiveAvgPool2d(1),
        "batch_norm2d": lambda **given: nn.BatchNorm2d(channels, **given),
        "linear": lambda **given: nn.Linear(channels, **given),
    }
    maker = makers.get(kind) or getattr(nn, LAYERS[kind].__name__)  # classes are called as PyTorch's
    return maker(**options)


def fill(parameters: Iterable[Any], scale: float = 1.0) -> None:
    """Parameters from `numbers`, by their order."""
    with torch.no_grad():
        for seed, parameter in enumerate(parameters):
            parameter.copy_(torch.from_numpy(cases.numbers(11 + seed, *parameter.shape) * scale))


def layer_answers() -> dict[str, Array]:
    """One line of numbers a layer: its output, the gradients by input and parameters, its buffers, and for batch
    normalisation what it answers afterwards; for a gradient of the output from `numbers`.
    """
    answers: dict[str, Array] = {}
    for name, entry in cases.LAYERS.items():
        shape = cases.FEATURES_SHAPE if name in cases.FEATURES else cases.LAYER_SHAPE
        layer = module(entry, shape[1]).double()
        fill(layer.parameters())
        x = torch.from_numpy(cases.numbers(1, *shape)).requires_grad_()
        for batch in range(2, cases.PASSES + 1):
            layer(torch.from_numpy(cases.numbers(batch, *shape)))
        y = layer(x)
        y.backward(torch.from_numpy(cases.numbers(9, *y.shape)))
        parts = [y, x.grad, *(parameter.grad for parameter in layer.parameters()), *layer.buffers()]
        if entry["layer"] == "batch_norm2d":
            parts.append(layer.eval()(x))
        answers[name] = np.concatenate([part.detach().numpy().ravel() for part in parts]).astype(np.float32)
    return answers


def loss_function(name: str) -> Callable[..., Any]:
    """PyTorch's."""
    functions: dict[str, Callable[..., Any]] = {
        "cross_entropy": functional.cross_entropy,
        "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
        "mse": functional.mse_loss,
    }
    return functions[name]


def loss_answers() -> dict[str, Array]:
    """Return the value and the gradient of every loss."""
    answers: dict[str, Array] = {}
    for name, (loss, shape) in cases.LOSSES.items():
        outputs = torch.from_numpy(cases.numbers(5, *shape) * 4).requires_grad_()
        value = loss_function(loss)(outputs, torch.from_numpy(cases.truth(loss, shape)))
        value.backward()
        answers[f"{name}/loss"] = value.detach().numpy()
        answers[f"{name}/gradient"] = outputs.grad.numpy()
    return answers


def optimizer(options: Options, parameters: Any) -> Any:
    """Return the torch.optim optimizer of our options."""
    given = {{"learning_rate": "lr"}.get(name, name): value for name, value in options.items()}
    given.pop("clip_norm", None)
    makers: dict[str, Callable[..., Any]] = {
        "sgd": optim.SGD,
        "adagrad": optim.Adagrad,
        "rmsprop": optim.RMSprop,
        "adam": optim.Adam,
        "adamw": optim.AdamW,
    }
    if "betas" in given:
        given["betas"] = tuple(given["betas"])
    return makers[given.pop("name")](parameters, **given)


def optimizer_answers() -> dict[str, Array]:
    """Return the values after some of the steps of every optimizer."""
    answers: dict[str, Array] = {}
    for name, options in cases.OPTIMIZERS.items():
        values = torch.nn.Parameter(torch.from_numpy(cases.numbers(3, cases.VALUES).astype(np.float32) * 2))
        steps, kept = optimizer(options, [values]), []
        for step in range(1, cases.STEPS + 1):
            values.grad = torch.from_numpy(cases.slope(values.detach().numpy(), step))
            if "clip_norm" in options:
                torch.nn.utils.clip_grad_norm_([values], options["clip_norm"])
            steps.step()
            if step in cases.KEPT:
                kept.append(values.detach().numpy().copy())
        answers[name] = np.stack(kept)
    return answers


def schedule(options: Options, steps: Any) -> Any:
    """Return the torch.optim scheduler of our options; a warm-up is chained with what comes after."""
    given = {name: value for name, value in options.items() if name not in {"name", "after", "per"}}
    makers: dict[str, Callable[..., Any]] = {
        "constant": lambda steps: lr_scheduler.LambdaLR(steps, lambda _: 1.0),
        "step": lr_scheduler.StepLR,
        "exponential": lr_scheduler.ExponentialLR,
        "cosine": lr_scheduler.CosineAnnealingLR,
        "warm_up": lr_scheduler.LinearLR,
        "reduce_on_plateau": lr_scheduler.ReduceLROnPlateau,
    }
    made = makers[options["name"]](steps, **given)
    return lr_scheduler.ChainedScheduler([made, schedule(options["after"], steps)]) if "after" in options else made


def schedule_answers() -> dict[str, list[float]]:
    """Return the rate of every epoch."""
    answers: dict[str, list[float]] = {}
    for name, options in cases.SCHEDULES.items():
        values = torch.nn.Parameter(torch.zeros(1))
        steps = torch.optim.SGD([values], lr=cases.BASE)
        made, rates = schedule(options, steps), []
        for epoch in range(cases.EPOCHS):
            rates.append(steps.param_groups[0]["lr"])
            steps.step()
            made.step(*[cases.LOSSES_SEEN[epoch]] * (options["name"] == "reduce_on_plateau"))
        answers[name] = rates
    return answers


def run_answers() -> dict[str, Array]:
    """Return the loss of every step, and the parameters at the end."""
    answers: dict[str, Array] = {}
    for name, run in cases.RUNS.items():
        channels, layers = run["input_shape"][0], []
        for entry in run["architecture"]:
            channels = 6 * 2 * 2 if entry["layer"] == "linear" else channels
            layers.append(module(entry, channels))
            channels = entry.get("out_channels", channels)
        network = torch.nn.Sequential(*layers)
        fill(network.parameters(), 0.5)
        steps, losses = optimizer(run["optimizer"], network.parameters()), []
        outputs = network(torch.zeros(2, *run["input_shape"])).flatten(1).shape[1]
        network.apply(lambda layer: layer.reset_running_stats() if hasattr(layer, "reset_running_stats") else None)
        for step in range(cases.RUN_STEPS):
            x, y = cases.run_batch(run, outputs, step)
            steps.zero_grad()
            loss = loss_function(run["loss"])(network(torch.from_numpy(x)).flatten(1), torch.from_numpy(y))
            loss.backward()
            if "clip_norm" in run:
                torch.nn.utils.clip_grad_norm_(network.parameters(), run["clip_norm"])
            steps.step()
            losses.append(loss.item())
        answers[f"{name}/losses"] = np.array(losses, np.float32)
        for short, array in network.state_dict().items():
            answers[f"{name}/{short}"] = array.numpy()
    return answers


MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def padded(x: Any, sides: Any, mode: str) -> Any:
    """Return what torch.nn.functional.pad makes of one sample, for ((top, bottom), (left, right))."""
    return functional.pad(x[None], [side for around in reversed(sides) for side in around], MODES[mode])[0]


def operation(name: str, arrays: list[Any], options: Options) -> Any:
    """Return what an operation of torch.nn.functional gives for one sample."""
    x, *rest = arrays
    given = dict(options)
    if name == "conv2d" and np.ndim(given.get("padding", 0)) == 2:
        x = padded(x, given.pop("padding"), given.pop("padding_mode", "zeros"))
    if name == "pad2d":
        return padded(x, given["padding"], given.get("mode", "zeros"))
    if name == "interpolate2d":
        return functional.interpolate(x[None], **given)[0]
    return getattr(functional, name)(x, *rest, **given)


def gradient_answers() -> dict[str, Array]:
    """Return the gradient by every operand, for a gradient of the output from `numbers`."""
    answers: dict[str, Array] = {}
    for name, (kind, shapes, options) in gradient_cases.CASES.items():
        arrays = [torch.from_numpy(cases.numbers(1 + k, *shape)).requires_grad_() for k, shape in enumerate(shapes)]
        output = operation(kind, arrays, options)
        output.backward(torch.from_numpy(cases.numbers(9, *output.shape)))
        for operand, array in zip(("input", "weight", "bias"), arrays, strict=False):
            answers[f"{name}/{operand}"] = array.grad.numpy()
    return answers


def write(name: str, answers: dict[str, Array]) -> None:
    """One file of arrays."""
    np.savez_compressed(cases.FIXTURES / name, allow_pickle=False, **answers)


def main() -> None:
    """Write them all."""
    torch.set_num_threads(1)
    cases.FIXTURES.mkdir(exist_ok=True)
    gradient_cases.ANSWERS.parent.mkdir(exist_ok=True)
    np.savez_compressed(gradient_cases.ANSWERS, allow_pickle=False, **gradient_answers())
    write("layers.npz", layer_answers())
    write("losses.npz", loss_answers())
    write("optimizers.npz", optimizer_answers())
    write("runs.npz", run_answers())
    about = {"torch": torch.__version__, "numpy": np.__version__, "rates": schedule_answers()}
    (cases.FIXTURES / "schedules.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    for path in sorted([*cases.FIXTURES.iterdir(), gradient_cases.ANSWERS]):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
