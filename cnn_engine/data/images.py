"""Pictures: the bytes of a file to pixels at working size, and the pictures that are shipped.

Sizes are judged before anything is decoded, the format is told by the content, and whatever a decoder says
of bytes that nobody vouches for becomes an ImageError.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from cnn_engine.errors import ImageError

Pixels = NDArray[np.uint8]

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
FORMATS_SENTENCE = "PNG, JPEG, WebP, GIF and BMP can be read"
WORKING_SIZE = 128
THUMBNAIL = 96
FOLDER = Path(__file__).resolve().parent / "samples"
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
WHITE = (255, 255, 255, 255)
ORIENTATION_TAG = 0x0112
TURNS = {  # EXIF orientation -> what makes it upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = (5, 6, 7, 8)  # the orientations that swap height and width


class ImageTooLargeError(ImageError):
    """More bytes or more pixels than are taken."""


@dataclass(frozen=True)
class Picture:
    """A picture at working size: `pixels` (height, width, 3), and the size (height, width) it came in."""

    pixels: Pixels
    original_size: tuple[int, int]


def decode(
    data: bytes,
    *,
    working_size: int = WORKING_SIZE,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
) -> Picture:
    """The picture in a file's bytes, upright, in RGB, its longest side at most `working_size` pixels.

    PNG, JPEG, WebP, GIF (its first frame) and BMP. EXIF orientation is honoured; what is transparent becomes
    white; 16-bit grey keeps its range. A picture is never enlarged.

    Raises ImageTooLargeError, before decoding, for more than `max_bytes` or `max_pixels`; ImageError for
    bytes that are empty, truncated, damaged, or not such a picture.
    """
    if not data:
        raise ImageError("the file is empty")
    if len(data) > max_bytes:
        raise ImageTooLargeError(f"the file has {len(data):,} bytes, more than the {max_bytes:,} taken")
    image = _open(data)
    width, height = image.size
    if width * height > max_pixels:
        raise ImageTooLargeError(f"the picture has {width:,} × {height:,} pixels, more than the {max_pixels:,} taken")
    try:
        pixels, upright = _pixels(image, working_size)
    except Exception as error:  # a decoder given a damaged file may raise anything
        raise ImageError(f"the {image.format} file is truncated or damaged: {error}") from error
    return Picture(pixels, upright)


@dataclass(frozen=True)
class Sample:
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


def _samples() -> dict[str, Sample]:
    index = FOLDER / "samples.json"
    return {entry["name"]: Sample(**entry) for entry in json.loads(index.read_text("utf-8"))}


@cache
def sample_picture(name: str, working_size: int = WORKING_SIZE) -> Picture:
    """A shipped picture at working size; KeyError for a name that is not in SAMPLES."""
    return decode(SAMPLES[name].path.read_bytes(), working_size=working_size)


@cache
def thumbnail(name: str) -> bytes:
    """A shipped picture as a WebP to choose by, its longest side THUMBNAIL pixels; KeyError as above."""
    stream = BytesIO()
    with Image.open(SAMPLES[name].path) as picture:
        picture.thumbnail((THUMBNAIL, THUMBNAIL))
        picture.save(stream, "WEBP", quality=70)
    return stream.getvalue()


def luma(pixels: Pixels) -> NDArray[np.float32]:
    """The brightness of RGB pixels (height, width, 3), 0 to 255 in whole numbers.

    ITU-R BT.601: 0.299 red + 0.587 green + 0.114 blue, rounded, so that sums over it print exactly.
    """
    red, green, blue = np.moveaxis(pixels.astype(np.int64), -1, 0)
    grey: NDArray[np.float32] = ((299 * red + 587 * green + 114 * blue + 500) // 1000).astype(np.float32)
    return grey


def _open(data: bytes) -> Image.Image:
    """The picture with its header read and nothing decoded."""
    try:
        return Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageTooLargeError(f"the picture has far more pixels than are taken: {error}") from error
    except UnidentifiedImageError as error:
        raise ImageError(_why_unknown(data)) from error
    except Exception as error:  # a reader given a damaged header may raise anything
        raise ImageError(f"the file is truncated or damaged: {error}") from error


def _why_unknown(data: bytes) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"<svg" in data[:65_536].lower():
        return f"the file is an SVG drawing, which has no pixels; {FORMATS_SENTENCE}"
    return f"the file is not a picture that can be read; {FORMATS_SENTENCE}"


def _pixels(image: Image.Image, working_size: int) -> tuple[Pixels, tuple[int, int]]:
    """The decoded pixels, reduced and upright, and the upright original's (height, width)."""
    width, height = image.size
    scale = min(1.0, working_size / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if scale < 1.0:
        image.draft(image.mode, (2 * size[0], 2 * size[1]))  # a JPEG: decode at a fraction, still twice too large
    image.load()
    plain = _plain(image)
    if plain.size != size:
        plain = plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    orientation = _orientation(image)
    if orientation in TURNS:
        plain = plain.transpose(TURNS[orientation])
    if plain.mode == "RGBA":
        plain = Image.alpha_composite(Image.new("RGBA", plain.size, WHITE), plain)
    return np.array(plain.convert("RGB")), ((width, height) if orientation in SIDEWAYS else (height, width))


def _plain(image: Image.Image) -> Image.Image:
    """The picture in RGBA where something may be transparent, in RGB or grey where nothing is."""
    if image.mode.startswith("I"):
        return _from_16_bit(image)
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _from_16_bit(image: Image.Image) -> Image.Image:
    """Grey levels 0 to 65,535 as 0 to 255 (Pillow's own conversion would cut everything above 255 off)."""
    levels = np.asarray(image).astype(np.uint32)
    grey = Image.fromarray(((levels + 128) // 257).astype(np.uint8))
    transparent = image.info.get("transparency")
    if transparent is None:
        return grey
    alpha = np.where(levels == transparent, 0, 255).astype(np.uint8)
    return Image.merge("LA", (grey, Image.fromarray(alpha))).convert("RGBA")


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; upright where the tag is missing or its block is damaged."""
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except Exception:  # whatever a damaged EXIF block makes the reader raise: the pixels are still good
        return 1


SAMPLES = _samples()
