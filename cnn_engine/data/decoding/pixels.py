"""A decoded picture made small: in bands, so that no copy of the whole is ever made.

What a colour means (a palette, a transparent level, 16 bits, a profile) is settled on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from cnn_engine.data.decoding.extras import MAX_PROFILE
from cnn_engine.words import Message

Notes = tuple[Message, ...]  # what has to be said of a picture to whose it is

WHITE = (255, 255, 255, 255)
BAND = 1 << 20  # pixels that are worked on at once
GAP = 3.0  # how many times too large a picture may be for its last, careful resizing
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


@dataclass(frozen=True)
class Key:
    """The colour that is transparent, with `depth` bits each; for 16-bit colours `low` has the pixels' low bytes."""

    colour: tuple[int, ...]
    depth: int
    low: Image.Image | None = None


def reduced(image: Image.Image, size: tuple[int, int], key: Key | None = None) -> Image.Image:
    """Return a decoded picture at `size` (width, height), in L, LA, RGB, RGBA or CMYK."""
    factors = _factors(image.size, size)
    pieces = [piece.reduce(factors) for piece in _bands(image, factors[1], key)]
    whole = Image.new(pieces[0].mode, (pieces[0].width, sum(piece.height for piece in pieces)))
    top = 0
    for piece in pieces:
        whole.paste(piece, (0, top))
        top += piece.height
    if whole.size == size:
        return whole
    box = (0, 0, image.width / factors[0], image.height / factors[1])
    return whole.resize(size, Image.Resampling.LANCZOS, box)


def on_white(small: Image.Image, profile: bytes) -> tuple[Image.Image, Notes]:
    """Return RGB in sRGB, what is transparent laid on white, and a note where the profile could not be used."""
    if "A" not in small.getbands():
        return to_srgb(small, profile)
    colours, notes = to_srgb(small.convert("L" if small.mode == "LA" else "RGB"), profile)
    colours.putalpha(small.getchannel("A"))
    return Image.alpha_composite(Image.new("RGBA", small.size, WHITE), colours).convert("RGB"), notes


def _factors(size: tuple[int, int], target: tuple[int, int]) -> tuple[int, int]:
    """Return by how much width and height are divided at once."""
    across, down = (max(1, int(side / wanted / GAP)) for side, wanted in zip(size, target, strict=True))
    return across, down


def _bands(image: Image.Image, factor: int, key: Key | None) -> Iterator[Image.Image]:
    """Yield the picture from its top down, each band a multiple of `factor` rows except the last, in a plain mode."""
    rows = factor * max(1, BAND // (image.width * factor))
    for top in range(0, image.height, rows):
        box = (0, top, image.width, min(image.height, top + rows))
        band = image.crop(box)
        yield _plain(band, key, key.low.crop(box) if key and key.low else None)


def _plain(band: Image.Image, key: Key | None, low: Image.Image | None) -> Image.Image:
    """Return a band in L, LA, RGB, RGBA or CMYK: 8 bits, no palette, and alpha only if it may be transparent."""
    if key:
        return _keyed(band, key, low)
    if band.mode.startswith("I"):
        return Image.fromarray(_from_16_bits(np.asarray(band)))
    if band.mode in {"LA", "CMYK"} or (band.mode == "L" and not band.has_transparency_data):
        return band
    if band.mode == "1" and not band.has_transparency_data:
        return band.convert("L")
    return band.convert("RGBA" if band.has_transparency_data else "RGB")


def _from_16_bits(levels: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return levels 0 to 65,535 as 0 to 255 (Pillow's own conversion would cut everything above 255 off)."""
    return ((levels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _keyed(band: Image.Image, key: Key, low: Image.Image | None) -> Image.Image:
    """Return a band of one colour key, with an alpha channel: 0 where a pixel is exactly that colour."""
    levels = np.asarray(band.convert("L") if band.mode == "1" else band)
    grey = levels.ndim == 2
    full = levels.astype(np.uint32)
    if low is not None:
        full = 256 * full + np.asarray(low)
    own_depth = 16 if low is not None or band.mode.startswith("I") else 8
    scale = ((1 << own_depth) - 1) // ((1 << key.depth) - 1) if key.depth <= own_depth else 1
    same = full == np.array(key.colour, np.uint32) * scale
    alpha = np.where(same if grey else same.all(axis=2), 0, 255).astype(np.uint8)
    eight = _from_16_bits(levels) if band.mode.startswith("I") else levels
    return Image.fromarray(np.dstack((eight, alpha)), "LA" if grey else "RGBA")


DAMAGED = (Message("parts.profile_left_out", {}),)


def to_srgb(colours: Image.Image, profile: bytes) -> tuple[Image.Image, Notes]:
    """Return grey, RGB or CMYK colours in RGB, as the ICC profile says, and a note where it could not be used."""
    if not profile:
        return colours.convert("RGB"), ()
    try:
        if len(profile) > MAX_PROFILE:
            return colours.convert("RGB"), DAMAGED
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return colours.convert("RGB"), DAMAGED
    return (converted, ()) if converted else (colours.convert("RGB"), DAMAGED)
