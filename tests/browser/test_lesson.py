"""What surrounds the stage: tasks that notice when they are met, code to copy, words explained, the handout."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from cnn_server.pages import PAGES

from .reading import button, cells, expect_step, follow, fragment, more, show_ways, slide, value_of

SMALLEST = 5  # pixels of a sheet, of the factors of a product
OPERATIONS = [page.path for page in PAGES if page.group == "operations"]


@pytest.mark.parametrize("path", OPERATIONS)
def test_no_task_is_met_by_a_link_but_each_is_shown_by_one_and_the_handout_is_one_sheet(open_page, path) -> None:
    page: Page = open_page(path, dark=True)
    tasks = page.locator(".task")
    expect(tasks.nth(2)).to_be_visible()
    expect(page.locator(".task.shown")).to_have_count(0)
    for text, refused, _ in show_ways(page):
        assert re.search("at least one other setting|find it yourself", text)
        assert not refused, text
    expect(page.locator(".task.met")).to_have_count(0)
    fragment(page)  # what the last of them did is written
    follow(page, f"{path}#step=2")
    check_handout(page, path)


def test_two_dense_layers_stand_beside_the_one_that_does_the_same_without_an_activation(show) -> None:
    page: Page = show("/operations/dense")
    box = page.locator("[data-role=one-layer]")
    expect(box.get_by_role("status")).to_contain_text("Not this one.")
    expect(box.locator(".differs")).to_have_count(3)
    follow(page, "/operations/dense#activation=none")
    expect(box.get_by_role("status")).to_contain_text("Yes, for every input.")
    expect(box.locator(".differs")).to_have_count(0)
    follow(page, "/operations/dense#layers=1")
    expect(box).to_be_hidden()


def check_handout(page: Page, path: str) -> None:
    """At its third step: one sheet, in light colours, with the picture of the step in the place of its stage."""
    expect(button(page, "Print")).to_be_enabled()
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    handout = page.locator("[data-role=handout]")
    expect(handout).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")  # as before
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    for role in ("sentence", "handout"):
        expect(page.locator(f"[data-role={role}]")).to_be_visible()
    for role in ("stage", "arithmetic"):
        expect(page.locator(f"[data-role={role}]")).to_be_hidden()
    inks = "nodes => nodes.map((node) => [node.getAttribute('fill'), parseFloat(getComputedStyle(node).fontSize)])"
    texts = page.locator(".picture > svg text").evaluate_all(inks)
    assert len(texts) > 4
    assert "#eceff5" not in {ink for ink, _ in texts}  # that of dark pages
    scale = page.locator(".picture > svg").evaluate("svg => svg.getScreenCTM().a")
    assert min(size for _, size in texts) * scale >= SMALLEST, path
    expect(handout).to_contain_text(f"{path}#step=2")
    expect(handout).to_contain_text(re.compile(r"Step3 of \d+"))
    assert page.locator("button:visible, input:visible, select:visible").locator(":scope:not(.term)").count() == 0


def test_a_task_is_met_by_hand_and_stays_met(open_page, check_axe) -> None:
    page: Page = open_page("/operations/convolution")
    task = page.locator('[data-task="same-size"]')
    expect(task).to_contain_text("Show one way")
    more(page)
    page.get_by_role("radio", name="same", exact=True).check(force=True)
    expect(task).to_contain_text("The padding gives back just as much as the kernel")
    notice = page.get_by_role("status").filter(has_text="Task met: Make the output as large as the input")
    expect(notice).to_have_count(1)
    slide(page, "Stride", 2)
    expect(page.locator('[data-panel="output"] .cell')).to_have_count(4)
    expect(task).to_have_class(re.compile("met"))
    check_axe(page, part=".tasks")


def test_what_a_link_showed_is_met_by_whoever_leaves_it_and_comes_back(open_page) -> None:
    page: Page = open_page("/operations/padding")
    task = page.locator('[data-task="larger"]')
    slide(page, "Input size", 4)
    task.get_by_role("link").click()
    note = page.get_by_role("region", name="One way is shown")
    expect(note).to_contain_text("It set: Input, Below: padding.")
    expect(page.locator(".moved")).to_have_count(2)
    button(note, "Take it back").click()
    expect(page.locator('[data-panel="input"] .cell')).to_have_count(16)
    expect(note).to_be_hidden()
    task.get_by_role("link").click()
    expect(task).to_have_class(re.compile("shown"))
    slide(page, "Input size", 6)  # the output is still the larger one
    expect(page.locator('[data-panel="input"] .cell')).to_have_count(36)
    expect(task).to_have_class(re.compile("shown"))
    for padding, has in ((0, "task$"), (2, "met")):
        slide(page, "Below: padding", padding)
        expect(task).to_have_class(re.compile(has))


def test_a_name_alone_meets_no_task_and_with_a_change_of_ones_own_it_does(open_page) -> None:
    page: Page = open_page("/operations/activation")
    task = page.locator('[data-task="unchanged"]')
    page.get_by_role("radio", name=re.compile("^Counting up")).check(force=True)
    expect(page.locator('[data-panel="input"] .cell').nth(8)).to_have_text("8")
    expect(task).to_have_class("task")
    page.locator('[data-panel="input"] .cell').nth(0).click()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(task).to_have_class(re.compile("met"))


def test_a_kernel_by_its_name_meets_a_task_once_a_person_steps_and_a_link_does_not(open_page) -> None:
    page: Page = open_page("/operations/convolution#input=vertical-edge-7x7&kernel=horizontal-edge-3x3")
    task = page.locator('[data-task="flat-and-edge"]')
    page.locator("summary", has_text="Horizontal edge").first.click()
    page.get_by_text("Vertical edge", exact=True).first.click()
    expect(page.locator('[data-panel="kernel"] .cell').first).to_have_text("1")
    expect(task).to_have_class("task")
    button(page, "Next step").click()
    button(page, "Next step").click()  # the first window on the edge
    expect(task).to_have_class(re.compile("met"))
    negative = page.locator('[data-task="negative"]')
    negative.get_by_role("link").click()
    expect(negative).to_have_class(re.compile("shown"))
    button(page, "Next step").click()
    expect(page.get_by_role("slider", name="Step", exact=True)).to_have_value("1")
    expect(negative).to_have_class(re.compile("shown"))


def test_an_example_meets_no_task_at_the_step_where_one_stands_but_does_where_one_goes(open_page) -> None:
    page: Page = open_page("/operations/padding#step=1")
    button(page, "Next step").click()
    expect_step(page, 3, 25)
    page.get_by_text("a spot on the border", exact=True).click()
    expect(page.locator('[data-panel="kernel"] .cell').first).to_have_text("\N{MINUS SIGN}1")
    task = page.locator('[data-task="border"]')
    expect(task).to_have_class("task")
    button(page, "Next step").click()
    expect_step(page, 4, 25)
    expect(task).to_have_class("task")
    button(page, "Previous step").click()
    expect(task).to_have_class(re.compile("met"))


def test_two_tasks_that_one_change_meets_are_both_said(open_page) -> None:
    page: Page = open_page("/operations/convolution#input=vertical-edge-7x7&kernel=vertical-edge-3x3")
    slide(page, "Padding", 1)
    notice = page.get_by_role("region", name="A task is met")
    expect(notice).to_contain_text("The padding gives back just as much as the kernel")
    expect(notice).to_contain_text("The negative terms of its sum outweigh the positive ones")
    expect(page.locator(".task.met")).to_have_count(2)


def overlap(one: Locator, other: Locator) -> bool:
    """Whether two elements lie on each other."""
    a, b = one.bounding_box(), other.bounding_box()
    assert a
    assert b
    return all(a[at] < b[at] + b[by] and b[at] < a[at] + a[by] for at, by in (("x", "width"), ("y", "height")))


@pytest.mark.parametrize("up", [0, 1])
def test_what_is_said_of_a_met_task_is_on_a_phone_not_where_the_control_is_that_met_it(open_page, up) -> None:
    page: Page = open_page("/operations/padding", 390, 844, has_touch=True, is_mobile=True)
    slider = page.get_by_role("slider", name="Left: padding")
    slider.evaluate("(node, up) => scrollBy(0, node.getBoundingClientRect().top - (up ? 100 : 700))", up)
    box = slider.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + 20, box["y"] + box["height"] / 2)
    slider.fill("2")
    notice = page.get_by_role("region", name="A task is met")
    expect(notice).to_be_in_viewport(ratio=1)
    assert slider.bounding_box()["y"] == pytest.approx(box["y"], abs=1)
    assert not overlap(notice, slider)
    assert not overlap(notice, page.locator(".transport"))
    button(notice, "More").tap()
    expect(notice).to_contain_text("Next: ")
    button(notice, "Close").tap()
    expect(notice).to_be_hidden()


def test_a_task_that_is_met_is_said_at_once_kept_and_forgotten(open_page, check_axe) -> None:
    page: Page = open_page("/operations/flatten", width=390, height=844)
    notice = page.get_by_role("region", name="A task is met")
    for _ in range(6):
        button(page, "Next step").click()
    expect(notice).to_contain_text("Next: ")
    for width, height in ((390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        expect(notice).to_be_in_viewport(ratio=1)
        for other in ("[data-role=sentence]", ".transport", *(["[data-role=stage]"] if width == 1366 else [])):
            assert not overlap(notice, page.locator(other)), other
        check_axe(page, both=width == 1366, colours=width == 1366, part="[data-role=met]")
    button(notice, "Close").click()
    expect(notice).to_be_hidden()
    page.reload()
    expect(page.locator('[data-task="second-channel"]')).to_have_class(re.compile("met"))
    expect(notice).to_be_hidden()
    page.goto("/stored")
    expect(page.get_by_role("row", name=re.compile("Which tasks"))).to_contain_text("never sent")
    button(page, "Forget the tasks that are met").click()
    expect(page.get_by_text("The tasks are forgotten.")).to_be_visible()
    page.goto("/operations/flatten")
    expect(page.locator(".task").first).to_be_visible()
    expect(page.locator(".task.met")).to_have_count(0)


def test_the_code_on_offer_gives_what_is_on_screen(show, check_axe) -> None:
    page: Page = show("/operations/convolution#input=blob-5x5&kernel=vertical-edge-3x3&padding=1&step=24")
    button(page, "Copy code").click()
    code = page.get_by_label("Code", exact=True)
    expect(code).to_have_value(re.compile(r"F\.conv2d\(input, weight, padding=\(1, 1\)\)"))
    page.get_by_role("tab", name="PyTorch").focus()
    page.keyboard.press("ArrowRight")
    expect(code).to_have_value(re.compile(r"keras\.ops\.conv\("))
    page.keyboard.press("ArrowRight")
    expect(code).to_have_value(re.compile("import numpy"))
    space: dict = {"print": lambda *_: None}
    exec(code.input_value(), space)
    assert space["output"].ravel().tolist() == [value_of(text) for text in cells(page, "output")]
    check_axe(page, both=True, part="dialog[open]")
    page.keyboard.press("Escape")


def test_of_two_settings_each_has_its_code(open_page) -> None:
    page: Page = open_page("/operations/stride")
    button(page, "Copy code").click()
    code = page.get_by_label("Code", exact=True)
    expect(code).to_have_value(re.compile(r"F\.conv2d\(input, weight\)"))
    page.get_by_role("radio", name="Stride 2", exact=True).check(force=True)
    expect(code).to_have_value(re.compile(r"F\.conv2d\(input, weight, stride=\(2, 2\)\)"))


def test_code_is_copied_without_a_secure_context(open_page) -> None:
    page: Page = open_page("/operations/flatten")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    button(page, "Copy code").click()
    expect(page.get_by_label("Code", exact=True)).to_have_value(re.compile("torch.flatten"))
    button(page, "Copy").click()
    expect(page.locator("[data-role=code-status]")).to_contain_text(re.compile("on the clipboard|copy it with Ctrl C"))
    taken = page.get_by_label("Code", exact=True).evaluate(
        "box => box.value.slice(box.selectionStart, box.selectionEnd)"
    )
    assert "torch.flatten(input)" in taken
    assert taken.startswith("import torch")


def test_a_word_is_explained_by_keyboard_and_pointer(show, check_axe) -> None:
    page: Page = show("/operations/convolution")
    explanation = page.locator("#term-kernel")
    expect(explanation).to_be_hidden()
    page.get_by_role("button", name="kernel", exact=True).focus()
    page.keyboard.press("Enter")
    expect(explanation).to_be_visible()
    expect(explanation).to_contain_text("A small grid of weights")
    check_axe(page, part="#term-kernel")
    page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()
    explanation = page.locator("#term-cross-correlation")
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.get_by_role("button", name="cross-correlation", exact=True).click()
        expect(explanation).to_be_visible()
        box = explanation.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
        expect(explanation).to_be_hidden()


def test_the_handout_says_the_settings_in_words(show) -> None:
    page: Page = show("/operations/convolution#input=blob-7x6&kernel=1,0;-2,1&padding=same_lower&bias=-3")
    expect(button(page, "Print")).to_be_enabled()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    lines = page.locator("[data-role=handout] dl").inner_text().split("\n")
    pairs = dict(zip(lines[::2], lines[1::2], strict=True))
    assert pairs["Input"] == "blob, 7 × 6"
    assert pairs["Kernel"] == "1, 0, \N{MINUS SIGN}2, 1"
    assert pairs["Padding"] == "same lower"
    assert pairs["Bias"] == "\N{MINUS SIGN}3"
    assert "Output padding" not in pairs  # of the transposed kind alone
    numbers = page.locator(".picture g:has(> rect + text), .picture g:has(> rect + .negative)")
    marks = numbers.evaluate_all(
        "nodes => nodes.map((node) => [node.textContent, node.querySelector('.negative') !== null])"
    )
    assert ["\N{MINUS SIGN}2", True] in marks
    assert all(text.startswith("\N{MINUS SIGN}") == is_marked for text, is_marked in marks)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".picture")).to_have_count(0)
    follow(page, "/operations/convolution#input=blob-28x28&step=100")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".picture [data-panel=input] > text")).to_have_text("Input28 × 28 · rows 1–12, columns 15–26")
    assert page.locator(".picture [data-panel=input] g > rect").count() == 12 * 12
    page.evaluate("dispatchEvent(new Event('afterprint'))")


def test_parameters_are_counted_beside_a_convolutions(show) -> None:
    page: Page = show("/operations/dense")
    rows = page.locator("[data-role=counted] tbody tr")
    # 4 × 6 + 4 and 3 × 4 + 3; as 3 × 3 convolutions 4 × 9 + 4 and 3 × 4 × 9 + 3; with 784 and 50,176 inputs
    expect(rows.nth(0)).to_contain_text(re.compile(r"43\s*151"))
    expect(rows.nth(1)).to_contain_text(re.compile(r"3,155\s*151"))
    expect(rows.nth(2)).to_contain_text(re.compile(r"200,723\s*151"))
    slide(page, "Inputs", 8)
    expect(rows.nth(0)).to_contain_text(re.compile(r"51\s*151"))
