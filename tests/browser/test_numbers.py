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
        (0.00001, "0", True),
        (1234567, "1e6", True),
    ],
)
def test_numbers_that_fit_a_cell(open_page, value, text, rounded) -> None:
    assert open_page("/").evaluate(SHORTEN, [value, 5]) == {"text": text, "rounded": rounded}
