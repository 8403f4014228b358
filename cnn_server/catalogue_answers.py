"""What /api/catalogue and /api/presets answer with: what there is, with what it takes, and what has a name."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cnn_engine.geometry import Pair
from cnn_engine.parameters import Kind
from cnn_engine.trace.columns import Column
from cnn_server.answers import Answer, LeftOut
from cnn_server.run_answers import LayerSettings, Option


class ParameterAnswer(Answer):
    """What a parameter accepts. What does not apply to its kind is left out; a `default` of null leaves it open."""

    name: str
    title: str
    kind: Kind
    required: bool
    default: Option = None
    minimum: float | LeftOut = None
    maximum: float | LeftOut = None
    above: float | LeftOut = None
    below: float | LeftOut = None
    words: list[str] | LeftOut = None
    axes: list[int] | LeftOut = None
    length: int | LeftOut = None
    rule: str | LeftOut = None
    opens: float | LeftOut = Field(None, description="what a page opens with, where that is not the default")
    suggested: list[float] | LeftOut = Field(None, description="numbers that a page lets choose by one click")
    needs: tuple[str, str] | LeftOut = Field(
        None, description="another option, and the word that it has to be for this one to be set"
    )
    linked: str | LeftOut = Field(None, description="what links call it, where not by its name")


class OperationAnswer(Answer):
    """An operation, what POST /api/trace/{name} takes of it, and what its steps hold."""

    name: str
    title: str
    summary: str
    group: str
    parameters: list[ParameterAnswer]
    columns: list[Column]


class ChoiceAnswer(Answer):
    """One thing to choose: `names` are those that it goes by, `fixed` the options that make it this one."""

    name: str
    title: str
    called: str = Field(description="as its title, within a sentence")
    sentence: str
    names: list[str] = Field(description="the first is the one to write")
    opens: dict[str, Option] = Field(description="the options that a page shows, as they are at first")
    fixed: dict[str, Option]
    parameters: list[ParameterAnswer]


class LayerKindAnswer(ChoiceAnswer):
    """A layer, and what it does with values."""

    weighs: bool = Field(description="whether each value that it gives is a sum of products with weights")
    keeps: bool = Field(description="whether it gives the values that it is given, but while it trains")


class LossAnswer(ChoiceAnswer):
    """A loss, and the task whose own it is."""

    task: Literal["classification", "regression"] | None


class CatalogueAnswer(Answer):
    """What there is, each with what it takes."""

    operations: list[OperationAnswer]
    layers: list[LayerKindAnswer]
    optimizers: list[ChoiceAnswer]
    schedules: list[ChoiceAnswer]
    losses: list[LossAnswer]
    initialisations: list[ChoiceAnswer]
    augmentations: list[ChoiceAnswer]
    dataset_options: list[ParameterAnswer] = Field(description="the options of every data set")


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
