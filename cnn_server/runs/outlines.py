"""Data sets as far as a web process needs them: how large they are, and the pictures that are looked at.

Drawing all the pictures of a large set takes seconds. Whoever checks or starts a run needs none of them, and whoever
looks at one needs those that it is judged by; its worker alone draws what it learns from.
"""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.costs import work
from cnn_engine.data.augment import Augmentation
from cnn_engine.data.dataset import PARTS, Dataset, Part, Pixels, Targets
from cnn_engine.data.datasets import DATASETS
from cnn_engine.data.generated import labels_of
from cnn_engine.data.splits import imbalanced
from cnn_engine.nn.batches import augmentation_of, batch_of
from cnn_engine.nn.options import number
from cnn_server.runs.data_sets import dataset_of
from cnn_server.runs.record import Run
from cnn_server.runs.settings import Settings, within

JUDGING = ("validation", "test")
FEW = 16  # samples, among which there is every kind of truth


def outline_of(settings: Settings) -> Dataset:
    """Return the data set with its sizes and labels, whose pictures are all the first one: no memory is taken.

    In a regression what is true of them is that of the first FEW, over and over.

    Raises:
        ParameterError: its `field` is the option at fault.
    """
    small, sizes = dataset_of(_with_fewer(settings, dict.fromkeys(PARTS, FEW))), sizes_of(settings)
    if not sizes:
        return small
    given = settings.get("dataset_options") or {}
    truths = [_truth(small, index, sizes.get(name, small.sizes[name]), given) for index, name in enumerate(PARTS)]
    train, validation, test = (Part(_no_pixels(y), y) for y in truths)
    bare = replace(small, train=train, validation=validation, test=test)
    with within("dataset_options"):
        ratio = number(given.get("imbalance", 1), "imbalance")
        thinned = bare if ratio == 1 else imbalanced(bare, ratio)
    train, validation, test = (_repeated(small.parts[name], part.y) for name, part in thinned.parts.items())
    return replace(small, train=train, validation=validation, test=test)


def _truth(small: Dataset, index: int, count: int, options: Settings) -> Targets:
    if small.classes:
        return labels_of(options.get("seed", 0), index, count, len(small.classes))
    part = small.parts[PARTS[index]]
    return np.resize(part.y, (count, *part.y.shape[1:]))


def _no_pixels(y: Targets) -> Pixels:
    return np.zeros((len(y), 0), np.float32)


def judged_data(settings: Settings) -> Dataset:
    """Return the data set with the parts that a network is judged by, and one sample to learn from."""
    return dataset_of(_with_fewer(settings, {"train": 1}))


def first_of(settings: Settings, part: str, count: int) -> Dataset:
    """Return the data set with the first samples of a part, so many at most, where it is drawn.

    A larger set begins with the smaller one.
    """
    return dataset_of(_with_fewer(settings, dict.fromkeys(PARTS, 1) | {part: count}))


def learned_sample(settings: Settings, index: int) -> Part:
    """Return one sample of the training set as a set of its own, no more drawn than it takes."""
    drawn = bool(sizes_of(settings))
    at = _drawn_as(settings, index) if drawn else index
    train = (first_of(settings, "train", _drawn_with(at)) if drawn else dataset_of(settings)).train
    return Part(train.x[at : at + 1], train.y[at : at + 1])


def learned_work(settings: Settings, index: int, values: int) -> int:
    """Return what drawing one training sample of so many values costs, in nanoseconds; 0 where it is read."""
    if not sizes_of(settings):
        return 0
    return work(f"drawn {settings['dataset']}", values=_drawn_with(_drawn_as(settings, index)) * values)


def _drawn_with(index: int) -> int:
    """Return how many samples are drawn to have this one: one of a few counts, for what was drawn is kept a while."""
    return 1 << index.bit_length()


def _drawn_as(settings: Settings, index: int) -> int:
    """Return where a training sample stands among all that are drawn, of which an imbalance leaves some out."""
    given = settings.get("dataset_options") or {}
    ratio = given.get("imbalance", 1)
    if ratio == 1:
        return index
    count, small = sizes_of(settings)["train"], first_of(settings, "train", 1)
    labels = _truth(small, PARTS.index("train"), count, given)
    numbers = np.arange(count, dtype=np.float32)  # in the place of pictures; float32 holds those of any set here
    return int(imbalanced(replace(small, train=Part(numbers, labels)), ratio).train.x[index])


def sizes_of(settings: Settings) -> dict[str, int]:
    """Return how many samples each part has of a set that is drawn in any size; nothing if it is read from a file."""
    preset, given = DATASETS[settings["dataset"]], settings.get("dataset_options") or {}
    known = inspect.signature(preset.make).parameters.keys()
    if not known >= set(PARTS):
        return {}
    sizes = {name: given.get(name, preset.sizes[name]) for name in PARTS}
    return {name: count for name, count in sizes.items() if type(count) is int}


def judging_work(settings: Settings, dataset: Dataset) -> int:
    """Return what drawing the pictures costs that a network is judged by, in nanoseconds (see `cnn_engine.costs`)."""
    values = sum(dataset.sizes[name] for name in JUDGING) * int(np.prod(dataset.input_shape))
    return work(f"drawn {settings['dataset']}", values=values)


def _with_fewer(settings: Settings, most: dict[str, int]) -> dict[str, Any]:
    """Return the settings with no more samples in a part of a drawn set; what is no number is left to be refused.

    Which of many are learned from does not matter then.
    """
    sizes, options = sizes_of(settings), settings.get("dataset_options") or {}
    fewer = {name: most[name] for name, count in sizes.items() if count > most.get(name, count)}
    left = {name: value for name, value in options.items() if name != "imbalance" or not sizes}
    return {**settings, "dataset_options": {**left, **fewer}}


def _repeated(small: Part, y: Targets) -> Part:
    """Return the first picture for each of these, in no more memory than one takes."""
    return Part(np.broadcast_to(small.x[:1], (len(y), *small.x.shape[1:])), y)


# ---- the pictures that a run learns from in one step, each had without drawing or keeping the rest of the training set


def in_batch(run: Run, step: int) -> NDArray[Any]:
    """Return which samples of the training set a step learns from, from the first one of the set to the last."""
    return np.sort(_batch(run, step))


def picture_work(run: Run, index: int) -> int:
    """Return what it costs to have one sample of the training set, in nanoseconds."""
    return learned_work(run.settings, index, int(np.prod(run.facts["input_shape"])))


def picture_in_batch(run: Run, step: int, index: int) -> Part:
    """Return one sample of the training set as a set of its own, as the step that learns from it has it: augmented."""
    part, options = learned_sample(run.settings, index), run.settings["augmentation"]
    if options is None:
        return part
    batch = _batch(run, step)
    position, random = int(np.flatnonzero(batch == index)[0]), augmentation_of(run.settings["seed"], step)
    return Part(Augmentation.from_options(options).of_one(part.x, position, len(batch), random), part.y)


def _batch(run: Run, step: int) -> NDArray[Any]:
    return batch_of(run.settings["seed"], step, run.facts["sizes"]["train"], run.settings["batch_size"])
