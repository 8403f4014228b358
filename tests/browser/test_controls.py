"""No combination that cannot be computed can be reached by the controls: a seeded walk over all of them."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Page, Request, expect

CONTROLS = ".inspector :is(input, button):not(:disabled), [data-action=undo]:not(:disabled), [data-action=last]"
ACT = """([selector, which, how]) => {
    const controls = [...document.querySelectorAll(selector)].filter((control) => control.checkVisibility());
    const control = controls[Math.floor(which * controls.length)];
    if (control.type === "range") {
        const [low, high] = [Number(control.min), Number(control.max)];
        control.value = Math.round(low + how * (high - low));
        control.dispatchEvent(new Event("input", { bubbles: true }));
        control.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (control.type === "text") {
        control.value = Math.round(how * 20);
        control.dispatchEvent(new Event("change", { bubbles: true }));
    } else {
        control.click();
    }
}"""


@pytest.mark.parametrize(
    ("path", "seed"),
    [("/operations/convolution", 1), ("/operations/convolution", 2), ("/operations/pooling", 3), ("/feature-maps", 4)],
)
def test_a_walk_over_the_controls_is_never_refused(open_page, path, seed) -> None:
    page: Page = open_page(path)
    pending: set[Request] = set()
    page.on("request", lambda request: pending.add(request))  # noqa: PLW0108 - Playwright marks what it is given
    for over in ("requestfinished", "requestfailed"):
        page.on(over, lambda request: pending.discard(request))  # noqa: PLW0108
    dice = random.Random(seed)
    for _ in range(20):
        page.evaluate(ACT, [CONTROLS, dice.random(), dice.random()])
        page.evaluate("new Promise(requestAnimationFrame)")
        while pending:  # the ranges are those of the last answer
            page.wait_for_timeout(5)
        page.evaluate("new Promise(requestAnimationFrame)")
        expect(page.locator("[data-role=message]")).to_be_hidden()
