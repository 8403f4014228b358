"""Pictures by class, from a folder or a zip archive: what is read, and everything that is refused unread."""

from __future__ import annotations

import io
import os
import random
import stat
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from cnn_engine.data import load_images_by_class
from cnn_engine.errors import ConvoscopeError, DataError, ParameterError

WHOLE = {"validation": 0, "test": 0}  # all of it to learn from


def png(level=0, size=(8, 8), kind="PNG"):
    """A picture of one grey level or one colour, as a file."""
    stream = io.BytesIO()
    Image.new("L" if isinstance(level, int) else "RGB", (size[1], size[0]), level).save(stream, kind)
    return stream.getvalue()


def zipped(files, method=zipfile.ZIP_DEFLATED):
    """An archive, open: names (or ZipInfos) and contents."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    stream.seek(0)
    return stream


def folder(root, files):
    for name, content in files.items():
        if name.endswith("/"):
            (root / name).mkdir(parents=True)
        else:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
    return root


FILES = {
    f"{name}/{number}.png": png(level + number) for name, level in {"b": 100, "a": 0}.items() for number in range(20)
}
TWO = {"cat/1.png": png(255), "dog/1.png": png(0)}


@pytest.mark.parametrize("outer", ["", "photos/"])
@pytest.mark.parametrize("kind", ["folder", "zip file", "open zip"])
def test_folders_are_classes_wherever_they_come_from(tmp_path, kind, outer):
    files = {outer + name: content for name, content in FILES.items()}
    source = folder(tmp_path / "mine", files) if kind == "folder" else zipped(files)
    if kind == "zip file":
        (tmp_path / "mine.zip").write_bytes(source.read())
        source = str(tmp_path / "mine.zip")
    made = load_images_by_class(source, size=(4, 6))
    assert made.classes == ("a", "b")
    assert made.input_shape == (1, 4, 6)
    assert made.sizes == {"train": 28, "validation": 4, "test": 8}
    levels = np.concatenate([np.rint(part.x[:, 0, 0, 0] * 255) for part in made.parts.values()])
    assert sorted(levels) == [*range(20), *range(100, 120)]
    assert np.array_equal(np.concatenate([part.y for part in made.parts.values()]), levels >= 100)
    assert (
        made.provenance
        == {
            "folder": 'Pictures of your own, from "mine".',
            "zip file": 'Pictures of your own, from "mine.zip".',
            "open zip": "Pictures of your own, from a file.",
        }[kind]
    )


def test_a_picture_of_the_right_size_comes_through_pixel_by_pixel():
    pixels = np.random.default_rng(0).integers(0, 256, (9, 9), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    made = load_images_by_class(zipped({"a/1.png": stream.getvalue(), "b/1.png": png()}), size=9, **WHOLE)
    assert np.array_equal(np.rint(made.train.x[0, 0] * 255), pixels)


def test_the_middle_of_a_wide_picture_is_taken_in_colour():
    """Red, green and blue thirds of 4 x 12: the middle square is green."""
    wide = np.zeros((4, 12, 3), np.uint8)
    wide[:, :4, 0], wide[:, 4:8, 1], wide[:, 8:, 2] = 255, 255, 255
    stream = io.BytesIO()
    Image.fromarray(wide).save(stream, "PNG")
    made = load_images_by_class(zipped({"a/1.png": stream.getvalue(), "b/1.png": png()}), size=4, channels=3, **WHOLE)
    assert made.train.x[0].mean(axis=(1, 2)).tolist() == [0, 1, 0]
    grey = load_images_by_class(zipped({"a/1.png": stream.getvalue(), "b/1.png": png()}), size=4, **WHOLE)
    assert np.rint(grey.train.x[0] * 255).tolist() == np.full((1, 4, 4), round(0.587 * 255)).tolist()


def test_what_systems_leave_behind_is_passed_over(tmp_path):
    litter = {".DS_Store": b"x", "cat/.DS_Store": b"x", "__MACOSX/cat/._1.png": b"x", "cat/Thumbs.db": b"x"}
    assert load_images_by_class(zipped(TWO | litter), **WHOLE).sizes["train"] == 2
    assert load_images_by_class(folder(tmp_path, TWO | litter), **WHOLE).sizes["train"] == 2


def test_names_with_backslashes_are_folders_too():
    made = load_images_by_class(zipped({"cat\\1.png": png(), "dog\\1.png": png(9), "dog\\": b""}), **WHOLE)
    assert made.classes == ("cat", "dog")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "there must be folders of two classes at least, and there are 0"),
        ({"cat/1.png": png()}, "there must be folders of two classes at least, and there are 1"),
        (TWO | {"owl/": b""}, 'class "owl" has no picture'),
        (TWO | {"notes.txt": b"hello"}, '"notes.txt" lies beside the folders of the classes'),
        (TWO | {"cat/more/2.png": png()}, '"cat/more/2.png" lies too deep'),
        (TWO | {"cat/notes.txt": b"hello"}, '"cat/notes.txt": the file is not a picture that can be read'),
        (TWO | {"cat/2.png": png()[:40]}, '"cat/2.png": the'),
        (TWO | {"cat/2.png": b""}, '"cat/2.png": the file is empty'),
    ],
)
def test_what_is_no_data_set(tmp_path, files, told):
    for source in (zipped(files), folder(tmp_path, files)):
        with pytest.raises(DataError) as caught:
            load_images_by_class(source, **WHOLE)
        assert told in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "../cat/1.png",
        "cat/../../1.png",
        "/cat/1.png",
        "\\cat\\1.png",
        "C:/cat/1.png",
        "C:\\1.png",
        "cat//1.png",
        "./1.png",
    ],
)
def test_names_that_lead_out_of_the_archive(name):
    with pytest.raises(DataError, match="leads out of the archive, or nowhere") as caught:
        load_images_by_class(zipped(TWO | {name: png()}))
    assert caught.value.field == "path"


def test_links_and_odd_files_in_an_archive():
    for mode, told in ((stat.S_IFLNK, "is a link"), (stat.S_IFIFO, "is not a plain file")):
        info = zipfile.ZipInfo("cat/2.png")
        info.external_attr = (mode | 0o777) << 16
        with pytest.raises(DataError, match=told):
            load_images_by_class(zipped(TWO | {info: b"/etc/hostname"}))


def test_links_and_odd_files_in_a_folder(tmp_path):
    root = folder(tmp_path / "here", TWO)
    (tmp_path / "secret.png").write_bytes(png())
    link = root / "cat" / "2.png"
    link.symlink_to(tmp_path / "secret.png")
    with pytest.raises(DataError, match=r'"cat/2\.png" is a link, which may lead out of the folder'):
        load_images_by_class(root)
    link.unlink()
    (root / "owl").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(DataError, match='"owl" is a link'):
        load_images_by_class(root)
    (root / "owl").unlink()
    os.mkfifo(link)
    with pytest.raises(DataError, match="is not a plain file"):
        load_images_by_class(root)


def test_an_archive_that_unpacks_to_far_more_than_its_size():
    bomb = zipped(TWO | {"cat/2.png": bytes(5_000_000)})
    with pytest.raises(DataError, match=r"the archive of .* bytes would unpack to 5,000,\d+, over 100 times its size"):
        load_images_by_class(bomb)


def test_an_entry_that_says_it_is_shorter_than_it_is():
    """The size in the archive's list is made smaller; no more than that is unpacked, and its checksum gives it away."""
    content = png(7, (64, 64), "BMP")
    packed = bytearray(zipped({"cat/1.bmp": content, "dog/1.png": png()}).getvalue())
    size = len(content).to_bytes(4, "little")
    packed = packed.replace(size, (100).to_bytes(4, "little"))
    with pytest.raises(DataError, match=r'"cat/1\.bmp" is damaged'):
        load_images_by_class(io.BytesIO(bytes(packed)))


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"max_files": 39}, "40 files, more than the 39 taken"),
        ({"max_files": 10}, "more than the 10 files taken|than the 10 files taken"),
        ({"max_file_bytes": 60}, "has .* bytes, more than the 60 taken of one file"),
        ({"max_total_bytes": 1000}, "bytes.*, more than the 1,000 taken"),
        ({"max_pixels": 63}, "the picture has 8 × 8 pixels, more than the 63 taken"),
    ],
)
def test_limits_are_kept(tmp_path, limits, told):
    for source in (zipped(FILES), folder(tmp_path, FILES)):
        with pytest.raises(DataError, match=told):
            load_images_by_class(source, **limits)


