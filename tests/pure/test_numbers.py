"""One number where one belongs: a cell, a field, a count; and where numbers that were read go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pure.calling import RefusedError

MINUS = "\N{MINUS SIGN}"
SCRIPTS = Path(__file__).parents[2] / "static" / "js"
CELLS = [
    ("5", 5),
    ("+1", 1),
    (f"{MINUS}0,5", -0.5),
    ("\N{EN DASH}3", -3),
    (",5", 0.5),
    ("1,234", 1.234),
    ("1 234,5", 1234.5),
    ("1.234,5", 1234.5),
    ("1/9", 1 / 9),
    ("2/3", 2 / 3),
    ("12,5 %", 0.125),
    ("0.3%", 0.003),
    ("1e-07", 1e-7),
    ("0.1111111111111111", 0.1111111111111111),
    ("-0", 0),
    ("1000000", 1e6),
]


@pytest.mark.parametrize(("text", "value"), CELLS)
def test_a_number_that_is_typed(scripts, text, value):
    assert scripts.call("input/numbers.js", "readCell", text) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "“” is not a number"),
        ("abc", "“abc” is not a number"),
        ("--3", "“--3” is not a number"),
        ("1 2", "“1 2” is not a number"),
        ("1,2,3", "“1,2,3” is not a number"),
        ("3 apples", "“3 apples” is not a number"),
        ("0x10", "“0x10” is not a number"),
        ("1/2/3", "“1/2/3” is not a number"),
        ("50%/2", "“50%/2” is not a number"),
        ("1e9", "1e9 is too large: at most 1000000 either way"),
        ("1e-400", "1e-400 is too close to 0 to be kept"),
        ("1/0", "1/0 divides by 0"),
        ("9" * 90, "…” is not a whole number"),
    ],
)
def test_what_is_no_number_is_refused_as_it_was_typed(scripts, text, says):
    name = "readWhole" if "whole" in says else "readCell"
    with pytest.raises(RefusedError) as refused:
        scripts.call("input/numbers.js", name, text)
    assert str(refused.value).endswith(says)


@pytest.mark.parametrize(
    ("text", "value"), [("+12", 12), ("1 000", 1000), ("1'000", 1000), ("1,000,000", 10**6), ("1e3", 1000)]
)
def test_a_whole_number(scripts, text, value):
    assert scripts.call("input/numbers.js", "readWhole", text) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1,000", "“1,000” may be 1 or 1000: leave out the comma"),
        ("1.500", "“1.500” may be 1.5 or 1500: leave out the point"),
        ("1.5", "“1.5” is not a whole number"),
        ("all", "“all” is not a whole number"),
    ],
)
def test_a_count_is_not_guessed(scripts, text, says):
    with pytest.raises(RefusedError) as refused:
        scripts.call("input/numbers.js", "readWhole", text)
    assert str(refused.value) == says


# ---- where they go

SQUARE = [[0, 0], [0, 0]]
FREE = {"height": [1, 3], "width": [1, 3]}


def put(scripts, now, given, *, room=FREE, channel=0, cell=(0, 0)):
    sheet = {"label": "Kernel", "now": now, "room": room}
    return scripts.call("input/placing.js", "inserted", sheet, {"channel": channel, "cell": cell}, given)


@pytest.mark.parametrize(
    ("now", "given", "options", "then"),
    [
        ([SQUARE], [[[7]]], {"cell": (1, 0)}, [[[0, 0], [7, 0]]]),
        ([SQUARE], [[[1, 2, 3]]], {}, [[[1, 2, 3]]]),
        ([SQUARE, SQUARE], [[[1, 2], [3, 4]]], {"channel": 1}, [SQUARE, [[1, 2], [3, 4]]]),
        ([SQUARE, SQUARE], [[[1], [2]], [[3], [4]]], {}, [[[1], [2]], [[3], [4]]]),
        ([[[0], [0]]], [[[1, 2]]], {"room": None}, [[[1], [2]]]),  # a row onto a column that keeps its size
        ([[[0], [0]]], [[[1, 2]]], {}, [[[1, 2]]]),
    ],
)
def test_numbers_go_where_they_fit(scripts, now, given, options, then):
    assert put(scripts, now, given, **options) == then


@pytest.mark.parametrize(
    ("now", "given", "options", "says"),
    [
        (
            [SQUARE],
            [[[1, 2, 3, 4]]],
            {},
            "Kernel of 1 × 4 does not fit what else is set: it can have 1 to 3 rows and 1 to 3 columns",
        ),
        ([SQUARE], [[[1, 2, 3]]], {"room": None}, "Kernel is 2 × 2, and this is 1 × 3: here it keeps its size"),
        (
            [SQUARE, SQUARE],
            [[[1, 2, 3]]],
            {},
            "Kernel is 2 × 2, and this is 1 × 3: it is one of 2 grids, which have one size",
        ),
        ([SQUARE], [SQUARE, SQUARE], {}, "These are 2 grids, and Kernel has 1"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(scripts, now, given, options, says):
    with pytest.raises(RefusedError) as refused:
        put(scripts, now, given, **options)
    assert str(refused.value) == says


def test_no_field_asks_a_phone_for_keys_without_a_minus():
    lines = [line for path in SCRIPTS.rglob("*.js") for line in path.read_text("utf-8").splitlines()]
    requested = [line for line in lines if "inputmode" in line]
    assert requested
    assert not any('"decimal"' in line for line in requested)
