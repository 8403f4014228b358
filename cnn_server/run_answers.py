"""What /api/runs answers with, described for /openapi.json."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from cnn_server.answers import Answer, Fault, LeftOut

State = Literal["queued", "running", "paused", "finished", "stopped", "diverged", "failed"]
Phase = Literal["forward", "loss", "backward", "update"]
Truth = int | list[float]  # the number of a class, or numbers
Option = float | str | bool | None | list[float | str]
Point = tuple[int, float | None, float | None, float | None, float | None]


class LayerAnswer(Answer):
    """A layer of an architecture; shapes are without the batch, multiplications of one sample."""

    layer: str
    input_shape: list[int]
    output_shape: list[int]
    parameters: int
    multiplications: int
    reads: list[tuple[int, int]] | LeftOut = Field(
        None, description="the first and the last input map that each of the first 32 output maps is made of"
    )


class LayerFault(Fault):
    """Why an architecture cannot be, and at which layer; with `limit` it could be, but not on this server."""

    rule: str = Field(description="the message without the layer that it is about")
    layer: int | None
    limit: bool


class ArchitectureAnswer(Answer):
    """The layers as far as they are possible, and what is wrong with the next one."""

    layers: list[LayerAnswer]
    parameters: int
    train_samples: int = Field(description="how many samples there are to learn from")
    updates: int | None = Field(description="how many updates an epoch has; null where there is a problem")
    problem: LayerFault | None


class MetricsAnswer(Answer):
    """The latest numbers; null where there are none yet, or where a number is not finite."""

    loss: float | None
    accuracy: float | None
    learning_rate: float | None
    gradient_norm: float | None
    validation_loss: float | None
    validation_accuracy: float | None


class LargestOfLayer(Answer):
    """How large things had become in a layer; null is no finite number, or was not computed."""

    layer: int
    kind: str
    activation: float | None
    gradient: float | None


class DivergedEvidence(Answer):
    """What stopped being a finite number, and when; empty where a run ended in another way."""

    what: Literal["loss", "gradient", "validation loss", "parameters"] | LeftOut = None
    step: int | LeftOut = None
    loss: float | None = None
    gradient_norm: float | None = None
    learning_rate: float | LeftOut = None
    layers: list[LargestOfLayer] | LeftOut = None


class EndAnswer(Answer):
    """How a run ended. A number that was not finite is null in `evidence`; `reason` says which."""

    state: State
    reason: str
    evidence: DivergedEvidence


class SilentLayer(Answer):
    """How many outputs of a ReLU layer were 0 for every sample of a batch."""

    layer: int
    kind: str
    outputs: int
    silent: int
    share: float


class LossSpan(Answer):
    """The mean loss of a few steps."""

    from_step: int
    to_step: int
    loss: float | None


class SilentEvidence(Answer):
    """Which ReLUs pass nothing, and that the loss stays where it is."""

    layers: list[SilentLayer]
    since_step: int
    step: int
    losses: list[LossSpan]
    loss: float | None


class WarningAnswer(Answer):
    """Something that a run which goes on should be looked at for."""

    kind: Literal["dead"]
    message: str
    evidence: SilentEvidence


class PhaseAnswer(Answer):
    """Where slow motion is, and what this phase found out about the batch."""

    step: int
    phase: Phase
    loss: float | None = None
    gradient_norm: float | None = None


class WithOptions(Answer):
    """Something with its options, whichever it has."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Option]


class LayerSettings(WithOptions):
    """A layer with its options."""

    layer: str


class NamedSettings(WithOptions):
    """An optimizer, a schedule, a data set or the like with its options."""

    name: str


class OptimizerSettings(NamedSettings):
    """An optimizer with its options."""

    learning_rate: float
    weight_decay: float | LeftOut = None


class DatasetSettings(WithOptions):
    """The options of a data set."""

    imbalance: float | LeftOut = None


class EarlyStoppingSettings(WithOptions):
    """After how many epochs without progress a run is stopped, and what counts as progress."""

    patience: int


class SettingsAnswer(Answer):
    """What a run was started with, names written out; a run that was stored before has not all of it."""

    architecture: list[LayerSettings]
    dataset: str
    dataset_options: DatasetSettings | LeftOut = None
    optimizer: OptimizerSettings
    schedule: NamedSettings | str | LeftOut = None
    batch_size: int
    epochs: int
    seed: int
    loss: str
    initialisation: NamedSettings | str | LeftOut = None
    class_weights: Literal["balanced"] | list[float] | None = None
    train_samples: int | None = None
    clip_norm: float | None = None
    augmentation: dict[str, Option] | None = None
    early_stopping: EarlyStoppingSettings | None = None
    steps_per_second: float | None
    slow_motion: bool | LeftOut = None


class MemoryAnswer(Answer):
    """Bytes for outputs and gradients of a batch, as a whole and as it is done here; for training, and for its data."""

    in_one_piece: int
    at_once: int = Field(description="how many samples are computed at once")
    held: int = Field(description="with so many at once")
    training: int | LeftOut = Field(None, description="all that the run takes")
    data: int | LeftOut = Field(None, description="its data set, which it may share")


class RunAnswer(Answer):
    """A run."""

    id: str
    name: str
    state: State
    place: int | None = Field(description="in the queue, from 1")
    starts_in: int | None = Field(description="about how many seconds it will wait in the queue; null: not known")
    mine: bool
    steerable: bool = Field(description="by whoever asks, shared or not: it is theirs, or they own the room")
    shared: bool
    created: float = Field(description="seconds since 1970")
    settings: SettingsAnswer
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
    memory: MemoryAnswer | None
    layers: list[LayerAnswer]
    parameters: int
    classes: list[str]
    targets: list[str]
    input_shape: list[int]
    task: Literal["classification", "regression"]
    end: EndAnswer | None
    warning: WarningAnswer | None
    trouble: str | None = Field(description="why a run that should go on does not, if so")


class RunsAnswer(Answer):
    """One's own runs, the newest first."""

    runs: list[RunAnswer]


class RunsDeleted(Answer):
    """How many there were."""

    deleted: int


class EpochAnswer(Answer):
    """An epoch, and how well the network did after it."""

    step: int
    epoch: int
    loss: float | None
    accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    gap: float | None = Field(None, description="accuracy − validation_accuracy")


class PointsAnswer(Answer):
    """[step, loss, accuracy, learning_rate, gradient_norm] each, and the epochs."""

    points: list[Point]
    epochs: list[EpochAnswer]


EVENTS: dict[str | int, Any] = {
    "200": {
        "description": (
            "`step` (with an id, the number of its last step), `epoch`, `substep`, `state` (with `trouble` where "
            "it waits for something), `warning`; the last is `end`. A comment at least every 10 s."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
