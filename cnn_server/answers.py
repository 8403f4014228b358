"""What the API answers with, described for /openapi.json. The answers are written by `encoding`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from cnn_engine.geometry import AxisGeometry, Pair
from cnn_server.shown import CardShown, FigureShown, PanelShown

Answers = dict[str | int, Any]
LeftOut = SkipJsonSchema[None]  # a field that an answer may not have; null is another matter


class Answer(BaseModel):
    """An answer as it is described; pydantic builds it only then."""

    model_config = ConfigDict(defer_build=True)


class Fault(Answer):
    """One field at fault, by the request's own name for it."""

    field: str
    message: str


class ProblemAnswer(Answer):
    """Every failure (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[Fault] | None = None


class HealthAnswer(Answer):
    """The server is ready."""

    status: str


class TensorAnswer(Answer):
    """An array. `null` in `values` stands for "no value": a cell outside the input in max pooling."""

    shape: list[int]
    values: Any = Field(description="nested lists of numbers")


class GeometryAnswer(Answer):
    """How an output size comes about along each axis: floor(span / stride) + 1, ceil with ceil_mode."""

    height: AxisGeometry
    width: AxisGeometry


class NumberAnswer(Answer):
    """A number in a description: where its text is, and the cell that it came from."""

    start: int
    length: int
    tensor: str
    index: list[int]


class MessageAnswer(Answer):
    """What a step's description says, by its id in every language."""

    id: str
    numbers: list[NumberAnswer]


class StepsAnswer(Answer):
    """Some of a trace's steps. Beside these, one list per column of the trace, its first axis the step.

    With `flip_kernel` or `shift` there is `finding`: the description without where the window is.
    """

    model_config = ConfigDict(extra="allow")

    total: int
    start: int
    count: int
    description: list[str]
    messages: list[MessageAnswer] | LeftOut = Field(None, description="with `messages` in `parts`: one for each step")


class ComparisonAnswer(Answer):
    """With `flip_kernel` or `shift`: the output beside what it would be without."""

    changed: int
    total: int
    difference: TensorAnswer = Field(description="with the change minus without it; 0 where nothing changed")
    description: str


class AxisRanges(Answer):
    """The least and the greatest value along each axis."""

    height: Pair
    width: Pair


class RuleAnswer(Answer):
    """Which indices along one axis have to do with a cell.

    The cell's indices along the axes `by` look up an entry in `at`, one after the other. An entry is an index (none
    below 0), or [first, count] of a run of indices that are `step` apart. Without `at` the index is the cell's own;
    `lists` has entries that are no run.
    """

    by: list[int] = []
    at: Any = Field(None, description="nested lists of entries, as deep as there are axes in `by`")
    step: int = 1
    lists: list[list[int]] | LeftOut = None


class ArithmeticAnswer(Answer):
    """The arithmetic of a step, and a figure; `by` is the column that chooses between cards and between regions."""

    cards: list[CardShown]
    by: str = ""
    figure: FigureShown | LeftOut = None


class TraceAnswer(Answer):
    """A trace: what an operation was given, what it made, and some of its steps."""

    version: int
    op: str
    params: dict[str, Any]
    geometry: GeometryAnswer | LeftOut = None
    limits: dict[str, AxisRanges | list[str | bool]] | LeftOut = Field(
        None,
        description="for each control what can be computed, the others held: a range along each axis, or words, or "
        "which sides of a switch",
    )
    counts: dict[str, int] | LeftOut = Field(None, description="of what has weights: `multiplications`, `parameters`")
    tensors: dict[str, TensorAnswer]
    links: dict[str, dict[str, list[RuleAnswer]]] | LeftOut = Field(
        None,
        description="with `links` among the `parts`: for a tensor that is pointed at and another one, a rule for each "
        "axis of the other",
    )
    steps: StepsAnswer
    panels: list[PanelShown] | LeftOut = Field(None, description="with `card` in `parts`: tensors as they are shown")
    card: ArithmeticAnswer | LeftOut = Field(None, description="with `card` in `parts`")
    correlation: list[PanelShown] | LeftOut = Field(
        None,
        description="with `card` in `parts`: the panels of the same steps as those of a correlation, where they are",
    )
    comparison: ComparisonAnswer | LeftOut = None


class ProgramsAnswer(Answer):
    """A program for each framework; each stands by itself and prints its output."""

    torch: str
    keras: str
    numpy: str


