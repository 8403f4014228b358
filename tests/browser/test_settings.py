"""Cause and effect are on the screen together: settings scroll by themselves, or are a sheet over the lower half."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .reading import expect_step, slide

TOP = "node => node.getBoundingClientRect().top"
BOTTOM = "node => node.getBoundingClientRect().bottom"


def test_the_stage_stays_while_the_settings_scroll(open_page) -> None:
    page: Page = open_page("/operations/convolution", 1366, 768)
    page.locator(".more > summary").click()
    page.get_by_role("radio", name="upsampling").scroll_into_view_if_needed()
    assert page.evaluate("scrollY") == 0
    assert page.locator("[data-role=arithmetic]").evaluate(BOTTOM) <= 768


def test_on_a_phone_the_settings_are_a_sheet_over_at_most_half(open_page, check_axe) -> None:
    page: Page = open_page("/operations/convolution#input=blob-5x5&step=3", 390, 844)
    toggle = page.get_by_role("button", name="Settings", exact=True)
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    sheet = page.locator("[data-role=inspector]")
    assert sheet.evaluate(TOP) >= 844 / 2
    slide(page, "Padding", 1)
    expect_step(page, 1, 36)
    assert 0 <= page.locator(".window").first.evaluate(TOP) < 844 / 2  # what the control changes is seen
    check_axe(page, part="[data-role=inspector], .toolbar")
    page.keyboard.press("Escape")
    expect(toggle).to_have_attribute("aria-expanded", "false")
