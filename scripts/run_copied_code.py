"""Run the code that pages offer to copy, in PyTorch, in Keras and in NumPy, and compare it with the engine.

    python -m scripts.run_copied_code

It needs PyTorch and Keras beside the project: `pip install -e ".[code]"`, best in an environment of its own. Keras
runs on its PyTorch backend. The result is written to docs/copied-code.md, which is committed at a release.
"""

from __future__ import annotations

import os
import runpy
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from cnn_engine import trace_network
from cnn_engine.catalogue import OPERATIONS
from cnn_engine.code import FRAMEWORKS, programs
from cnn_engine.code.network import programs_of_network
from cnn_engine.models import Model, answer, to_torch
from cnn_engine.nn import Network
from scripts.copied_code import CASES, MODELS, NETWORKS

RESULT = Path(__file__).resolve().parent.parent / "docs" / "copied-code.md"
NAMES = {"torch": "PyTorch", "keras": "Keras", "numpy": "NumPy"}
TOLERANCE = 1e-9  # of the largest value of an output
SINGLE = 1e-5  # of the largest logit of a model, whose program computes in float32


def run(code: str) -> Any:
    """Return the output of a program, as a NumPy array."""
    space: dict[str, Any] = {"print": lambda *_: None}
    exec(code, space)
    output = space["output"]
    return np.asarray(output.detach().cpu().numpy() if hasattr(output, "detach") else output)


def difference(output: Any, expected: Any) -> float:
    """Return the largest difference, as a part of the largest expected value; infinite where the shapes differ."""
    if output.shape != expected.shape:
        return float("inf")
    finite = np.isfinite(expected)
    if not np.array_equal(output[~finite], expected[~finite]):
        return float("inf")
    scale = max(1.0, float(np.abs(expected[finite]).max(initial=0.0)))
    return float(np.abs(output[finite] - expected[finite]).max(initial=0.0)) / scale


def compare() -> dict[str, dict[str, list[float]]]:
    """For each operation and framework the difference in each setting; a failure is told and counts as infinite."""
    found: dict[str, dict[str, list[float]]] = {}
    for operation, arguments in CASES:
        trace = OPERATIONS[operation].trace(**arguments)
        for framework, code in programs(trace).items():
            try:
                off = difference(run(code), trace.tensors["output"])
            except Exception as error:
                print(f"{operation} in {framework}: {type(error).__name__}: {error}\n{code}", file=sys.stderr)
                off = float("inf")
            if off > TOLERANCE:
                print(f"{operation} in {framework}, {_options(arguments)}: off by {off:.3g}", file=sys.stderr)
            found.setdefault(operation, {}).setdefault(framework, []).append(off)
    return found


def compare_networks() -> dict[str, list[float]]:
    """For each framework the difference of an update of each network: losses, gradients and what is updated."""
    found: dict[str, list[float]] = {}
    for arguments in NETWORKS:
        trace = trace_network(**arguments)
        expected = numbers_of_update(
            trace.loss, trace.loss_after, trace.gradients, trace.input_gradient, trace.parameters_after
        )
        for framework, code in programs_of_network(trace).items():
            try:
                off = difference(run_network(code), expected)
            except Exception as error:
                print(f"a network in {framework}: {type(error).__name__}: {error}\n{code}", file=sys.stderr)
                off = float("inf")
            found.setdefault(framework, []).append(off)
    return found


def run_network(code: str) -> Any:
    """All that the program of a network's update finds, in one line."""
    space: dict[str, Any] = {"print": lambda *_: None}
    exec(code, space)
    gradients = dict(space["gradients"])
    at_input = gradients.pop("input")
    return numbers_of_update(space["loss"], space["loss_after"], gradients, at_input, space["parameters"])


def numbers_of_update(loss: Any, after: Any, gradients: dict[str, Any], at_input: Any, updated: dict[str, Any]) -> Any:
    """Return what an update of a network comes to, in one line: the losses, then the rest by name."""
    names = sorted(gradients)
    parts = [loss, after, at_input, *(gradients[name] for name in names), *(updated[name] for name in names)]
    arrays = [part.detach().cpu().numpy() if hasattr(part, "detach") else part for part in parts]
    return np.concatenate([np.ravel(array) for array in arrays])


