"""Samples into training, validation and test parts, each class in its share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ParameterError
from cnn_engine.nn.options import fraction

Indices = NDArray[np.intp]


def check_shares(validation: object, test: object) -> tuple[float, float]:
    """Two fractions that leave something to train on."""
    shares = fraction(validation, "validation"), fraction(test, "test")
    if sum(shares) >= 1:
        raise ParameterError(f"validation {validation} and test {test} leave nothing to train on", "validation")
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
