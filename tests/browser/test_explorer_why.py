"""The explorer's why: what adds up comes first, every number can be read, and a blank method says why it is blank."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Page, Response, expect

from cnn_engine.models import shipped, why
from cnn_engine.words import say

from .reading import answered, follow, fragment

EQUATION, STEP, METHODS = "[data-role=equation]", "[data-role=why-step]", "[data-role=why-methods]"
AROUND = "[data-role=why-around]"
SIZES = "cells => cells.map(cell => [cell.clientWidth, parseFloat(getComputedStyle(cell).fontSize), cell.scrollWidth])"
OUTLINE = "node => getComputedStyle(node).outlineStyle"


def answers_to(page: Page, call: str) -> list[Response]:
    """What the page is answered to a call from now on."""
    found: list[Response] = []
    page.on("response", lambda response: found.append(response) if response.url.endswith(f"/{call}") else None)
    return found


def test_what_adds_up_comes_first_and_the_other_methods_when_they_are_asked_for(open_page):
    page: Page = open_page("/explorer")
    whys = answers_to(page, "why")
    page.get_by_role("button", name="Why this answer?").click()
    expect(page.locator(STEP)).to_contain_text("×")
    expect(page.locator(EQUATION)).to_contain_text("the logit of 3")
    assert [answer.request.post_data_json["method"] for answer in whys] == ["contribution"]
    for role in ("why-methods", "why-tests"):
        expect(page.locator(f"[data-role={role}]")).to_be_hidden()
    more = page.get_by_role("button", name="More: other methods")
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(page.locator(METHODS).get_by_role("radio")).to_have_count(4)
    expect(page.locator("[data-role=why-switched] tr")).to_have_count(2)
    expect(page.locator("[data-role=why-likeness]")).to_contain_text("Correlation")
    page.get_by_role("radio", name="Grad-CAM").check()
    expect(page.locator(STEP)).to_contain_text("max(")
    more.click()  # less again: what adds up is looked at
    expect(page.locator(METHODS)).to_be_hidden()
    expect(page.locator(STEP)).to_contain_text("×")
    page.get_by_role("button", name="The digit 5").click()  # another picture: why this answer is still what is asked
    expect(page.locator(EQUATION)).to_contain_text("the logit of 5")
    follow(page, "/explorer#why=3,gradient")
    expect(page.locator(METHODS).get_by_role("radio", name=re.compile("^Gradient"))).to_be_checked()


def test_every_number_of_a_large_map_can_be_read_by_pointing_and_by_keys(show):
    page: Page = show("/explorer#why=3", width=1366, height=768)
    step = page.locator(STEP)
    expect(step).to_contain_text("×")
    chosen = step.inner_text()
    cell = page.get_by_role("grid", name="Channel 1", exact=True).locator('[aria-rowindex="10"] [aria-colindex="15"]')
    with answered(page, "/why-cell", asks=lambda request: request.post_data_json["cell"] == [0, 9, 14]) as reckoned:
        cell.hover()
    answer = reckoned.value.json()
    expect(step).to_have_text(answer["equation"])
    expect(page.locator("[data-role=why-readout]")).to_contain_text("row 10, column 15")
    around = page.get_by_role("grid", name="Channel 1, around the cell").locator(".cell")
    expect(around).to_have_count(49)
    sizes = around.evaluate_all(SIZES)
    assert min(width for width, _, _ in sizes) >= 24
    assert min(size for _, size, _ in sizes) >= 11
    assert all(taken <= width for width, _, taken in sizes)
    assert page.locator(f"{AROUND} .pinned").get_attribute("class") is not None
    page.locator("h1").hover()
    expect(step).to_have_text(chosen)
    cell.press("Enter")
    expect(step).to_have_text(answer["equation"])
    page.locator("h1").hover()
    expect(step).to_have_text(answer["equation"])
    assert "c0.9.14" in fragment(page)
    page.get_by_role("button", name="More: other methods").focus()
    page.keyboard.press("Tab")  # to the map's cell
    page.keyboard.press("Tab")
    slider = page.get_by_role("slider", name="Cell", exact=True)
    expect(slider).to_be_focused()
    assert slider.evaluate(OUTLINE) == "solid"
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("Row 10, column 16"))
    expect(slider).to_be_focused()


def test_where_grad_cam_is_blank_its_sums_and_weights_say_why(show):
    page: Page = show("/explorer#sample=2&why=0,grad_cam")
    body = {"input": {"sample": 2}, "prepare": {}, "layers": []}
    given = np.array(page.request.post("/api/models/digits/answer", data=body).json()["input"])
    expected = why(shipped("digits"), given, "grad_cam", 0)
    blank = page.locator("[data-role=why-blank]")
    expect(blank).to_contain_text(say(expected.blank))
    expect(page.locator(METHODS)).to_contain_text("blank: no sum is above 0")
    shown = page.get_by_role("grid", name="Values").locator(".cell")
    expect(shown).to_have_count(49)
    assert {text[:1] for text in shown.all_inner_texts()} <= {"−", "<", "0"}  # the sums, none of them above 0
    expect(page.locator("[data-role=why-terms] li")).to_have_count(16)
    page.locator("[data-role=why-layer]").select_option("5 ReLU")
    clear = why(shipped("digits"), given, "grad_cam", 0, 4)
    if clear.blank is None:
        expect(blank).to_be_hidden()
    else:
        expect(blank).to_contain_text(say(clear.blank))


def test_before_a_projector_the_arithmetic_of_a_cell_is_on_the_screen_with_its_map(open_page):
    page: Page = open_page("/explorer?present", width=1366, height=768)
    page.get_by_role("button", name="Why this answer?").click()
    expect(page.locator("[data-role=why-around] .cell")).to_have_count(9)
    seen = ("why-map", "why-step", "why-around", "why-sentence")
    for role in seen:
        expect(page.locator(f"[data-role={role}]")).to_be_in_viewport(ratio=1)
    check_upright(page, seen)
    page.evaluate("location.hash = 'at=3,2,5,5'")
    check_upright(page, ("sentence", "cell-channels", "stage", "arithmetic"))


def check_upright(page: Page, roles: tuple[str, ...]) -> None:
    """On an upright screen all of these are seen, and nothing is scrolled to."""
    for width, height in ((800, 1280), (1080, 1920)):
        page.set_viewport_size({"width": width, "height": height})
        for role in roles:
            expect(page.locator(f"[data-role={role}]")).to_be_in_viewport(ratio=1)
        page.wait_for_function("document.documentElement.scrollHeight === innerHeight")
