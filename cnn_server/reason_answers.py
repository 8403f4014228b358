"""What /api/models answers about why a model decides as it does, described for /openapi.json."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from cnn_server.answers import Answer, LeftOut


class SwitchedAnswer(Answer):
    """Cells that were switched off together: what they say, what the logit is without them, and how far that falls."""

    cells: list[list[int]]
    sum: float | None
    logit: float | None
    fall: float | None
    beats_chance: bool | None = Field(description="whether it falls further than without random cells; null for those")


class WhyCellAnswer(Answer):
    """How one cell of the values comes about."""

    index: list[int]
    value: float | None
    equation: str
    description: str
    terms: list[list[float | None]] | LeftOut = Field(None, description="two numbers and their product for each term")
    covered: tuple[int, int, int, int] | LeftOut = Field(
        None, description="first row, first column, height and width of the square"
    )


class ScrambledAnswer(Answer):
    """What became of the values when layers were begun anew."""

    layers: list[int] = Field(description="which, from the last")
    before: Any = Field(description="the values before, as nested lists of numbers")
    correlation: float | None = Field(description="of the values before and after; null where one of them is flat")
    strengths: float | None = Field(description="the same of their magnitudes")
    alike: bool = Field(description="whether one of the two is at least 0.5, or at most -0.5")


class SwitchedControls(Answer):
    """As many cells switched off for comparison: by Grad-CAM where there are maps, and at random."""

    grad_cam: SwitchedAnswer | LeftOut = None
    random: SwitchedAnswer


class WhyAnswer(Answer):
    """Why a model answers as it does, in float64. A number that is not finite is null."""

    method: Literal["contribution", "occlusion", "gradient", "grad_cam"]
    class_: list[int] = Field(alias="class", description="the class, and the one that it is compared with, if any")
    layer: int | None = Field(description="whose cells the values belong to; null is the input")
    shape: list[int]
    values: Any = Field(description="nested lists of numbers")
    strongest: list[int] = Field(description="the cell with the largest magnitude")
    logit: float | None
    sum: float | None = Field(None, description="of a contribution: all values added up")
    bias: float | None = Field(None, description="what the biases of the layers after it bring")
    exact: bool | LeftOut = Field(None, description="whether sum + bias is the logit")
    remainder: float | None = Field(None, description="logit − (sum + bias)")
    baseline: float | LeftOut = Field(None, description="of occlusion: the value that covers")
    size: int | LeftOut = Field(None, description="of occlusion: the side of the square that covers")
    weights: list[float | None] | LeftOut = Field(None, description="of Grad-CAM: the mean gradient by each map")
    sums: list[list[float | None]] | LeftOut = Field(None, description="of Grad-CAM: before what is negative becomes 0")
    highest: float | None = Field(None, description="of Grad-CAM: the largest sum; below 0 every value is 0")
    blank: str | LeftOut = Field(None, description="of Grad-CAM where every value is 0: why")
    agreement: float | None = Field(None, description="of Grad-CAM: the correlation of its sums with contributions")
    agrees: bool | None = Field(None, description="whether that is at least 0.99, and not every value is 0")
    largest: SwitchedAnswer | LeftOut = Field(None, description="the largest contributions, where they were asked for")
    controls: SwitchedControls | LeftOut = None
    scrambled: ScrambledAnswer | LeftOut = Field(None, description="where weights were scrambled")
