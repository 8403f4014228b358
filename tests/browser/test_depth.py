"""The page of deep networks: the engine's numbers of every layer, what is chosen, and what is no number."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cnn_engine import trace_depth

from .reading import button, expect_step, follow

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def number_of(text: str) -> float:
    """A printed number, powers of ten included."""
    plain = re.sub(r"(?:·|^)10([⁻⁰¹²³⁴-⁹]+)", lambda found: "e" + found[1].translate(SUPERSCRIPTS), text.lstrip("≈"))
    return float(f"1{plain}" if plain.startswith("e") else plain)


def column(page: Page, kind: str, side: int = 0) -> list[str]:
    return page.locator(".depth-side").nth(side).locator(f".{kind} b").all_inner_texts()


def sentence(page: Page):
    return page.locator("[data-role=sentence]")


def test_every_number_is_the_engines_and_a_layer_is_chosen(show) -> None:
    page = show("/depth#step=2")
    engine = trace_depth()
    for index in (2, 3, 99):
        if index == 99:
            page.keyboard.press("End")
        expect_step(page, index + 1, 100)
        step = engine[index]
        expect(sentence(page)).to_have_text(step.describe())
        assert [number_of(text) for text in column(page, "values")] == pytest.approx(step.values, rel=0.06)
        assert [number_of(text) for text in column(page, "gradients")] == pytest.approx(step.gradients, rel=0.06)
        page.keyboard.press("ArrowRight")
    page.locator('[data-layer="4"]').click()
    terms = page.locator(".depth-term b")
    shown = [number_of(text) for text in terms.all_inner_texts()]
    last = engine[99]
    assert shown == pytest.approx(
        [last.above[4], last.slopes[4], last.stretches[4], last.passed[4], last.above[3]], rel=0.06
    )
    expect(page).to_have_url(re.compile(r"pin=layer,4,0"))
    button(page, "First step").click()
    expect(page.locator(".depth-where")).to_contain_text("Back through layer 5")
    widths = [bar.evaluate("bar => bar.clientWidth") for bar in page.locator(".gradients .depth-bar").all()]
    assert widths == sorted(widths)  # the gradient shrinks from the last layer to the first
    assert widths[-1] > 3 * widths[0]


def test_stacks_explode_are_compared_and_say_what_is_no_number(show) -> None:
    page = show("/depth")
    page.get_by_text("ReLU, too large a rate: it explodes", exact=True).click()
    expect(page).to_have_url(re.compile("activation=relu&init=he&rate=5"))
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect_step(page, 4, 100)
    expect(sentence(page)).to_have_text(trace_depth("relu", "he", learning_rate=5)[3].describe())
    assert "∞" in column(page, "values")
    page.keyboard.press("End")
    expect(page.locator(".depth-row .values b").first).to_have_text("NaN")
    assert set(page.locator(".depth-term b").all_inner_texts()) <= {"–", "0"}
    page.get_by_text("ReLU: Xavier beside He", exact=True).click()
    expect(page.locator(".depth-side .panel-head")).to_have_text(["ReLU, Xavier", "ReLU, He (Kaiming)"])
    expect_step(page, 100, 100)
    for side, rule in enumerate(("xavier", "he")):
        step = trace_depth("relu", rule)[99]
        assert [number_of(text) for text in column(page, "values", side)] == pytest.approx(step.values, rel=0.06)
    page.get_by_role("radio", name="All 0").first.check(force=True)
    expect(page.locator(".depth-side").first.locator(".values b").first).to_have_text("0")
    follow(page, "/depth#layers=3&width=4&updates=20&step=19")
    expect_step(page, 20, 20)
    expect(page.locator(".depth-row[data-layer]")).to_have_count(3)


@pytest.mark.parametrize(("width", "height"), [(1366, 657), (1024, 768), (390, 844)])
def test_twelve_layers_can_be_read(show, width, height) -> None:
    page = show("/depth#layers=12&activation=relu&init=he&rate=5&step=2", width=width, height=height)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.evaluate(
        """() => [...document.querySelectorAll(".depth b, .depth i, .depth-term *")]
          .filter((node) => parseFloat(getComputedStyle(node).fontSize) < 11 || node.scrollWidth > node.clientWidth + 1)
          .map((node) => node.textContent)"""
    )
    assert small == []
    apart = """signs => signs.map((sign) => [sign, sign.nextSibling].map((node) => node.getBoundingClientRect().top))"""
    for sign, term in page.locator(".depth-sign").evaluate_all(apart):
        assert abs(sign - term) < 30  # on the line of its number
    if width > 1000:
        bottom = page.locator("[data-role=arithmetic]").evaluate("node => node.getBoundingClientRect().bottom")
        assert bottom <= height


def test_it_is_printed_on_one_sheet_with_every_layer(open_page) -> None:
    page = open_page("/depth#activation=relu&compare=yes&layers=12&step=20", 1366, 768)
    expect(button(page, "Print")).to_be_enabled()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for side in range(2):
        assert len(column(page, "values", side)) == len(column(page, "gradients", side)) == 12
    for seen in ("[data-layer='11'] .gradients b", ".depth-chart svg", ".depth-way"):
        expect(page.locator(seen).last).to_be_visible()
    expect(page.locator("[data-role=handout]")).to_contain_text("Second activation")
