"""Pictures as people have them: colour profiles, transparency of every kind, files cut short, other formats."""

from __future__ import annotations

import json
import random
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFile

from cnn_engine.data import images
from cnn_engine.data.decoding.kinds import heif_is_read
from cnn_engine.data.images import decode
from cnn_engine.errors import ImageError, ImageTooLargeError

from .test_image_decoding import chunk
from .test_images import refused, send

FILES = Path(__file__).parents[1] / "files"
WHITE = [255, 255, 255]


def near(pixel, colour, most=6):
    return np.abs(np.asarray(pixel, int) - colour).max() <= most


# ---- colours


@pytest.mark.parametrize(
    ("name", "position", "colour"),
    [
        ("P3_green_40x40.png", (5, 5), (0, 204, 0)),
        ("AdobeRGB_quad.jpg", (5, 50), (0, 201, 0)),
        ("icc_red_blue_swapped.png", (5, 5), (30, 30, 230)),
    ],
)
def test_a_colour_profile_is_converted(client, name, position, colour):
    body = send(client, (FILES / name).read_bytes()).json
    assert near(body["pixels"]["values"][position[0]][position[1]], colour)
    assert body["note"] is None


def swapped() -> bytes:
    """A profile in which red and blue change places."""
    with Image.open(FILES / "icc_red_blue_swapped.png") as image:
        return image.info["icc_profile"]


@pytest.mark.parametrize(
    ("kind", "mode", "colour"),
    [
        ("PNG", "RGB", (230, 30, 30)),
        ("PNG", "RGBA", (230, 30, 30, 255)),
        ("PNG", "P", (230, 30, 30)),
        ("JPEG", "RGB", (230, 30, 30)),
        ("WEBP", "RGB", (230, 30, 30)),
        ("WEBP", "RGBA", (230, 30, 30, 255)),
        ("AVIF", "RGB", (230, 30, 30)),
    ],
)
def test_a_profile_is_found_in_every_format_and_mode(encoded, kind, mode, colour):
    image = Image.new("RGB" if mode == "P" else mode, (300, 200), colour)
    picture = decode(encoded(image.convert(mode), kind, icc_profile=swapped()))
    assert near(picture.pixels[40, 40], (30, 30, 230), 12)
    assert picture.note == ""


def test_a_transparent_picture_with_a_profile_is_laid_on_white_all_the_same(encoded):
    picture = decode(encoded(Image.new("RGBA", (4, 4), (230, 30, 30, 0)), icc_profile=swapped()))
    assert picture.pixels[1, 1].tolist() == WHITE


def test_a_profile_in_two_segments_is_put_together(encoded):
    long = swapped() + bytes(70_000)
    picture = decode(encoded(Image.new("RGB", (16, 16), (230, 30, 30)), "JPEG", icc_profile=long))
    assert near(picture.pixels[8, 8], (30, 30, 230))


def grey_profile_on_colour() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


