"""The explorer as a page: what comes first on a phone, what stands in no other's way, and one sheet of paper."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from cnn_engine.models import bend, shipped
from cnn_engine.models.learned import exciting
from cnn_engine.wording import equation, number

from .reading import answered, button, come_back, follow, fragment, until

ANSWER, NETWORK = "[data-role=answer]", "[data-role=network-view]"
WIRES = "[data-role=wired] path"
# Lines that pass over a map that is at neither of their ends: the middle of each map, and points along each line.
CROSSED = """() => {
  const buttons = document.querySelectorAll("[data-role=network] .map-button");
  const maps = [...buttons].map((node) => node.getBoundingClientRect());
  const around = document.querySelector("[data-role=wired]").getBoundingClientRect();
  const inside = (box, x, y) => x > box.left + 2 && x < box.right - 2 && y > box.top + 2 && y < box.bottom - 2;
  return [...document.querySelectorAll("[data-role=wired] path")].filter((path) => {
    const length = path.getTotalLength();
    return Array.from({ length: 60 }, (_, at) => path.getPointAtLength((length * (at + 0.5)) / 60)).some(({ x, y }) =>
      maps.some((box) => inside(box, x + around.left, y + around.top)));
  }).length;
}"""

# Where lines that pass a title part, and where the titles that are above maps that are fed end.
PARTED = """() => {
  const { top } = document.querySelector("[data-role=wired]").getBoundingClientRect();
  const paths = [...document.querySelectorAll("[data-role=wired] path")];
  const titles = [...document.querySelectorAll("[data-role=network] .fed .layer-name")];
  const round = (values) => [...new Set(values.map(Math.round))].sort((one, other) => one - other);
  return [
    round(paths.map((path) => Number(/V([^CM]+)/.exec(path.getAttribute("d"))[1]))),
    round(titles.map((node) => node.getBoundingClientRect().bottom - top)),
  ];
}"""


def top_of(page: Page, selector: str) -> float:
    """How far below the top of the page something begins."""
    return page.locator(selector).first.evaluate("node => node.getBoundingClientRect().top + scrollY")


def test_zoomed_in_one_draws_and_sees_the_answer(open_page):
    page: Page = open_page("/explorer", width=911, height=512)
    for selector in ("[data-role=pad]", ANSWER, "[data-role=bars]"):
        box = page.locator(selector).bounding_box()
        assert box, selector
        assert box["y"] + box["height"] <= 512, selector


def test_on_a_phone_one_draws_and_is_answered_first_and_the_network_comes_next(open_page, show):
    page: Page = open_page("/explorer", width=390, height=844)
    tops = [top_of(page, one) for one in ("[data-role=pad]", ANSWER, NETWORK, "[data-role=received-box]")]
    assert tops == sorted(tops)
    assert tops[1] < 844
    assert tops[2] < 1.5 * 844
    others = page.locator("[data-role=others]")
    expect(others.get_by_role("button", name="The digit 7, drawn for you")).to_be_hidden()
    page.get_by_text("Or choose a picture").click()
    page.get_by_role("button", name="The digit 7, drawn for you").click()
    expect(page.locator(ANSWER)).to_contain_text("The network answers 7.")
    wide: Page = show("/explorer")
    expect(wide.get_by_role("button", name="The digit 7, drawn for you")).to_be_visible()


def test_the_page_says_what_there_is_to_draw_for_each_network(show):
    page: Page = show("/explorer")
    lead = page.locator("[data-role=lead]")
    expect(lead).to_contain_text("Draw a digit")
    leads = {lead.inner_text()}
    for name, what in (("clothes", "clothing"), ("shapes-colour", "a shape"), ("orientations", "an edge")):
        page.locator("[data-role=model]").select_option(name)
        expect(lead).to_contain_text(what)
        leads.add(lead.inner_text())
    assert len(leads) == 4
    page.locator("[data-role=model]").select_option("digits")
    expect(lead).to_contain_text("Draw a digit")


@pytest.mark.parametrize(("width", "count"), [(1024, 41), (1366, 41), (390, 1)])
def test_no_line_passes_behind_a_map(show, width, count):
    """Where a layer's maps fill more than one line, a frame says what a line would."""
    page: Page = show("/explorer", width=width, height=844)
    wires = page.locator(WIRES)
    until(page, lambda: wires.count() >= count)
    assert width < 1000 or wires.count() == count
    if width < 1000:
        parted, titles = page.evaluate(PARTED)
        assert parted == titles
    assert page.evaluate(CROSSED) == 0
    page.get_by_role("button", name="4 Convolution, map 3", exact=True).focus()
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate(CROSSED) == 0
    assert page.locator(f"{WIRES}, [data-role=network] .joined").count() == 8 + 1
    page.get_by_role("button", name="4 Convolution, map 3", exact=True).evaluate("node => node.blur()")
    expect(page.locator("[data-role=network] .joined")).to_have_count(0)


