"""What is more than this server takes, told before any memory is taken for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cnn_engine.data.dataset import Dataset
from cnn_engine.errors import ConvoscopeError, ParameterError, ShapeError
from cnn_engine.nn.layers.base import Layer
from cnn_engine.nn.summary import layer_rows, possible_layers
from cnn_engine.nn.work import answer_bytes, answer_work, step_work, training_bytes
from cnn_engine.words import amount
from cnn_server.runs.data_sets import check_data, data_bytes
from cnn_server.runs.outlines import judging_work, outline_of
from cnn_server.runs.settings import Settings, layers_of

MB = 1024 * 1024
PASSES = 3  # of a step, each with as many multiplications as the forward pass: backward is twice that
SMALL = 2  # samples of a batch that batch normalisation takes as well
Caps = Mapping[str, Any]


class BeyondLimitError(ParameterError):
    """What is asked for is possible, but more than this server allows."""


def check(caps: Caps, limit: str, field: str, count: int, what: str) -> None:
    """Refuse what is more than a limit of this server; `what` is counted, by its id among the amounts.

    Raises:
        BeyondLimitError: its `field` is the setting at fault.
    """
    if count > (cap := caps[limit]):
        raise BeyondLimitError("more_than_this_server_takes", field, count=count, what=amount(what), most=cap)


def check_work(caps: Caps, limit: str, field: str, nanoseconds: int, what: str) -> None:
    """Refuse what takes longer than a limit of this server; `what` is timed, by its id among the amounts.

    Raises:
        BeyondLimitError: its `field` is the setting at fault.
    """
    if nanoseconds > (cap := caps[limit]):
        times = {"time": nanoseconds, "most": cap}
        raise BeyondLimitError("longer_than_this_server_takes", field, what=amount(what), **times)


def check_drawing(caps: Caps, nanoseconds: int, settings: Settings) -> None:
    """Refuse more pictures to judge by than this server draws for whoever looks."""
    options = settings.get("dataset_options") or {}
    chosen = [name for name in ("validation", "test", "size") if name in options] or ["validation"]
    field = f"dataset_options.{chosen[0]}"
    check_work(caps, "MAX_DRAWING_WORK", field, nanoseconds, "to_draw")


def outline(caps: Caps, settings: Settings) -> Dataset:
    """Return the outline of the data set asked for, once what it takes to draw is counted."""
    check_data(settings, caps["RUN_MAX_DATA_VALUES"])
    dataset = outline_of(settings)
    check_drawing(caps, judging_work(settings, dataset), settings)
    return dataset


def outline_within(caps: Caps, settings: Settings, batch: int) -> Dataset:
    """Return the outline of a data set; refuse what is larger than this server takes before there is any."""
    dataset = outline(caps, settings)
    _, error = checked_layers(settings, dataset, batch, caps)
    if error is not None:
        raise error
    return dataset


def check_length(caps: Caps, epochs: int, steps_per_epoch: int) -> None:
    """Refuse what takes longer than this server lets a run go on."""
    check(caps, "RUN_MAX_EPOCHS", "epochs", epochs, "epochs")
    check(caps, "RUN_MAX_STEPS", "epochs", epochs * steps_per_epoch, "steps")


def checked_layers(
    settings: Settings, dataset: Dataset, batch: int, caps: Caps
) -> tuple[list[Layer], ConvoscopeError | None]:
    """Return an architecture's layers as far as they are possible, and why no run here may have them, if so."""
    layers, error = possible_layers(layers_of(settings, dataset), dataset.input_shape)
    if error is None:
        try:
            _check_layers(layers, dataset, batch, caps)
            _check_all_memory(layers, settings, dataset, batch, caps)
        except BeyondLimitError as beyond:
            error = beyond
    return layers, error


def _check_layers(layers: Sequence[Layer], dataset: Dataset, batch: int, caps: Caps) -> None:
    """Refuse layers that take too much, or the batch size where one sample at a time would do."""
    rows = layer_rows(layers)
    check(caps, "RUN_MAX_PARAMETERS", "architecture", sum(row["parameters"] for row in rows), "parameters")
    products = sum(row["multiplications"] for row in rows)
    judged = max(dataset.validation.size, dataset.test.size)
    check(caps, "RUN_MAX_EVALUATION_MULTIPLICATIONS", "architecture", products * judged, "multiplications_to_judge")
    check_work(caps, "MAX_VIEW_WORK", "architecture", answer_work(layers), "for_a_picture")
    check(caps, "MAX_VIEW_MEMORY", "architecture", answer_bytes(layers) // MB, "memory_of_a_picture")
    check_work(caps, "RUN_MAX_EVALUATION_WORK", "architecture", answer_work(layers, judged), "to_judge")
    for field, samples in (("architecture", 1), ("batch_size", batch)):
        work = PASSES * samples * products
        check(caps, "RUN_MAX_STEP_MULTIPLICATIONS", field, work, "multiplications_of_a_step")
        check_work(caps, "RUN_MAX_STEP_WORK", field, step_work(layers, samples), "for_a_step")


def _check_all_memory(layers: Sequence[Layer], settings: Settings, dataset: Dataset, batch: int, caps: Caps) -> None:
    """Refuse a run that would not fit if it were the only one."""
    samples = settings.get("train_samples") or dataset.train.size

    def megabytes(batch: int) -> int:
        counts = {"samples": samples, "judged": dataset.validation.size}
        training = training_bytes(layers, batch, **counts, augmented=bool(settings.get("augmentation")))
        return (training + data_bytes(dataset)) // MB

    try:
        needed = megabytes(batch)
        if needed > caps["RUNS_MEMORY"]:
            field = "batch_size" if batch > SMALL and megabytes(SMALL) <= caps["RUNS_MEMORY"] else "architecture"
            check(caps, "RUNS_MEMORY", field, needed, "memory_of_a_run")
    except ShapeError:
        return  # what cannot be laid out is refused with its own reason