@pytest.mark.parametrize(
    "profile", [b"nonsense" * 40, swapped()[:100], b"x", grey_profile_on_colour(), bytes(5_000_000)]
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_profile_that_is_of_no_use_is_left_out_with_a_word(encoded, kind, profile):
    data = encoded(Image.new("RGB", (16, 16), (230, 30, 30)), kind, icc_profile=profile)
    picture = decode(data)
    assert near(picture.pixels[8, 8], (230, 30, 30))
    assert picture.note == "Its colour profile is damaged or does not fit, and was left out."


def test_a_packed_profile_that_cannot_be_unpacked_is_left_out_too(encoded):
    data = with_chunk(encoded(Image.new("RGB", (4, 4), "red")), b"iCCP", b"name\0\0nothing packed")
    assert decode(data).pixels[0, 0].tolist() == [255, 0, 0]
    assert "profile is damaged" in decode(data).note


# ---- transparency


def with_chunk(data: bytes, name: bytes, content: bytes) -> bytes:
    at = data.index(b"IDAT") - 4
    return data[:at] + chunk(name, content) + data[at:]


def png(depth: int, colour: int, rows: list[bytes], transparent: bytes, palette: bytes = b"", width: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, len(rows), depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + (chunk(b"PLTE", palette) if palette else b"") + chunk(b"tRNS", transparent)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("depth", "row", "transparent", "seen"),
    [  # two grey pixels, of which one level is transparent
        (1, b"\x40", 0, [255, 255]),
        (1, b"\x40", 1, [0, 255]),
        (2, b"\x60", 1, [255, 170]),
        (2, b"\x60", 2, [85, 255]),
        (4, b"\x3c", 3, [255, 204]),
        (4, b"\x3c", 12, [51, 255]),
        (8, b"\x33\xcc", 0x33, [255, 204]),
        (16, b"\x33\x33\x33\x34", 0x3333, [255, 51]),
        (16, b"\x33\x33\x33\x34", 0x3334, [51, 255]),
    ],
)
def test_a_transparent_level_of_grey_in_every_depth(depth, row, transparent, seen):
    pixels = decode(png(depth, 0, [row], struct.pack(">H", transparent))).pixels
    assert pixels[0, :, 0].tolist() == seen


@pytest.mark.parametrize(
    ("depth", "row", "transparent", "seen"),
    [
        (8, bytes([1, 2, 3, 1, 2, 4]), (1, 2, 3), [WHITE, [1, 2, 4]]),
        (16, bytes([9, 0, 9, 0, 9, 0, 9, 0, 9, 0, 9, 1]), (0x900, 0x900, 0x900), [WHITE, [9, 9, 9]]),
        (16, bytes([9, 0, 9, 0, 9, 0, 9, 0, 9, 0, 9, 1]), (0x900, 0x900, 0x901), [[9, 9, 9], WHITE]),
    ],
)
def test_a_transparent_colour_in_either_depth(depth, row, transparent, seen):
    assert decode(png(depth, 2, [row], struct.pack(">3H", *transparent))).pixels[0].tolist() == seen


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_a_palette_may_be_transparent_by_degrees_in_every_depth(depth):
    row = {1: b"\x40", 2: b"\x10", 4: b"\x01", 8: b"\x00\x01"}[depth]  # entries 0 and 1
    data = png(depth, 3, [row], bytes([0, 51]), palette=bytes([9, 9, 9, 0, 0, 255]))
    assert decode(data).pixels[0].tolist() == [WHITE, [204, 204, 255]]


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_alpha_in_every_format_that_has_it(encoded, kind, mode):
    image = Image.new(mode, (64, 64), (0, 0) if mode == "LA" else (0, 0, 0, 0))
    assert near(decode(encoded(image, kind)).pixels[32, 32], WHITE, 1)


def test_a_large_picture_with_a_transparent_colour_is_reduced_without_a_seam(encoded):
    """It is worked on in bands; what is seen in one place is seen in all."""
    data = with_chunk(encoded(Image.new("RGB", (1_500, 1_600), (9, 99, 9))), b"tRNS", struct.pack(">3H", 9, 99, 9))
    assert (decode(data).pixels == 255).all()
    smooth = Image.linear_gradient("L").resize((1_500, 1_600), Image.Resampling.BICUBIC)
    expected = np.asarray(smooth.resize((120, 128), Image.Resampling.LANCZOS, reducing_gap=3.0))
    assert np.array_equal(decode(encoded(smooth)).pixels[:, :, 1], expected)


def test_orientation_written_as_imagemagick_did(encoded):
    block = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    text = f"\nexif\n{len(block):8}\n{block.hex()}\n".encode()
    data = with_chunk(encoded(Image.new("RGB", (40, 20))), b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text))
    assert decode(data).original_size == (40, 20)
    assert decode(data).pixels.shape == (40, 20, 3)


# ---- JPEGs that are cut short


def test_a_jpeg_whose_end_is_missing_is_taken_with_a_word(client):
    data = (FILES / "jpeg_without_eoi.jpg").read_bytes()
    body = send(client, data).json
    assert near(body["pixels"]["values"][5][5], (230, 30, 30))
    assert body["note"] == "The file's end is missing, but the picture is whole."
    assert client.get(f"/api/images/{body['id']}").json["note"] == body["note"]
    answer = send(client, data, headers={"Accept": "application/octet-stream"})
    assert unquote(answer.headers["X-Image-Note"]) == body["note"]


def bars(height: int = 256) -> Image.Image:
    """Rows of 16 pixels that differ from each other and from grey, with some noise: a row takes about as many bytes."""
    levels = np.random.default_rng(0).integers(0, 256, (height, 256, 3)).astype(np.uint8)
    return Image.fromarray(levels)


