"""What GET /api/catalogue answers with."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cnn_engine.parameters import Kind
from cnn_engine.trace.columns import Column
from cnn_server.answers import Answer, LeftOut
from cnn_server.run_answers import Option


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


class LossAnswer(ChoiceAnswer):
    """A loss, and the task whose own it is."""

    task: Literal["classification", "regression"] | None


class CatalogueAnswer(Answer):
    """What there is, each with what it takes."""

    operations: list[OperationAnswer]
    layers: list[ChoiceAnswer]
    optimizers: list[ChoiceAnswer]
    schedules: list[ChoiceAnswer]
    losses: list[LossAnswer]
    initialisations: list[ChoiceAnswer]
    augmentations: list[ChoiceAnswer]
    dataset_options: list[ParameterAnswer] = Field(description="the options of every data set")
