"""Classes that are not equally frequent: most of what is learned from shows one, little shows another.

A network that answers the frequent classes only is right most of the time on such data, and so that is what it learns
first. Weights for the classes in the loss make up for it: n / (K n_k) for class k, as scikit-learn's "balanced".
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.dataset import Dataset, Part
from cnn_engine.errors import ParameterError
from cnn_engine.nn.options import number
from cnn_engine.parameters import Accepts

LEAST, MOST = 1, 1000
IMBALANCE = Accepts("number", minimum=LEAST, maximum=MOST)


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
