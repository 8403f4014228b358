"""Which format a file of a picture has, told by its first bytes, and what to say of those that are not read."""

from __future__ import annotations

import re
from functools import cache

from cnn_engine.errors import ImageError

BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF87a": "GIF", b"GIF89a": "GIF", b"BM": "BMP"}
AVIF = {b"avif", b"avis"}
HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
EXIF_ITEM = re.compile(rb"(infe[\x02\x03].{7,9})Exif", re.DOTALL)


def kind(data: bytes) -> str | None:
    """PNG, JPEG, WEBP, GIF, BMP, AVIF or HEIF; None for anything else."""
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
    """Whether pillow-heif is installed, which then is told to read HEIC."""
    try:
        import pillow_heif  # noqa: PLC0415  (an extra: few have it)
    except ImportError:
        return False
    pillow_heif.register_heif_opener()
    return True


def without_exif(data: bytes) -> bytes:
    """An AVIF or HEIC file whose EXIF is called something else.

    Pillow would read all that its entries point to, which can be any amount. The way up is in the file's own
    properties, which these formats put above EXIF.
    """
    return EXIF_ITEM.sub(rb"\1free", data)
