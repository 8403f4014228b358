"""From the settings of a run to a network, its data and `fit`. Worker and web process read them the same way."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from cnn_engine.data.architectures import architecture_layers
from cnn_engine.data.augment import Augmentation
from cnn_engine.data.dataset import Dataset, Part
from cnn_engine.data.datasets import DATASETS, load_dataset
from cnn_engine.data.imbalance import balanced_weights
from cnn_engine.errors import ConvoscopeError, ParameterError
from cnn_engine.geometry import whole
from cnn_engine.nn import OPTIMIZERS, SCHEDULES, EarlyStopping, Event, Network, Trainer, fit, steps_per_epoch
from cnn_engine.nn.criteria import Criterion, check_output
from cnn_engine.nn.memory import training_bytes
from cnn_engine.nn.options import build, call, named
from cnn_engine.nn.parts import samples_at_once
from cnn_engine.nn.summary import activation_bytes, layer_rows
from cnn_engine.nn.work import long_piece

KEPT_DATASETS, KEPT_BYTES = 8, 64 * 1024 * 1024  # that a process keeps for the next time, beside those in use
LARGE_AT_ONCE = 2  # data sets that take a moment: while they are drawn they take several times their memory
SLOW_DATA = 1_000_000  # numbers in its pictures, from which on a data set takes a moment to be made
Settings = Mapping[str, Any]


@contextmanager
def within(setting: str) -> Iterator[None]:
    """Name the setting that an error of the engine is about: `learning_rate` is `optimizer.learning_rate`."""
    try:
        yield
    except ConvoscopeError as error:
        inside = error.field if error.field not in (None, setting, "name") else ""
        if inside and inside.startswith(f"{setting}."):
            raise
        raise error.within(f"{setting}.{inside}" if inside else setting) from error


def dataset_of(settings: Settings) -> Dataset:
    """Return the data set, kept for the next time."""
    with within("dataset_options"):
        try:
            options = json.dumps(settings.get("dataset_options") or {}, sort_keys=True)
            return _datasets.get(settings["dataset"], options, large=slow_to_make(settings))
        except ParameterError as error:
            field = {"dataset": "dataset", "name": "dataset_options.name"}.get(error.field or "", error.field)
            raise error.within(field) from error


def check_data(settings: Settings, most: int) -> None:
    """Refuse a data set of more values than that before it is made; what is no number is judged where it is made."""
    counts = _data_counts(settings)
    if counts["values"] > most:
        preset, options = DATASETS[settings["dataset"]], settings.get("dataset_options") or {}
        chosen = [name for name in (*preset.sizes, "size") if name in options] or ["train"]
        raise ParameterError("data_set_too_large", f"dataset_options.{chosen[0]}", **counts, most=most)


def slow_to_make(settings: Settings) -> bool:
    """Return whether its data set takes some time to be made, as far as its size tells."""
    return settings["dataset"] in DATASETS and _data_counts(settings)["values"] > SLOW_DATA


def _data_counts(settings: Settings) -> dict[str, int]:
    """Count the pictures, the cells of a side, and the values of all of them together."""
    preset, options = DATASETS[settings["dataset"]], settings.get("dataset_options") or {}
    sizes = preset.sizes | {name: options[name] for name in preset.sizes if isinstance(options.get(name), int)}
    channels, side, _ = preset.input_shape
    channels, side = (
        options[name] if isinstance(options.get(name), int) else own
        for name, own in (("channels", channels), ("size", side))
    )
    count = sum(sizes.values())
    return {"count": count, "side": side, "values": count * channels * side**2}


class _Datasets:
    """The data sets of this process: each once while anybody uses it, and the latest a little longer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: WeakValueDictionary[tuple[str, str], Dataset] = WeakValueDictionary()
        self._latest: OrderedDict[tuple[str, str], Dataset] = OrderedDict()
        self._making: WeakValueDictionary[tuple[str, str], threading.Lock] = WeakValueDictionary()
        self._large = threading.BoundedSemaphore(LARGE_AT_ONCE)

    def get(self, name: str, options: str, *, large: bool = False) -> Dataset:
        """It, made where it is not there: once, while others who want it wait."""
        key = name, options
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                found = self._used.get(key)
            if found is None:
                with self._large if large else nullcontext():
                    found = load_dataset(name, **json.loads(options))
            self._keep(key, found)
            return found

    def _keep(self, key: tuple[str, str], dataset: Dataset) -> None:
        with self._lock:
            self._used[key] = self._latest[key] = dataset
            self._latest.move_to_end(key)
            while len(self._latest) > KEPT_DATASETS or sum(map(data_bytes, self._latest.values())) > KEPT_BYTES:
                self._latest.popitem(last=False)


_datasets = _Datasets()


def layers_of(settings: Settings, dataset: Dataset) -> list[dict[str, Any]]:
    """Return the architecture as a list, whichever way it was given."""
    given = settings["architecture"]
    return architecture_layers(given, dataset.outputs) if isinstance(given, str) else given