def compare_models() -> list[float]:
    """For each model as a PyTorch program the largest difference of its logits, as a part of the largest."""
    found = []
    for seed, (input_shape, architecture) in enumerate(MODELS):
        model = _drawn(architecture, input_shape, seed)
        samples = np.random.default_rng(seed).standard_normal((3, *input_shape)).astype(np.float32)
        expected = np.stack([answer(model, sample, layers=[]).logits for sample in samples])
        try:
            found.append(difference(_run_model(to_torch(model), samples), expected))
        except Exception as error:
            print(f"model {seed}: {type(error).__name__}: {error}", file=sys.stderr)
            found.append(float("inf"))
    return found


def _drawn(architecture: list[Any], input_shape: tuple[int, ...], seed: int) -> Model:
    """Return a model with biases and running statistics that are not what they begin as."""
    network, random = Network(architecture, input_shape=input_shape, seed=seed), np.random.default_rng(seed)
    state = {
        name: array if name.endswith("tracked") else array + random.uniform(0.1, 0.5, array.shape).astype(array.dtype)
        for name, array in network.state().items()
    }
    classes = [str(index) for index in range(int(np.prod(network.output_shape)))]
    return Model(architecture, state, input_shape, classes, name=f"model {seed}")


def _run_model(files: dict[str, bytes], samples: Any) -> Any:
    """Return the logits that a program gives, loaded from a folder as a person would."""
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        space = runpy.run_path(str(Path(folder) / "model.py"))
        module = space["load_model"]()
        assert not module.training
        return module(space["torch"].from_numpy(samples)).detach().numpy()


def _options(arguments: dict[str, Any]) -> str:
    return str({name: value for name, value in arguments.items() if name not in {"input", "weight", "layers"}})


def report(found: dict[str, dict[str, list[float]]], networks: dict[str, list[float]], models: list[float]) -> str:
    """Return the result as Markdown."""
    versions = ", ".join(f"{NAMES[name]} {version(name)}" for name in FRAMEWORKS)
    rows = []
    for operation, by_framework in found.items():
        cells = [_cell(by_framework[framework]) for framework in FRAMEWORKS]
        rows.append(f"| `{operation}` | {len(by_framework['numpy'])} | {' | '.join(cells)} |")
    updates = " | ".join(_cell(networks[framework]) for framework in FRAMEWORKS)
    rows.append(f"| an update of a network | {len(NETWORKS)} | {updates} |")
    total = sum(len(by_framework["numpy"]) for by_framework in found.values())
    return f"""# The copied code, run

Each operation in {total} settings, and an update of a network in {len(NETWORKS)}, as a page copies it: how many of
them gave what the engine gives, and the largest difference as a part of the largest value. All numbers are float64.
Written by `python -m scripts.run_copied_code`.

| operation | settings | {" | ".join(NAMES[name] for name in FRAMEWORKS)} |
| --- | ---: | ---: | ---: | ---: |
{chr(10).join(rows)}

Models that are taken along as PyTorch programs, in float32: {_right(models, SINGLE)} gave the engine's logits.

{versions} (Keras on its PyTorch backend), Python {sys.version.split()[0]}.
"""


def _cell(differences: list[float]) -> str:
    return _right(differences, TOLERANCE)


def _right(differences: list[float], tolerance: float) -> str:
    """Return how many are right, and the largest difference among those."""
    right = [off for off in differences if off <= tolerance]
    worst = max(right, default=0.0)
    return f"{len(right)} of {len(differences)}, {f'{worst:.0e}' if worst else '0'}"


def main() -> None:
    """Run all, write the result, and fail where anything differs."""
    os.environ["KERAS_BACKEND"] = "torch"
    found, networks, models = compare(), compare_networks(), compare_models()
    RESULT.write_text(report(found, networks, models), "utf-8")
    wrong = sum(off > TOLERANCE for by_framework in found.values() for offs in by_framework.values() for off in offs)
    wrong += sum(off > TOLERANCE for offs in networks.values() for off in offs)
    wrong += sum(off > SINGLE for off in models)
    print(f"{RESULT.name} written; {wrong} of {3 * (len(CASES) + len(NETWORKS)) + len(models)} programs differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