def cut(data: bytes, share: float) -> bytes:
    """So much of the data after the header."""
    start = data.index(b"\xff\xda")
    return data[: start + round(share * (len(data) - start))]


@pytest.mark.parametrize("end", [b"", b"\xff\xd9", b"\xff"], ids=["cut", "cut and closed", "cut in a marker"])
@pytest.mark.parametrize("options", [{}, {"subsampling": 0}, {"restart_marker_rows": 1}], ids=str)
@pytest.mark.parametrize("share", [0.3, 0.45, 0.55, 0.8])
def test_a_jpeg_is_shown_from_half_of_its_rows_on(encoded, share, options, end):
    whole = decode(encoded(bars(), "JPEG", **options), working_size=256).pixels
    data = cut(encoded(bars(), "JPEG", **options), share) + end
    if share < 0.5:
        with pytest.raises(ImageError, match=r"truncated or damaged: of its 256 rows .* less than half"):
            decode(data, working_size=256)
        return
    picture = decode(data, working_size=256)
    rows = int(picture.note.removeprefix("The file's end is missing: of the picture's 256 rows ").split()[0])
    assert abs(rows / 256 - share) < 0.08
    assert np.array_equal(picture.pixels[: rows - 1], whole[: rows - 1])  # the last is mixed with the one below
    assert not np.array_equal(picture.pixels[rows:], whole[rows:])


def test_a_large_one_is_judged_by_its_own_rows(encoded):
    picture = decode(cut(encoded(bars(2_048).resize((2_048, 2_048)), "JPEG"), 0.75))
    rows = int(picture.note.split("2,048 rows ")[1].split()[0].replace(",", ""))
    assert abs(rows / 2_048 - 0.75) < 0.05


def test_a_progressive_jpeg_that_ends_in_a_later_scan_is_less_sharp(encoded):
    data = cut(encoded(bars(), "JPEG", progressive=True), 0.7)
    assert decode(data).note == "The file's end is missing: the picture is less sharp than it was."


