"""Files in MNIST's format: byte by byte, gzipped or not, and those that are not what they say."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine.data import load_dataset, load_idx
from cnn_engine.data.idx import read_idx
from cnn_engine.errors import DataError, ParameterError

# Two pictures of 2 x 3, written out by hand.
HEADER = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3])
PIXELS = bytes([0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6])
NAMED = bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 4])


def head(*shape, kind=8):
    return bytes([0, 0, kind, len(shape)]) + b"".join(length.to_bytes(4, "big") for length in shape)


def files(count=40, classes=4, size=(5, 5)):
    """(pictures, labels): each picture is filled with its number, and labels go round."""
    images = head(count, *size) + b"".join(bytes([number]) * (size[0] * size[1]) for number in range(count))
    return images, head(count) + bytes(number % classes for number in range(count))


def opened(*contents):
    return [io.BytesIO(content) for content in contents]


def test_a_file_by_hand():
    assert read_idx(io.BytesIO(HEADER + PIXELS), 3).tolist() == [
        [[0, 51, 102], [153, 204, 255]],
        [[1, 2, 3], [4, 5, 6]],
    ]
    made = load_idx(*opened(HEADER + PIXELS, NAMED), validation=0, test=0)
    assert made.classes == ("4", "7")
    assert made.train.y.tolist() == [1, 0]
    np.testing.assert_allclose(made.train.x[0, 0], [[0, 0.2, 0.4], [0.6, 0.8, 1]], atol=1e-7)
    assert made.input_shape == (1, 2, 3)


@pytest.mark.parametrize("packed", [False, True])
def test_files_are_split_and_every_picture_keeps_its_label(tmp_path, packed):
    images, labels = (gzip.compress(content, mtime=0) if packed else content for content in files())
    (tmp_path / "images").write_bytes(images)
    (tmp_path / "labels").write_bytes(labels)
    made = load_idx(tmp_path / "images", str(tmp_path / "labels"))
    assert made.sizes == {"train": 28, "validation": 4, "test": 8}
    numbers = np.concatenate([np.rint(part.x[:, 0, 0, 0] * 255) for part in made.parts.values()])
    assert sorted(numbers) == list(range(40))
    assert np.array_equal(np.concatenate([part.y for part in made.parts.values()]), numbers % 4)
    assert made.train.x.dtype == np.float32
    assert made.train.y.dtype == np.int64
    assert made.provenance == 'Files of your own, "images" and "labels".'


def test_a_test_set_of_its_own():
    images, labels = files(8, 2)
    test_images, test_labels = opened(*files(6, 2))
    made = load_idx(*opened(images, labels), test_images=test_images, test_labels=test_labels, validation=0.25)
    assert made.sizes == {"train": 6, "validation": 2, "test": 6}
    assert made.test.y.tolist() == [0, 1, 0, 1, 0, 1]


def test_labels_may_begin_anywhere_and_classes_may_have_names():
    images = files(4)[0]
    letters = head(4) + bytes([1, 26, 1, 26])
    assert load_idx(*opened(images, letters), validation=0, test=0).classes == ("1", "26")
    named = load_idx(*opened(*files(4, 2)), validation=0, test=0, classes=["cat", "dog"])
    assert named.classes == ("cat", "dog")


IMAGES, LABELS = files()


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (b"", LABELS, "images: the file ends 4 bytes before it says it does"),
        (IMAGES[:10], LABELS, "images: the file ends 6 bytes before it says it does"),
        (IMAGES[:-1], LABELS, "images: the file ends 1 bytes before it says it does"),
        (IMAGES + b"\0", LABELS, "images: the file goes on after the 1,000 values that it says it holds"),
        (head(2**31, 2**31, 2**31), LABELS, "says it holds 9,903,520,314,283,042,199,192,993,792 values, more than"),
        (head(60_000, 28, 28), LABELS, "images: the file ends 47,040,000 bytes before it says it does"),
        (head(0, 5, 5), LABELS, "images: the file holds nothing: it says 0 × 5 × 5"),
        (head(40, 0, 5), LABELS, "images: the file holds nothing: it says 40 × 0 × 5"),
        (b"\x89PNG\r\n", LABELS, "images: the file is not an idx file: it begins with 89 50 4e 47"),
        (head(40, 5, 5, kind=0x0D), LABELS, "images: the file holds floats where bytes are read"),
        (head(40, 5, 5, kind=0x07), LABELS, "images: the file is not an idx file"),
        (LABELS, IMAGES, "labels: the file has 3 axes where 1 are needed; are images and labels swapped?"),
        (IMAGES, head(39) + bytes(39), "labels: there are 39 labels for 40 pictures"),
        (IMAGES, head(40) + bytes(40), "labels: all 40 pictures are of class 0; two are needed"),
        (gzip.compress(IMAGES, mtime=0)[:-20], LABELS, "images: the file is truncated or damaged"),
        (gzip.compress(IMAGES, mtime=0)[:-4] + bytes(4), LABELS, "images: the file is truncated or damaged"),
        (b"\x1f\x8bnothing", LABELS, "images: the file is truncated or damaged"),
        (files(40, 4, (1, 600))[0], LABELS, "images: pictures of 1 × 600 pixels have more than 512 rows or columns"),
    ],
)
def test_files_that_are_not_what_they_say(images, labels, message):
    with pytest.raises(DataError) as caught:
        load_idx(*opened(images, labels))
    assert message in str(caught.value)
    assert caught.value.field == message.partition(":")[0] or "says it holds" in message


def test_a_small_file_that_unpacks_into_a_large_one_is_refused():
    bomb = gzip.compress(head(40, 5, 5) + bytes(50_000_000), mtime=0)
    with pytest.raises(DataError, match="images: the file goes on after the 1,000 values that it says it holds"):
        load_idx(*opened(bomb, LABELS))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match='images: "none" cannot be read: No such file'):
        load_idx(tmp_path / "none", io.BytesIO(LABELS))
    with pytest.raises(DataError, match=r"images: .* cannot be read"):
        load_idx(tmp_path, io.BytesIO(LABELS))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"classes": ["a", "b"]}, DataError, "there is a label 3 where 2 classes have names"),
        ({"classes": list("abcde")}, DataError, 'class "e" has no picture'),
        ({"classes": "abcd"}, ParameterError, "classes must be two names at least, not 'abcd'"),
        ({"max_values": 999}, DataError, "says it holds 1,000 values, more than the 999 taken"),
        ({"max_side": 4}, DataError, "have more than 4 rows or columns"),
        ({"max_side": 0}, ParameterError, "max_side 0 is less than 1"),
        ({"validation": 0.9}, ParameterError, "leave nothing to train on"),
        ({"validation": 0.01}, DataError, "too few for validation"),
        ({"seed": -1}, ParameterError, "seed -1 is less than 0"),
        ({"test_images": io.BytesIO()}, ParameterError, "test_images and test_labels go together"),
        ({"test_images": io.BytesIO(), "test_labels": io.BytesIO(), "test": 0.2}, ParameterError, "test is a share"),
        ({"test_images": files(4, 2, (5, 6))[0], "test_labels": files(4, 2)[1]}, DataError, "pictures of 5 × 6 pixels"),
        ({"test_images": files(6, 6)[0], "test_labels": files(6, 6)[1]}, DataError, "label 4 is not among those"),
    ],
)
def test_options_are_checked(options, error, message):
    options = {name: io.BytesIO(value) if isinstance(value, bytes) else value for name, value in options.items()}
    with pytest.raises(error, match=message):
        load_idx(*opened(IMAGES, LABELS), **options)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(
    st.binary(max_size=40)
    | st.builds(
        lambda kind, shape, rest: head(*shape, kind=kind) + rest,
        st.sampled_from([8, 8, 8, 9, 13, 255]),
        st.lists(st.integers(0, 3) | st.sampled_from([2**31, 2**32 - 1]), min_size=1, max_size=4),
        st.binary(max_size=30),
    ),
    st.booleans(),
    st.integers(0, 60),
)
def test_any_bytes_are_read_or_refused_in_words(content, packed, cut):
    """What is read is as long as its header says, and made of the bytes that follow it."""
    file = gzip.compress(content, mtime=0)[: cut or None] if packed else content
    try:
        values = read_idx(io.BytesIO(file), 3)
    except DataError as refusal:
        assert refusal.field == "images"  # noqa: PT017  (either way is right)
    else:
        assert content == head(*values.shape) + values.tobytes()


CASES = Path(__file__).parents[2] / "files"
EMNIST = CASES / "emnist_like-images-idx3-ubyte", CASES / "emnist_like-labels-idx1-ubyte"


def test_pictures_that_lie_on_their_side_are_told_of_and_can_be_set_upright():
    """EMNIST's way: an F stands on its side, mirrored; its two bars come first of all from the left when upright."""
    lying = load_idx(*EMNIST, validation=0, test=0)
    assert len(lying.notes) == 1
    assert "transposed=True" in lying.notes[0]
    upright = load_idx(*EMNIST, validation=0, test=0, transposed=True)
    assert upright.notes == ()
    assert np.array_equal(upright.train.x, lying.train.x.transpose(0, 1, 3, 2))
    drawn = upright.train.x[0, 0] > 0.4
    assert drawn.any(axis=1).sum() > drawn.any(axis=0).sum()  # taller than wide
    assert drawn[4:24, 6:9].all()  # the stem of the F
    assert drawn[4:7, 6:20].all()  # its upper bar


