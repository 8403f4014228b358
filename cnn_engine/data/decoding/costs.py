"""What decoding a picture takes, from its header: refused before the work begins where it is too much.

A picture may take 128 MB in decoding, its decoder's own copies included, and what beside that costs time (what is
unpacked, how often a block is gone through) is bounded so that none takes a second on one core. What decoders need a
pixel was measured: see benchmarks/bench_pictures.py.
"""

from __future__ import annotations

from PIL import Image

from cnn_engine.data.decoding.jpeg import Jpeg
from cnn_engine.data.decoding.png import Png
from cnn_engine.errors import ImageError, ImageTooLargeError
from cnn_engine.words import Message, amount

MB = 1024 * 1024
MAX_DECODING = 128 * MB
MAX_UNPACKED = 80 * MB  # of a PNG
MAX_VISITS = 8_000_000  # blocks of 8 × 8 that all scans of a JPEG go through
MAX_SCANS = 64
MAX_RUNS = 1 * MB  # of a BMP that is packed in runs, which Pillow unpacks one by one in Python
MAX_RUN_PIXELS = 1_000_000
PER_PIXEL = {"WEBP": 20, "AVIF": 16, "HEIF": 10}  # bytes at the most, copies included
BY_MODE = {"1": 1, "L": 1, "P": 1, "I;16": 2, "LA": 4}
LARGE = 50_000  # pixels from which on they are told in millions
BLOCK = 128  # bytes of a block's coefficients
MAX_CODED = {"AVIF": 6 * MB, "HEIF": 6 * MB}  # bytes of a file: the time is in its data more than in its pixels


def megapixels(pixels: float) -> Message:
    """Return a number of pixels for a sentence."""
    return amount("megapixels", size=pixels / 1e6) if pixels >= LARGE else amount("pixels", count=pixels)


def megabytes(count: int) -> Message:
    """Return a number of bytes for a sentence."""
    return amount("megabytes", size=count / MB, count=count) if count >= 5e5 else amount("bytes", count=count)


def judge_pixels(size: tuple[int, int], most: int) -> None:
    """Refuse more pixels than are taken: ImageTooLargeError."""
    if size[0] * size[1] > most:
        exact = f"{most:,}" if most < LARGE else megapixels(most)
        raise ImageTooLargeError("too_many_pixels", pixels=_pixels(size), exact=exact)


def judge_kind(kind: str, size: tuple[int, int], data: bytes) -> None:
    """Refuse what costs too much by its size alone, whatever the file holds: ImageTooLargeError."""
    _judge_bytes(kind, size, PER_PIXEL[kind] * size[0] * size[1])
    if len(data) > MAX_CODED.get(kind, len(data)):
        raise ImageTooLargeError(
            "coded_file_too_large", size=megabytes(len(data)), kind=kind, most=megabytes(MAX_CODED[kind])
        )


def judge_plain(image: Image.Image, data: bytes) -> None:
    """Refuse a picture that is kept as it is unpacked (GIF, BMP): ImageTooLargeError."""
    _judge_bytes(str(image.format), image.size, BY_MODE.get(image.mode, 4) * image.width * image.height)
    packed = any(tile[0] == "bmp_rle" for tile in image.tile) if hasattr(image, "tile") else False
    if packed and (len(data) > MAX_RUNS or image.width * image.height > MAX_RUN_PIXELS):
        raise ImageTooLargeError(
            "packed_bmp_too_large",
            pixels=megapixels(image.width * image.height),
            size=megabytes(len(data)),
            most_pixels=megapixels(MAX_RUN_PIXELS),
            most_size=megabytes(MAX_RUNS),
        )


def judge_png(image: Image.Image, png: Png) -> None:
    """Refuse a PNG that is too large once it is unpacked: ImageTooLargeError."""
    twice = png.key is not None and png.depth == 16 and png.channels == 3  # its low bytes are unpacked too
    _judge_bytes("PNG", image.size, (1 + twice) * BY_MODE.get(image.mode, 4) * image.width * image.height)
    unpacked = (3 if twice else 1) * png.unpacked_bytes  # and all are compared
    if unpacked > MAX_UNPACKED:
        raise _too_large("PNG", image.size, unpacked, MAX_UNPACKED)


def judge_jpeg(image: Image.Image, jpeg: Jpeg) -> None:
    """Refuse a JPEG of which `image`, after its draft, or the coefficients would take too much, or the scans too long.

    Raises:
        ImageTooLargeError: too many bytes.
        ImageError: too many scans for its size.
    """
    size = jpeg.width, jpeg.height
    coefficients = BLOCK * sum(jpeg.blocks.values()) if jpeg.buffered else 0
    _judge_bytes("JPEG", size, coefficients + BY_MODE.get(image.mode, 4) * image.width * image.height)
    if jpeg.visits > MAX_VISITS:
        raise ImageTooLargeError(
            "too_many_scans_at_that_size", pixels=megapixels(size[0] * size[1]), count=len(jpeg.scans)
        )


def _judge_bytes(kind: str, size: tuple[int, int], needed: int) -> None:
    if needed > MAX_DECODING:
        raise _too_large(kind, size, needed, MAX_DECODING)


def _too_large(kind: str, size: tuple[int, int], needed: int, most: int) -> ImageError:
    return ImageTooLargeError(
        "decoding_takes_too_much",
        pixels=_pixels(size),
        needed=needed / MB,
        most=most // MB,
        kind=kind,
        possible=megapixels(size[0] * size[1] * most / needed),
    )


def _pixels(size: tuple[int, int]) -> Message:
    sides, count = {"width": size[0], "height": size[1]}, size[0] * size[1]
    return amount("large_sides", **sides, total=megapixels(count)) if count >= LARGE else amount("sides", **sides)
