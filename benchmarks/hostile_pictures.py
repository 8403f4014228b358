"""Pictures made to cost as much as they can, each with what it abuses: for a test and for the benchmark."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageCms

MB = 1024 * 1024
FULL = 10 * MB - 1000  # bytes of a file that is just taken


def _file(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _flat(width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height))


def _noise(width: int, height: int, channels: int = 3) -> Image.Image:
    levels = np.random.default_rng(0).integers(0, 256, (height, width, channels), np.uint8)
    return Image.fromarray(levels[:, :, 0] if channels == 1 else levels)


# ---- PNG


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(
    width: int,
    height: int,
    *,
    data: bytes,
    depth: int = 8,
    colour: int = 2,
    interlaced: int = 0,
    before: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """Return a PNG of these compressed data, with `before` and `after` them."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    inside = [before, _chunk(b"IDAT", data), after, _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + b"".join(inside)


def _filtered(width: int, height: int, channels: int, filtered_by: int) -> bytes:
    row = bytes([filtered_by]) + bytes(range(1, 65)) * (width * channels // 64 + 1)
    packer, row = zlib.compressobj(1), row[: width * channels + 1]
    return b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])


def _bomb(size: int) -> bytes:
    packer, zeros = zlib.compressobj(9), bytes(MB)
    return b"".join([*(packer.compress(zeros) for _ in range(size // MB)), packer.flush()])


def _small_png(before: bytes = b"", after: bytes = b"") -> bytes:
    return _png(2, 2, data=zlib.compress(bytes(14)), before=before, after=after)


def _png_texts() -> bytes:
    text = _chunk(b"zTXt", b"Comment\0\0" + _bomb(MB))
    return _small_png(before=text * (FULL // len(text)))


# ---- JPEG


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def _jpeg_with(inside: bytes) -> bytes:
    plain = _file(_flat(16, 16), "JPEG")
    return plain[:2] + inside + plain[2:]


def _exif(entries: int, size: int) -> bytes:
    """Return an EXIF block each of whose entries points at all of it."""
    listed = b"".join(struct.pack(">HHLL", 0x8000 + number % 0x7FFF, 7, size, 0) for number in range(entries))
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", entries) + listed + bytes(4)


def _jpeg_scans(width: int, height: int, scans: int) -> bytes:
    """Return a progressive JPEG with many scans that refine nothing."""
    plain = _file(_flat(width, height), "JPEG", progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:-2] + plain[last:-2] * scans + b"\xff\xd9"


def _cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


# ---- others


def _gif_with(inside: bytes) -> bytes:
    plain = _file(Image.new("P", (4, 4)), "GIF")
    start = 13 + (3 << (plain[10] & 7) + 1 if plain[10] & 0x80 else 0)
    return plain[:start] + inside + plain[start:]


def _bmp_runs(width: int, height: int, data: bytes) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(data), 0, 0, 256, 0)
    start = 14 + len(head) + 1024
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + head + bytes(1024) + data


def _animation(kind: str, frames: int, side: int, **options: Any) -> bytes:
    pictures = [Image.new("RGB", (side, side), (number % 256, 0, 0)) for number in range(frames)]
    return _file(pictures[0], kind, save_all=True, append_images=pictures[1:], **options)


def _profile(size: int) -> bytes:
    """Return a colour profile filled up with what no tag points at."""
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return struct.pack(">I", size) + own[4:] + bytes(size - len(own))


def _avif_exif() -> bytes:
    with warnings.catch_warnings(action="ignore"):  # Pillow reads what it is to write
        return _file(_flat(64, 64), "AVIF", exif=_exif(65_000, 700_000), speed=10)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "WebP, 40 megapixels in 50 bytes": lambda: _file(_flat(16_000, 2_500), "WEBP", lossless=True, method=0),
    "WebP, as much noise as is taken": lambda: _file(_noise(3_000, 2_200), "WEBP", quality=90, method=0),
    "WebP, noise without loss": lambda: _file(_noise(1_900, 1_750), "WEBP", lossless=True, method=0, quality=0),
    "WebP, noise with alpha": lambda: _file(_noise(2_600, 2_500, 4), "WEBP", quality=50, method=0),
    "WebP, 300 frames": lambda: _animation("WEBP", 300, 500, lossless=True, method=0),
    "WebP, EXIF that points at itself": lambda: _file(_flat(8, 8), "WEBP", exif=_exif(65_000, 700_000)),
    "WebP, a profile of 9 MB": lambda: _file(_flat(8, 8), "WEBP", icc_profile=_profile(9 * MB)),
    "PNG, rows that are all filtered": lambda: _png(5_200, 5_100, data=_filtered(5_200, 5_100, 3, 4)),
    "PNG, the same with alpha": lambda: _png(5_000, 4_100, colour=6, data=_filtered(5_000, 4_100, 4, 4)),
    "PNG, 16 bits each": lambda: _png(3_600, 3_600, depth=16, data=_filtered(3_600, 3_600, 6, 4)),
    "PNG, 16 bits and a transparent colour": lambda: _png(
        2_000, 2_200, depth=16, data=_filtered(2_000, 2_200, 6, 4), before=_chunk(b"tRNS", bytes(6))
    ),
    "PNG, interlaced": lambda: _png(5_200, 5_000, interlaced=1, data=_bomb(80 * MB)),
    "PNG, a palette": lambda: _file(_flat(8_000, 5_000, "P"), "PNG", transparency=0),
    "PNG, noise": lambda: _file(_noise(1_900, 1_750), "PNG"),
    "PNG, 3 GB in a picture of 2 × 2": lambda: _png(2, 2, data=_bomb(3_000 * MB)),
    "PNG, 3 GB in a colour profile": lambda: _small_png(before=_chunk(b"iCCP", b"x\0\0" + _bomb(3_000 * MB))),
    "PNG, 10 GB in texts": _png_texts,
    "PNG, 800,000 chunks": lambda: _small_png(after=_chunk(b"IDAT", b"") * (FULL // 12)),
    "PNG, 800,000 chunks before the pixels": lambda: _small_png(before=_chunk(b"teXt", b"") * (FULL // 12)),
    "PNG, EXIF that points at itself": lambda: _small_png(before=_chunk(b"eXIf", _exif(65_000, 700_000))),
    "JPEG, 100,000 scans": lambda: _jpeg_scans(800, 500, 100_000),
    "JPEG, 60 scans of 30 megapixels": lambda: _jpeg_scans(6_000, 5_000, 50),
    "JPEG, as many scans as are taken": lambda: _jpeg_scans(4_000, 3_000, 22),
    "JPEG, progressive, 40 megapixels": lambda: _file(_flat(8_000, 5_000), "JPEG", progressive=True),
    "JPEG, progressive noise": lambda: _file(_noise(3_400, 3_000), "JPEG", progressive=True, quality=90),
    "JPEG, noise": lambda: _file(_noise(3_400, 3_000), "JPEG", quality=90),
    "JPEG, noise cut short": lambda: _cut(_file(_noise(3_400, 3_000), "JPEG", quality=90), 0.9),
    "JPEG, 2,600,000 segments": lambda: _jpeg_with(_segment(0xFE, b"") * (FULL // 4)),
    "JPEG, EXIF in 100,000 pieces": lambda: _jpeg_with(_segment(0xE1, b"Exif\0\0" + bytes(90)) * (FULL // 100)),
    "JPEG, EXIF that points at itself": lambda: _jpeg_with(_segment(0xE1, b"Exif\0\0" + _exif(5_000, 60_000))),
    "JPEG, 10 MB of FF": lambda: _jpeg_with(b"\xff" * FULL),
    "JPEG, 10 MB between segments": lambda: _jpeg_with(bytes(FULL)),
    "GIF, 40 megapixels": lambda: _file(_flat(8_000, 5_000, "P"), "GIF", transparency=0),
    "GIF, 5,000,000 blocks": lambda: _gif_with(b"!\xfe" + b"\1x" * (FULL // 2) + b"\0"),
    "GIF, 3,000,000 comments": lambda: _gif_with(b"!\xfe\0" * (FULL // 3)),
    "GIF, 2,000 frames": lambda: _animation("GIF", 2_000, 300),
    "BMP, 40 megapixels in runs": lambda: _bmp_runs(8_000, 5_000, b"\0\0" * 5_000),
    "BMP, 5,000,000 empty runs": lambda: _bmp_runs(100, 100, b"\0\2\0\0" * (FULL // 4)),
    "BMP, as many runs as are taken": lambda: _bmp_runs(1_000, 1_000, b"\0\2\0\0" * (MB // 4 - 500)),
    "BMP, noise": lambda: _file(_noise(1_900, 1_800), "BMP"),
    "AVIF, as much noise as is taken": lambda: _file(
        _noise(2_300, 1_800), "AVIF", speed=10, quality=85, subsampling="4:4:4"
    ),
    "AVIF, large and flat": lambda: _file(_flat(3_200, 2_600, "RGBA"), "AVIF", speed=10),
    "AVIF, 200 frames": lambda: _animation("AVIF", 200, 200, speed=10),
    "AVIF, EXIF that points at itself": _avif_exif,
    "TIFF, 40 megapixels": lambda: _file(_flat(8_000, 5_000, "L"), "TIFF", compression="tiff_lzw"),
}

QUICKLY_MADE = (
    "WebP, 40 megapixels in 50 bytes",
    "WebP, EXIF that points at itself",
    "PNG, 10 GB in texts",
    "PNG, 800,000 chunks",
    "PNG, EXIF that points at itself",
    "JPEG, 100,000 scans",
    "JPEG, 2,600,000 segments",
    "JPEG, EXIF in 100,000 pieces",
    "JPEG, EXIF that points at itself",
    "JPEG, 10 MB of FF",
    "JPEG, 10 MB between segments",
    "GIF, 5,000,000 blocks",
    "GIF, 3,000,000 comments",
    "BMP, 40 megapixels in runs",
)
