"""What /api/images and /api/feature-maps answer with."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from cnn_server.answers import BINARY_CONTENT, TENSOR_HEADERS, Answer, TensorAnswer, header
from cnn_server.languages import NOTE

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
                NOTE: NOTE_HEADER,
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
    shown: int = Field(description="which step of the convolution stands for it: what max pooling kept, or the first")
    crop: PieceAnswer
    neighbourhood: PieceAnswer
    step: int = Field(description="the window's step in a conv2d trace of the neighbourhood at the same stride")