def test_what_is_on_its_way_has_its_room_and_a_picture_becomes_the_input(show):
    page: Page = show("/explorer")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/nearest", hold)
    page.locator("[data-role=learned-layer]").select_option("5 ReLU")
    until(page, lambda: bool(held))
    view = page.locator("[data-role=learned-view]")
    expect(view).to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-role=excited] .coming")).to_have_count(9)
    before = view.bounding_box()
    held[0].continue_()
    expect(page.locator("[data-role=nearest] .example")).to_have_count(9)
    expect(view).not_to_have_attribute("aria-busy", "true")
    assert abs(view.bounding_box()["height"] - before["height"]) <= 2
    page.unroute("**/nearest")
    first = page.locator("[data-role=excited] .example").first
    sample, truth = first.get_attribute("data-sample"), first.inner_text().split(":")[0]
    first.click()
    expect(page.locator("[data-role=given-note]")).to_contain_text(f"of the class “{truth}”")
    expect(page.locator("[data-role=pad]")).to_be_in_viewport()
    assert f"sample={sample}" in fragment(page)
    page.get_by_role("button", name="Freeze").click()
    other = page.locator("[data-role=excited] .example").nth(4)
    other.click()
    expect(page.locator("[data-role=given-fault]")).to_contain_text("frozen")
    assert f"sample={sample}" in fragment(page)


def test_what_excites_a_map_is_of_the_network_as_it_is_bent(show):
    page: Page = show("/explorer")
    with answered(page, "/exciting") as waited:
        page.evaluate("location.hash = 'learns=1,2&changes=0.bias:2:9'")
    body = waited.value.request.post_data_json
    assert body["changes"] == [{"parameter": "0.bias", "index": [2], "value": 9}]
    first = waited.value.json()["pictures"][0]
    model = bend(shipped("digits"), body["changes"])
    found = exciting(model, np.array([first["values"]]), 1, 2, 1)[0]
    assert first["value"] == pytest.approx(found.value, rel=1e-2)  # pixels are told to three decimals
    expect(page.locator("[data-role=excited] li").first).to_have_text(f"{first['label']}: {number(first['value'])}")
    expect(page.locator("[data-role=learned]")).not_to_contain_text("without your changes")


def test_cells_that_have_no_room_for_their_number_are_explained_in_words(show):
    page: Page = show("/explorer#at=3,2", 1024, 768)
    cells, note = page.locator("[data-role=map] .cell"), page.locator("[data-role=map-bounds]")
    assert "<0" in cells.all_inner_texts()
    expect(note).to_contain_text("only just less or more")
    cells.filter(has_text="<0").first.hover()
    expect(page.locator("[data-role=map-readout]")).to_contain_text(re.compile(r": ≈−0\.0[0-4]|: ≈−.* × 10"))
    page.evaluate("location.hash = 'at=7'")
    expect(page.get_by_role("grid", name="8 Dense")).to_be_visible()
    expect(note).to_be_hidden()


