"""Pictures: the bytes of a file to pixels at working size, the pictures that are shipped, and windows of pictures.

What decoding would cost is judged before anything is decoded, the format is told by the content, and whatever a
decoder says of bytes that nobody vouches for becomes an ImageError. `decoding/` has the readers.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_engine.data.decoding.costs import megabytes, megapixels
from cnn_engine.data.decoding.pixels import SIDEWAYS, TURNS, Notes, on_white, reduced
from cnn_engine.data.decoding.reading import Wanted, read
from cnn_engine.data.preparation import LUMA
from cnn_engine.errors import ImageError, ImageTooLargeError, ParameterError
from cnn_engine.words import say

Pixels = NDArray[np.uint8]

WORKING_SIZE = 128
THUMBNAIL = 96
BRIGHT = 9  # of a grid of numbers, from 0, which is dark
FOLDER = Path(__file__).resolve().parent / "samples"
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
AT_ONCE = threading.BoundedSemaphore(2)  # pictures that this process decodes at once: each may take 128 MB


@dataclass(frozen=True)
class Picture:
    """A picture at working size: `pixels` (height, width, 3), and the size (height, width) it came in.

    `notes` are for the person whose picture it is, where something about it has to be said.
    """

    pixels: Pixels
    original_size: tuple[int, int]
    notes: Notes = ()

    @property
    def note(self) -> str:
        """The notes in English; empty where there are none."""
        return " ".join(map(say, self.notes))


def decode(
    data: bytes,
    *,
    working_size: int = WORKING_SIZE,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
) -> Picture:
    """Return the picture in a file's bytes, upright, in sRGB, its longest side at most `working_size` pixels.

    PNG, JPEG, WebP, GIF, BMP and AVIF, and HEIC where pillow-heif is installed; the first frame of an animation.
    EXIF orientation is honoured, a colour profile is converted, what is transparent becomes white, and 16-bit grey
    keeps its range. A JPEG that is cut short is read where at least half of its rows are there, and `note` says so.
    A picture is never enlarged.

    Raises ImageTooLargeError, before decoding, for more than `max_bytes` or `max_pixels`, or what would take too much
    memory or time; ImageError for bytes that are empty, truncated, damaged, or not such a picture.
    """
    if not data:
        raise ImageError("file_empty")
    if len(data) > max_bytes:
        most = f"{max_bytes:,}" if max_bytes < 5e5 else megabytes(max_bytes)
        raise ImageTooLargeError("file_too_large", size=megabytes(len(data)), most=most, pixels=megapixels(max_pixels))
    with AT_ONCE:
        decoded = read(data, Wanted(working_size, max_pixels))
        small = reduced(decoded.image, Wanted(working_size, max_pixels).reduced(decoded.size), decoded.key)
        plain, notes = on_white(small, decoded.extras.profile)
    orientation = decoded.extras.orientation
    if orientation in TURNS:
        plain = plain.transpose(TURNS[orientation])
    width, height = decoded.size
    size = (width, height) if orientation in SIDEWAYS else (height, width)
    return Picture(np.array(plain), size, (*decoded.notes, *notes))


@dataclass(frozen=True)
class SamplePicture:
    """A picture that is shipped: what it shows, whose it is, and the size of its file in pixels."""

    name: str
    title: str
    alt: str
    credit: str
    width: int
    height: int

    @property
    def path(self) -> Path:
        """The file, a WebP."""
        return FOLDER / f"{self.name}.webp"


def _samples() -> dict[str, SamplePicture]:
    index = FOLDER / "samples.json"
    return {entry["name"]: SamplePicture(**entry) for entry in json.loads(index.read_text("utf-8"))}


@cache
def sample_picture(name: str) -> Picture:
    """Return a shipped picture at working size; KeyError for a name that is not in SAMPLES."""
    return decode(SAMPLES[name].path.read_bytes())


@cache
def thumbnail(name: str) -> bytes:
    """Return a shipped picture as a WebP to choose by, its longest side THUMBNAIL pixels; KeyError as above."""
    stream = BytesIO()
    with Image.open(SAMPLES[name].path) as picture:
        picture.thumbnail((THUMBNAIL, THUMBNAIL))
        picture.save(stream, "WEBP", quality=70)
    return stream.getvalue()


def luma(pixels: Pixels) -> NDArray[np.float32]:
    """Return the brightness of RGB pixels (height, width, 3), 0 to 255 in whole numbers.

    ITU-R BT.601: 0.299 red + 0.587 green + 0.114 blue, rounded, so that sums over it print exactly.
    """
    red, green, blue = np.moveaxis(pixels.astype(np.int64), -1, 0)
    grey: NDArray[np.float32] = ((LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue + 500) // 1000).astype(np.float32)
    return grey


SAMPLES = _samples()


# ---- a window of a picture as a small grid of numbers


class Box(NamedTuple):
    """A window of a picture in its pixels: the first row and column, counted from 0, and how many of each."""

    row: int
    col: int
    height: int
    width: int


def middle(pixels: Pixels, size: tuple[int, int]) -> Box:
    """Return the largest window in the middle of a picture that has the proportions of `size` (height, width)."""
    scale = min(pixels.shape[0] / size[0], pixels.shape[1] / size[1])
    row, col = (round((side - scale * cells) / 2) for side, cells in zip(pixels.shape, size, strict=False))
    return Box(row, col, round(scale * size[0]), round(scale * size[1]))


def crop(pixels: Pixels, box: Box, size: tuple[int, int], channels: int = 1) -> NDArray[np.float64]:
    """Return a window of a picture (height, width, 3) at `size`, (channels, height, width), whole numbers 0 to 9.

    Each cell is the mean of the pixels under it. One channel alone is the brightness; several are red, green and
    blue (and again, where more are asked for).

    Raises:
        ParameterError: a window that is empty or reaches beyond the picture.
    """
    _check(box, pixels.shape)
    height, width = size
    area = (box.col, box.row, box.col + box.width, box.row + box.height)
    small = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BOX, area))
    planes = luma(small)[None] if channels == 1 else small.transpose(2, 0, 1)[np.arange(channels) % 3]
    values: NDArray[np.float64] = np.rint(planes.astype(np.float64) * BRIGHT / 255)
    return values


def _check(box: Box, shape: tuple[int, ...]) -> None:
    axes = (("row", "height", box.row, box.height, shape[0]), ("col", "width", box.col, box.width, shape[1]))
    for first, extent, start, count, side in axes:
        if count < 1:
            raise ParameterError("window_too_small", extent, extent=extent, count=count)
        if start < 0:
            raise ParameterError("window_before_the_start", first, first=first, start=start)
        if start + count > side:
            raise ParameterError(
                "window_beyond_the_picture", extent, first=first, start=start, extent=extent, count=count, side=side
            )
