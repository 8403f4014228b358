"""What is asked of a model, read and checked, and the reason that is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypedDict

import numpy as np

from cnn_engine.models.model import Model
from cnn_engine.models.passes import INPUT, Cells, Off, Pass, weights_of
from cnn_engine.nn.layers.base import Array
from cnn_engine.words import Message


class Settings(TypedDict, total=False):
    """What else can be set of `why` and `why_cell`; None is as good as left out.

    off: channels that give 0, as for `answer`.
    scramble_layers: with `scramble`: how many layers are begun anew, from the last backwards; None is all.
    baseline: of `occlusion`: what the square is covered with; None is 0.
    size: of `occlusion` of pictures: the square's side; None is about a seventh of the picture's.
    """

    off: Off
    scramble_layers: int | None
    baseline: float | None
    size: int | None


class Options(Settings, total=False):
    """What else can be asked of `why`.

    largest: of `contribution`: how many of the largest cells are switched off together.
    seed: with `largest`: which cells are drawn at random as its control; None is 0.
    """

    largest: int | None
    seed: int | None


@dataclass(frozen=True)
class Switched:
    """Cells of a layer that were switched off together.

    Attributes:
        cells: their indices, (N, axes).
        sum: what they say together, by the contributions.
        logit, fall: what the logit is without them, and by how much it falls. `sum` and `fall` differ where a gate
            closes or another cell wins once they are 0.
        beats_chance: whether the logit falls further than without as many cells that chance picked; None of those.
    """

    cells: Array
    sum: float
    logit: float
    fall: float
    beats_chance: bool | None = None


@dataclass(frozen=True)
class Reckoned:
    """How one cell of the values comes about.

    Attributes:
        index: the cell.
        value: what it holds.
        terms: of contribution and Grad-CAM: two numbers and their product for each term, (N, 3).
        covered: of occlusion of pictures: the square's first row, first column, height and width.
        equation, message: the same as an equation and as a sentence.
    """

    index: tuple[int, ...]
    value: float
    equation: Message
    message: Message
    terms: Array | None = None
    covered: tuple[int, int, int, int] | None = None


@dataclass(frozen=True)
class Scrambled:
    """What became of the values when layers were begun anew.

    Attributes:
        layers: which, from the last.
        before: the values before.
        correlation: Pearson's, of the values before and after; None where one of them is the same in all cells.
        strengths: the same of their magnitudes: whether the same cells matter, for or against.
        alike: whether one of the two is at least `ALIKE`, so that the values say as much of the picture as of the
            network (Adebayo et al. 2018).
    """

    layers: tuple[int, ...]
    before: Array
    correlation: float | None
    strengths: float | None
    alike: bool


@dataclass(frozen=True)
class Why:
    """A reason for a model's answer, in float64.

    Attributes:
        method: which of `METHODS`.
        classes: the class it is about, and the one that it is compared with, if any.
        layer: the layer whose cells the values belong to; None is the input.
        values: of the shape of what the layer gives, (H, W) for Grad-CAM and for occlusion of pictures.
        logit: what is explained.
        sum, bias: of `contribution`: all values added up, and what the biases of the layers after it bring.
        exact: whether sum + bias is the logit, up to rounding.
        remainder: logit − (sum + bias).
        baseline, size: of `occlusion`: the value that covers, and the square's side.
        weights: of `grad_cam`: the mean of the logit's gradient by each map, (C,).
        sums: of `grad_cam`: the sums of weights times maps, (H, W), before what is negative becomes 0.
        highest: of `grad_cam`: the largest of them; where it is not above 0, every value is 0.
        blank: of `grad_cam` where every value is 0: why that is so, in numbers.
        agreement: of `grad_cam`: Pearson's correlation of those sums with the contributions of the same layer, each
            cell's added up over its maps: 1 where a global average pool follows. None where one of them is flat.
        agrees: whether that is at least `AGREES`, and not every value is 0.
        largest: what the largest cells of a contribution say, beside what the logit does without them.
        controls: the same of as many cells that chance picks ("random") and, at a layer that gives maps, Grad-CAM
            ("grad_cam").
        scrambled: what scrambling made of the values.
    """

    method: str
    classes: tuple[int, ...]
    layer: int | None
    values: Array
    logit: float
    sum: float | None = None
    bias: float | None = None
    exact: bool | None = None
    remainder: float | None = None
    baseline: float | None = None
    size: int | None = None
    weights: Array | None = None
    sums: Array | None = None
    highest: float | None = None
    blank: Message | None = None
    agreement: float | None = None
    agrees: bool | None = None
    largest: Switched | None = None
    controls: Mapping[str, Switched] | None = None
    scrambled: Scrambled | None = None

    @property
    def strongest(self) -> tuple[int, ...]:
        """The cell whose value has the largest magnitude, of Grad-CAM the largest sum: of equal ones the first."""
        judged = np.abs(self.values) if self.sums is None else self.sums
        flat = int(np.argmax(np.nan_to_num(judged, nan=-np.inf)))
        return tuple(int(axis) for axis in np.unravel_index(flat, self.values.shape))


@dataclass(frozen=True, eq=False)
class Question:
    """What is to be explained: read and checked. `layer` is `INPUT` or the number of a layer.

    `forward` is the sample on its way through the model, once for all that is asked of it.
    """

    model: Model
    sample: Array
    forward: Pass
    off: dict[int, list[Cells]]
    layer: int
    classes: tuple[int, ...]
    baseline: float
    size: int

    @property
    def weights(self) -> Array:
        """Return the weight of each logit in what is explained: 1, and -1 for the class that is compared with."""
        return weights_of(self.model, self.classes)

    @property
    def names(self) -> tuple[str, ...]:
        """What the classes are called."""
        return tuple(self.model.classes[one] for one in self.classes)

    @property
    def layer_shape(self) -> tuple[int, ...]:
        """The shape of what the layer gives."""
        return self.model.input_shape if self.layer == INPUT else self.model.layers[self.layer].output_shape

    @property
    def input_cells(self) -> tuple[int, ...]:
        """The shape of the input, all its channels together."""
        return self.model.input_shape[-2:]

    @property
    def shown_layer(self) -> int | None:
        """The layer as `Why` has it."""
        return None if self.layer == INPUT else self.layer

    @property
    def given(self) -> Array:
        """What the layer gives."""
        given: Array = self.forward.outputs[self.layer][0]
        return given

    @cached_property
    def gradients(self) -> dict[int, Array]:
        """The gradient of what is explained by what each layer gives, (1, ...), by the number of the layer."""
        return self.forward.gradients(self.weights)

    @property
    def gradient(self) -> Array:
        """The gradient of what is explained by what the layer gives."""
        gradient: Array = self.gradients[self.layer][0]
        return gradient

    @property
    def logit(self) -> float:
        """The logit, or the difference of two, that is explained."""
        return float(self.logits(self.forward)[0])

    def of(self, model: Model) -> Question:
        """Return the same question of another model."""
        return replace(self, model=model, forward=Pass(model, self.sample, self.off, backward=True))

    def logits(self, forward: Pass) -> Array:
        """Return what is explained, of each sample of a pass."""
        return self.weighed(forward.logits)

    def weighed(self, logits: Array) -> Array:
        """Return what is explained, of each row of logits (N, classes)."""
        with np.errstate(all="ignore"):
            weighed: Array = logits @ self.weights
        return weighed