def test_the_ratio_is_a_limit_too():
    with pytest.raises(DataError, match=r"over 0\.1 times its size"):
        load_images_by_class(zipped(FILES), max_ratio=0.1)


def test_a_picture_of_far_too_many_pixels_is_not_decoded():
    header = b"IHDR" + (50_000).to_bytes(4, "big") * 2 + png()[24:29]
    huge = png()[:12] + header + zlib.crc32(header).to_bytes(4, "big") + png()[33:]
    with pytest.raises(DataError, match=r'"cat/2\.png": the picture has'):
        load_images_by_class(zipped(TWO | {"cat/2.png": huge}))


def test_what_is_neither_folder_nor_archive(tmp_path):
    with pytest.raises(DataError, match="neither a folder nor a zip archive"):
        load_images_by_class(io.BytesIO(png()))
    with pytest.raises(DataError, match='"none" cannot be read: No such file'):
        load_images_by_class(tmp_path / "none")


def test_encrypted_and_oddly_packed_entries():
    packed = zipped(TWO).getvalue()
    flagged = packed.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    assert flagged != packed
    with pytest.raises(DataError, match="is encrypted"):
        load_images_by_class(io.BytesIO(flagged))
    with pytest.raises(DataError, match="is packed in a way that is not read here"):
        load_images_by_class(zipped(TWO, zipfile.ZIP_LZMA))


