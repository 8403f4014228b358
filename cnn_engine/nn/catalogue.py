"""What a network and its training can be made of, for those who choose: `networks()["layers"]` and the like."""

from __future__ import annotations

from functools import cache
from typing import Any

from cnn_engine.data.augment import Augmentation
from cnn_engine.data.splits import IMBALANCE
from cnn_engine.nn.choices import rows
from cnn_engine.nn.criteria import OWN
from cnn_engine.nn.initialisation import INITIALISATIONS
from cnn_engine.nn.layers import LAYERS
from cnn_engine.nn.losses import LOSSES
from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.schedules import SCHEDULES
from cnn_engine.parameters import Parameter

OF_LAYERS = ("weighs", "keeps")  # what is said of a layer beside
LAID_OUT = 3  # what a loss is made with: outputs, gradients and a task, and no options


@cache
def networks() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each kind of thing, in their order on a page; of data sets the options of all."""
    tasks = {loss: task for task, loss in OWN.items()}
    return {
        "layers": [row | {what: getattr(LAYERS[row["name"]], what) for what in OF_LAYERS} for row in rows(LAYERS, 1)],
        "optimizers": list(rows(OPTIMIZERS)),
        "schedules": list(rows(SCHEDULES)),
        "losses": [row | {"task": tasks.get(row["name"])} for row in rows(LOSSES, LAID_OUT)],
        "initialisations": list(rows(INITIALISATIONS)),
        "augmentations": list(rows({"augmentation": Augmentation})),
        "dataset_options": [Parameter("imbalance", IMBALANCE, required=False, default=1).as_json()],
    }
