"""How a step comes about on a page, with motion allowed: the answer last."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .reading import button, cells, expect_step, result, until

# What is seen of a step, each time that any of it changes, from the moment that the page is at another step.
WATCH = """() => {
    window.seen = [];
    const opacity = (name) => {
        const nodes = [...document.querySelectorAll(`[data-part^="${name}"]`)];
        return nodes.length > 0 && nodes.every((node) => getComputedStyle(node).opacity === "1");
    };
    const look = () => {
        const step = document.querySelector("[data-role=count]").textContent;
        const outputs = [...document.querySelectorAll('[data-panel="output"] .cell')];
        const filled = outputs.filter(({textContent}) => textContent).length;
        const sentence = document.querySelector("[data-role=sentence]").textContent;
        const now = [step, opacity("term"), opacity("row"), opacity("result"), filled, sentence];
        if (JSON.stringify(now) !== JSON.stringify(window.seen.at(-1))) window.seen.push(now);
        requestAnimationFrame(look);
    };
    look();
}"""


def test_the_sentence_comes_last_and_the_answer_not_before_its_sums(open_page) -> None:
    page: Page = open_page("/operations/convolution", reduced_motion=False)
    before = page.locator("[data-role=sentence]").inner_text()
    page.evaluate(WATCH)
    button(page, "Play").click()
    expect(page.locator("[data-role=sentence]")).not_to_have_text(before)
    button(page, "Pause").click()
    expect_step(page, 2, 4)
    assert (result(page), cells(page, "output")) == ("25", ["19", "25", "", ""])
    seen = [state for state in page.evaluate("window.seen") if state[0] == "Step 2 of 4"]
    first = [next(index for index, state in enumerate(seen) if state[column]) for column in (1, 2, 3)]
    landed = next(index for index, state in enumerate(seen) if state[4] == 2)
    worded = next(index for index, state in enumerate(seen) if state[5] != before)
    assert [*first, landed, worded] == sorted([*first, landed, worded])  # a busy browser may show two in one frame
    assert seen[0][1:] == [False, False, False, 1, before]


def test_a_step_can_be_interrupted_at_any_time(open_page) -> None:
    page: Page = open_page("/operations/convolution", reduced_motion=False)
    for step in (2, 3, 4):
        button(page, "Next step").click()
        expect_step(page, step, 4)
    expect(page.locator("[data-role=sentence]")).to_contain_text("43")
    assert cells(page, "output") == ["19", "25", "37", "43"]
    button(page, "Previous step").click()
    expect_step(page, 3, 4)
    assert (result(page), cells(page, "output")) == ("37", ["19", "25", "37", ""])
    expect(page.locator(".flying")).to_have_count(0)


def test_with_reduced_motion_a_step_changes_at_once(open_page) -> None:
    page: Page = open_page("/operations/convolution")
    page.evaluate(WATCH)
    button(page, "Next step").click()
    expect_step(page, 2, 4)
    state = page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(window.seen.at(-1)))))"
    )
    assert state[:5] == ["Step 2 of 4", True, True, True, 2]


def test_the_window_glides_along_a_row_and_does_not_cross_numbers_to_the_next_one(open_page) -> None:
    page: Page = open_page("/operations/convolution", reduced_motion=False)
    window = page.locator('[data-panel="input"] .window')
    glide = "node => getComputedStyle(node).transitionDuration !== '0s'"
    for step, glides in ((2, True), (3, False), (4, True)):
        button(page, "Next step").click()
        expect_step(page, step, 4)
        assert window.evaluate(glide) == glides, step


OVERFLOW = "(part) => getComputedStyle(part).overflowY"


def test_while_steps_hurry_no_part_has_a_layer_to_be_scrolled_in(open_page) -> None:
    """With one for each grid, and a mask over all of them, a step of the largest settings took twice as long."""
    large = "input=photo-cat-32x32x3&filters=6&weight=random-5x5x18-4&bias=1;2;3;-1;0;-2"
    page = open_page(f"/operations/channels#{large}", width=1366, height=768)
    stage, part = page.locator(".stage"), page.locator(".grid-view.part").first
    expect(stage).to_have_class(re.compile(r"\bscrolls\b"))
    assert stage.evaluate("(stage) => getComputedStyle(stage).maskImage") == "none"
    assert part.evaluate(OVERFLOW) == "auto"
    page.get_by_label("Speed").select_option("60")
    button(page, "Play").click()
    until(page, lambda: part.evaluate(OVERFLOW) == "hidden")
    button(page, "Pause").click()
    until(page, lambda: part.evaluate(OVERFLOW) == "auto")
