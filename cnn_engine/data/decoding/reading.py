"""The bytes of a file to a decoded picture: one reader for each format, each judging before it decodes."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError

from cnn_engine.data.decoding import costs, jpeg, png
from cnn_engine.data.decoding.extras import Extras
from cnn_engine.data.decoding.kinds import heif_is_read, judge_gif, kind, unknown, webp_size, without_exif
from cnn_engine.data.decoding.pixels import DAMAGED, Key, Notes
from cnn_engine.errors import ImageError, ImageTooLargeError
from cnn_engine.words import Message

FILLED = (127, 128)  # what a decoder puts where a JPEG has ended: mid-grey
STRAY = bytes(range(1, 255)) * 2  # data that says something, where there should be none


@dataclass(frozen=True)
class Wanted:
    """The longest side that a picture is reduced to, and how many pixels it may have before."""

    working_size: int
    max_pixels: int

    def reduced(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the (width, height) that a picture of this size is reduced to; it is never enlarged."""
        scale = min(1.0, self.working_size / max(size))
        return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


@dataclass(frozen=True)
class Decoded:
    """A decoded picture as it is stored, perhaps at a fraction of its `size` (width, height); what goes with it."""

    image: Image.Image
    size: tuple[int, int]
    extras: Extras
    key: Key | None = None
    notes: Notes = ()


def read(data: bytes, wanted: Wanted) -> Decoded:
    """Decode a file.

    Raises:
        ImageTooLargeError: before decoding, for what would take too much memory or time.
        ImageError: what is no picture, is damaged, or is of a format that is not read.
    """
    found = kind(data)
    if found == "HEIF" and not heif_is_read():
        raise ImageError("heic")
    match found:
        case "JPEG":
            return _jpeg(data, wanted)
        case "PNG":
            return _png(data, wanted)
        case "WEBP":
            return _webp(data, wanted)
        case "AVIF" | "HEIF":
            return _judged(without_exif(data), found, wanted)
        case "GIF" | "BMP":
            return _plain(data, found, wanted)
    raise unknown(data)


def _opened(data: bytes, name: str) -> ImageFile.ImageFile:
    """Return the picture with its header read and nothing decoded."""
    try:
        return Image.open(BytesIO(data), formats=(name,))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageTooLargeError("far_too_many_pixels", error=error) from error
    except UnidentifiedImageError as error:
        if name == "BMP":  # two letters that any text may begin with
            raise unknown(data) from error
        raise ImageError("picture_damaged_or_rare", name=name) from error
    except Exception as error:  # a reader given a damaged header may raise anything
        raise _damaged(name, error) from error


def _loaded(image: ImageFile.ImageFile) -> ImageFile.ImageFile:
    try:
        image.load()
    except Exception as error:  # a decoder given a damaged file may raise anything
        raise _damaged(image.format, error) from error
    return image


def _damaged(name: str | None, error: Exception) -> ImageError:
    if "truncated" in str(error).lower():
        return ImageError("picture_cut_off", name=name)
    return ImageError("picture_damaged", name=name, error=error)


def _plain(data: bytes, name: str, wanted: Wanted) -> Decoded:
    """Decode a GIF, of which only the first frame counts, or a BMP."""
    if name == "GIF":
        judge_gif(data)
    image = _opened(data, name)
    costs.judge_pixels(image.size, wanted.max_pixels)
    costs.judge_plain(image, data)
    return Decoded(_loaded(image), image.size, Extras())


def _judged(data: bytes, name: str, wanted: Wanted) -> Decoded:
    """Decode a WebP, AVIF or HEIC: the decoder is given the whole file, and decodes the first frame."""
    image = _opened(data, name)
    costs.judge_pixels(image.size, wanted.max_pixels)
    costs.judge_kind(name, image.size, data)
    held = [image.info.get(key) or b"" for key in ("icc_profile", "exif", "xmp")]
    extras = Extras(*(part.encode() if isinstance(part, str) else part for part in held))
    return Decoded(_loaded(image), image.size, extras)


