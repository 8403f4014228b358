"""What /api/models answers with, described for /openapi.json."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field, RootModel

from cnn_server.answers import BINARY_CONTENT, Answer, TraceAnswer, header
from cnn_server.run_answers import LayerAnswer


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
    dataset: dict[str, Any] | None = Field(description="where samples come from: a name and its options")
    layers: list[LayerAnswer]
    shipped: bool
    mine: bool


class ModelsAnswer(RootModel[list[ModelAnswer]]):
    """Those that are shipped, and the caller's own, the newest first."""

    model_config = ConfigDict(defer_build=True)


class LayerMaps(Answer):
    """What a layer gives."""

    layer: int
    shape: list[int]
    values: Any = Field(description="nested lists of numbers: channel, row, column, or features")


class StageAnswer(Answer):
    """What a step of the preparation made of a picture."""

    name: str
    shape: list[int]
    values: Any = Field(description="nested lists of numbers: channel, row, column")


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
    input: Any = Field(description="what the network received: nested lists of numbers")
    maps: list[LayerMaps]
    stages: list[StageAnswer] | None = Field(None, description="where a picture was prepared: what each step made")
    drawn: bool | None = Field(None, description="where a picture was prepared: false where nothing is drawn on it")


class CellAnswer(TraceAnswer):
    """The one step that made a cell, of the trace of the layer."""

    layer: int


class LargestAnswer(Answer):
    """The cells with the largest contributions: what they say together, and how far the logit falls without them."""

    cells: list[list[int]]
    sum: float | None
    fall: float | None


class WhyAnswer(Answer):
    """Why a model answers as it does, in float64. A number that is not finite is null."""

    method: str
    class_: list[int] = Field(alias="class", description="the class, and the one that it is compared with, if any")
    layer: int | None = Field(description="whose cells the values belong to; null is the input")
    shape: list[int]
    values: Any = Field(description="nested lists of numbers")
    logit: float | None
    sum: float | None = Field(None, description="of a contribution: all values added up")
    bias: float | None = Field(None, description="what the biases of the layers after it bring")
    exact: bool | None = Field(None, description="whether sum + bias is the logit")
    remainder: float | None = Field(None, description="logit − (sum + bias)")
    baseline: float | None = Field(None, description="of occlusion: the value that covers")
    size: int | None = Field(None, description="of occlusion: the side of the square that covers")
    largest: LargestAnswer | None = Field(None, description="where it was asked for")
    scrambled: list[int] = Field(description="the layers that were begun anew, from the last")
