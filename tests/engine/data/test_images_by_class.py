"""Pictures by class, from a folder or a zip archive: what is read, and everything that is refused unread."""

from __future__ import annotations

import io
import os
import random
import stat
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn_engine.data import load_images_by_class
from cnn_engine.errors import ConvoscopeError, DataError, ParameterError, UnreadableError

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


CASES = Path(__file__).parents[2] / "files"


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("classes_with_licence_beside", "flowers/LICENSE.txt"),
        ("classes_icon_cr", "cat/Icon\r"),
        ("classes_lowercase_thumbs_db", "cat/thumbs.db"),
    ],
)
def test_archives_as_people_have_them(name, left_out):
    made = load_images_by_class(CASES / f"{name}.zip")
    assert made.classes == ("cat", "dog")
    assert sum(made.sizes.values()) == 20
    assert [skipped.name for skipped in made.skipped] == [left_out]
    assert all(skipped.why for skipped in made.skipped)
    assert made.notes == ()


def test_a_picture_that_cannot_be_read_is_refused_by_name_or_left_out():
    with pytest.raises(UnreadableError, match=r'1 picture cannot be read: "dog/11\.jpg": the file is empty'):
        load_images_by_class(CASES / "classes_one_empty_file.zip")
    made = load_images_by_class(CASES / "classes_one_empty_file.zip", skip_unreadable=True)
    assert sum(made.sizes.values()) == 20
    assert made.skipped == (("dog/11.jpg", "the file is empty"),)


def test_all_that_cannot_be_read_is_listed_at_once():
    bad = {f"cat/{number}.jpg": b"" for number in range(5, 30)} | {"dog/5.png": png()[:40]}
    with pytest.raises(UnreadableError) as caught:
        load_images_by_class(zipped(TWO | bad), **WHOLE)
    assert "26 pictures cannot be read" in str(caught.value)
    assert "and 6 more" in str(caught.value)
    assert [name for name, _ in caught.value.files] == sorted(bad)
    made = load_images_by_class(zipped(TWO | bad), skip_unreadable=True, **WHOLE)
    assert made.train.y.tolist() == [0, 1]
    assert made.train.x.mean(axis=(1, 2, 3)).tolist() == [1, 0]
    with pytest.raises(DataError, match='class "owl" has no picture that can be read'):
        load_images_by_class(zipped(TWO | {"owl/1.png": b"x"}), skip_unreadable=True, **WHOLE)


@pytest.mark.parametrize(
    "litter",
    [
        "LICENSE.txt",
        "README",
        "readme.md",
        "labels.csv",
        "cat/notes.txt",
        "docs/about.html",
        "photos.zip",
        "cover.png",
        "THUMBS.DB",
        "cat/Desktop.INI",
        "__macosx/cat/._1.png",
        ".git/config",
        "$RECYCLE.BIN/1.png",
        "cat/@eaDir/1.png",
    ],
)
@pytest.mark.parametrize("outer", ["", "one/two/"])
def test_stray_files_are_left_out_and_listed(tmp_path, litter, outer):
    content = png() if litter.endswith("png") else b"x"
    files = {outer + name: data for name, data in (TWO | {litter: content}).items()}
    for source in (zipped(files), folder(tmp_path, files)):
        made = load_images_by_class(source, **WHOLE)
        assert made.classes == ("cat", "dog")
        assert made.sizes["train"] == 2
        assert len(made.skipped) == 1
        assert (outer + litter).startswith(made.skipped[0].name)


def in_parts(*names, outer=""):
    """An archive with so many parts, in each a picture of either class whose level is its number."""
    files = {}
    for number, name in enumerate(names):
        files |= {
            f"{outer}{name}/cat/{number}.png": png(10 + number),
            f"{outer}{name}/dog/{number}.png": png(20 + number),
        }
    return zipped(files)


def levels(part):
    return np.rint(part.x.mean(axis=(1, 2, 3)) * 255).astype(int).tolist()


@pytest.mark.parametrize("outer", ["", "flowers/"])
@pytest.mark.parametrize(
    "names", [("train", "val", "test"), ("Training", "valid", "Testing"), ("train", "validation", "TEST")]
)
def test_folders_of_parts_are_the_parts(names, outer):
    made = load_images_by_class(in_parts(*names, outer=outer))
    assert made.classes == ("cat", "dog")
    assert [levels(part) for part in made.parts.values()] == [[10, 20], [11, 21], [12, 22]]
    assert [part.y.tolist() for part in made.parts.values()] == [[0, 1]] * 3


def test_the_case_of_train_and_test():
    made = load_images_by_class(CASES / "classes_train_test_folders.zip")
    assert made.classes == ("cat", "dog")
    assert made.sizes == {"train": 18, "validation": 2, "test": 20}
    with pytest.raises(ParameterError, match=r"test 0\.2 is a share to hold out, and there is a folder for that"):
        load_images_by_class(CASES / "classes_train_test_folders.zip", test=0.2)


