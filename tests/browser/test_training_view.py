"""How the training page is looked at: before anything runs, pointed at, on a phone, before a projector, on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .reading import answered, button, fragment, until

TINY = "net=flatten;linear:out_features=10"  # steps that cost nothing
LEGIBLE = 24  # pixels of type before a projector, at least
PAGES_OF_PDF = re.compile(rb"/Type\s*/Page\b")


def test_too_small_a_rate_is_seen_beside_a_good_one_and_printed_on_one_sheet(open_page, check_axe):
    page: Page = open_page("/training#like=small-rate&speed=max")
    conclusion, curves = page.locator("[data-role=scenario-sentence]"), page.locator("[data-role=curves]")
    expect(curves).to_be_hidden()
    expect(conclusion).to_be_hidden()
    expect(page.locator("[data-role=sentence]")).to_contain_text("hardly anywhere")
    box = button(page, "Start").bounding_box()
    assert box is not None
    assert min(box["width"] / 3, box["height"]) >= 64
    button(page, "Start").click()
    expect(page.locator("[data-role=loss-chart] .chart-legend li")).to_have_count(4)
    expect(page.locator("[data-role=loss-chart] .chart-legend li").first).to_contain_text("rate 0.003")
    expect(conclusion).to_contain_text("hardly anywhere")
    expect(curves).to_be_visible()
    for run in page.evaluate("async () => (await (await fetch('/api/runs')).json()).runs.map(({ id }) => id)"):
        until(page, lambda run=run: page.request.get(f"/api/runs/{run}").json()["state"] == "finished")
        assert run in fragment(page)
    check_axe(page)
    assert len(PAGES_OF_PDF.findall(page.pdf(prefer_css_page_size=True))) == 1


def test_a_set_up_asks_what_to_look_for_and_says_it_at_the_end(open_page):
    page: Page = open_page("/training#like=zeros")
    conclusion, sentence = page.locator("[data-role=scenario-sentence]"), page.locator("[data-role=sentence]")
    chips = page.locator("[data-role=scenarios]")
    chips.get_by_text("All filters alike").click()
    expect(sentence).to_have_text(re.compile(r"do they come to differ\?$"))
    expect(conclusion).to_be_hidden()
    chips.get_by_text("Learns well").click()
    expect(sentence).to_have_text(re.compile(r"How many steps"))
    button(page, "Start").click()
    expect(page.locator("[data-role=progress]")).to_have_attribute("data-step", re.compile("[1-9]"))
    expect(conclusion).to_be_hidden()
    button(page, "Stop").click()
    expect(conclusion).to_contain_text(
        "Left to run, it gets most of its answers right"
    )  # true of a run that was stopped, too
    expect(sentence).to_have_text(re.compile(r"^Stopped by hand after step \d+\.( It has [^.]+\.?.*)?$"))


def fed(page: Page) -> tuple[int, int]:
    """How many tiles the one that is pointed at is made of, and how many lines lead to them."""
    return page.locator(".strip .fed").count(), page.locator(".edges .edge").count()


def test_pointing_at_a_map_shows_what_it_is_made_of(show):
    grouped = "conv2d:out_channels=6,kernel_size=3,groups=2"
    page: Page = show(
        f"/training#net=conv2d:out_channels=4,kernel_size=3;relu;{grouped};flatten;linear:out_features=10"
    )
    columns = page.locator(".strip > .column")
    expect(page.locator(".strip .empty")).to_have_count(0)
    for column, tile, lines in ((1, 2, 1), (2, 3, 1), (3, 0, 2), (3, 4, 2), (5, 7, 1 + 6)):
        columns.nth(column).locator(".map-tile").nth(tile).hover()
        expect(page.locator(".edges .edge")).to_have_count(lines)
        assert fed(page)[0] == lines
    page.locator(".page-title").hover()
    expect(page.locator(".edges .edge")).to_have_count(0)


def test_on_a_phone_the_answers_are_in_sight_and_all_is_there_by_touch(open_page):
    page: Page = open_page("/training", width=390, height=844, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    answer, bar = page.locator(".answer").bounding_box(), page.locator(".run-bar").bounding_box()
    assert answer is not None
    assert bar is not None
    assert answer["y"] + answer["height"] <= bar["y"]
    assert answer["x"] >= 0
    assert answer["x"] + answer["width"] <= 390
    sentence = page.locator("[data-role=sentence]")
    for up in (0, -80):  # however much there is above it, it ends above the bar
        page.locator(".network").evaluate("(node, up) => { node.style.marginTop = `${-up}px`; }", up)
        box = sentence.bounding_box()
        assert box
        assert box["y"] + box["height"] <= bar["y"]
    expect(page.get_by_text("Tap a map to see what it is made of")).to_be_visible()
    tile = page.locator(".strip .map-tile").first
    tile.tap()
    expect(page.locator(".edges .edge")).to_have_count(1)
    expect(page.locator("#tile-dialog")).to_be_hidden()
    tile.tap()
    expect(page.locator("#tile-dialog")).to_be_visible()


TYPE = """() => {
  const shown = (node) => node.textContent.trim() && node.getClientRects().length;
  const size = (selector) => {
    const found = [...document.querySelectorAll(selector)].filter(shown);
    return found.length ? Math.min(...found.map((node) => parseFloat(getComputedStyle(node).fontSize))) : 0;
  };
  const root = document.documentElement;
  return {
    sentence: size("[data-role=sentence]"),
    numbers: size(".predicted .answer-value, .answer-note, .curve > h2 b, .progress-line, .racer-loss, .update-number"),
    below: root.scrollHeight - root.clientHeight,
    sideways: root.scrollWidth - root.clientWidth,
  };
}"""


def test_on_paper_the_layers_stand_in_one_row_and_what_was_set_has_its_name(open_page):
    page: Page = open_page("/training")
    expect(page.locator(".strip > .column")).to_have_count(9)
    expect(button(page, "Print")).to_be_enabled()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    columns = page.locator(".strip > .column")
    tops = "nodes => new Set(nodes.map((node) => node.getBoundingClientRect().top)).size"
    assert columns.evaluate_all(tops) == 1
    strip, last = page.locator(".strip").bounding_box(), columns.last.bounding_box()
    assert strip
    assert last
    assert last["x"] + last["width"] <= strip["x"] + strip["width"]
    expect(page.locator("[data-role=handout]")).to_contain_text("Handwritten digits")


@pytest.mark.parametrize("width", [1024, 1280, 390])
def test_no_name_of_a_layer_is_cut_off_in_the_set_up(show, width):
    page: Page = show("/training", width=width, height=768)
    names = page.locator(".layer-head b")
    expect(names).to_have_count(8)
    for name in names.all():
        within, beside = name.bounding_box(), name.locator("xpath=..").locator(".layer-shape").bounding_box()
        assert within
        assert beside
        assert name.evaluate("node => node.scrollWidth <= node.clientWidth")
        assert within["x"] + within["width"] <= beside["x"] or within["y"] + within["height"] <= beside["y"] + 1


def test_on_a_phone_a_weight_is_chosen_and_its_numbers_come_into_sight(open_page):
    page: Page = open_page("/training#speed=1", width=390, height=844, has_touch=True, is_mobile=True)
    button(page, "Start").tap()
    button(page, "Slow motion").tap()
    expect(button(page, "Next phase")).to_be_visible()
    filter_ = page.locator(".weight-tile").first
    hint = page.get_by_text("Choose a weight: in slow motion")
    filter_.tap()
    expect(hint).to_be_hidden()
    filter_.tap()
    expect(page.locator("[data-role=tile-value]")).to_contain_text("row 1, column 1")  # where the focus is
    expect(hint).to_be_visible()
    page.locator(".tile-dialog .cell").nth(7).tap()
    expect(page.locator("[data-role=tile-value]")).to_contain_text("row 3, column 2")
    button(page, "Close").tap()
    lines = page.locator("[data-role=weight-lines]")
    while "gradient" not in lines.inner_text():
        with answered(page, "/weight"):
            button(page, "Next phase").tap()
    expect(lines).to_contain_text("old value")
    expect(lines).not_to_contain_text("{")
    bottom = page.get_by_role("group", name="The run").bounding_box()
    box = page.locator("[data-role=weight-title]").bounding_box()
    assert bottom
    assert box
    assert 0 <= box["y"] < bottom["y"] / 2


@pytest.mark.parametrize(("width", "height"), [(390, 844), (911, 512), (1024, 768), (1280, 720)])
def test_before_a_projector_what_it_answers_and_what_is_true_have_their_room_and_no_more(show, width, height):
    page: Page = show(f"/training?present#{TINY}", width, height)
    rows = page.locator(".answer-list li.predicted, .answer-list li.true")
    expect(rows.first).to_be_visible()
    note = page.locator(".answer-note").bounding_box()
    card = page.locator("[data-role=network]").bounding_box()
    assert note
    assert card
    bottom = note["y"] + note["height"]
    for row in rows.all():
        box = row.bounding_box()
        assert box
        bottom = max(bottom, box["y"] + box["height"])
        assert box["x"] + box["width"] <= note["x"] or box["y"] + box["height"] <= note["y"]
    assert card["y"] + card["height"] - bottom < 24
    bar = page.locator(".run-bar").bounding_box()
    assert bar
    for curve in page.locator(".curve").filter(visible=True).all():  # no button lies on a curve
        box = curve.bounding_box()
        assert box
        assert box["height"] > 100
        assert box["y"] >= bar["y"] + bar["height"] or box["y"] + box["height"] <= bar["y"]


def test_zoomed_in_the_network_keeps_its_card_and_fits_it(show):
    page: Page = show("/training", 911, 512)
    card = page.locator("[data-role=network]").bounding_box()
    last = page.locator(".strip > .column").last.bounding_box()
    assert card
    assert last
    assert last["x"] + last["width"] <= card["x"] + card["width"] <= 911


def check_type(page: Page) -> None:
    small = page.evaluate(TYPE)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")
    large = page.evaluate(TYPE)
    for name in ("sentence", "numbers"):
        assert LEGIBLE <= small[name] < large[name], name
    assert [seen[name] for seen in (small, large) for name in ("below", "sideways")] == [0, 0, 0, 0]


def test_a_network_learns_before_a_projector(open_page):
    page: Page = open_page(f"/training?present#{TINY}&speed=20", 1024, 768)
    for selector in (".header", ".inspector", ".lead", ".scenarios", ".notes"):
        expect(page.locator(selector).first).to_be_hidden()
    fits = "node => node.scrollWidth <= node.clientWidth || node.scrollWidth === 0"
    for head in page.locator(".column-head b").all():
        assert head.evaluate(fits), head.inner_text()
    progress = page.locator("[data-role=progress]")
    page.keyboard.press("PageDown")
    expect(progress).to_have_attribute("data-step", re.compile("[1-9]"))
    page.keyboard.press("PageUp")
    expect(progress).to_have_attribute("data-state", "paused")
    step = int(progress.get_attribute("data-step") or 0)
    page.keyboard.press("PageDown")
    expect(progress).to_have_attribute("data-step", str(step + 1))
    with answered(page, "/commands", asks=lambda request: "steps_per_second" in (request.post_data or "")) as turned:
        page.keyboard.press("+")
    assert turned.value.json()["steps_per_second"] == 50
    check_type(page)
    page.keyboard.press("b")
    expect(page.locator(".blank")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.locator(".blank")).to_have_count(0)
    page.keyboard.press("q")
    expect(page.locator("#qr-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    button(page, "Stop").click()


@pytest.mark.parametrize("pin", ["adam", "sgd"])
def test_a_race_before_a_projector(open_page, pin):
    page: Page = open_page(f"/optimizers?present#step=11&pin={pin},0,0", 1024, 768)
    check_type(page)
