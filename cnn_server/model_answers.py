"""What /api/models answers with, described for /openapi.json."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field, RootModel

from cnn_engine.models.smallest import OneChange
from cnn_server.answers import BINARY_CONTENT, Answer, LeftOut, TensorAnswer, header
from cnn_server.run_answers import LayerAnswer, NamedSettings
from cnn_server.run_view_answers import SampleShown
from cnn_server.step_answers import TraceAnswer


class ModelAnswer(Answer):
    """A model: what it is made of, what its outputs are called, and where it comes from."""

    id: str
    name: str
    architecture: list[Any]
    input_shape: list[int]
    classes: list[str]
    accuracy: float | None = Field(description="the share of its test set that it gets right, where that is known")
    source: str
    prepare: dict[str, bool] = Field(description="what is done to a picture before the network receives it")
    dataset: NamedSettings | None = Field(description="where samples come from")
    layers: list[LayerAnswer]
    shipped: bool
    mine: bool
    shared: bool = Field(description="whether everybody on this server finds it in their list")


class ModelsAnswer(RootModel[list[ModelAnswer]]):
    """Those that are shipped, the caller's own, and those that others share, the newest first."""

    model_config = ConfigDict(defer_build=True)


class LayerMaps(Answer):
    """What a layer gives: as `values`, or as `base64` where that was asked for and float32 has room for the numbers."""

    layer: int
    shape: list[int]
    values: Any = Field(None, description="nested lists of numbers: channel, row, column, or features")
    base64: str | LeftOut = Field(None, description="the same numbers in C order, little-endian float32")


class LargestAnswer(Answer):
    """Where the largest number stands that is finite; null where none is."""

    input: list[int] | None
    maps: list[list[int] | None] = Field(description="of each of the maps, in their order")


class StageAnswer(Answer):
    """What a step of the preparation made of a picture."""

    name: str
    shape: list[int]
    values: Any = Field(description="nested lists of numbers: channel, row, column")


class DifferenceAnswer(Answer):
    """How far some numbers differ from what they were: how many of how many do, and by how much at most."""

    changed: int
    of: int
    largest: float | None


class LayerDifference(DifferenceAnswer):
    """How far what a layer gives differs."""

    layer: int


class ComparedAnswer(Answer):
    """What the model itself answers, and how far from it the one that was asked is."""

    logits: list[float | None]
    probabilities: list[float | None]
    best: int | None = Field(description="the class with the largest probability; null where one is no number")
    weights: DifferenceAnswer
    distance: float | None = Field(description="the root of the sum of all squared differences of parameters")
    maps: list[LayerDifference]
    cells: DifferenceAnswer = Field(description="of all maps together")
    was: list[float | None] = Field(description="for each of the changes: what the model itself has there")


class ModelAnswered(Answer):
    """What a model answers, in float64. A number that is not finite is null.

    With `Accept: application/octet-stream` the body is the same arrays in float32, one after the other.
    """

    model_config = ConfigDict(
        openapi_extra={  # type: ignore[typeddict-unknown-key]
            "content": BINARY_CONTENT,
            "headers": {
                "X-Tensor-Parts": header("string", "of a binary answer: `logits=10;input=1,28,28;maps.0=8,28,28`"),
                "X-Tensor-Dtype": header("string", "of a binary answer: float32, little-endian"),
                "X-Drawn": header("string", "of a binary answer with a prepared picture: whether anything is drawn"),
            },
        }
    )

    logits: list[float | None]
    probabilities: list[float | None]
    best: int | None = Field(description="the class with the largest probability; null where one is no number")
    sure: bool = Field(description="whether that probability is at least the request's `threshold`")
    input: Any = Field(description="what the network received: nested lists of numbers")
    maps: list[LayerMaps]
    largest: LargestAnswer
    stages: list[StageAnswer] | LeftOut = Field(None, description="where a picture was prepared: what each step made")
    drawn: bool | LeftOut = Field(None, description="where a picture was prepared: false where nothing is drawn on it")
    compared: ComparedAnswer | LeftOut = Field(None, description="where it was asked for with `compare`")
    truth: str | LeftOut = Field(None, description="of a sample: the class that it is of")


class ModelSamplesAnswer(Answer):
    """Some samples of the data set that a model learned from, and how many there are."""

    size: int
    items: list[SampleShown]


