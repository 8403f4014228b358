"""Optimizers: from gradients to the next parameters, by PyTorch's formulas and with PyTorch's defaults.

Each works on one flat vector with a few array calls, in memory that is allocated once. The learning rate comes with
each update, because a schedule may change it. The gradient is left as it is.

Beside each formula stand its `lines`: the same arithmetic in the same order, as a person reads it. A test holds the two
together, bit for bit.
"""

from __future__ import annotations

from cnn_engine.nn.optimizers.adaptive import Adagrad, Adam, AdamW, RMSprop
from cnn_engine.nn.optimizers.base import Optimizer
from cnn_engine.nn.optimizers.sgd import SGD

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "adagrad": Adagrad,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
}
