"""Arrays by name: what may stand in a body where an array may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import numpy as np
from pydantic import Discriminator, GetCoreSchemaHandler, Tag
from pydantic_core import CoreSchema

from cnn_engine.data.presets import (
    GRADIENTS,
    INPUTS,
    KERNELS,
    MAX_SIZE,
    WEIGHTS,
    gradient_values,
    input_values,
    kernel_values,
    random_filters,
    weight_values,
)
from cnn_server.schemas.field_types import Values, array, check_total, one_of, small_pair, whole
from cnn_server.schemas.reading import Body

PresetSize = Annotated[tuple[int, int], small_pair(1, MAX_SIZE)]


class Preset(Body):
    """Values by name."""

    def values(self) -> Any:
        """Return the values, or of a shape that follows from the other arguments what makes them."""
        raise NotImplementedError


class InputPreset(Preset):
    """One of the named inputs, at a size and with a number of channels; `seed` chooses a random one."""

    preset: Annotated[str, one_of(INPUTS)]
    size: PresetSize | None = None
    channels: Annotated[int, whole(1, 256)] = 1
    seed: Annotated[int, whole(0, 2**32 - 1)] = 0

    def values(self) -> Values:
        """Return the values, (channels, height, width)."""
        return input_values(self.preset, self.size, self.channels, self.seed)


RANDOM_KERNEL = "random"
KERNEL_SIZE = (3, 3)  # where none is asked for, or about that


class KernelPreset(Preset):
    """One of the named kernels, at its own size or another, for every channel of every filter; "random" draws each."""

    preset: Annotated[str, one_of([*KERNELS, RANDOM_KERNEL])]
    size: PresetSize | None = None
    filters: Annotated[int, whole(1, 64)] = 1
    channels: Annotated[int, whole(1, 64)] = 1
    seed: Annotated[int, whole(0, 2**32 - 1)] = 0

    def values(self) -> Values:
        """Return the values, (filters, channels, height, width)."""
        height, width = self.size or KERNEL_SIZE
        check_total(self.filters * self.channels * height * width, "weight")
        if self.preset == RANDOM_KERNEL:
            return random_filters(self.filters, self.channels, self.size or KERNEL_SIZE, self.seed)
        return np.tile(kernel_values(self.preset, self.size), (self.filters, self.channels, 1, 1))


class VectorPreset(InputPreset):
    """A named input read row by row as one line of numbers."""

    def values(self) -> Values:
        """Return the values, one axis."""
        return super().values().ravel()


class MatrixPreset(Preset):
    """Named weights, [outputs, inputs]; `seed` chooses random ones."""

    preset: Annotated[str, one_of(WEIGHTS)]
    size: PresetSize
    seed: Annotated[int, whole(0, 2**32 - 1)] = 0

    def values(self) -> Values:
        """Return the values, (outputs, inputs)."""
        return weight_values(self.preset, self.size, self.seed)


class GradientPreset(Preset):
    """A named gradient of an output, in the shape that the output has; `seed` chooses a random one."""

    preset: Annotated[str, one_of(GRADIENTS)]
    seed: Annotated[int, whole(0, 2**32 - 1)] = 0

    def values(self) -> Callable[[Sequence[int]], Values]:
        """Return what makes the values of a shape."""
        return partial(gradient_values, self.preset, seed=self.seed)


def _form(value: Any) -> str:
    return "as preset" if isinstance(value, dict | Body) else "as array"


@dataclass(frozen=True)
class OrPreset:
    """A field's type: an array with one of these numbers of axes, or one by name."""

    preset: type[Preset]
    axes: tuple[int, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        values = Annotated[Values, array(*self.axes), Tag("as array")]
        return handler.generate_schema(
            Annotated[values | Annotated[self.preset, Tag("as preset")], Discriminator(_form)]
        )
