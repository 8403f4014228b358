"""What a look into a run answers with: its network as it is now, and how good it is; and a look into the room."""

from __future__ import annotations

from pydantic import Field

from cnn_engine.nn.evaluation import Calibration, ClassScore, Mistake
from cnn_server.answers import Answer, LeftOut, TensorAnswer
from cnn_server.run_answers import Phase, State, Truth


class SampleShown(Answer):
    """A sample with what is known of it."""

    index: int
    image: TensorAnswer
    label: Truth
    class_: str | None = Field(alias="class", description="the name of its class, where there are any")


class JudgedSample(SampleShown):
    """A sample with what the network takes it for; null where its answer is no number, or is not right or wrong."""

    predicted: Truth | None
    probability: float | None
    correct: bool | None


class SamplesAnswer(Answer):
    """Some samples of a data set."""

    name: str
    items: list[SampleShown]


class SnapshotLayer(Answer):
    """A layer at work on one sample; gradients and changes in slow motion alone, after the phases that make them."""

    index: int
    layer: str
    output: TensorAnswer
    weight: TensorAnswer | None
    weight_gradient: TensorAnswer | None
    weight_change: TensorAnswer | None
    bias: TensorAnswer | None
    bias_gradient: TensorAnswer | None
    bias_change: TensorAnswer | None


class SnapshotAnswer(Answer):
    """A network at work on one sample of the validation set, as of a step."""

    step: int
    epoch: int
    phase: Phase | None
    sample: SampleShown
    layers: list[SnapshotLayer]
    logits: list[float | None]
    probabilities: list[float | None] | LeftOut = Field(None, description="of the classes, where there are any")
    prediction: list[float | None] | LeftOut = Field(None, description="the numbers, where there are no classes")
    predicted: int | None = Field(description="the class; null where there is none")
    loss: float | None


class WeightLineAnswer(Answer):
    """A line of the arithmetic of an update."""

    label: str
    text: str


class WeightAnswer(Answer):
    """One number of a network as of a step."""

    step: int
    phase: Phase | None
    name: str
    layer: int = Field(description="which layer it is of, counted from 0")
    cell: list[int]
    value: float | None
    lines: list[WeightLineAnswer] = Field(
        description="from the old value to the new one, in slow motion after backward and update; else none"
    )


class PredictionsAnswer(Answer):
    """What the network makes of the first samples of the validation set."""

    step: int
    items: list[JudgedSample]


class EvaluationAnswer(Answer):
    """How the network does on a part of the data. Rows of the confusion matrix are true, columns predicted.

    Of a network that has diverged there is no loss, and a reason.
    """

    split: str
    step: int
    classes: list[str]
    loss: float | None
    samples: int | LeftOut = None
    accuracy: float | LeftOut = None
    confusion_matrix: list[list[int]] | LeftOut = None
    per_class: list[ClassScore] | LeftOut = None
    most_confused: list[Mistake] | LeftOut = None
    calibration: Calibration | LeftOut = None
    mse: float | LeftOut = None
    mae: float | LeftOut = None
    r2: float | None = Field(None, description="null where the truth never varies")
    reason: str | LeftOut = None


class ExamplesAnswer(Answer):
    """The samples in one cell of the confusion matrix."""

    split: str
    step: int
    total: int
    items: list[JudgedSample]


class RoomRun(Answer):
    """A run as the owner of the room sees it. People have numbers, in the order in which they came."""

    id: str
    name: str
    person: int
    state: State
    dataset: str
    created: float = Field(description="seconds since 1970")
    step: int
    total_steps: int
    steps_per_second: float | None
    slow_motion: bool
    seconds_left: float | None
    shared: bool
    place: int | None = Field(description="in the queue, from 1")
    starts_in: int | None
    trouble: str | None = Field(description="why it cannot begin though it may be its turn")
    has_place: bool = Field(description="whether it has a slot")
    watched: bool = Field(description="whether somebody has looked at it lately")
    this_lesson: bool = Field(description="whether it was started since the server was")


class RoomPlaces(Answer):
    """How many runs are trained, and how many may be at once."""

    taken: int
    at_once: int


class RoomAnswer(Answer):
    """All runs, the newest first, and how much there is of this lesson."""

    since: float
    places: RoomPlaces
    runs: list[RoomRun]
    made: dict[str, int]
    trouble: str | None


class RoomDone(Answer):
    """With how many things something was done, and how many of each kind were deleted."""

    done: int
    deleted: dict[str, int] | None = None
