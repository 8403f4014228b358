"""From the settings of a run to all that it needs: a trainer that has not begun, its data and its `fit`."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from cnn_engine.data.augment import Augmentation
from cnn_engine.data.dataset import Dataset, Part
from cnn_engine.errors import ConvoscopeError
from cnn_engine.nn import EarlyStopping, Event, Trainer, fit, load, steps_per_epoch
from cnn_engine.nn.options import call, named
from cnn_engine.nn.parts import samples_at_once
from cnn_engine.nn.summary import activation_bytes, layer_rows
from cnn_engine.nn.work import long_piece, training_bytes
from cnn_server.runs.data_sets import data_bytes, dataset_of
from cnn_server.runs.record import Run
from cnn_server.runs.settings import (
    Settings,
    about_data,
    first_samples,
    layers_of,
    loss_of,
    network_of,
    trainer_of,
    within,
)
from cnn_server.runs.store import RunStore


@dataclass
class PreparedRun:
    """All that a run needs: the data, a trainer that has not begun, and how long it is to go on."""

    settings: Settings
    dataset: Dataset
    trainer: Trainer
    train: Part
    validation: Part
    early_stopping: EarlyStopping | None
    augment: Augmentation | None

    def events(self, trainer: Trainer) -> Iterator[Event]:
        """Yield the training of this trainer: one made here, or one from a checkpoint."""
        return fit(
            trainer,
            self.train,
            epochs=self.settings["epochs"],
            validation=self.validation,
            early_stopping=self.early_stopping,
            augment=self.augment,
            cut=True,
        )

    @property
    def long(self) -> bool:
        """Whether its steps take so long that other runs cannot wait for them."""
        layers = self.trainer.network.layers
        return long_piece(layers, self.trainer.batch_size, augmented=self.augment is not None)

    @property
    def steps_per_epoch(self) -> int:
        """Batches in the training set."""
        return steps_per_epoch(self.train.size, self.trainer.batch_size)

    def facts(self) -> dict[str, Any]:
        """Return what follows from the settings."""
        rows = layer_rows(self.trainer.network.layers)
        return {
            "layers": rows,
            "parameters": sum(row["parameters"] for row in rows),
            "steps_per_epoch": self.steps_per_epoch,
            "total_steps": self.steps_per_epoch * self.settings["epochs"],
            "classes": list(self.dataset.classes),
            "targets": list(self.dataset.targets),
            "input_shape": list(self.dataset.input_shape),
            "task": self.dataset.task,
            "class_weights": self.trainer.criterion.class_weights,
            "memory": self._memory(),
            "sizes": {"train": self.train.size} | {name: self.dataset.sizes[name] for name in ("validation", "test")},
        }

    def _memory(self) -> dict[str, int]:
        """Return bytes for the outputs of the layers and their gradients, of a batch in one piece and as it is done
        here; for all that the run takes, and for its data set, which it may share.
        """
        layers, batch = self.trainer.network.layers, self.trainer.batch_size
        at_once = samples_at_once(layers, batch)
        held = activation_bytes(layers, at_once)
        whole = {"in_one_piece": activation_bytes(layers, batch), "at_once": at_once, "held": held}
        counts = {"samples": self.train.size, "judged": self.validation.size}
        training = training_bytes(layers, batch, **counts, augmented=self.augment is not None)
        return whole | {"training": training, "data": data_bytes(self.dataset)}


def prepare(settings: Settings, dataset: Dataset | None = None) -> PreparedRun:
    """Return everything that a run needs; its data set is made unless it is given.

    Raises:
        ConvoscopeError: its `field` is the setting at fault.
    """
    dataset = dataset or dataset_of(settings)
    trainer = trainer_of(settings, network_of(settings, dataset), dataset)
    train, validation = first_samples(dataset.train, settings["train_samples"]), dataset.validation
    early, augmentation = settings["early_stopping"], settings["augmentation"]
    with within("early_stopping"):
        stopping = None if early is None else call(EarlyStopping, "early_stopping", early)
    with within("augmentation"):
        augment = None if augmentation is None else Augmentation.from_options(augmentation)
    prepared = PreparedRun(settings, dataset, trainer, train, validation, stopping, augment)
    with about_data(dataset):
        prepared.events(trainer)
    return prepared


def filled_in(settings: dict[str, Any], dataset: Dataset | None = None) -> dict[str, Any]:
    """Return the settings with names written out: layers for an architecture, the optimizer's learning rate."""
    dataset = dataset or dataset_of(settings)
    name, options = named(settings["optimizer"], "optimizer")
    settings = settings | {"architecture": layers_of(settings, dataset), "loss": loss_of(settings, dataset)}
    rate = trainer_of(settings, network_of(settings, dataset), dataset).learning_rate
    return settings | {"optimizer": {"name": name} | options | {"learning_rate": rate}}


# ---- a run that can go on


logger = logging.getLogger("convoscope.runs")


class Ready(NamedTuple):
    """A run that can go on: its trainer as of the last checkpoint, what it does next, whether its steps take long, and
    its data set, which other runs of this process share while it is held.
    """

    trainer: Trainer
    events: Iterator[Event]
    long: bool
    dataset: Dataset


def make_ready(store: RunStore, run: Run) -> Ready:
    """Return a run that can go on."""
    prepared = prepare(run.settings)
    trainer = _restored(store, run.id, prepared.trainer)
    return Ready(trainer, prepared.events(trainer), prepared.long, prepared.dataset)


def _restored(store: RunStore, run_id: str, fresh: Trainer) -> Trainer:
    """Return a trainer from the newest checkpoint that is whole, else from the beginning: the numbers are the same."""
    for blob in store.blobs(run_id, "checkpoint"):
        try:
            return load(io.BytesIO(blob.data))
        except ConvoscopeError as error:
            logger.warning("run %s: the checkpoint of step %d is left out: %s", run_id, blob.step, error)
    return fresh
