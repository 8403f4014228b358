"""Numbers read the same in the browser and in the engine: one table of cases for both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CASES = json.loads((Path(__file__).parents[1] / "number_wording.json").read_text("utf-8"))
SAY = """async (values) => {
    const { number } = await import("/static/js/format.js");
    return values.map(number);
}"""
SHORTEN = """async ([value, room]) => {
    const { cellText } = await import("/static/js/format.js");
    return cellText(value, room);
}"""


def test_the_table_of_numbers(open_page) -> None:
    page = open_page("/")
    assert page.evaluate(SAY, [value for value, _ in CASES]) == [text for _, text in CASES]


@pytest.mark.parametrize(
    ("value", "text", "rounded"),
    [
        (0, "0", False),
        (-7, "\N{MINUS SIGN}7", False),
        (12345, "12345", False),
        (0.125, "0.125", False),
        (1 / 3, "0.333", True),
        (-1 / 3, "\N{MINUS SIGN}0.33", True),
        (123.456, "123.5", True),
        (0.00001, "1e\N{MINUS SIGN}5", True),
        (-0.00001, "\N{MINUS SIGN}1e\N{MINUS SIGN}5", True),
        (1e-150, ">0", True),
        (-1e-150, "<0", True),
        (0.99996, ">0.99", True),
        (-0.99996, "<\N{MINUS SIGN}0.9", True),
        (1.00004, ">1", True),
        (-1.00004, "<\N{MINUS SIGN}1", True),
        (1234567, "1e6", True),
    ],
)
def test_numbers_that_fit_a_cell(open_page, value, text, rounded) -> None:
    assert open_page("/").evaluate(SHORTEN, [value, 5]) == {"text": text, "rounded": rounded}


@pytest.mark.parametrize("room", [4, 5])
def test_no_cell_says_0_or_1_of_what_is_neither(open_page, room) -> None:
    """Every power of ten that a float holds, and every distance from 1, on both sides."""
    values = [sign * 10.0**power for power in range(-300, 0) for sign in (1, -1)]
    values += [sign * (1 + side * 10.0**power) for power in range(-15, -3) for side in (1, -1) for sign in (1, -1)]
    said = """async ([values, room]) => {
        const { cellText, digits, number } = await import("/static/js/format.js");
        return values.map((value) => [cellText(value, room).text, digits(value).text, number(value)]);
    }"""
    for value, texts in zip(values, open_page("/").evaluate(said, [values, room]), strict=True):
        assert not {text.strip("≈\N{MINUS SIGN}") for text in texts} & {"0", "1"}, (value, texts)
        assert len(texts[0]) <= room


def test_shares_in_per_cent_are_all_or_nothing_only_where_they_are(open_page) -> None:
    shares = [0, 1, 0.9999, 0.9994, 0.0004, 0.0006, 0.5, None]
    said = """async (shares) => {
        const { percent } = await import("/static/js/training/answer.js");
        return shares.map(percent).map((text) => text.replace("\\u2009%", ""));
    }"""
    assert open_page("/").evaluate(said, shares) == ["0", "100", "> 99.9", "99.9", "< 0.1", "0.1", "50", "–"]