def test_a_class_that_is_only_tested_is_refused():
    files = {"train/cat/1.png": png(), "train/dog/1.png": png(), "test/owl/1.png": png()}
    with pytest.raises(DataError, match='class "owl" is in the test folder, and not among those to learn from'):
        load_images_by_class(zipped(files), **WHOLE)


def test_classes_may_be_called_train_and_test():
    made = load_images_by_class(zipped({"train/1.png": png(), "test/1.png": png(9)}), **WHOLE)
    assert made.classes == ("test", "train")


@pytest.mark.parametrize("other", ["Cat", "cat ", "CAT", "ｃａｔ"])
def test_names_that_look_alike_are_one_class(other):
    files = {"cat/1.png": png(1), "cat/2.png": png(2), f"{other}/3.png": png(3), "dog/1.png": png(4)}
    made = load_images_by_class(zipped(files), **WHOLE)
    assert made.classes == ("cat", "dog")
    assert sorted(zip(levels(made.train), made.train.y.tolist(), strict=True)) == [(1, 0), (2, 0), (3, 0), (4, 1)]
    assert len(made.notes) == 1
    assert f'"{other}"' in made.notes[0]
    assert made.notes[0].endswith('are one class, "cat".')


def test_unicode_forms_of_a_name_are_one_class():
    files = {"caf\u00e9/1.png": png(), "cafe\u0301/2.png": png(), "dog/1.png": png()}
    assert load_images_by_class(zipped(files), **WHOLE).classes == ("caf\u00e9", "dog")


def test_a_picture_that_is_cut_short_is_taken_with_a_word():
    made = load_images_by_class(zipped(TWO | {"cat/2.jpg": png((9, 9, 9), kind="JPEG")[:-2]}), **WHOLE)
    assert made.sizes["train"] == 3
    assert made.notes == ('"cat/2.jpg": The file\'s end is missing, but the picture is whole.',)


def test_names_with_backslashes_are_folders_too():
    made = load_images_by_class(zipped({"cat\\1.png": png(), "dog\\1.png": png(9), "dog\\": b""}), **WHOLE)
    assert made.classes == ("cat", "dog")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "there must be folders of two classes at least, and there are 0"),
        ({"cat/1.png": png()}, "there must be folders of two classes at least, and there are 1"),
        (TWO | {"owl/": b""}, 'class "owl" has no picture'),
        (TWO | {"cat/more/2.png": png()}, '"cat/more/2.png" lies too deep'),
        (TWO | {"cat/3.jpg": b"hello"}, '"cat/3.jpg": this file cannot be opened as a picture'),
        ({"1.png": png(), "2.png": png()}, "there must be folders of two classes at least, and there are 0"),
        (TWO | {"cat/2.png": png()[:40]}, '"cat/2.png": the'),
        (TWO | {"cat/2.png": b""}, '"cat/2.png": the file is empty'),
    ],
)
def test_what_is_no_data_set(tmp_path, files, message):
    for source in (zipped(files), folder(tmp_path, files)):
        with pytest.raises(DataError) as caught:
            load_images_by_class(source, **WHOLE)
        assert message in str(caught.value)


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
    for mode, message in ((stat.S_IFLNK, "is a link"), (stat.S_IFIFO, "is not a plain file")):
        info = zipfile.ZipInfo("cat/2.png")
        info.external_attr = (mode | 0o777) << 16
        with pytest.raises(DataError, match=message):
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
    ("limits", "message"),
    [
        ({"max_files": 39}, "40 files, more than the 39 taken"),
        ({"max_files": 10}, "more than the 10 files taken|than the 10 files taken"),
        ({"max_file_bytes": 60}, "has .* bytes, more than the 60 taken of one file"),
        ({"max_total_bytes": 1000}, "bytes.*, more than the 1,000 taken"),
        ({"max_pixels": 63}, "the picture has 8 × 8 pixels, more than the 63 taken"),
    ],
)
def test_limits_are_kept(tmp_path, limits, message):
    for source in (zipped(FILES), folder(tmp_path, FILES)):
        with pytest.raises(DataError, match=message):
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
        index = chance.randrange(len(good)) if chance.random() < 0.3 else -chance.randrange(1, 2500)
        damaged[index] = chance.randrange(256)
        try:
            load_images_by_class(io.BytesIO(damaged), size=2)
        except ConvoscopeError:
            refused += 1
    assert refused > 40


@pytest.mark.parametrize(
    ("options", "message"),
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
def test_options_are_checked(options, message):
    with pytest.raises(ParameterError, match=message) as caught:
        load_images_by_class(zipped(FILES), **options)
    assert caught.value.field in {next(iter(options)), "validation"}


def test_pictures_too_many_for_their_size_are_refused_undecoded():
    files = {f"{number % 2}/{number}.png": b"not a picture" for number in range(400)}
    with pytest.raises(DataError, match="400 pictures of 512 × 512 hold 104,857,600 values"):
        load_images_by_class(zipped(files), size=512)


def test_too_few_for_a_part_is_said():
    with pytest.raises(DataError, match=r"2 pictures are too few for validation 0\.1"):
        load_images_by_class(zipped(TWO))
