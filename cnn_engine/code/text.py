"""Numbers as text, and the parts that every program has."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.trace.base import Trace

TraceWriter = Callable[[Trace], str]
Programs = dict[str, dict[str, TraceWriter]]  # of each operation, for each framework

MAPS = "channels, height, width"
FRAMEWORKS = ("torch", "keras", "numpy")
LINE = 110  # characters, where numbers begin a new line
SHORT = 16  # numbers that may stand on one line

KERAS = """import os

os.environ.setdefault("KERAS_BACKEND", "torch")  # {}
import keras"""
ANY_BACKEND = 'or "jax", or "tensorflow"'
OWN_GRADIENTS = 'whose gradients these are: "tensorflow" has GradientTape, "jax" has jax.vjp'
MAKERS = {
    "numpy": ("np.array", "dtype=np.float64"),
    "torch": ("torch.tensor", "dtype=torch.float64"),
    "keras": ("keras.ops.array", 'dtype="float64"'),
}
SHOWN = {
    "numpy": "print(output)",
    "torch": "print(output)",
    "keras": "print(keras.ops.convert_to_numpy(output))",
}


def literal(value: Any) -> str:
    """Return one number as Python writes it, whole ones without a point: it reads back as the same number."""
    number = float(value)
    if not math.isfinite(number):
        return f'float("{number}")'
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def numbers(array: NDArray[Any], indent: str = "") -> str:
    """Return an array as nested lists, a line for each row."""
    return np.array2string(
        array.astype(np.float64),
        separator=", ",
        threshold=array.size + 1,
        max_line_width=LINE,
        prefix=indent,
        formatter={"float_kind": literal},
    )


def declared(framework: str, name: str, array: NDArray[Any], axes: str = "") -> str:
    """Return `name = tensor(...)`, with a remark on what its axes are."""
    maker, dtype = MAKERS[framework]
    remark = f"  # {axes}" if axes else ""
    flat = " ".join(numbers(array).split()).replace("[ ", "[")
    short = f"{name} = {maker}({flat}, {dtype})"
    if len(short + remark) <= LINE and array.size <= SHORT:
        return short + remark
    return f"{name} = {maker}(\n    {numbers(array, '    ')},\n    {dtype},\n){remark}"


def imports(framework: str, body: str, *, backward: bool) -> str:
    """Return what a program of this framework begins with."""
    return {
        "numpy": "import numpy as np",
        "torch": "import torch" + ("\nimport torch.nn.functional as F" if "F." in body else ""),
        "keras": KERAS.format(OWN_GRADIENTS if backward else ANY_BACKEND),
    }[framework]


def program(framework: str, declarations: str, body: str, backward: bool = False) -> str:
    """Return what a program of this framework begins with, its numbers, what it does, and its answer printed."""
    begins = imports(framework, body, backward=backward)
    return f"{begins}\n\n{declarations}\n\n{body.strip()}\n{SHOWN[framework]}\n"
