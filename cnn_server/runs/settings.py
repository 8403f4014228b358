"""From the settings of a run to a network, its loss and its trainer. Worker and web process read them the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cnn_engine.data.architectures import architecture_layers
from cnn_engine.data.dataset import Dataset, Part
from cnn_engine.data.splits import balanced_weights
from cnn_engine.errors import ConvoscopeError, ParameterError
from cnn_engine.geometry import whole
from cnn_engine.nn import OPTIMIZERS, SCHEDULES, Network, Trainer
from cnn_engine.nn.criteria import Criterion, check_output
from cnn_engine.nn.options import build

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


def layers_of(settings: Settings, dataset: Dataset) -> list[dict[str, Any]]:
    """Return the architecture as a list, whichever way it was given."""
    given = settings["architecture"]
    return architecture_layers(given, dataset.outputs) if isinstance(given, str) else given


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


def first_samples(part: Part, count: int | None) -> Part:
    """Return so many of the samples; None is all of them.

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
    """Blame the loss for a truth that does not fit: `fit` calls it y."""
    try:
        yield
    except ConvoscopeError as error:
        if error.field == "y":
            raise error.within("loss", "loss_does_not_fit", dataset=dataset.name) from error
        raise
