"""The bodies of POST /api/feature-maps, of one pixel of a map, and of a window of a picture."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from cnn_engine.data.presets import KERNELS
from cnn_server.schemas.field_types import Count, Index, Matrix, Size, check_total, one_of, small_pair, whole
from cnn_server.schemas.presets import PresetSize
from cnn_server.schemas.reading import Body


class OwnKernel(Body):
    """A kernel of one's own: (height, width)."""

    values: Matrix
    name: Annotated[str, Field(min_length=1, max_length=60)] = "own"


def _kernel_form(value: Any) -> str:
    return "as name" if isinstance(value, str) else "as values"


KernelChoice = Annotated[
    Annotated[str, one_of(KERNELS), Tag("as name")] | Annotated[OwnKernel, Tag("as values")],
    Discriminator(_kernel_form),
]


class Pooling(Body):
    """Pooling of the maps; the stride is the kernel size unless given."""

    op: Literal["max", "avg"]
    kernel_size: Size
    stride: Size | None = None


class MapOptions(Body):
    """What a wall of maps and one pixel of it have in common."""

    image: Annotated[str, Field(min_length=1, max_length=100)]
    stride: Size = 1
    relu: bool = False
    pooling: Pooling | None = None

    def options(self) -> dict[str, Any]:
        """Return the options as the engine takes them."""
        pooling = self.pooling and self.pooling.model_dump(exclude_none=True)
        return {"stride": self.stride, "relu": self.relu, "pooling": pooling}


class FeatureMapsBody(MapOptions):
    """A picture and kernels: a map of each."""

    kernels: Annotated[list[KernelChoice], Field(fail_fast=True, min_length=1, max_length=32)]
    dtype: Literal["uint8", "float32"] | None = None
    each: bool = Field(default=False, description="bytes of each map on a scale of its own; else all on one")

    @model_validator(mode="after")
    def _together(self) -> Self:
        """Count the values of all kernels towards one cap."""
        own = [kernel for kernel in self.kernels if isinstance(kernel, OwnKernel)]
        check_total(sum(kernel.values.size for kernel in own), "kernels")
        return self


class PixelBody(MapOptions):
    """One pixel of one map. `kernel_size` is that of the wall the map hangs in, as its answer gives it."""

    kernel: KernelChoice
    row: Index
    col: Index
    kernel_size: Annotated[tuple[int, int], small_pair(1, 512)] | None = None


class CropBody(Body):
    """A window of a picture at working size, counted from 0, and the size [height, width] of the grid it becomes."""

    row: Index
    col: Index
    height: Count
    width: Count
    size: PresetSize
    channels: Annotated[int, whole(1, 256)] = 1