# Prints as soon as what prepares paper, which a page fetches late, is there.
PREPARED = "() => dispatchEvent(new Event('beforeprint')) && document.documentElement.classList.contains('printing')"


def test_the_explorer_is_printed_on_one_sheet_with_its_equation(open_page):
    page: Page = open_page("/explorer", dark=True)
    page.wait_for_function(PREPARED)
    expect(page.locator("[data-role=network-view] button:visible")).to_have_count(8 * 3 + 16 * 3 + 2)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    button(page, "Print").click()
    page.wait_for_function("() => window.printed")
    equation = page.locator("[data-role=equation]")
    expect(equation).to_contain_text("the logit of 3")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    for role in ("pad", "answer", "bars", "received", "equation", "why-map", "why-step", "handout"):
        expect(page.locator(f"[data-role={role}]")).to_be_visible()
    expect(page.locator("[data-role=handout]")).to_contain_text("/explorer#")
    expect(page.locator("[data-role=handout]")).to_contain_text("NetworkDigits")
    assert page.locator("button:visible, input:visible, select:visible, summary:visible").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.emulate_media(media="screen")
    follow(page, "/explorer#at=3,2,5,5")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768), (1920, 1080)])
def test_on_a_wall_a_cell_of_many_channels_fits_with_one_of_them_and_the_sums_of_all(open_page, width, height):
    page: Page = open_page("/explorer?present#at=3,2,5,5", width=width, height=height)
    channels = page.get_by_role("group", name="The channels that are added up").get_by_role("button")
    expect(channels).to_have_count(8)
    for role in ("sentence", "cell-channels", "stage", "arithmetic"):
        box = page.locator(f"[data-role={role}]").bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height, role
        assert box["x"] + box["width"] <= width, role
    inside = "node => [node.scrollWidth - node.clientWidth, node.scrollHeight - node.clientHeight]"
    for role in ("stage", "arithmetic"):
        assert max(page.locator(f"[data-role={role}]").evaluate(inside)) <= 1
    digits = "nodes => Math.min(...nodes.map(node => parseFloat(getComputedStyle(node).fontSize)))"
    assert page.locator("[data-role=stage] .cell:visible").evaluate_all(digits) >= 24
    assert page.locator("[data-role=stage] [data-panel=input]").bounding_box()["height"] > 0.4 * height
    page.evaluate("location.hash = 'model=shapes-colour&sample=0&at=0,2,5,5&channel=1'")
    expect(channels).to_have_count(3 if width < 1600 else 0)  # where all three have room they stand together
    expect(page.locator("[data-role=arithmetic]")).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-role=message]")).to_be_hidden()


def test_the_sums_of_channels_add_up_to_the_number_and_each_can_be_chosen(show):
    page: Page = show("/explorer")
    with answered(page, "/cell") as waited:
        page.evaluate("location.hash = 'at=3,2,5,5'")
    answer = waited.value.json()
    sums, bias, output = (np.array(answer["steps"][name]).ravel() for name in ("channel_sums", "bias", "output"))
    assert sums.sum() + bias[0] == pytest.approx(output[0])
    channels = page.locator("[data-role=cell-channels]")
    shown = channels.get_by_role("button").all_inner_texts()
    assert [text.split("\n")[-1].strip("()") for text in shown] == [number(one) for one in sums]
    expect(channels).to_contain_text(equation("(the bias)", output[0]))
    assert answer["leading"] == int(np.abs(sums).argmax())
    expect(channels.locator("[aria-pressed=true]")).to_contain_text(f"map {answer['leading'] + 1}")
    arithmetic = page.locator("[data-role=arithmetic]")
    expect(arithmetic).to_contain_text(f"map {answer['leading'] + 1}")
    channels.get_by_role("button", name="map 2").press("Enter")
    expect(arithmetic).to_contain_text("map 2")
    expect(channels.get_by_role("button", name="map 2")).to_be_focused()
    expect(page.locator("[data-panel=input] [role=grid]")).to_have_count(1)