def test_a_test_set_of_its_own_is_set_upright_too():
    images, labels = files(8, 2, (2, 3))
    made = load_idx(
        *opened(images, labels),
        test_images=io.BytesIO(images),
        test_labels=io.BytesIO(labels),
        validation=0,
        transposed=True,
    )
    assert made.input_shape == (1, 3, 2)
    assert made.test.x.shape == (8, 1, 3, 2)


def drawn(count, height, width):
    """Pictures of 28 x 28 with a frame of that size, a little larger in every third."""
    pictures = np.zeros((count, 28, 28), np.uint8)
    for number, picture in enumerate(pictures):
        picture[3 : 3 + height + number % 3, 4 : 4 + width] = 200
    return head(count, 28, 28) + pictures.tobytes(), head(count) + bytes(number % 2 for number in range(count))


@pytest.mark.parametrize(
    ("height", "width", "message"), [(20, 14, False), (14, 20, True), (18, 18, False), (19, 20, False), (0, 0, False)]
)
def test_where_all_look_so_it_is_said_and_elsewhere_not(height, width, message):
    made = load_idx(*opened(*drawn(30, height, width)), validation=0, test=0)
    assert bool(made.notes) == message


def test_the_digits_that_are_shipped_do_not_lie():
    images = load_dataset("digits").train.x[:, 0]
    levels = np.rint(images * 255).astype(np.uint8)
    assert not load_idx(*opened(head(*levels.shape) + levels.tobytes(), labels_of(levels)), test=0, validation=0).notes


def labels_of(levels):
    return head(len(levels)) + bytes(number % 2 for number in range(len(levels)))


def test_a_file_with_its_bytes_the_other_way_round_is_told():
    little = bytes([0, 0, 8, 3]) + b"".join(length.to_bytes(4, "little") for length in (40, 5, 5)) + bytes(1000)
    with pytest.raises(DataError, match=r"least significant byte first \(little-endian\)"):
        load_idx(*opened(little, LABELS))
    with pytest.raises(DataError, match=r"begins with 03 08 00 00; .*little-endian"):
        load_idx(*opened(bytes([3, 8, 0, 0]) + little[4:], LABELS))
    with pytest.raises(DataError) as caught:
        load_idx(*opened(head(0x01010101, 0x01010101, 0x01010101), LABELS))
    assert "endian" not in str(caught.value)


def test_labels_of_qmnist_are_refused_with_a_reason():
    with pytest.raises(DataError, match="holds ints where bytes are read"):
        load_idx(EMNIST[0], CASES / "qmnist_like-labels-idx2-int")
