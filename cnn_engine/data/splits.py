"""Samples into training, validation and test parts, each class in its share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.dataset import PARTS, Part, pixels
from cnn_engine.errors import DataError, ParameterError
from cnn_engine.nn.options import FRACTION, bounded

Indices = NDArray[np.intp]


def check_shares(validation: object, test: object) -> tuple[float, float]:
    """Two fractions that leave something to train on."""
    shares = bounded(validation, "validation", FRACTION), bounded(test, "test", FRACTION)
    if sum(shares) >= 1:
        raise ParameterError("nothing_left_to_train_on", "validation", validation=validation, test=test)
    return shares


def stratified(labels: NDArray[Any], *, validation: float, test: float, seed: int) -> tuple[Indices, Indices, Indices]:
    """The indices of the training, validation and test samples, in their own order.

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
    """The training, validation and test part of pictures (N, C, H, W), 0 to 255, with class indices (N,).

    Raises:
        DataError: where a share that was asked for comes to no picture at all.
    """
    parts = stratified(labels, validation=validation, test=test, seed=seed)
    for name, share, part in zip(PARTS, (1, validation, test), parts, strict=True):
        if share and not len(part):
            raise DataError("too_few_pictures_to_share", name, count=len(labels), name=name, share=share)
    return [Part(pixels(levels[part]), labels[part].astype(np.int64)) for part in parts]