def data_bytes(dataset: Dataset) -> int:
    """Return bytes of all its samples."""
    return sum(part.x.nbytes + part.y.nbytes for part in dataset.parts.values())


def loss_of(settings: Settings, dataset: Dataset) -> str:
    """Return the loss: the data set's own, unless another one was chosen."""
    return settings.get("loss") or dataset.loss


def class_weights_of(settings: Settings, dataset: Dataset) -> list[float] | None:
    """Return the weights of the classes, those by which all that is learned from counts the same written out."""
    given = settings.get("class_weights")
    if given != "balanced":
        return given
    if not dataset.classes:
        raise ParameterError("class_weights_without_classes", "class_weights", name=dataset.name)
    train = first_samples(dataset.train, settings.get("train_samples"))
    return balanced_weights(train.y, len(dataset.classes))


def criterion_of(settings: Settings, dataset: Dataset, network: Network) -> Criterion:
    """Return the loss as the run has it: accuracy means the same for all losses, since the data set says what y is."""
    weights, outputs = class_weights_of(settings, dataset), check_output(network.output_shape)
    return Criterion(loss_of(settings, dataset), outputs, dataset.task, None if weights is None else tuple(weights))


@dataclass
class Prepared:
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
        """Bytes for the outputs of the layers and their gradients, of a batch in one piece and as it is done here; for
        all that the run takes, and for its data set, which it may share.
        """
        layers, batch = self.trainer.network.layers, self.trainer.batch_size
        at_once = samples_at_once(layers, batch)
        held = activation_bytes(layers, at_once)
        whole = {"in_one_piece": activation_bytes(layers, batch), "at_once": at_once, "held": held}
        counts = {"samples": self.train.size, "judged": self.validation.size}
        training = training_bytes(layers, batch, **counts, augmented=self.augment is not None)
        return whole | {"training": training, "data": data_bytes(self.dataset)}


def network_of(settings: Settings, dataset: Dataset) -> Network:
    """Return the network as it begins.

    Raises:
        ConvoscopeError: its `field` is the setting at fault.
    """
    network = Network(
        layers_of(settings, dataset),
        input_shape=dataset.input_shape,
        seed=settings["seed"],
        initialisation=settings["initialisation"],
    )
    outputs = check_output(network.output_shape)
    lone = outputs == 1 and len(dataset.classes) == 2 and loss_of(settings, dataset) != "cross_entropy"
    if outputs != dataset.outputs and not lone:
        counts = {"outputs": outputs, "name": dataset.name, "needed": dataset.outputs}
        if dataset.classes:
            raise ParameterError("outputs_do_not_fit_classes", "architecture", **counts)
        raise ParameterError("outputs_do_not_fit_targets", "architecture", **counts)
    return network


def trainer_of(settings: Settings, network: Network, dataset: Dataset) -> Trainer:
    """Return a trainer of the network, with each option's own field where one is refused."""
    criterion = criterion_of(settings, dataset, network)
    options = {name: settings[name] for name in ("batch_size", "clip_norm", "seed")}
    options |= {"loss": criterion.name, "task": criterion.task, "class_weights": criterion.class_weights}
    with within("optimizer"):
        build(OPTIMIZERS, settings["optimizer"], "optimizer")
    with within("schedule"):
        build(SCHEDULES, settings["schedule"], "schedule")
    return Trainer(network, optimizer=settings["optimizer"], schedule=settings["schedule"], **options)


def prepare(settings: Settings, dataset: Dataset | None = None) -> Prepared:
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
    prepared = Prepared(settings, dataset, trainer, train, validation, stopping, augment)
    with about_data(dataset):
        prepared.events(trainer)
    return prepared


def first_samples(part: Part, count: int | None) -> Part:
    """So many of the samples; None is all of them.

    Raises:
        ParameterError: there are not so many.
    """
    if count is None:
        return part
    if whole(count, "train_samples", 1) > part.size:
        raise ParameterError("train_samples_too_many", "train_samples", count=count, most=part.size)
    return Part(part.x[:count], part.y[:count])


@contextmanager
def about_data(dataset: Dataset) -> Iterator[None]:
    """A truth that does not fit is the loss's fault: `fit` calls it y."""
    try:
        yield
    except ConvoscopeError as error:
        if error.field == "y":
            raise error.within("loss", "loss_does_not_fit", dataset=dataset.name) from error
        raise


def filled_in(settings: dict[str, Any], dataset: Dataset | None = None) -> dict[str, Any]:
    """Return the settings with names written out: layers for an architecture, the optimizer's learning rate."""
    dataset = dataset or dataset_of(settings)
    name, options = named(settings["optimizer"], "optimizer")
    settings = settings | {"architecture": layers_of(settings, dataset), "loss": loss_of(settings, dataset)}
    rate = trainer_of(settings, network_of(settings, dataset), dataset).learning_rate
    return settings | {"optimizer": {"name": name} | options | {"learning_rate": rate}}
