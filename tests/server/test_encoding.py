"""NumPy to JSON and to bytes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cnn_server import encoding, texts


def parsed(body: object) -> object:
    """What a strict reader of JSON sees: NaN and Infinity would be errors."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} in JSON")

    return json.loads(encoding.dumps(body), parse_constant=refuse)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.array([1.0, np.nan, np.inf, -np.inf]), [1.0, None, None, None]),
        ([float("nan"), float("-inf")], [None, None]),
        (np.array([[1, 2], [3, 4]]).T, [[1, 3], [2, 4]]),
        (np.arange(6)[::2], [0, 2, 4]),
        (np.array(5.0), 5.0),
        (np.array([True, False]), [True, False]),
        (np.zeros((0, 3)), []),
        (np.zeros((2, 0)), [[], []]),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.float32(0.5), 0.5),
        (np.int64(7), 7),
        (((1, 2), (3, 4)), [[1, 2], [3, 4]]),
        (np.broadcast_to(np.array([1.0, 2.0]), (2, 2)), [[1.0, 2.0], [1.0, 2.0]]),
    ],
)
def test_json(value, expected):
    assert parsed({"value": value}) == {"value": expected}


def test_what_is_no_json_is_an_error():
    with pytest.raises(TypeError):
        encoding.dumps(object())


@pytest.mark.parametrize("order", ["<", ">"])
def test_binary_is_little_endian_in_c_order(order):
    array = np.array([[1.0, 3.0], [2.0, 4.0]], f"{order}f4").T
    response = encoding.binary(array)
    assert response.data == np.array([1, 2, 3, 4], "<f4").tobytes()
    assert response.headers["X-Tensor-Shape"] == "2,2"
    assert response.headers["X-Tensor-Dtype"] == "float32"


def test_quantized_on_one_symmetric_scale():
    levels, scale = encoding.quantize(np.array([-2.0, -1.0, 0.0, 0.5, 4.0]))
    assert scale == 4.0
    assert levels.tolist() == [64, 96, 128, 144, 255]  # 128 + round(127 * v / 4); -63.5 rounds to even, -64


def test_quantized_values_come_back_within_half_a_level():
    values = np.random.default_rng(0).normal(size=1000) * 300
    levels, scale = encoding.quantize(values)
    back = (levels.astype(float) - 128) / 127 * scale
    assert np.abs(back - values).max() <= scale / 127 / 2 * (1 + 1e-12)


@pytest.mark.parametrize("array", [np.zeros(3), np.zeros((0, 2))])
def test_nothing_but_zeros_has_scale_zero(array):
    levels, scale = encoding.quantize(array)
    assert scale == 0.0
    assert (levels == 128).all()


def test_the_smallest_numbers_do_not_overflow():
    levels, scale = encoding.quantize(np.array([5e-324, 0.0]))
    assert scale == 5e-324
    assert levels.tolist() == [255, 128]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([1.0, -0.0, 2.0**52], b"[1,0,4503599627370496]"),
        ([1.0, 0.5], b"[1.0,0.5]"),
        ([1.0, 2.0**53], b"[1.0,9007199254740992.0]"),
        ([1.0, np.nan], b"[1.0,null]"),
        ([1.0, np.nan, 1.0], b"[1.0,null,1.0]"),
        ([1.0, 0.5, 1.0], b"[1.0,0.5,1.0]"),
        ([1.0, -np.inf], b"[1.0,null]"),
        ([], b"[]"),
    ],
)
def test_whole_numbers_are_written_as_such_where_all_are(values, text):
    assert encoding.dumps(encoding.numbers(np.array(values, np.float64))) == text
    assert encoding.dumps(encoding.tensor(np.array(values))["values"]) == text


def cells(count: int = 3 * encoding.FEW) -> np.ndarray:
    return np.arange(count).reshape(-1, 3).copy()


@pytest.mark.parametrize("part", [slice(None), slice(5, None), slice(None, None, 2), (slice(None), slice(1, 3))])
@pytest.mark.parametrize("dtype", [np.int64, bool])
def test_what_stays_as_it_is_has_the_same_letters_each_time(part, dtype):
    constant = cells().astype(dtype)
    constant.flags.writeable = False
    plain = encoding.dumps({"cells": constant[part].tolist()})
    assert [encoding.dumps({"cells": encoding.column(constant[part])}) for _ in range(2)] == [plain, plain]


def test_what_may_change_is_written_as_it_is_now():
    whole = cells()
    view = whole[:]
    view.flags.writeable = False  # what it is a part of may still change
    before = encoding.dumps(encoding.column(view))
    whole[0, 0] = 7
    assert encoding.dumps(encoding.column(view)) == before.replace(b"[[0,", b"[[7,")


def test_texts_are_kept_for_as_long_as_what_they_are_of():
    kept, constant = len(texts._KEPT), cells()
    constant.flags.writeable = False
    encoding.column(constant)
    assert len(texts._KEPT) == kept + 1
    del constant
    assert len(texts._KEPT) == kept


def test_no_more_letters_are_kept_than_fit():
    constant = cells()
    constant.flags.writeable = False
    for start in range(len(constant) - encoding.FEW // 3):
        encoding.column(constant[start:])
        _, own = texts._KEPT[id(constant)]
        assert sum(map(len, own.values())) <= texts.LETTERS * constant.size
