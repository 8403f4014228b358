"""The page of optimizers: races as a person watches and bends them, with the engine's own numbers."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from cnn_engine import trace_optimizers
from tests.browser.reading import button, expect_step, show_ways, slide, value_of

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def number_of(text: str) -> float:
    """A printed number, powers of ten included."""
    plain = re.sub(r"(?:·| × )10([⁻⁰¹²³⁴-⁹]+)", lambda found: "e" + found[1].translate(SUPERSCRIPTS), text)
    return value_of(plain.replace("≈", ""))


def lines(page: Page) -> dict[str, list[str]]:
    """The arithmetic: for each line its equations in x and y."""
    rows = page.locator(".update tbody tr").all()
    numbers = {row.locator("th").inner_text(): row.locator(".update-number").all_inner_texts() for row in rows}
    return {label: [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts] for label, texts in numbers.items()}


def results(page: Page) -> dict[str, list[float]]:
    return {label: [number_of(re.split(r"[=≈]", text)[-1]) for text in texts] for label, texts in lines(page).items()}


def losses(page: Page) -> list[float]:
    return [number_of(text) for text in page.locator(".racer-loss").all_inner_texts()]


def test_every_number_is_the_engines(show) -> None:
    page = show("/optimizers#landscape=saddle&start=-1.5,0.4&noise=0.3&seed=4&pin=adam,0,0")
    engine = trace_optimizers("saddle", (-1.5, 0.4), noise=0.3, seed=4)
    for index in (0, 1, 2, 119):
        if index == 119:
            page.keyboard.press("End")
        expect_step(page, index + 1, 120)
        step = engine[index]
        expect(page.locator("[data-role=sentence]")).to_have_text(step.describe())
        shown = results(page)
        for label, column in {
            "gradientg": step.gradient[5],
            "meanm": step.columns["adam.exp_avg"],
            "squaress": step.columns["adam.exp_avg_sq"],
            "directiond": step.columns["adam.direction"],
            "stepΔ": step.columns["adam.step"],
            "new placew": step.output[5],
        }.items():
            assert shown[label] == pytest.approx(column, rel=6e-3), label
        assert losses(page) == pytest.approx(step.new_loss, rel=1e-3, abs=5e-4)
        page.keyboard.press("ArrowRight")


def test_what_is_printed_is_a_true_equation(show) -> None:
    """In this bowl every number is short: each line is written in full, and holds as a person would check it."""
    page = show("/optimizers#landscape=bowl&start=2,-1&runners=sgd,momentum&rate=0.5&momentum=0.5")
    page.locator(".racer", has_text="Momentum").click()
    for update in range(3):
        expect_step(page, update + 1, 120)
        texts = [text for label, pair in lines(page).items() if not label.startswith("gradient") for text in pair]
        assert len(texts) == 6
        for text in texts:
            left, right = text.replace("−", "-").replace("×", "*").split(" = ")
            assert eval(left, {}) == float(right), text
        button(page, "Next step").click()


def test_whose_update_is_shown_is_chosen_and_kept_in_the_link(open_page) -> None:
    page = open_page("/optimizers")
    title = page.locator(".update-title")
    expect(title).to_contain_text("SGD")
    page.get_by_role("radio", name="RMSProp").check(force=True)
    expect(title).to_contain_text("RMSProp")
    expect(page).to_have_url(re.compile(r"#pin=rmsprop,0,0$"))
    page.keyboard.press("ArrowDown")  # the next one of the list, and no step
    expect(title).to_contain_text("Adam")
    expect_step(page, 1, 120)
    page.keyboard.press("Escape")
    expect(title).to_contain_text("SGD")
    page.goto("about:blank")
    page.goto("/optimizers#step=3&pin=lion,0,0")
    expect(page.locator("[data-role=message]")).to_contain_text("lion")
    expect_step(page, 4, 120)


def test_the_start_is_placed_by_pointer_and_keys(show) -> None:
    page = show("/optimizers#step=9")
    handle = page.get_by_role("application", name="The start, at x −2.5, y 1.3.")
    handle.focus()
    page.keyboard.press("ArrowRight")  # a sixtieth of the picture
    expect(page).to_have_url(re.compile(r"start=-2\.4,1\.3&"))
    expect_step(page, 10, 120)  # the race is another, the clock the same
    ground = page.locator(".race-map")
    box = ground.bounding_box()
    assert box
    ground.click(position={"x": box["width"] * 0.75, "y": box["height"] * 0.25})
    expect(page).to_have_url(re.compile(r"start=1\.5"))
    moved = [float(part) for part in re.search(r"start=([\d.]+),([\d.]+)", page.url).groups()]  # type: ignore[union-attr]
    assert moved == pytest.approx([1.5, 1.0], abs=0.02)
    expected = trace_optimizers(start=moved)[9]
    expect(page.locator("[data-role=sentence]")).to_have_text(expected.describe())
    button(page, "Undo").click()
    button(page, "Undo").click()
    expect(page.get_by_role("application", name="The start, at x −2.5, y 1.3.")).to_be_visible()


def test_settings_change_the_race(open_page) -> None:
    page = open_page("/optimizers")
    page.get_by_role("checkbox", name="Adam runs", exact=True).uncheck(force=True)
    expect(page.locator(".racer")).to_have_count(5)
    slide(page, "Learning rate of SGD", 90)  # 10 to the power of −4 + 90 / 30
    expect(page.locator('[data-runner="sgd"] .racer-rate')).to_have_text("rate 0.1")
    page.get_by_text("cosine", exact=True).click()
    slide(page, "Noise", 1)
    config = [{"name": "sgd", "learning_rate": 0.1}, "momentum", "nesterov", "adagrad", "rmsprop"]
    expected = trace_optimizers(optimizers=config, noise=1, schedule={"name": "cosine", "T_max": 120})
    expect(page.locator("[data-role=sentence]")).to_have_text(expected[0].describe())
    button(page, "Last step").click()
    expect_step(page, 120, 120)
    expect(page.locator("[data-role=sentence]")).to_have_text(expected[119].describe())
    assert losses(page) == pytest.approx(expected[119].new_loss, rel=1e-3, abs=5e-4)
    expect(page).to_have_url(re.compile(r"rates=sgd:0\.1&.*noise=1.*step=119"))
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("[data-role=sentence]")).to_have_text(expected[119].describe())


def test_too_large_a_rate_overshoots_diverges_and_is_told(show) -> None:
    page = show("/optimizers")
    page.get_by_text("Too large a rate", exact=True).click()
    expect(page.locator('[data-runner="sgd"] .racer-event')).to_have_text("overshoots")
    slide(page, "Rate of all", 120)  # a rate of 1
    expect(page.locator('[data-runner="sgd"] .racer-rate')).to_have_text("rate 1")
    button(page, "Last step").click()
    gone = "Having diverged, SGD (at step 5) and Momentum (at step 6) are out of the race."
    expect(page.locator("[data-role=sentence]")).to_contain_text(gone)
    expect(page.locator('[data-runner="sgd"] .racer-event')).to_have_text("has diverged")
    expect(page.locator(".update-title")).to_contain_text("has diverged: there is no update any more")
    text = page.locator("main").inner_text()
    assert not re.search(r"NaN|Infinity|undefined|null", text)


def test_the_chart_reads_losses_and_goes_to_their_step(show) -> None:
    page = show("/optimizers#step=39")
    page.get_by_role("application", name="Loss of every runner").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".chart-tip div")).to_have_text("step 39")
    shown = [number_of(text) for text in page.locator(".chart-tip b").all_inner_texts()]
    assert shown == pytest.approx(trace_optimizers()[38].new_loss, rel=1e-5)
    page.keyboard.press("Enter")
    expect_step(page, 39, 120)


def test_a_link_that_cannot_be_shown_says_why(open_page, complaints) -> None:
    page = open_page("/optimizers#start=9,9&rate=-1&landscape=hill&runners=adam")
    message = page.locator("[data-role=message]")
    expect(message).to_contain_text("x 9 is outside the landscape, from −3 to 3")
    expect(message).to_contain_text("-1 is not more than 0")
    expect(message).to_contain_text("“hill” is none of")
    expect(page.locator(".racer")).to_have_count(1)  # what could be read is kept
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_playing_goes_through_every_page_of_steps(show) -> None:
    page = show("/optimizers#updates=70")
    page.get_by_label("Speed").select_option("60")
    button(page, "Play").click()
    expect_step(page, 70, 70)
    expect(page.locator("[data-role=sentence]")).to_have_text(trace_optimizers(updates=70)[69].describe())


def test_one_screen_on_a_desktop_and_in_order_on_a_phone(show) -> None:
    page = show("/optimizers#step=11&pin=adam,0,0")
    assert page.locator("[data-role=sentence]").evaluate("node => node.getBoundingClientRect().bottom") <= 900
    assert page.locator("[data-role=arithmetic]").evaluate("node => node.scrollWidth - node.clientWidth") <= 0
    cut = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.textContent)"
    narrow = show("/optimizers#step=11&pin=adam,0,0", width=1024, height=768)
    assert narrow.locator(".racer span").evaluate_all(cut) == []
    phone = show("/optimizers#step=11&pin=adam,0,0", width=390, height=844)
    roles = ("stage", "sentence", "arithmetic", "inspector")
    tops = [phone.locator(f"[data-role={role}]").evaluate("node => node.getBoundingClientRect().top") for role in roles]
    assert tops == sorted(tops)
    assert phone.locator(".transport").evaluate("node => node.getBoundingClientRect().bottom") == 844


def test_zoomed_in_the_landscape_and_the_losses_are_seen_together(show) -> None:
    page = show("/optimizers#step=11", width=911, height=512)
    transport = page.locator(".transport").bounding_box()
    assert transport
    for selector in (".race-map", ".race-chart"):
        box = page.locator(selector).bounding_box()
        assert box, selector
        assert box["y"] + box["height"] <= transport["y"], selector


@pytest.mark.parametrize(("width", "height"), [(390, 844), (911, 512)])
def test_a_race_before_a_projector_is_whole_in_one_column(show, width, height) -> None:
    page = show("/optimizers?present#step=12&pin=adam,0,0", width, height)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ground, stage = page.locator(".race-map").bounding_box(), page.locator("[data-role=stage]").bounding_box()
    assert ground
    assert stage
    assert ground["y"] + ground["height"] <= stage["y"] + stage["height"]
    boxes = [node.bounding_box() for node in page.locator(".transport .button:visible").all()]
    edges = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    assert all(end <= start for (_, end), (start, _) in pairwise(edges))


def test_each_task_is_shown_by_its_link_and_the_sheet_printed(open_page) -> None:
    page = open_page("/optimizers", dark=True)
    tasks = page.locator(".task")
    expect(tasks).to_have_count(5)
    expect(page.locator(".task.shown")).to_have_count(0)
    assert not any(refused for _, refused, _ in show_ways(page))
    page.get_by_role("radio", name="Adam is not always first").check(force=True)  # a race by name shows one as well
    expect(page.locator(".task.shown")).not_to_have_count(0)
    expect(page.locator(".task.met")).to_have_count(0)
    expect(button(page, "Copy code")).to_have_count(0)  # no program is written for a race
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1


def test_on_a_phone_the_lines_between_the_parts_of_an_update_cross_it_once(show) -> None:
    page: Page = show("/optimizers", width=390, height=844)
    card, rows = page.locator(".arithmetic").bounding_box(), page.locator(".update tbody tr")
    assert card
    for row in rows.all():
        box = row.bounding_box()
        assert box
        assert box["width"] >= 0.85 * card["width"]
    line = "node => [...node.children].map((part) => getComputedStyle(part).borderTopWidth)"
    assert set(rows.last.evaluate(line)) == {"0px"}


@pytest.mark.parametrize("runner", ["Adam", "RMSProp", "SGD"])
def test_on_a_low_screen_the_buttons_stay_on_it_whoever_is_looked_at_and_no_equation_is_cut(show, runner):
    page = show("/optimizers#step=12", 1366, 657)
    page.get_by_role("radio", name=runner, exact=True).first.check(force=True)
    expect(page.locator("[data-role=arithmetic] .update-title")).to_contain_text(runner)
    assert page.evaluate("document.querySelector('.transport').getBoundingClientRect().bottom <= innerHeight")
    for width in (1366, 1024):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.locator("[data-role=arithmetic]").evaluate("card => card.scrollWidth <= card.clientWidth")