def _webp(data: bytes, wanted: Wanted) -> Decoded:
    size = webp_size(data)
    if size is None:
        raise ImageError("webp_no_size")
    costs.judge_pixels(size, wanted.max_pixels)
    costs.judge_kind("WEBP", size, data)
    return _judged(data, "WEBP", wanted)


def _png(data: bytes, wanted: Wanted) -> Decoded:
    parts = png.parse(data)
    if parts is None:
        raise unknown(data)
    costs.judge_pixels((parts.width, parts.height), wanted.max_pixels)
    image = _opened(parts.data, "PNG")
    costs.judge_png(image, parts)
    key = None
    if parts.key:
        low = _low_bytes(parts.data) if parts.depth == 16 and parts.channels == 3 else None
        key = Key(parts.key, parts.depth, low)
    return Decoded(_loaded(image), image.size, parts.extras, key, DAMAGED if parts.profile_is_damaged else ())


def _low_bytes(data: bytes) -> Image.Image:
    """Return the lower 8 of 16 bits of each red, green and blue, which Pillow leaves out."""
    image = _opened(data, "PNG")
    image.tile = [tile._replace(args="RGB;16L") for tile in image.tile]
    return _loaded(image)


# ---- JPEG


def _jpeg(data: bytes, wanted: Wanted) -> Decoded:
    parts = jpeg.parse(data, costs.MAX_SCANS)
    if parts is None or not parts.width or not parts.height:
        raise ImageError("jpeg_no_picture")
    size = parts.width, parts.height
    costs.judge_pixels(size, wanted.max_pixels)
    image = _drafted(parts.data, wanted, parts)
    levels = np.asarray(_loaded(image))
    notes = () if parts.ended and not _is_filled(levels[-1]) else _missing_rows(levels, parts, wanted)
    return Decoded(image, size, parts.extras, notes=notes)


def _drafted(data: bytes, wanted: Wanted, parts: jpeg.Jpeg) -> ImageFile.ImageFile:
    """Return a JPEG that is decoded at a fraction of its size, still twice too large; judged and not decoded yet."""
    image = _opened(data, "JPEG")
    width, height = wanted.reduced(image.size)
    if (width, height) != image.size:
        image.draft(image.mode, (2 * width, 2 * height))
    costs.judge_jpeg(image, parts)
    return image


def _is_filled(row: NDArray[np.uint8]) -> bool:
    return int(row.min()) in FILLED and int(row.max()) in FILLED


def _missing_rows(levels: NDArray[np.uint8], parts: jpeg.Jpeg, wanted: Wanted) -> Notes:
    """Return a note on what a JPEG that is cut short lacks; an ImageError where it is more than half.

    A decoder fills up what is missing without a word. So the file is decoded once more with stray data after its
    last: the rows that this changes are those for which the file has nothing.
    """
    if parts.first_rows_whole:
        return () if parts.ended else (Message("parts.end_missing_less_sharp", {}),)
    stray = parts.head + parts.body.rstrip(b"\xff") + STRAY + jpeg.END
    other = np.asarray(_loaded(_drafted(stray, wanted, parts)))
    differs = (levels != other).reshape(len(levels), -1).any(axis=1)
    rows = int(differs.argmax()) if differs.any() else len(levels)
    together = parts.rows_together * len(levels) // parts.height
    rows += together >= 4 and rows % together == together - 1  # a row whose colour is mixed with that of the next
    read = round(rows * parts.height / len(levels))
    if 2 * read < parts.height:
        raise ImageError("jpeg_too_few_rows", height=parts.height, read=read)
    if read == parts.height:
        return () if parts.ended else (Message("parts.end_missing_but_whole", {}),)
    return (Message("parts.end_missing_with_rows", {"height": parts.height, "read": read}),)
