"""Which format a file of a picture has, told by its first bytes, and what to say of those that are not read.

Of a GIF also what stands before its first picture, which Pillow goes through block by block; of a WebP its size, for
which Pillow makes room before it tells.
"""

from __future__ import annotations

import re
from functools import cache

from cnn_engine.errors import ImageError

BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF87a": "GIF", b"GIF89a": "GIF", b"BM": "BMP"}
AVIF = {b"avif", b"avis"}
HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
EXIF_ITEM = re.compile(rb"(infe[\x02\x03].{7,9})Exif", re.DOTALL)


def kind(data: bytes) -> str | None:
    """Return PNG, JPEG, WEBP, GIF, BMP, AVIF or HEIF; None for anything else."""
    for beginning, name in BEGINNINGS.items():
        if data.startswith(beginning):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        brands = {data[at : at + 4] for at in (8, *range(16, min(1024, int.from_bytes(data[:4], "big")), 4))}
        return "AVIF" if brands & AVIF else "HEIF" if brands & HEIF else None
    return None


def unknown(data: bytes) -> ImageError:
    """Return the refusal of a file that is none of these."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"<svg" in data[:65_536].lower():
        return ImageError("svg")
    return ImageError("not_a_picture")


@cache
def heif_is_read() -> bool:
    """Return whether pillow-heif is installed, which then is told to read HEIC."""
    try:
        import pillow_heif  # noqa: PLC0415  (an extra: few have it)
    except ImportError:
        return False
    pillow_heif.register_heif_opener()
    return True


def without_exif(data: bytes) -> bytes:
    """Return an AVIF or HEIC file whose EXIF is called something else.

    Pillow would read all that its entries point to, which can be any amount. The way up is in the file's own
    properties, which these formats put above EXIF.
    """
    return EXIF_ITEM.sub(rb"\1free", data)


MAX_BLOCKS = 20_000
EXTENSION = 0x21


def judge_gif(data: bytes) -> None:
    """Raise an ImageError where more blocks stand before the first picture than any program writes."""
    position = 13 + (3 << (data[10] & 7) + 1 if len(data) > 10 and data[10] & 0x80 else 0)
    blocks = 0
    while position + 1 < len(data) and (data[position] == EXTENSION or data[position] not in b",;"):
        blocks += 1
        if data[position] != EXTENSION:  # a byte that belongs to nothing
            position += 1
        else:
            position += 2
            while position < len(data) and data[position] and blocks <= MAX_BLOCKS:
                position += 1 + data[position]
                blocks += 1
            position += 1
        if blocks > MAX_BLOCKS:
            raise ImageError("gif_too_many_blocks", most=MAX_BLOCKS)


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height by RFC 9649, sections 2.5 to 2.7; None where the header says neither."""
    kind, body = data[12:16], data[20:30]
    if len(body) < 10:
        return None
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return None