def test_a_cell_has_its_room_after_the_window_has_changed_while_none_was_open(open_page):
    page: Page = open_page("/explorer#at=3,2,5,5")
    cells = page.locator("[data-role=stage] [data-panel=input] .cell")
    expect(cells.first).to_be_visible()
    before = cells.first.bounding_box()["width"]
    page.keyboard.press("Escape")
    expect(cells.first).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 880})
    page.evaluate("new Promise(requestAnimationFrame)")
    page.get_by_role("grid", name="4 Convolution, map 3").locator('[aria-rowindex="6"] [aria-colindex="6"]').click()
    expect(cells.first).to_be_visible()
    page.evaluate("new Promise(requestAnimationFrame)")
    assert abs(cells.first.bounding_box()["width"] - before) <= 4


@pytest.mark.parametrize(
    ("width", "height", "name"), [(390, 844, "7 Flatten, its numbers"), (1366, 768, "8 Dense, its numbers")]
)
def test_what_is_opened_far_below_begins_on_the_screen(open_page, width, height, name):
    page: Page = open_page("/explorer#pinned=3,2", width=width, height=height, reduced_motion=False)
    page.get_by_role("button", name=name, exact=True).click()
    closer = page.locator("[data-role=closer]")
    expect(closer).to_be_visible()
    until(page, lambda: -1 <= closer.bounding_box()["y"] < height / 2)
    page.wait_for_timeout(500)  # the motion, and what comes later
    assert -1 <= closer.bounding_box()["y"] < height / 2


def test_what_is_said_of_a_cell_is_of_the_map_that_is_open(show):
    page: Page = show("/explorer#at=3,2")
    readout = page.locator("[data-role=map-readout]")
    page.get_by_role("grid", name="4 Convolution, map 3").locator('[aria-rowindex="6"] [aria-colindex="6"]').focus()
    expect(readout).to_contain_text("4 Convolution, map 3, row 6, column 6")
    page.evaluate("location.hash = 'at=0,1'")
    expect(page.get_by_role("grid", name="1 Convolution, map 2")).to_be_visible()
    expect(readout).to_have_text("")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768), (1920, 1080)])
def test_on_a_wall_the_cells_around_the_one_that_is_explained_are_all_on_the_screen(show, width, height):
    page: Page = show("/explorer?present#why=3,3", width=width, height=height)
    around = page.locator("[data-role=why-around]")
    expect(around.locator(".cell").first).to_be_visible()
    assert around.evaluate("node => node.scrollWidth - node.clientWidth") <= 0
    assert around.locator(".cell").count() >= 9
    for shown in (around, page.locator("[data-role=why-sentence]"), page.locator(".why-step .equation")):
        expect(shown).to_be_in_viewport(ratio=1)
    wider = "cells => cells.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length"
    assert page.locator("[data-role=why-map] .cell").evaluate_all(wider) == 0


def test_a_reason_has_the_same_room_in_a_window_that_was_narrow_before(show):
    page: Page = show("/explorer?present#why=3,3", width=1024, height=768)
    cell, others = page.locator("[data-role=why-map] .cell").first, page.locator("[data-role=others]")
    expect(others).to_have_attribute("open", "")
    width = cell.bounding_box()["width"]
    page.set_viewport_size({"width": 390, "height": 844})
    until(page, lambda: cell.bounding_box()["width"] != width)
    expect(others).not_to_have_attribute("open", "")
    page.set_viewport_size({"width": 1024, "height": 768})
    until(page, lambda: cell.bounding_box()["width"] == width)
    expect(others).to_have_attribute("open", "")