class CellAnswer(TraceAnswer):
    """The one step that made a cell, of the trace of the layer."""

    layer: int
    leading: int | None = Field(description="the channel whose sum is the largest, for it or against; null without any")


class PartsAnswer(Answer):
    """What one channel of what a layer gives is made of. What the layer has not is null."""

    layer: int
    channel: int
    channels: list[int] = Field(description="which channels of what the layer is given it is made of")
    read: int | None = Field(description="the layer whose channels these are; null for what the network receives")
    inputs: TensorAnswer = Field(description="(C, H, W); features that were maps are maps again")
    kernels: TensorAnswer | None
    partials: TensorAnswer | None = Field(description="for each of the channels the sum of its products")
    sum: TensorAnswer | None
    bias: float | None
    weight: str | None = Field(description="the parameter that the kernels belong to, where they are learned")
    bias_name: str | None
    output: TensorAnswer
    activation: TensorAnswer | None = Field(description="what the layer after it makes of each number by itself")


class StrengthsAnswer(Answer):
    """How strongly each map is fed by each map before: rows of numbers, or null where each is made of one."""

    layer: int
    strengths: list[list[float | None]] | None
    shares: list[list[float]] | None = Field(description="of the largest of them, from 0 to 1")
    strongest: list[int | None] | None = Field(
        description="for each map the one that feeds it the most; null where none does"
    )


class WiringAnswer(RootModel[list[StrengthsAnswer]]):
    """Which maps feed which, layer by layer. A row of features counts as one map."""

    model_config = ConfigDict(defer_build=True)


class BoxAnswer(Answer):
    """The cells of a layer that a cell depends on, or that depend on it."""

    layer: int | None = Field(description="null is the input")
    box: list[tuple[int, int]] = Field(description="along each axis the first index and the last")


class ReachAnswer(Answer):
    """How far a cell reaches: back to the input, and forward to the logits."""

    boxes: list[BoxAnswer]
    logits: list[float | None]
    without: list[float | None] = Field(description="the logits with the cell set to 0")
    change: list[float | None] = Field(description="logits − without")


class SmallestAnswer(Answer):
    """The smallest change of one number that makes a class the answer; null where none within the bound was found."""

    class_: int = Field(alias="class")
    bound: float
    bias: OneChange | None
    weight: OneChange | None


class LearnedSampleAnswer(Answer):
    """A sample of the validation part of the model's data set."""

    sample: int = Field(description="its number, as `input` takes it")
    label: str = Field(description="what it is")
    shape: list[int]
    values: Any = Field(description="what the network receives, as nested lists of numbers, to three decimals")


class ExcitedAnswer(LearnedSampleAnswer):
    """A picture that excites a map."""

    value: float | None = Field(description="the largest value of the map; null where it is not finite")
    cell: list[int] = Field(description="where it is in what the layer gives")
    box: list[tuple[int, int]] = Field(
        description="the first and the last index along each axis of the input that it sees"
    )


class ExcitingAnswer(Answer):
    """The pictures that excite a map the most, the most first."""

    of: int = Field(description="of how many, the first of the validation part")
    pictures: list[ExcitedAnswer]


class NearAnswer(LearnedSampleAnswer):
    """A picture that is near, by what a layer makes of it."""

    distance: float | None = Field(description="the Euclidean distance; null where it is not finite")


class NearestAnswer(Answer):
    """The pictures of which a layer makes what is most like what it makes of the input, the nearest first."""

    of: int = Field(description="of how many, the first of the validation part")
    pictures: list[NearAnswer]


class FavouriteAnswer(Answer):
    """A gradient ascent on the mean of a map: the picture at each step, to three decimals, and that mean."""

    shape: list[int] = Field(description="steps + 1, and the input's")
    values: Any
    means: list[float | None]


class CertaintyAnswer(Answer):
    """What a threshold on the largest probability costs."""

    total: int = Field(description="how many pictures were asked about")
    thresholds: list[float]
    answered: list[int] = Field(description="how many have an answer at each threshold")
    right: list[int] = Field(description="how many of those are right")
    kept: list[float] = Field(description="answered as a share of all")
    accuracy: list[float | None] = Field(description="right as a share of answered; null where there are none")
