"""What /api/presets answers with: everything that has a name."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cnn_engine.geometry import Pair
from cnn_server.answers import Answer
from cnn_server.run_answers import LayerSettings


class KernelAnswer(Answer):
    """A kernel by name."""

    name: str
    title: str
    finds: str
    group: str
    shows: str
    values: list[list[float]]


class InputAnswer(Answer):
    """An input by name, and one channel of it at its own size."""

    name: str
    title: str
    note: str
    size: Pair
    values: list[list[float]]


class SampleAnswer(Answer):
    """A picture that is shipped."""

    name: str
    title: str
    alt: str
    credit: str
    width: int
    height: int
    url: str
    thumbnail: str


class DatasetAnswer(Answer):
    """A data set by name, as it is unless options are given. A regression has `targets` in place of `classes`."""

    name: str
    title: str
    description: str
    task: Literal["classification", "regression"]
    input_shape: list[int] = Field(description="channels, rows, columns")
    classes: list[str]
    targets: list[str]
    sizes: dict[str, int] = Field(description="samples in `train`, `validation` and `test`")
    provenance: str


class LandscapeAnswer(Answer):
    """A loss of two parameters that optimizers race on, with the learning rate that suits each runner."""

    name: str
    title: str
    note: str
    x_range: list[float]
    y_range: list[float]
    start: list[float]
    rates: dict[str, float]


class InitialisationAnswer(Answer):
    """What weights begin as; `opens` has the option that it takes, as it is at first."""

    name: str
    title: str
    sentence: str
    opens: dict[str, float]


class RunnerAnswer(Answer):
    """An optimizer that takes part in a race."""

    name: str
    title: str


class ArchitecturePresetAnswer(Answer):
    """An architecture by name, its last layer for the first of the data sets that it is for."""

    name: str
    title: str
    architecture: list[LayerSettings]
    for_: list[str] = Field(alias="for")


class PresetsAnswer(Answer):
    """Everything that has a name."""

    kernels: list[KernelAnswer]
    inputs: list[InputAnswer]
    architectures: list[ArchitecturePresetAnswer]
    datasets: list[DatasetAnswer]
    initialisations: list[InitialisationAnswer]
    landscapes: list[LandscapeAnswer]
    runners: list[RunnerAnswer]
    images: list[SampleAnswer]
