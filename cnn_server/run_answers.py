"""What /api/runs answers with, described for /openapi.json."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from cnn_server.answers import Answer, Fault, TensorAnswer


class LayerAnswer(Answer):
    """A layer of an architecture; shapes are without the batch, multiplications of one sample."""

    layer: str
    input_shape: list[int]
    output_shape: list[int]
    parameters: int
    multiplications: int
    reads: list[list[int]] = Field(
        default=[], description="the first and the last input map that each of the first 32 output maps is made of"
    )


class LayerFault(Fault):
    """Why an architecture cannot be, and at which layer; with `limit` it could be, but not on this server."""

    rule: str = Field(description="the message without the layer that it is about")
    layer: int | None = None
    limit: bool = False


class ArchitectureAnswer(Answer):
    """The layers as far as they are possible, and what is wrong with the next one."""

    layers: list[LayerAnswer]
    parameters: int
    train_samples: int = Field(description="how many samples there are to learn from")
    problem: LayerFault | None


class MetricsAnswer(Answer):
    """The latest numbers; null where there are none yet, or where a number is not finite."""

    loss: float | None
    accuracy: float | None
    learning_rate: float | None
    gradient_norm: float | None
    validation_loss: float | None
    validation_accuracy: float | None


class EndAnswer(Answer):
    """How a run ended. A number that was not finite is null in `evidence`; `reason` says which."""

    state: str
    reason: str
    evidence: dict[str, Any]


class WarningAnswer(Answer):
    """Something that a run which goes on should be looked at for."""

    kind: str
    message: str
    evidence: dict[str, Any]


class PhaseAnswer(Answer):
    """Where slow motion is, and what this phase found out about the batch."""

    step: int
    phase: str
    loss: float | None = None
    gradient_norm: float | None = None


class RunAnswer(Answer):
    """A run."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str
    state: str
    place: int | None = Field(description="in the queue, from 1")
    starts_in: int | None = Field(description="about how many seconds it will wait in the queue; null: not known")
    mine: bool
    steerable: bool = Field(description="by whoever asks, shared or not: it is theirs, or they own the room")
    shared: bool
    created: float = Field(description="seconds since 1970")
    settings: dict[str, Any]
    step: int
    epoch: int = Field(description="that of `step`, from 1; 0 before the first step")
    steps_per_epoch: int
    total_steps: int
    learning_rate: float
    steps_per_second: float | None = Field(description="null: as fast as it goes")
    slow_motion: bool
    phase: PhaseAnswer | None
    metrics: MetricsAnswer
    seconds: float = Field(description="of computing, waiting for the pace aside")
    seconds_per_step: float | None = Field(description="the mean of all steps so far; validation counts as well")
    seconds_left: float | None = Field(description="at the speed of the last second or so; `step` and `state` tell it")
    class_weights: list[float] | None = Field(description="by which the loss weighs them; null: all alike")
    memory: dict[str, int] | None = Field(
        description="bytes for outputs and gradients of a batch: `in_one_piece`, and `held` here with `at_once` "
        "samples; for all that `training` takes, and for its `data`"
    )
    layers: list[LayerAnswer]
    parameters: int
    classes: list[str]
    targets: list[str]
    input_shape: list[int]
    task: str
    end: EndAnswer | None
    warning: WarningAnswer | None
    trouble: str | None = Field(description="why a run that should go on does not, if so")


class RunsAnswer(Answer):
    """One's own runs, the newest first."""

    runs: list[RunAnswer]


class RunsDeleted(Answer):
    """How many there were."""

    deleted: int


class RoomRun(Answer):
    """A run as the owner of the room sees it. People have numbers, in the order in which they came."""

    model_config = ConfigDict(extra="allow")

    id: str
    person: int
    state: str
    has_place: bool
    watched: bool = Field(description="whether somebody has looked at it lately")
    this_lesson: bool = Field(description="whether it was started since the server was")


class RoomAnswer(Answer):
    """All runs, the newest first, and how much there is of this lesson."""

    since: float
    places: dict[str, int]
    runs: list[RoomRun]
    made: dict[str, int]
    trouble: str | None


class RoomDone(Answer):
    """With how many things something was done, and how many of each kind were deleted."""

    done: int
    deleted: dict[str, int] | None = None


class PointsAnswer(Answer):
    """[step, loss, accuracy, learning_rate, gradient_norm] each, and the epochs."""

    points: list[list[float | None]]
    epochs: list[dict[str, Any]]


class SampleShown(Answer):
    """A sample with what is known of it."""

    model_config = ConfigDict(extra="allow")

    index: int
    image: TensorAnswer
    label: Any


class SamplesAnswer(Answer):
    """Some samples of a data set."""

    name: str
    items: list[SampleShown]


class SnapshotLayer(Answer):
    """A layer at work on one sample."""

    model_config = ConfigDict(extra="allow")

    index: int
    layer: str
    output: TensorAnswer
    weight: TensorAnswer | None
    bias: TensorAnswer | None


class SnapshotAnswer(Answer):
    """A network at work on one sample of the validation set, as of a step."""

    model_config = ConfigDict(extra="allow")

    step: int
    epoch: int
    phase: str | None
    sample: SampleShown
    layers: list[SnapshotLayer]
    loss: float | None


class WeightLineAnswer(Answer):
    """A line of the arithmetic of an update."""

    label: str
    text: str


class WeightAnswer(Answer):
    """One number of a network as of a step."""

    step: int
    phase: str | None
    name: str
    cell: list[int]
    value: float | None
    lines: list[WeightLineAnswer] = Field(
        description="from the old value to the new one, in slow motion after backward and update; else none"
    )


class PredictionsAnswer(Answer):
    """What the network makes of the first samples of the validation set."""

    step: int
    items: list[SampleShown]


class EvaluationAnswer(Answer):
    """How the network does on a part of the data. Rows of the confusion matrix are true, columns predicted.

    Of a network that has diverged there is no loss, and a reason.
    """

    model_config = ConfigDict(extra="allow")

    split: str
    step: int
    loss: float | None
    accuracy: float | None = None
    confusion_matrix: list[list[int]] | None = None
    reason: str | None = None


class ExamplesAnswer(Answer):
    """The samples in one cell of the confusion matrix."""

    split: str
    step: int
    total: int
    items: list[SampleShown]


EVENTS: dict[str | int, Any] = {
    "200": {
        "description": (
            "`step` (with an id, the number of its last step), `epoch`, `substep`, `state` (with `trouble` where "
            "it waits for something), `warning`; the last is `end`. A comment at least every 10 s."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