def test_each_map_of_a_reason_is_large_enough_for_a_finger(show):
    page: Page = show("/explorer#why=3,4", width=390, height=844)
    maps = page.locator("[data-role=why-maps]").get_by_role("button")
    expect(maps).to_have_count(16)
    assert min(min(one.bounding_box()[side] for side in ("width", "height")) for one in maps.all()) >= 24


def test_a_link_holds_the_channel_that_is_shown_and_says_where_there_is_no_such_one(show):
    page: Page = show("/explorer#at=3,2,5,5")
    channels = page.locator("[data-role=cell-channels]")
    shown = channels.locator("[aria-pressed=true]")
    expect(page.locator("[data-role=sentence]")).to_contain_text("row 6, column 6")  # not yet of the test before
    leading = shown.inner_text()
    other = next(one for one in (2, 5) if f"map {one}" not in leading)
    channels.get_by_role("button", name=f"map {other}").click()
    until(page, lambda: f"channel={other - 1}" in fragment(page))
    come_back(page)
    expect(shown).to_contain_text(f"map {other}")
    expect(page.locator("[data-role=arithmetic]")).to_contain_text(f"map {other}")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    until(page, lambda: "at=3,2,5,6" in fragment(page))
    expect(shown).to_contain_text(f"map {other}")
    message = page.locator("[data-role=message-text]")
    for setting, channel in (("at=3,2,5,5", 40), ("at=0,1,5,5", 0)):
        page.evaluate("link => { location.hash = link; }", f"{setting}&channel={channel}")
        expect(message).to_contain_text(f"Channel: there is no “{channel}”")
        until(page, lambda: "channel" not in fragment(page))
        assert setting in fragment(page)
    page.evaluate("location.hash = 'channel=3'")
    expect(message).to_contain_text("Channel: there is no “3”")
    page.evaluate("location.hash = 'at=3,2,5,5'")
    expect(shown).to_have_text(leading, use_inner_text=True)
    expect(page.locator("[data-role=message]")).to_be_hidden()


def test_a_channel_without_a_cell_leaves_the_address_at_once(show):
    page: Page = show("/explorer#channel=3")
    expect(page.locator("[data-role=message-text]")).to_contain_text("Channel: there is no “3”")
    until(page, lambda: "channel" not in fragment(page))


def test_on_a_phone_a_task_that_is_met_covers_neither_the_sentence_of_the_cell_nor_its_sum(open_page):
    page: Page = open_page("/explorer#at=3,2")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator('[data-role=map] [aria-rowindex="6"] [aria-colindex="6"]').click()
    sentence, met = page.locator("[data-role=sentence]"), page.locator("[data-role=met]")
    expect(met).to_be_visible()
    expect(sentence).to_contain_text("row 6, column 6")
    until(page, lambda: sentence.bounding_box()["y"] >= 0)  # it has come into sight
    until(page, lambda: met.evaluate("node => node.getAnimations().length") == 0)
    parts = [page.locator(f"[data-role={role}]").bounding_box() for role in ("sentence", "cell-channels")]
    assert max(part["y"] + part["height"] for part in parts) <= met.bounding_box()["y"]


def test_before_a_projector_the_network_is_one_screen_and_why_has_its_arithmetic_on_a_small_one(show):
    page: Page = show("/explorer?present")
    size = "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    for width, height in [(1920, 1080), (1366, 768), (1280, 720), (768, 1024), (1024, 768)]:
        page.set_viewport_size({"width": width, "height": height})
        until(page, lambda screen=[width, height]: page.evaluate(size) == screen)
    page.evaluate("location.hash = 'why=3'")
    equation, grid = page.locator("[data-role=why-step]"), page.locator("[data-role=why-map]")
    expect(equation).to_contain_text("×")
    for shown in (equation, grid):
        until(page, lambda one=shown: one.evaluate("node => scrollY + node.getBoundingClientRect().bottom") <= 768)