def test_a_name_that_is_there_twice():
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped(TWO | {zipfile.ZipInfo("cat/1.png"): png(3)})
    with pytest.raises(DataError, match=r'"cat/1\.png" is there twice'):
        load_images_by_class(twice)


@pytest.mark.parametrize("offset", [0, 1, 10**6, 2**32 - 2])
def test_an_archive_whose_list_is_not_where_it_says(offset):
    packed = bytearray(zipped(TWO).getvalue())
    packed[-6:-2] = offset.to_bytes(4, "little")
    with pytest.raises(DataError, match="is damaged"):
        load_images_by_class(io.BytesIO(packed), **WHOLE)


def test_damaged_archives_are_refused_in_words():
    """Bytes changed at random, mostly in the list at the end: an answer or a refusal, and nothing else."""
    good, chance, refused = zipped(FILES).getvalue(), random.Random(1), 0
    for _ in range(120):
        damaged = bytearray(good)
        place = chance.randrange(len(good)) if chance.random() < 0.3 else -chance.randrange(1, 2500)
        damaged[place] = chance.randrange(256)
        try:
            load_images_by_class(io.BytesIO(damaged), size=2)
        except ConvoscopeError:
            refused += 1
    assert refused > 40


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"size": 0}, "size 0 is less than 1"),
        ({"size": 600}, "size 600 × 600 has more than 512 rows or columns"),
        ({"channels": 4}, "channels 4 must be 1 or 3"),
        ({"validation": 1.5}, r"validation 1\.5 must be less than 1"),
        ({"test": 0.95}, "leave nothing to train on"),
        ({"seed": 0.5}, r"seed must be a whole number, not 0\.5"),
        ({"max_files": 0}, "max_files 0 is less than 1"),
        ({"max_ratio": float("nan")}, "max_ratio must be finite"),
    ],
)
def test_options_are_checked(options, told):
    with pytest.raises(ParameterError, match=told) as caught:
        load_images_by_class(zipped(FILES), **options)
    assert caught.value.field in {next(iter(options)), "validation"}


def test_pictures_too_many_for_their_size_are_refused_undecoded():
    files = {f"{number % 2}/{number}.png": b"not a picture" for number in range(400)}
    with pytest.raises(DataError, match="400 pictures of 512 × 512 hold 104,857,600 values"):
        load_images_by_class(zipped(files), size=512)


def test_too_few_for_a_part_is_said():
    with pytest.raises(DataError, match=r"2 pictures are too few for validation 0\.1"):
        load_images_by_class(zipped(TWO))