def test_a_progressive_jpeg_that_ends_in_its_first_scan_is_judged_by_rows(encoded):
    data = encoded(bars(), "JPEG", progressive=True)
    first, second = data.index(b"\xff\xda"), data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    with pytest.raises(ImageError, match="less than half"):
        decode(data[: first + (second - first) // 4])
    assert "rows" in decode(data[: first + 3 * (second - first) // 4]).note


@pytest.mark.parametrize("colour", [(128, 128, 128), (0, 0, 0), (255, 255, 255)])
def test_a_plain_grey_jpeg_is_whole(encoded, colour):
    data = encoded(Image.new("RGB", (64, 48), colour), "JPEG")
    assert decode(data).note == ""
    assert decode(data[:-2]).note == "The file's end is missing, but the picture is whole."


def test_decoding_what_is_cut_short_switches_nothing_for_other_threads(encoded, monkeypatch):
    seen = []
    load = ImageFile.ImageFile.load
    monkeypatch.setattr(
        ImageFile.ImageFile, "load", lambda own: (seen.append(ImageFile.LOAD_TRUNCATED_IMAGES), load(own))
    )
    decode(cut(encoded(bars(), "JPEG"), 0.8))
    assert len(seen) >= 2
    assert not any(seen)


# ---- formats


def test_avif_is_read(client, encoded):
    flat = np.full((64, 48, 3), (200, 60, 20), np.uint8)
    body = send(client, encoded(flat, "AVIF")).json
    assert (body["width"], body["height"]) == (48, 64)
    assert near(body["pixels"]["values"][20][20], (200, 60, 20))


def test_an_avif_that_lies_on_its_side_is_turned(encoded):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(encoded(Image.new("RGB", (200, 100)), "AVIF", exif=exif))
    assert picture.original_size == (200, 100)
    assert picture.pixels.shape == (128, 64, 3)


@pytest.fixture
def without_pillow_heif(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    heif_is_read.cache_clear()
    yield
    heif_is_read.cache_clear()


@pytest.mark.usefixtures("without_pillow_heif")
def test_heic_is_named_with_what_to_do(client):
    sentence = refused(send(client, (FILES / "heic_header_only.heic").read_bytes()), 422)
    for word in ("HEIC", "JPEG", "Most Compatible", "pillow-heif"):
        assert word in sentence


def test_heic_is_read_where_pillow_heif_is_installed(encoded):
    assert heif_is_read()
    picture = decode(encoded(Image.new("RGB", (200, 100), (230, 30, 30)), "HEIF", icc_profile=swapped()))
    assert picture.original_size == (100, 200)
    assert near(picture.pixels[30, 30], (30, 30, 230))


def test_frames_beyond_the_first_are_never_decoded(encoded):
    """What follows the first frame is damaged, and nobody notices."""
    frames = [Image.fromarray(np.full((32, 32), level, np.uint8)).convert("P") for level in (50, 150, 250)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    second = data.index(b"\x2c", data.index(b"\x2c") + 60)
    assert near(decode(data[: second + 4]).pixels[5, 5], (50, 50, 50))
    colours = [Image.new("RGB", (32, 32), colour) for colour in ((200, 0, 0), (0, 200, 0))]
    data = encoded(colours[0], "PNG", save_all=True, append_images=colours[1:])
    assert b"fdAT" in data
    assert decode(data).pixels[5, 5].tolist() == [200, 0, 0]


def test_bytes_changed_at_random_are_read_or_refused_in_words(encoded):
    noise, exif, chance, refusals = bars(40), Image.Exif(), random.Random(0), 0
    exif[0x0112] = 6
    good = [
        encoded(noise, "JPEG", icc_profile=swapped(), exif=exif),
        encoded(noise, "JPEG", progressive=True),
        encoded(noise, "PNG", icc_profile=swapped()),
        encoded(noise.convert("P"), "PNG", transparency=3),
        encoded(noise, "WEBP", icc_profile=swapped()),
        encoded(noise.convert("P"), "GIF"),
        encoded(noise, "BMP"),
        encoded(noise, "AVIF", icc_profile=swapped()),
    ]
    for _ in range(300):
        damaged = bytearray(chance.choice(good))
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(min(len(damaged), chance.choice((100, 700, 10**9))))] = chance.randrange(256)
        try:
            decode(bytes(damaged[: chance.choice((len(damaged), chance.randrange(len(damaged))))]))
        except ImageError:
            refusals += 1
    assert refusals > 100


# ---- limits


def test_limits_are_said_in_megabytes_and_megapixels(client, encoded):
    sentence = refused(send(client, encoded(Image.new("RGB", (8_000, 6_000), (90, 140, 200)), "JPEG")), 413)
    assert "8,000 × 6,000 pixels (48 megapixels), more than the 40 megapixels taken" in sentence
    sentence = refused(send(client, bytes(int(10.7 * 1024 * 1024))), 413)
    assert "the file has 10.7 MB" in sentence
    assert "more than the 10 MB" in sentence
    assert "40 megapixels" in sentence
    assert "the form has 12 MB" in refused(send(client, bytes(12 * 1024 * 1024)), 413)


def test_what_a_decoder_needs_is_the_limit_and_not_pixels_alone(encoded):
    """A WebP of 12 megapixels takes 230 MB to decode, and a grey PNG 12."""
    flat = Image.new("L", (4_000, 3_000), 9)
    with pytest.raises(
        ImageTooLargeError, match=r"\(12 megapixels\), and to decode it takes 229 MB, more than the 128"
    ):
        decode(encoded(flat.convert("RGB"), "WEBP", method=0, lossless=True))
    assert decode(encoded(flat)).original_size == (3_000, 4_000)


def test_two_pictures_are_decoded_at_once_and_no_more(encoded, monkeypatch):
    data, inside, most, go_on = encoded(Image.new("RGB", (4, 4))), [], [], threading.Event()
    both = threading.Barrier(3)  # two readers and this test
    read = images.read

    def counted(*arguments):
        inside.append(1)
        most.append(len(inside))
        if not go_on.is_set():
            both.wait(60)
            go_on.wait(60)
        inside.pop()
        return read(*arguments)

    monkeypatch.setattr(images, "read", counted)
    threads = [threading.Thread(target=decode, args=(data,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    both.wait(60)
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert len(most) == 6
    assert max(most) == 2


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="Linux alone says how much memory there was at the most"
)
def test_no_picture_costs_more_than_it_may():
    """One after the other in a new process: each within 200 MB, and within a second if nothing else runs (here: 4)."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_pictures", "--quick"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    costs = json.loads(done.stdout)
    assert len(costs) >= 12
    for name, (seconds, megabytes, status) in costs.items():
        assert status in {201, 413, 422}, name
        assert megabytes <= 200, name
        assert seconds <= 4, name
