"""Data sets as far as a web process needs them: how large they are, and the pictures that are looked at.

Drawing all the pictures of a large set takes seconds. Whoever checks or starts a run needs none of them, and whoever
looks at one needs those that it is judged by; its worker alone draws what it learns from.
"""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import numpy as np

from cnn_engine.counts import work
from cnn_engine.data.dataset import PARTS, Dataset, Part
from cnn_engine.data.datasets import DATASETS
from cnn_server.runs.settings import Settings, dataset_of

JUDGING = ("validation", "test")
FEW = 16  # samples, among which there is every kind of truth


def outline_of(settings: Settings) -> Dataset:
    """The data set with parts of the right sizes, whose pictures are all the first one: no memory is taken.

    What is true of them is that of the first FEW, over and over.

    Raises:
        ParameterError: its `field` is the option at fault.
    """
    few, sizes = dataset_of(_with_fewer(settings, dict.fromkeys(PARTS, FEW))), sizes_of(settings)
    if not sizes:
        return few
    train, validation, test = (_repeated(part, sizes.get(name, part.size)) for name, part in few.parts.items())
    return replace(few, train=train, validation=validation, test=test)


def judged_data(settings: Settings) -> Dataset:
    """The data set with the parts that a network is judged by, and one sample to learn from."""
    return dataset_of(_with_fewer(settings, {"train": 1}))


def one_shown(settings: Settings, index: int) -> Dataset:
    """The data set with its validation part up to a sample: a larger set begins with the smaller one."""
    return dataset_of(_with_fewer(settings, {"train": 1, "validation": index + 1, "test": 1}))


def first_learned(settings: Settings, count: int) -> Dataset:
    """The data set with so many samples of its training part at most, where it is drawn."""
    return dataset_of(_with_fewer(settings, {"train": count, "validation": 1, "test": 1}))


def sizes_of(settings: Settings) -> dict[str, int]:
    """How many samples each part has of a set that is drawn in any size; nothing where it is read from a file."""
    preset, given = DATASETS[settings["dataset"]], settings.get("dataset_options") or {}
    known = inspect.signature(preset.make).parameters.keys()
    if not known >= set(PARTS):
        return {}
    asked = {name: given.get(name, preset.sizes[name]) for name in PARTS}
    return {name: count for name, count in asked.items() if type(count) is int}


def judging_work(settings: Settings, dataset: Dataset) -> int:
    """What it costs to draw the pictures that a network is judged by, in nanoseconds (see `cnn_engine.counts`)."""
    values = sum(dataset.sizes[name] for name in JUDGING) * int(np.prod(dataset.input_shape))
    return work(f"drawn {settings['dataset']}", values=values)


def _with_fewer(settings: Settings, most: dict[str, int]) -> dict[str, Any]:
    """The settings with no more samples in a part than that; what is no number is left to be refused."""
    fewer = {name: most[name] for name, count in sizes_of(settings).items() if count > most.get(name, count)}
    return {**settings, "dataset_options": {**(settings.get("dataset_options") or {}), **fewer}}


def _repeated(part: Part, count: int) -> Part:
    if part.size == count:
        return part
    pictures = np.broadcast_to(part.x[:1], (count, *part.x.shape[1:]))
    return Part(pictures, np.resize(part.y, (count, *part.y.shape[1:])))