class CodeAnswer(Answer):
    """An operation with its numbers, ready to run elsewhere."""

    version: int
    op: str
    programs: ProgramsAnswer


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
    architecture: list[dict[str, Any]]
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


def header(kind: str, description: str) -> dict[str, Any]:
    """Return the description of a header."""
    return {"description": description, "schema": {"type": kind}}


BINARY_CONTENT = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
TENSOR_HEADERS = {
    "X-Tensor-Shape": header("string", "of a binary answer: its shape, `13,94,126`"),
    "X-Tensor-Dtype": header("string", "of a binary answer: uint8 or float32, little-endian"),
}


NOTE_HEADER = header("string", "what has to be said of the file, percent-encoded; only where there is something")


class ImageAnswer(Answer):
    """A picture at working size. With `Accept: application/octet-stream` the body is its uint8 pixels."""

    model_config = ConfigDict(
        json_schema_extra={},
        openapi_extra={  # type: ignore[typeddict-unknown-key]
            "content": BINARY_CONTENT,
            "headers": {
                **TENSOR_HEADERS,
                "X-Image-Id": header("string", "the picture's id"),
                "X-Image-Note": NOTE_HEADER,
            },
        },
    )

    id: str
    note: str | None = Field(description="what has to be said of the file, such as that its end is missing")
    width: int
    height: int
    original_width: int
    original_height: int
    expires_in: int | None = Field(description="seconds until an upload is dropped; null for a shipped picture")
    pixels: TensorAnswer


class KeepingAnswer(Answer):
    """Where an upload is, and for how long. Dates are of UTC."""

    where: Literal["memory", "redis", "folder"]
    seconds: int | None = Field(description="until it is dropped from memory or Redis; null where it is not there")
    kept_until: str | None = Field(description="the date until which it is kept in the data folder by choice")
    would_be_kept_until: str
    mine: bool = Field(description="whether the caller chose to keep it, and so may delete it")


class PhotoLinkAnswer(Answer):
    """A WebP of the reduced photo, in the letters of base64 that need no escape in a link; null where it is large."""

    photo: str | None


class LinkAnswer(Answer):
    """A short link, and the place that it leads to."""

    link: str
    to: str


class CropAnswer(TensorAnswer):
    """A window of a picture as a small grid, (channels, height, width), whole numbers from 0 (dark) to 9 (bright)."""


class MapAnswer(Answer):
    """One map of a wall."""

    name: str
    title: str
    min: float
    max: float


class FeatureMapsAnswer(Answer):
    """A wall of maps. With `Accept: application/octet-stream` the body is their values."""

    model_config = ConfigDict(
        openapi_extra={  # type: ignore[typeddict-unknown-key]
            "content": BINARY_CONTENT,
            "headers": {
                **TENSOR_HEADERS,
                "X-Tensor-Scale": header(
                    "string", "a byte b stands for about (b - 128) / 127 * scale; with `each` one of each map"
                ),
                "X-Map-Range": header("string", "`min:max` of each map, by commas"),
                "X-Kernel-Size": header("string", "the size that every kernel was padded to, `3,3`"),
            },
        }
    )

    maps: list[MapAnswer]
    shape: list[int]
    scale: float = Field(description="the largest of `scales`")
    scales: list[float] = Field(description="one for all maps, or with `each` that of each map")
    kernel_size: list[int]
    values: Any = Field(description="nested lists of numbers: map, row, column")


class PieceAnswer(Answer):
    """A piece of the grey picture, its top left cell at (row, col) of the whole."""

    row: int
    col: int
    values: list[list[float]]


class PixelAnswer(Answer):
    """How one value of a map came about."""

    stages: list[dict[str, Any]]
    crop: PieceAnswer
    neighbourhood: PieceAnswer
    step: int = Field(description="the window's step in a conv2d trace of the neighbourhood at the same stride")


def answers(success: dict[int, type[BaseModel]], *failures: int) -> Answers:
    """Return the responses of an operation: its successes, and the failures it can have (405 and 500 always)."""
    problem = {"schema": {"$ref": f"#/components/schemas/{ProblemAnswer.__name__}"}}
    described: Answers = {str(status): model for status, model in success.items()}
    for status in sorted({*failures, 405, 422, 500}):
        described[str(status)] = {"content": {"application/problem+json": problem}}
    return described
