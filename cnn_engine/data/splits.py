"""Samples into training, validation and test parts, each class in its share; and classes not equally frequent.

Where most of what is learned from shows one class, little shows another. A network that answers the frequent classes
only is right most of the time on such data, and so that is what it learns first. Weights for the classes in the loss
make up for it: n / (K n_k) for class k, as scikit-learn's "balanced".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.dataset import PARTS, Dataset, Part, pixels
from cnn_engine.errors import DataError, ParameterError
from cnn_engine.nn.options import FRACTION, bounded, number
from cnn_engine.parameters import Accepts

LEAST, MOST = 1, 1000
IMBALANCE = Accepts("number", minimum=LEAST, maximum=MOST)
Indices = NDArray[np.intp]


def check_shares(validation: object, test: object) -> tuple[float, float]:
    """Return two fractions that leave something to train on."""
    shares = bounded(validation, "validation", FRACTION), bounded(test, "test", FRACTION)
    if sum(shares) >= 1:
        raise ParameterError("nothing_left_to_train_on", "validation", validation=validation, test=test)
    return shares


def stratified(labels: NDArray[Any], *, validation: float, test: float, seed: int) -> tuple[Indices, Indices, Indices]:
    """Return the indices of the training, validation and test samples, in their own order.

    Of each class's n samples round(n · test) and round(n · validation), drawn by the seed, are held out, but never
    the last one: every class is there to be learned.
    """
    random = np.random.default_rng(seed)
    held: list[list[Indices]] = [[], [], []]
    for label in np.unique(labels):
        drawn = random.permutation(np.flatnonzero(labels == label))
        tested = min(round(len(drawn) * test), len(drawn) - 1)
        seen = tested + min(round(len(drawn) * validation), len(drawn) - 1 - tested)
        for part, indices in zip(held, (drawn[seen:], drawn[tested:seen], drawn[:tested]), strict=True):
            part.append(indices)
    train, validated, tested_ = (np.sort(np.concatenate(part)) for part in held)
    return train, validated, tested_


def split(levels: NDArray[np.uint8], labels: NDArray[Any], *, validation: float, test: float, seed: int) -> list[Part]:
    """Return the training, validation and test part of pictures (N, C, H, W), 0 to 255, with class indices (N,).

    Raises:
        DataError: where a share that was asked for comes to no picture at all.
    """
    parts = stratified(labels, validation=validation, test=test, seed=seed)
    for name, share, part in zip(PARTS, (1, validation, test), parts, strict=True):
        if share and not len(part):
            raise DataError("too_few_pictures_to_share", name, count=len(labels), name=name, share=share)
    return [Part(pixels(levels[part]), labels[part].astype(np.int64)) for part in parts]


# ---- classes that are not equally frequent


def imbalanced(dataset: Dataset, ratio: float) -> Dataset:
    """Keep `ratio` training samples of the first class for each one of the last, the classes between evenly by ratio.

    Of each class the first samples stay, in their order, and at least one.

    Raises:
        ParameterError: a ratio below 1 or above 1,000, or a data set without classes.
    """
    if not LEAST <= number(ratio, "imbalance") <= MOST:
        raise ParameterError("imbalance_out_of_range", "imbalance", least=LEAST, most=MOST, ratio=ratio)
    classes = len(dataset.classes)
    if not classes:
        raise ParameterError("imbalance_without_classes", "imbalance", name=dataset.name)
    labels = dataset.train.y
    counts = np.bincount(labels, minlength=classes)
    shares = float(ratio) ** (-np.arange(classes) / max(classes - 1, 1))
    wanted = np.minimum(counts, np.maximum(1, np.rint(counts.max() * shares)).astype(np.int64))
    rank = np.empty(len(labels), np.int64)  # of each sample among those of its class
    for label in range(classes):
        own = np.flatnonzero(labels == label)
        rank[own] = np.arange(len(own))
    kept = rank < wanted[labels]
    return replace(dataset, train=Part(dataset.train.x[kept], labels[kept]))


def balanced_weights(labels: NDArray[np.int64], classes: int) -> list[float]:
    """Return a weight for each class by which all count the same: n / (K n_k); 1 for one that no sample shows."""
    counts = np.bincount(labels, minlength=classes)
    return [len(labels) / (classes * int(count)) if count else 1.0 for count in counts]
