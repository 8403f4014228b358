"""Files to pixels: every format and colour kind by a value known beforehand, and every bad file refused."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageFile

from cnn_engine.data.images import decode, luma
from cnn_engine.errors import ImageError, ImageTooLargeError

RED, GREEN, BLUE, WHITE = [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]


def two_by_three() -> np.ndarray:
    """Row 1: red, green, blue. Row 2: black, grey, white."""
    return np.array([[RED, GREEN, BLUE], [[0, 0, 0], [128, 128, 128], WHITE]], np.uint8)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True}), ("GIF", {})],
)
def test_lossless_formats_give_their_pixels(encoded, kind, options):
    picture = decode(encoded(two_by_three(), kind, **options))
    assert picture.pixels.tolist() == two_by_three().tolist()
    assert picture.original_size == (2, 3)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_lossy_formats_come_close(encoded, kind):
    flat = np.full((16, 16, 3), (200, 60, 20), np.uint8)
    pixels = decode(encoded(flat, kind, quality=95)).pixels
    assert np.abs(pixels.astype(int) - flat).max() <= 6


def test_palette(encoded):
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.putpixel((1, 0), 1)
    assert decode(encoded(image)).pixels.tolist() == [[[10, 20, 30], [200, 100, 50]]]


def test_palette_with_a_transparent_colour(encoded):
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.putpixel((1, 0), 1)
    for kind in ("PNG", "GIF"):
        assert decode(encoded(image, kind, transparency=1)).pixels.tolist() == [[[10, 20, 30], WHITE]]


def test_one_bit(encoded):
    image = Image.new("1", (2, 1))
    image.putpixel((1, 0), 1)
    assert decode(encoded(image)).pixels.tolist() == [[[0, 0, 0], WHITE]]


def test_16_bit_grey_keeps_its_range(encoded):
    levels = np.array([[0, 128, 129, 257, 32_896, 65_535]], np.uint16)
    grey = decode(encoded(levels)).pixels[0, :, 0]
    assert grey.tolist() == [0, 0, 1, 1, 128, 255]  # 129 / 257 is just over a half


def test_16_bit_grey_with_a_transparent_level(encoded):
    levels = np.array([[0, 65_535]], np.uint16)
    data = encoded(levels)
    # tRNS goes before IDAT: the level 0 is transparent
    at = data.index(b"IDAT") - 4
    data = data[:at] + chunk(b"tRNS", struct.pack(">H", 0)) + data[at:]
    assert decode(data).pixels.tolist() == [[WHITE, WHITE]]


def test_grey_with_alpha_is_laid_on_white(encoded):
    image = Image.new("LA", (2, 1))
    image.putpixel((0, 0), (100, 255))
    image.putpixel((1, 0), (100, 0))
    assert decode(encoded(image)).pixels.tolist() == [[[100, 100, 100], WHITE]]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_alpha_is_laid_on_white(encoded, kind):
    image = Image.new("RGBA", (3, 1))
    for column, alpha in enumerate((255, 0, 51)):  # opaque, nothing, a fifth
        image.putpixel((column, 0), (0, 0, 255, alpha))
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    assert decode(encoded(image, kind, **options)).pixels.tolist() == [[BLUE, WHITE, [204, 204, 255]]]


def test_transparent_pixels_do_not_bleed_when_reduced(encoded):
    """Half opaque red, half transparent black: what is reduced is red and white, and nothing dark."""
    image = Image.new("RGBA", (256, 256), (255, 0, 0, 255))
    image.paste((0, 0, 0, 0), (128, 0, 256, 256))
    pixels = decode(encoded(image)).pixels
    assert pixels[:, :, 0].min() >= 250


def test_cmyk(encoded):
    image = Image.new("CMYK", (16, 16), (0, 255, 255, 0))  # no cyan, all magenta and yellow: red
    red, green, blue = decode(encoded(image, "JPEG", quality=100)).pixels[8, 8].tolist()
    assert red > 240
    assert green < 15
    assert blue < 15


@pytest.mark.parametrize(("mode", "colour"), [("RGB", (200, 60, 20)), ("L", 90), ("CMYK", (0, 0, 0, 128))])
def test_large_jpegs_keep_their_colour_when_reduced(encoded, mode, colour):
    image = Image.new(mode, (2048, 1024), colour)
    expected = {"RGB": (200, 60, 20), "L": (90, 90, 90), "CMYK": (127, 127, 127)}[mode]
    picture = decode(encoded(image, "JPEG", quality=95))
    assert picture.pixels.shape == (64, 128, 3)
    assert picture.original_size == (1024, 2048)
    assert np.abs(picture.pixels.astype(int) - expected).max() <= 3


def test_gif_gives_its_first_frame(encoded):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode(data).pixels[0, 0].tolist() == RED


# What each EXIF orientation stores for an upright picture with red, green in row 1 and blue, white in row 2.
STORED = {
    1: [[RED, GREEN], [BLUE, WHITE]],
    2: [[GREEN, RED], [WHITE, BLUE]],
    3: [[WHITE, BLUE], [GREEN, RED]],
    4: [[BLUE, WHITE], [RED, GREEN]],
    5: [[RED, BLUE], [GREEN, WHITE]],
    6: [[GREEN, WHITE], [RED, BLUE]],
    7: [[WHITE, GREEN], [BLUE, RED]],
    8: [[BLUE, RED], [WHITE, GREEN]],
}


@pytest.mark.parametrize("orientation", STORED)
def test_exif_orientation(encoded, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(np.array(STORED[orientation], np.uint8), exif=exif)
    assert decode(data).pixels.tolist() == [[RED, GREEN], [BLUE, WHITE]]


def test_a_sideways_photo_swaps_its_size(encoded):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(encoded(Image.new("RGB", (400, 200)), "JPEG", exif=exif))
    assert picture.original_size == (400, 200)
    assert picture.pixels.shape == (128, 64, 3)


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_an_orientation_that_means_nothing_turns_nothing(encoded, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert decode(encoded(two_by_three(), exif=exif)).pixels.tolist() == two_by_three().tolist()


def test_a_damaged_exif_block_does_not_spoil_the_picture(encoded):
    data = encoded(two_by_three(), exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    assert decode(data).pixels.tolist() == two_by_three().tolist()


@pytest.mark.parametrize(
    ("size", "working"),
    [
        ((640, 480), (128, 96)),
        ((480, 640), (96, 128)),
        ((128, 128), (128, 128)),
        ((5, 3), (5, 3)),
        ((2000, 1), (128, 1)),
    ],
)
def test_the_longest_side_is_brought_to_128_and_never_enlarged(encoded, size, working):
    pixels = decode(encoded(Image.new("RGB", size, "green"))).pixels
    assert pixels.shape == (working[1], working[0], 3)


def test_the_content_decides(encoded):
    assert decode(encoded(Image.new("RGB", (2, 2), "red"), "BMP")).pixels[0, 0].tolist() == RED


def test_luma_is_the_rounded_weighted_sum():
    pixels = np.array([[RED, GREEN, BLUE, WHITE, [10, 20, 30]]], np.uint8)
    # 76.245, 149.685, 29.07, 255, 2.99 + 11.74 + 3.42 = 18.15
    assert luma(pixels).tolist() == [[76.0, 150.0, 29.0, 255.0, 18.0]]
    assert luma(pixels).dtype == np.float32


# ---- refused


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_claiming(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG whose header says this size, whatever its data holds."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the file is empty"),
        (b"not a picture", "cannot be opened as a picture"),
        (b"%PDF-1.7", "cannot be opened as a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG drawing, which has no pixels"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a -->\n<svg/>", "SVG drawing"),
        (b"\x89PNG\r\n\x1a\n", "cannot be opened as a picture"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "truncated or damaged"),
    ],
)
def test_what_is_no_picture_is_refused(data, why):
    with pytest.raises(ImageError, match=why):
        decode(data)


def test_a_picture_of_another_format_is_refused(encoded):
    with pytest.raises(ImageError, match="PNG, JPEG, WebP, GIF and BMP can be read"):
        decode(encoded(Image.new("RGB", (4, 4)), "TIFF"))


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        *((kind, part) for kind in ("PNG", "WEBP", "GIF", "BMP", "AVIF") for part in (0.3, 0.6, 0.95)),
        ("JPEG", 0.05),
        ("JPEG", 0.3),
    ],
)
def test_truncated_files_are_refused(encoded, kind, part):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    data = encoded(noise, kind)
    with pytest.raises(ImageError, match="truncated or damaged") as refused:
        decode(data[: int(len(data) * part)])
    assert str(refused.value).lower().count("truncated") == 1


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (8_001, 5_000), (40_000_001, 1)])
def test_a_bomb_is_refused_by_its_header_before_decoding(size, monkeypatch):
    decoded = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded.append)
    with pytest.raises(ImageTooLargeError, match="pixels"):
        decode(png_claiming(*size, bytes(100_000)))
    assert decoded == []


def test_a_header_that_claims_less_than_the_data_costs_no_more_than_it_claims():
    picture = decode(png_claiming(2, 2, bytes(50_000_000)))
    assert picture.pixels.shape == (2, 2, 3)


def test_a_webp_canvas_is_judged_before_decoding(encoded):
    data = encoded(Image.new("RGB", (9_000, 5_000)), "WEBP", method=0)
    with pytest.raises(ImageTooLargeError, match="9,000 × 5,000"):
        decode(data)


def test_forty_megapixels_are_taken(encoded):
    picture = decode(encoded(Image.new("L", (8_000, 5_000), 200)))
    assert picture.original_size == (5_000, 8_000)
    assert picture.pixels.shape == (80, 128, 3)


def test_too_many_bytes_are_refused(encoded):
    data = encoded(Image.new("RGB", (4, 4)))
    with pytest.raises(ImageTooLargeError, match="more than the 20 taken"):
        decode(data, max_bytes=20)
    assert decode(data, max_bytes=len(data)).pixels.shape == (4, 4, 3)
