"""The body of POST /api/trace/network: a network, where its weights come from, a sample, and what it learns by."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from cnn_engine.nn import LOSSES, OPTIMIZERS
from cnn_server.problems import ProblemError
from cnn_server.schemas.field_types import (
    MAX_MAGNITUDE,
    Checked,
    Index,
    Schema,
    Values,
    array,
    check_total,
    nested,
    one_of,
    read_array,
    real,
    refuse,
    whole,
    worded,
)
from cnn_server.schemas.presets import InputPreset, OrPreset, Preset
from cnn_server.schemas.reading import Body
from cnn_server.schemas.runs import MAX_SAMPLES, Layers, Seed, choice
from cnn_server.schemas.traces import TraceBody

MAX_NAMES = 512  # parameters by name: two for each of as many layers as an architecture may have
MAX_NAME = 64  # characters of one
MAX_UPDATES = 100  # before the one that is shown
SOURCES = ("parameters", "seed", "run", "model")  # of the weights


def _read_parameters(value: Any, name: str) -> dict[str, Values]:
    if not isinstance(value, dict):
        raise refuse("not_an_object", name=name, value=worded(value))
    if len(value) > MAX_NAMES or any(len(key) > MAX_NAME for key in value):
        raise refuse("parameters_beyond_any_network", name=name)
    arrays = {key: read_array(part, f"{name}.{key}", (1, 2, 4), gaps=True) for key, part in value.items()}
    check_total(sum(part.size for part in arrays.values()), name)
    return arrays


_VALUES: Schema = {"anyOf": [nested(count, gaps=True) for count in (1, 2, 4)]}
_PARAMETERS: Schema = {"type": "object", "additionalProperties": _VALUES, "maxProperties": MAX_NAMES}
Parameters = Annotated[dict[str, Any], Checked(_read_parameters, _PARAMETERS)]


_RATE = real(0, MAX_MAGNITUDE)


def _read_state(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refuse("not_an_object", name=name, value=worded(value))
    updates = whole(0).read(value.get("updates", 0), f"{name}.updates")
    state: dict[str, Any] = {"updates": updates}
    if "learning_rate" in value:
        state["learning_rate"] = _RATE.read(value["learning_rate"], f"{name}.learning_rate")
    vectors = {key[:MAX_NAME]: own for key, own in value.items() if key not in {"updates", "learning_rate"}}
    return state | {key: _read_parameters(own, f"{name}.{key}") for key, own in vectors.items()}


_STATE: Schema = {
    "type": "object",
    "properties": {"updates": whole(0).schema, "learning_rate": _RATE.schema},
    "additionalProperties": _PARAMETERS,
}


def _read_target(value: Any, name: str) -> Any:
    read = array(1).read if isinstance(value, list) else whole(0).read
    return read(value, name)


class NumberCheckBody(Body):
    """Which number of the network is checked, and how far the curve of the loss over it goes to each side."""

    parameter: Annotated[str, Field(max_length=MAX_NAME)] = Field(description="a parameter's name, or `input`")
    index: Annotated[list[Index], Field(min_length=1, max_length=4)]
    reach: Annotated[float, real(0, MAX_MAGNITUDE)] = 1.0


class PathsBody(Body):
    """Whose paths to the loss are told."""

    tensor: Annotated[str, Field(max_length=MAX_NAME)] = Field(
        description="`input`, a parameter's name, or what a layer gives: `0.output`"
    )
    index: Annotated[list[Index], Field(min_length=1, max_length=4)]


class NetworkBody(TraceBody):
    """A network, a sample and its truth. The weights are `parameters`, those that a `seed` draws, a `model`'s, or those
    of a `run` at its present step; of a run and a model the architecture is theirs as well.

    A `run` has its own loss, its optimizer with what that has kept and the learning rate of the step that comes next,
    and with `sample` a picture of the batch that this step learns from; `input` and `target` stand in its place. Where
    the run clips its gradients, that is left out: it is of a whole batch.

    `steps` may reach over several entries of the timeline: then a step has null for a column that its entry lacks.
    With `card` or `links` in `parts` the answer has in `traces`, for each entry that the steps belong to, what its own
    trace would be answered with: its tensors, and how it is shown.
    """

    NOT_ARGUMENTS: ClassVar = TraceBody.NOT_ARGUMENTS | set(SOURCES) | {"sample"}

    architecture: Layers | None = None
    parameters: Parameters | None = Field(
        None, description="by PyTorch's names; null in a list is a number that is none (NaN)"
    )
    seed: Seed | None = None
    run: Annotated[str, Field(max_length=MAX_NAME)] | None = None
    model: Annotated[str, Field(max_length=MAX_NAME)] | None = None
    sample: Annotated[int, whole(0, MAX_SAMPLES)] | None = Field(
        None,
        description="of the batch of the run's step, in the order of the training set; or of the validation set of the "
        "data set that the model learned from",
    )
    input: Annotated[Any, OrPreset(InputPreset, (1, 2, 3))] | None = None
    target: Annotated[Any, Checked(_read_target, {"anyOf": [whole(0).schema, nested(1)]})] | None = Field(
        None, description="a class, or a number for each output"
    )
    loss: Annotated[str, one_of(LOSSES)] | None = Field(None, description="cross_entropy by default")
    optimizer: Annotated[Any, choice(tuple(OPTIMIZERS))] | None = Field(
        None, description="gradient descent with a learning rate of 0.1 by default"
    )
    optimizer_state: Annotated[dict[str, Any], Checked(_read_state, _STATE)] | None = Field(
        None, description="what the optimizer has kept from the updates before, as an answer has it"
    )
    updates: Annotated[int, whole(0, MAX_UPDATES)] = Field(
        0, description="how many are made on this sample before the one that is shown"
    )

    check: NumberCheckBody | None = Field(None, description="compute the loss over one number, and finite differences")
    overview: bool = Field(False, description="show the whole network at a glance")
    paths: PathsBody | None = Field(None, description="tell the paths of one number to the loss: the chain rule")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        """Refuse weights from two places, and what has no meaning where they come from."""
        named, words = [name for name in SOURCES if getattr(self, name) is not None], ", ".join(SOURCES)
        if not named:
            raise ProblemError(422, "no_weights_given", "parameters", words=words)
        if len(named) > 1:
            raise ProblemError(422, "weights_given_twice", named[1], name=named[1], first=named[0], words=words)
        self._check_beside(named[0])
        check_total(sum(part.size for own in self._named() for part in own.values()) + self._own_size())
        return self

    def _named(self) -> list[dict[str, Any]]:
        """Return the parameters, and the optimizer's vectors."""
        vectors = [own for own in (self.optimizer_state or {}).values() if isinstance(own, dict)]
        return [self.parameters or {}, *vectors]

    def _own_size(self) -> int:
        return self.input.size if isinstance(self.input, np.ndarray) else 0

    def _check_beside(self, source: str) -> None:
        """Refuse what is missing, or has no meaning beside where the weights come from."""
        if source == "run":
            for name in ("loss", "optimizer", "optimizer_state"):
                if getattr(self, name) is not None:
                    raise ProblemError(422, "the_runs_own", name, name=name)
            if self.sample is None and (self.input is None or self.target is None):
                raise ProblemError(422, "sample_needed", "sample")
            return
        if source == "model" and self.sample is not None:
            return
        if self.sample is not None:
            raise ProblemError(422, "sample_without_run", "sample")
        for name in ("input", "target") if source == "model" else ("architecture", "input", "target"):
            if getattr(self, name) is None:
                raise ProblemError(422, "required", name, name=name)

    def values(self) -> Values | None:
        """Return the input, a preset as its values."""
        values: Values | None = self.input.values() if isinstance(self.input, Preset) else self.input
        return values
