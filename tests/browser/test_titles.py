"""What stands over a grid is true of it: titles follow the settings and the step, arithmetic goes with its picture."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from .reading import button, until

TITLES = [
    # page, what is opened, what it becomes by its address, panel, title
    ("stride", "", "#stride=2x2&other=3x3", "b-input", "Stride 3"),
    ("stride", "#other=3x3", "#stride=4x1&other=3x3", "input", "Stride 4 × 1"),
    ("padding", "#padding=1x1&other=2x2", "#padding=1x1&other=0x0", "b-input", None),
    ("pooling", "#shift=left", "#shift=right", "b-output", "Moved right"),
    ("pooling", "#shift=right", "#shift=up", "b-output", "Moved up"),
]


def title(page: Page, panel: str):
    return page.locator(f'[data-panel="{panel}"] .panel-head b')


@pytest.mark.parametrize(("name", "first", "then", "panel", "text"), TITLES)
def test_a_title_follows_the_settings(open_page, show, name, first, then, panel, text) -> None:
    page: Page = show(f"/operations/{name}{first}")
    before = title(page, panel).inner_text()
    page.evaluate("(hash) => { location.hash = hash; }", then)
    if text is None:  # whatever it is called, it is what a page that opens so calls it
        text = title(open_page(f"/operations/{name}{then}"), panel).inner_text()
        assert text != before
    expect(title(page, panel)).to_have_text(text)


def test_a_title_follows_the_step(open_page) -> None:
    page: Page = open_page("/operations/channels")
    expect(title(page, "kernel")).to_have_text("Kernels of filter 1")
    button(page, "Last step").click()
    expect(title(page, "kernel")).to_have_text("Kernels of filter 2")
    expect(page.locator('[data-panel="partial"] .panel-head span')).to_contain_text("of filter 2")
    button(page, "First step").click()
    expect(title(page, "kernel")).to_have_text("Kernels of filter 1")


def test_a_shift_is_chosen_as_a_person_does(show) -> None:
    page: Page = show("/operations/pooling")
    shifts = page.get_by_role("radiogroup", name="Shift the input by one pixel")
    for way in ("left", "right", "down"):
        shifts.get_by_role("radio", name=way).check(force=True)
        expect(title(page, "b-output")).to_have_text(f"Moved {way}")
        expect(page.locator("[data-role=sentence]")).to_contain_text(f"Moved {way}:")


@pytest.mark.parametrize("change", ["settings", "photo"])
def test_no_arithmetic_of_the_last_picture_stands_under_a_new_one(show, change) -> None:
    """The answer for the new one is held back, so that nothing can hide that the old one is still there."""
    page: Page = show("/feature-maps#kernels=emboss&at=emboss,20,30")
    expect(page.locator("[data-role=pixel-title]")).to_have_text("Emboss, row 21, column 31")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/feature-maps/pixel", hold)
    if change == "photo":
        page.locator(".sample").nth(1).click()
        name = page.locator(".sample").nth(1).get_attribute("data-name")
        expect(page.locator("[data-role=photo]")).to_have_attribute("data-name", name or "")
    else:
        page.evaluate("location.hash = '#kernels=emboss&stride=2x2&at=emboss,20,30'")
    expect(page.locator("[data-role=pixel-title]")).to_have_text("Where a pixel comes from")
    expect(page.locator("[data-role=arithmetic] > *")).to_have_count(0)
    expect(page.locator("[data-role=open-window]")).to_be_hidden()
    expect(page.locator("[data-role=photo] .spot")).to_be_hidden()
    until(page, lambda: bool(held))
    for route in held:
        route.continue_()
    expect(page.locator("[data-role=pixel-title]")).to_have_text("Emboss, row 21, column 31")
    expect(page.locator("[data-role=arithmetic] .result-value")).to_be_visible()
    page.unroute("**/api/feature-maps/pixel")
