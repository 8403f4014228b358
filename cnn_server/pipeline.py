"""The picture on the start page: a drawing on its way through a network that has learned, layer by layer."""

from __future__ import annotations

from functools import cache
from typing import Any

from cnn_engine.models import shipped
from cnn_engine.nn.summary import layer_rows
from cnn_engine.wording import unbroken
from cnn_server.models import described

NAME = "digits"

# What a kind of layer is called, what it does where it comes first and where it comes again, and its page.
KINDS = {
    "conv2d": (
        "Convolution",
        "Small kernels slide over the picture. Choose one below to switch it off.",
        "Each filter looks through all of the maps before it.",
        "/operations/convolution",
    ),
    "relu": (
        "Activation",
        "What is negative becomes 0.",
        "Again, what is negative becomes 0.",
        "/operations/activation",
    ),
    "max_pool2d": (
        "Pooling",
        "Of each window, the largest number stays.",
        "Again, the largest number of each window stays.",
        "/operations/pooling",
    ),
    "flatten": ("Flatten", "The maps become one line of numbers.", "", "/operations/flatten"),
    "linear": (
        "Dense",
        "Every number of the line is weighed and added up, once for each number here.",
        "The same again: one number for each digit.",
        "/operations/dense",
    ),
}
INPUT = ("Input", "Your drawing, put upright and centred: a grid of numbers.", "/explorer")
OUTPUT = ("Output", "One probability for each digit.", "/operations/output")


def network() -> dict[str, Any]:
    """Return what the page's script knows of the network: its description and its first layer's kernels."""
    model = shipped(NAME)
    return {**described(NAME, model), "kernels": model.parameters["0.weight"][:, 0].tolist()}


@cache
def stages() -> list[dict[str, Any]]:
    """Return a stage for the input, each layer and the output: what stands on it, and how many numbers it has."""
    model = shipped(NAME)
    found = [_stage("input", *INPUT, model.input_shape)]
    seen = set()
    for index, row in enumerate(layer_rows(model.layers)):
        kind = row["layer"]
        title, first, again, path = KINDS[kind]
        found.append(_stage(index, title, again if kind in seen else first, path, row["output_shape"]))
        seen.add(kind)
    return [*found, _stage("output", *OUTPUT, [len(model.classes)])]


def _stage(name: str | int, title: str, sentence: str, path: str, shape: Any) -> dict[str, Any]:
    """Return a stage; `name` is the index of its layer, or says which end of the network it is."""
    maps = shape[0] if len(shape) == 3 else 1
    size = unbroken(" × ".join(map(str, shape)))
    return {"name": name, "title": title, "sentence": sentence, "path": path, "maps": maps, "size": size}
