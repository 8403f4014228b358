"""A network learns on the page: started, watched, paused, stepped, bent, broken and finished, as a person would."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .reading import answered, button, follow, fragment, slide, until, value_of

TINY = "net=flatten;linear:out_features=10"  # steps that cost nothing
SLOW = f"/training#{TINY}&epochs=2&speed=5"
OVER = re.compile("finished|stopped|diverged|failed")


def run_in(page: Page) -> str:
    """The id of the run in the page's address; empty where there is none."""
    found = re.search(r"run=([\w-]+)", page.url)
    return found[1] if found else ""


def start(page: Page) -> str:
    """Press Start; the run's id, once the page's address has it."""
    button(page, "Start").click()
    page.wait_for_url(re.compile(r"run=[\w-]+"))
    return run_in(page)


def start_another(page: Page) -> None:
    """Press Start beside a run, and wait until the address has the next one."""
    before = run_in(page)
    button(page, "Start").click()
    until(page, lambda: run_in(page) not in {"", before})


def bar(page: Page) -> Locator:
    """What tells the state of the run and its step."""
    return page.locator("[data-role=progress]")


def expect_state(page: Page, state: str | re.Pattern[str]) -> None:
    expect(bar(page)).to_have_attribute("data-state", state)


def expect_step(page: Page, step: int) -> None:
    expect(bar(page)).to_have_attribute("data-step", str(step))


def expect_begun(page: Page) -> None:
    """A step at least is done."""
    expect(bar(page)).to_have_attribute("data-step", re.compile("[1-9]"))


def sentence(page: Page) -> Locator:
    return page.locator("[data-role=sentence]")


def run_of(page: Page, run: str) -> dict[str, Any]:
    """What the server tells of a run."""
    info: dict[str, Any] = page.request.get(f"/api/runs/{run}").json()
    return info


def points_of(page: Page, run: str) -> list[list[float]]:
    """Its steps, as the server has them."""
    points: list[list[float]] = page.request.get(f"/api/runs/{run}/points").json()["points"]
    return points


def value_at_the_end(page: Page, chart: str, step: float) -> str:
    """The first line's value at the last step, by the keyboard: soon, as charts are drawn a few times a second."""
    plot, tip = page.locator(f"[data-role={chart}] .chart-plot"), page.locator(f"[data-role={chart}] .chart-tip")

    def at_the_end() -> bool:
        plot.focus()
        page.keyboard.press("End")
        return tip.locator("div").inner_text() == f"step {step:.0f}"

    until(page, at_the_end)
    return tip.locator("b").first.inner_text()


def test_a_run_is_started_watched_paused_stepped_bent_reloaded_and_finished(open_page):
    page: Page = open_page("/training#epochs=2&speed=10")
    run = start(page)
    expect_begun(page)
    expect(page.locator(".strip .empty")).to_have_count(0)
    button(page, "Pause").click()
    expect_state(page, "paused")
    paused = run_of(page, run)["step"]
    expect_step(page, paused)
    points = points_of(page, run)
    assert [point[0] for point in points] == list(range(1, paused + 1))
    loss = value_at_the_end(page, "loss-chart", paused)
    assert value_of(loss) == pytest.approx(points[-1][1], abs=0.0006)

    button(page, "One step").click()
    expect_step(page, paused + 1)
    with answered(page, "/commands") as turned:
        slide(page, "Learning rate", 24)
    assert turned.value.json()["learning_rate"] == 0.1
    rate = page.locator(".dial output").first
    expect(rate).to_have_text("0.1")

    page.reload()
    page.wait_for_selector('html[data-ready="true"]', state="attached")
    expect_step(page, paused + 1)
    expect(rate).to_have_text("0.1")
    slide(page, "Speed", 10)
    button(page, "Resume").click()
    expect_state(page, "finished")
    expect(sentence(page)).to_contain_text("Done: 2 epochs")
    total = run_of(page, run)["total_steps"]
    loss = value_at_the_end(page, "loss-chart", total)
    assert value_of(loss) == pytest.approx(points_of(page, run)[-1][1], abs=0.0006)


def test_slow_motion_tells_backpropagation_and_update_apart(open_page):
    page: Page = open_page("/training#epochs=1&speed=10&optimizer=sgd&rate=0.1")
    run = start(page)
    expect_begun(page)
    button(page, "Slow motion").click()
    expect_state(page, "paused")
    current = page.locator(".phases [aria-current]")
    for phase in ("Forward", "Loss", "Backward", "Update"):
        button(page, "Next phase").click()
        expect(current).to_have_text(phase)
        expect(sentence(page)).to_contain_text(phase.lower())
        before = run_of(page, run)["step"]
        if phase == "Backward":
            expect(page.locator(".column-note").first).to_have_text("gradient")
            expect(sentence(page)).to_contain_text("Nothing has changed yet")
            page.locator(".weight-tile").nth(2).click()
            page.locator(".tile-dialog .cell").nth(5).click()
            expect(page.locator("[data-role=tile-value]")).to_contain_text("row 2, column 3")
            page.keyboard.press("Escape")
            expect(page.locator("[data-role=weight-title]")).to_contain_text("filter 3, channel 1, row 2, column 3")
            foretold = page.locator("[data-role=weight-lines]").inner_text()
    expect(page.locator(".column-note").first).to_have_text("change")
    check_update(page, run, foretold)
    assert run_of(page, run)["step"] in (before, before + 1)
    layers = page.request.get(f"/api/runs/{run}/snapshot").json()["layers"]
    page.locator(".weight-tile").first.click()
    page.locator(".tile-dialog .cell").first.hover()
    value = page.locator("[data-role=tile-value]").inner_text().rpartition(": ")[2]
    change = layers[0]["weight_change"]["values"][0][0][0][0]
    assert float(value.replace("\N{MINUS SIGN}", "-").replace(" × 10^", "e")) == pytest.approx(change, rel=1e-6)


def check_update(page: Page, run: str, foretold: str) -> None:
    """The followed weight of filter 3: its new value is the old one less the rate, 0.1, times its gradient."""
    expect(page.locator("[data-role=weight-lines] th")).to_have_text(["old value", "gradient", "step", "new value"])
    assert page.locator("[data-role=weight-lines]").inner_text() == foretold
    layer = page.request.get(f"/api/runs/{run}/snapshot").json()["layers"][0]
    new, gradient = (layer[name]["values"][2][0][1][2] for name in ("weight", "weight_gradient"))
    texts = page.locator("[data-role=weight-lines] td").all_inner_texts()
    old, last = (value_of(re.split("[=≈]", text)[-1]) for text in (texts[0], texts[3]))
    assert last == pytest.approx(new, rel=6e-4)
    assert old - 0.1 * gradient == pytest.approx(new, abs=1e-4)
    assert "weight=0.weight,2,0,1,2" in fragment(page)
    expect(page.locator("[data-task=weight]")).to_have_class(re.compile("met"))


def test_an_impossible_network_is_refused_beside_the_layer(show):
    page: Page = show("/training")
    pooling = page.locator(".layer").nth(5)
    pooling.get_by_label("size").fill("9")
    pooling.get_by_label("size").press("Enter")
    why = page.locator(".layer > .field-error")
    expect(why.nth(5)).to_have_text("Kernel size 9 is larger than the padded input's height, 4.")
    expect(button(page, "Start")).to_be_disabled()
    expect(why.nth(2)).to_be_empty()
    expect(page.locator(".layer-shape").nth(4)).to_have_text("16 × 4 × 4")
    expect(page.locator(".layer-shape").nth(5)).to_be_empty()
    button(page, "Undo").click()
    expect(why.nth(5)).to_be_empty()
    expect(button(page, "Start")).to_be_enabled()


def test_layers_are_added_moved_and_removed_by_mouse_and_by_keyboard(show):
    page: Page = show("/training")
    titles = page.locator(".layer-head b")
    shapes = page.locator(".layer-shape")
    expect(shapes.last).to_have_text("10")
    page.get_by_role("combobox", name="Add", exact=True).select_option("dropout")
    page.locator(".layer-handle").nth(6).focus()
    button(page, "Add this layer").click()
    expect(titles.nth(7)).to_have_text("Dropout")
    expect(shapes.nth(7)).to_have_text("64")
    page.locator(".layer-handle").nth(7).focus()
    page.keyboard.press("ArrowUp")
    expect(titles.nth(6)).to_have_text("Dropout")
    expect(page.locator(".layer-handle").nth(6)).to_be_focused()
    expect(shapes.nth(6)).to_have_text("16 × 2 × 2")
    page.keyboard.press("Delete")
    expect(titles).to_have_count(8)
    page.wait_for_url(lambda url: "net=" not in url)
    # ReLU from its second place to the third, dragged
    page.locator(".layer-handle").nth(1).hover()
    page.mouse.down()
    page.locator(".layer").nth(2).hover()
    page.mouse.up()
    expect(titles.nth(1)).to_have_text("Max pooling")
    expect(titles.nth(2)).to_have_text("ReLU")
    expect(shapes.nth(2)).to_have_text("8 × 4 × 4")


def test_layers_are_moved_by_finger_on_a_phone(open_page):
    """Dragged, and by taps alone."""
    page: Page = open_page("/training", width=390, height=844, has_touch=True, is_mobile=True)
    titles = page.locator(".layer-head b")
    expect(page.locator(".layer-shape").last).to_have_text("10")
    handle, over = page.locator(".layer-handle").nth(1), page.locator(".layer").nth(2)
    handle.evaluate("handle => handle.scrollIntoView({block: 'center'})")
    begin, end = handle.bounding_box(), over.bounding_box()
    assert begin is not None
    assert end is not None
    assert min(begin["width"], begin["height"]) >= 24
    x, top, bottom = begin["x"] + 18, begin["y"] + 20, end["y"] + end["height"] / 2
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": top}]})
    for part in (0.3, 0.6, 1):
        point = {"x": x, "y": top + part * (bottom - top)}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    expect(titles.nth(2)).to_have_text("ReLU")
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator(".layer.dragged")).to_have_count(0)
    expect(page.locator(".layer-shape").nth(2)).to_have_text("8 × 4 × 4")

    up, down = button(page, "Move the chosen layer up"), button(page, "Move the chosen layer down")
    page.locator(".layer-handle").nth(1).tap()
    for _ in range(2):
        box = down.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40
        down.tap()
    expect(titles.nth(3)).to_have_text("Max pooling")
    page.locator(".layer-handle").first.tap()
    expect(up).to_be_disabled()
    page.locator(".layer-handle").last.tap()
    expect(down).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_second_person_watches_and_may_steer_only_what_is_shared(open_page):
    owner: Page = open_page(SLOW)
    run = start(owner)
    expect_begun(owner)
    guest: Page = open_page(f"/training#run={run}")
    expect(guest.locator("[data-role=watching]")).to_be_visible()
    expect(button(guest, "Pause")).to_have_count(0)
    expect(button(guest, "One step")).to_be_hidden()
    expect(guest.get_by_role("slider", name="Learning rate")).to_be_disabled()
    expect(guest.locator(".layer")).to_have_count(2)
    refused = guest.request.post(f"/api/runs/{run}/commands", data={"command": "pause"})
    assert refused.status == 403
    button(owner, "Pause").click()
    expect_state(guest, "paused")
    expect(sentence(guest)).to_contain_text("Its owner says when it goes on")
    expect(sentence(owner)).to_contain_text("“One step” moves one on")
    own = button(guest, "Start your own")
    expect(own).not_to_have_class(re.compile("primary|go"))  # no large button for who looks on
    guest.keyboard.press("Space")
    assert run_in(guest) == run
    own.click()
    until(guest, lambda: run_in(guest) not in {"", run})
    expect(guest.locator("[data-role=watching]")).to_be_hidden()
    guest.go_back()
    expect_state(guest, "paused")
    expect(guest.locator("[data-role=watching]")).to_be_visible()
    assert run_in(guest) == run
    owner.get_by_role("checkbox", name="Everybody with the link may steer").check(force=True)
    guest.reload()
    button(guest, "Stop").click()
    expect_state(owner, "stopped")
    expect_state(guest, "stopped")
    expect(own).not_to_have_class(re.compile("primary|go"))  # nor when there is no more to see
    expect(button(owner, "Start")).to_have_class(re.compile("primary go"))


def test_the_exact_rate_can_be_typed_while_every_step_is_told(open_page):
    page: Page = open_page(f"/training#{TINY}&epochs=20&speed=50")
    run = start(page)
    expect_begun(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    for curve in page.locator(".curve:not(.low)").all():
        expect(curve).to_be_in_viewport(ratio=1)  # with the network and what is said
    expect(page.locator("[data-role=strip]")).to_be_in_viewport(ratio=1)
    box = page.get_by_label("Learning rate, exactly")
    box.fill("")
    for letter in "0.05":  # some steps are told after each
        before = run_of(page, run)["step"]
        page.keyboard.type(letter)
        until(page, lambda before=before: int(bar(page).get_attribute("data-step") or 0) > before + 3)
    page.keyboard.press("Enter")
    until(page, lambda: run_of(page, run)["learning_rate"] == 0.05)
    expect(box).to_have_value("0.05")
    button(page, "Stop").click()


def test_a_notch_of_the_live_rate_steers_the_run_and_leaves_the_set_up(open_page):
    """Nothing is checked again, the link stays, and the next start is as it was set up."""
    page: Page = open_page(f"/training#{TINY}&epochs=50&speed=20&rate=0.01")
    start(page)
    expect_begun(page)
    link, sent = fragment(page), []
    page.on("request", lambda request: sent.append(urlsplit(request.url).path) if request.method == "POST" else None)
    rate = page.locator(".dial output").first
    for notch, value in ((24, 0.1), (25, 0.15)):
        with answered(page, "/commands") as turned:
            slide(page, "Learning rate", notch)
        assert turned.value.json()["learning_rate"] == value
        expect(rate).to_have_text(str(value))
    assert fragment(page) == link
    expect(button(page, "Undo")).to_be_disabled()
    assert {path.rpartition("/")[2] for path in sent} == {"commands"}
    button(page, "Stop").click()
    expect_state(page, "stopped")
    expect(rate).to_have_text("0.01")
    with answered(page, "/api/runs", "POST") as started:
        start_another(page)
    assert started.value.json()["learning_rate"] == 0.01
    button(page, "Stop").click()


def check_room_for_another_network(page: Page, run: str) -> None:
    """Another set-up makes room for its network beside a run that is over."""
    page.locator("[name=scenario][value=large-rate]").check(force=True)
    expect(page.locator("[data-role=progress]")).to_be_hidden()
    expect(page.locator("[data-role=strip]")).to_contain_text("Convolution")
    page.wait_for_url(re.compile(f"over=[^&]*{run}"))  # beneath the next one, for both learn from digits
    page.locator("[name=scenario][value=batches]").check(force=True)
    expect(page.locator("[data-role=strip]")).to_be_visible()  # three curves have its place when there are some
    page.locator("[name=scenario][value=overfitting]").check(force=True)
    expect(sentence(page)).not_to_contain_text("Done")
    assert run_of(page, run)["state"] == "finished"


def test_earlier_runs_are_told_by_what_they_have_and_of_many_the_first_stays_in_the_chart(open_page):
    page: Page = open_page(f"/training#{TINY}&epochs=1&samples=64&speed=max&decay=0.9")
    decay = page.get_by_label("Weight decay (L2)")
    legend = page.locator("[data-role=loss-chart] .chart-legend")
    for value in ("0.9", "0", "0.2", "0.3", "0.4"):
        decay.fill(value)
        decay.press("Enter")
        expect(button(page, "Start")).to_be_enabled()
        start_another(page)
        expect_state(page, "finished")
        if value == "0":
            names = ["decay 0.9, training", "decay 0.9, validation", "training", "validation"]
            expect(legend.locator("li")).to_have_text(names)
    for value, there in (("0.9", True), ("0", False), ("0.2", True), ("0.3", True)):
        expect(legend.get_by_text(f"decay {value}, training", exact=True)).to_have_count(int(there))


def test_too_large_a_rate_is_told_with_its_evidence_and_a_remedy(open_page, check_axe):
    page: Page = open_page("/training#like=large-rate&speed=max")
    run = start(page)
    expect_state(page, "diverged")
    trouble = page.locator("[data-role=trouble]")
    expect(trouble).to_contain_text("is not a finite number")
    evidence = run_of(page, run)["end"]["evidence"]
    expect(trouble).to_contain_text(f"At step {evidence['step']}")
    trouble.locator("summary").click()
    expect(trouble.locator("tbody tr")).to_have_count(len(evidence["layers"]))
    check_axe(page, part="[data-role=trouble]")
    value_at_the_end(page, "loss-chart", points_of(page, run)[-1][0])
    button(page, "Restart at a rate of 0.5").click()
    expect(button(page, "Start")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: f"over={run}" in url and f"run={run}" not in url)
    expect(page.locator("[data-role=loss-chart] .chart-legend li")).to_have_count(4)


def test_a_network_that_died_is_told_with_its_evidence_and_a_remedy(open_page, check_axe):
    page: Page = open_page("/training#like=dead&speed=max")
    run = start(page)
    trouble = page.locator("[data-role=trouble]")
    expect(trouble).to_contain_text("The network has died")
    expect_state(page, "finished")
    trouble.locator("summary").click()
    evidence = run_of(page, run)["warning"]["evidence"]
    silent, losses = trouble.locator("table").all()
    shown = [row.split("\t") for row in silent.locator("tbody").inner_text().splitlines()]
    expected = [[str(row["layer"] + 1), str(row["outputs"]), str(row["silent"])] for row in evidence["layers"]]
    assert [[head.split()[0], outputs, count] for head, outputs, count, _ in shown] == expected
    assert "100\N{NARROW NO-BREAK SPACE}%" in silent.inner_text()
    last = evidence["losses"][-1]
    expect(losses.locator("tbody tr").last).to_contain_text(f"{last['from_step']} to {last['to_step']}")
    expect(losses.locator("tbody tr")).to_have_count(len(evidence["losses"]))
    check_axe(page, part="[data-role=trouble]")
    button(page, "Use leaky ReLU").click()
    expect(page.locator(".layer-head b").filter(has_text="leaky ReLU")).to_have_count(2)


def test_a_matrix_that_takes_too_long_is_told_of_and_asked_for_once(open_page, complaints):
    page: Page = open_page(f"/training#{TINY}&epochs=400&speed=5")
    requested = []

    def refuse(route: Route) -> None:
        requested.append(route.request.url)
        problem = {"title": "Unprocessable Content", "status": 422, "detail": "To judge them takes too long."}
        route.fulfill(status=422, json=problem, content_type="application/problem+json")

    page.route("**/evaluation?split=validation", refuse)
    start(page)
    page.locator("[data-role=matrix-box]").scroll_into_view_if_needed()
    expect(page.locator("[data-role=matrix-examples]")).to_have_text("To judge them takes too long.")
    for _ in range(2):  # the second time only after all that follows the first
        with answered(page, "/predictions"):
            pass
    assert len(requested) == 1
    button(page, "Stop").click()
    expect_state(page, "stopped")
    complaints[:] = [complaint for complaint in complaints if "status of 422" not in complaint]


def test_answers_the_confusion_matrix_and_the_test_set_at_the_end(open_page):
    page: Page = open_page(f"/training#{TINY}&epochs=3&rate=0.01&speed=5")
    run = start(page)
    expect_begun(page)
    expect(button(page, "Open the test set")).to_be_disabled()
    assert page.request.get(f"/api/runs/{run}/evaluation?split=test").status == 409
    slide(page, "Speed", 10)
    expect_state(page, "finished")
    page.locator("[data-role=predictions]").scroll_into_view_if_needed()
    expect(page.locator(".prediction-list [class*=prediction]").first).to_be_visible()
    expect(page.locator("[data-role=turned]")).to_contain_text("of these 24 are right")
    judged = page.request.get(f"/api/runs/{run}/evaluation?split=validation").json()
    matrix = page.locator("[data-role=matrix] tbody tr")
    expect(matrix.nth(3).get_by_role("button")).to_have_text([str(count) for count in judged["confusion_matrix"][3]])
    expect(page.locator("[data-role=accuracy-now]")).to_contain_text("in validation")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator(".matrix-scroll").evaluate("node => node.scrollWidth <= node.clientWidth")  # all ten classes
    page.set_viewport_size({"width": 1440, "height": 900})
    count = judged["confusion_matrix"][4][4]
    page.locator("[data-cell='4,4']").click()
    expect(page.locator("[data-role=matrix-examples] h3")).to_have_text("Class 4, taken for 4")
    expect(page.locator("[data-role=matrix-examples] li")).to_have_count(min(count, 24))
    button(page, "Open the test set").click()
    test = page.request.get(f"/api/runs/{run}/evaluation?split=test").json()
    shown = page.locator("[data-role=test-result] dd").first.inner_text()
    assert float(shown.rstrip("\N{THIN SPACE}%")) == pytest.approx(100 * test["accuracy"], abs=0.51)
    page.reload()
    expect(page.locator("[data-role=test-result] dd").first).to_have_text(shown)
    expect(button(page, "Open the test set")).to_be_disabled()
    start_another(page)
    slide(page, "Speed", 10)
    expect_state(page, "finished")
    expect(page.locator("[data-role=test-result] dd")).to_have_count(0)
    expect(page.locator("[data-role=test-when]")).to_contain_text("after 1 other run")


def test_a_hidden_tab_goes_on_where_it_was(open_page):
    page: Page = open_page(SLOW)
    streams: list[str] = []
    page.on("request", lambda request: streams.append(request.url) if "/events" in request.url else None)
    run = start(page)
    expect_begun(page)
    hide(page, hidden=True)
    known = int(bar(page).get_attribute("data-step") or 0)
    page.request.post(f"/api/runs/{run}/commands", data={"command": "set", "steps_per_second": None})
    while run_of(page, run)["state"] == "running":
        pass
    assert int(bar(page).get_attribute("data-step") or 0) == known
    hide(page, hidden=False)
    expect_state(page, "finished")
    assert [url.partition("after=")[2] for url in streams] == ["0", str(known)]
    steps = page.evaluate(
        "async run => (await (await import('/static/js/training/run.js')).Run.open(run)).history.steps", run
    )
    assert steps == list(range(1, run_of(page, run)["total_steps"] + 1))
    value_at_the_end(page, "loss-chart", steps[-1])


def hide(page: Page, hidden: bool) -> None:
    """As if another tab were in front, or this one again."""
    page.evaluate(
        """hidden => {
            const value = hidden ? "hidden" : "visible";
            Object.defineProperty(document, "visibilityState", { value, configurable: true });
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_batch_sizes_side_by_side(open_page, check_axe):
    page: Page = open_page(f"/training#like=batches&{TINY}&epochs=1&samples=64")
    button(page, "Start").click()
    lanes = page.locator(".lane")
    expect(lanes).to_have_count(3)
    expect(lanes.locator("h3")).to_have_text(["Batch of 1", "Batch of 32", "The whole set (64)"])
    for lane, updates in enumerate((64, 2, 1)):
        expect(lanes.nth(lane)).to_contain_text(f"updates so far{updates} of {updates}")
        expect(lanes.nth(lane)).to_contain_text("done")
    page.wait_for_url(re.compile(r"side=[\w-]+,[\w-]+,[\w-]+"))
    check_axe(page, part=".lane")
    page.reload()
    expect(page.locator(".lane")).to_have_count(3)


def listeners(page: Page) -> int:
    """How many things of a page hear that its colours change."""
    session = page.context.new_cdp_session(page)
    document = session.send("Runtime.evaluate", {"expression": "document"})["result"]["objectId"]
    found = session.send("DOMDebugger.getEventListeners", {"objectId": document})["listeners"]
    return sum(listener["type"] == "themechange" for listener in found)


def test_strides_side_by_side_are_measured(open_page):
    page: Page = open_page("/training#like=strides&epochs=2&samples=40&speed=max")
    button(page, "Start").click()
    lanes = page.locator(".lane")
    expect(lanes.locator("h3")).to_have_text(["Stride 1", "Stride 2"])
    expect(sentence(page)).to_contain_text("Both are done")
    for lane in lanes.all():
        expect(lane).to_contain_text(re.compile(r"time of a step≈?[\d.]+ ms"))
        expect(lane).to_contain_text(re.compile("right on the validation set≈?\\d+"))
        expect(lane).to_contain_text(re.compile("the gap between the two[≈−]*\\d+"))
    expect(page.locator("[data-task=strides]")).to_have_class(re.compile("met"))
    assert "like=strides" in fragment(page)
    page.get_by_role("radio", name="by update").check(force=True)
    until(page, lambda: "clock=update" in fragment(page))
    page.reload()
    expect(lanes.locator("h3")).to_have_text(["Stride 1", "Stride 2"])
    expect(page.get_by_role("radio", name="by update")).to_be_checked()
    before = listeners(page)
    page.evaluate("for (const lane of document.querySelectorAll('.lane')) lane.dataset.before = 'yes'")
    page.evaluate("location.hash += '&sample=1'")
    expect(page.locator("[data-before]")).to_have_count(0)
    expect(lanes).to_have_count(2)
    assert listeners(page) == before  # those of the lanes that are gone are gone too


def test_side_by_side_they_go_through_the_data_at_one_pace(open_page):
    page: Page = open_page(f"/training#like=batches&{TINY}&epochs=50&samples=64&speed=2")
    button(page, "Start").click()
    page.wait_for_url(re.compile(r"side=[\w-]+,[\w-]+,[\w-]+"))
    runs = page.url.partition("side=")[2].partition("&")[0].split(",")
    assert [run_of(page, run)["steps_per_second"] for run in runs] == [64, 2, 1]
    expect(page.locator("[data-role=progress-line]")).to_contain_text(re.compile(r"about\s\d+\s(s|min)\sleft"))
    with answered(page, "/commands"):
        slide(page, "Speed", 3)
    button(page, "Pause").click()
    expect_state(page, "paused")
    assert [run_of(page, run)["steps_per_second"] for run in runs] == [320, 10, 5]
    button(page, "Stop").click()
    expect_state(page, "stopped")


def test_an_earlier_run_that_ran_away_leaves_the_axis_to_this_one_and_another_set_up_makes_room(open_page):
    page: Page = open_page("/training#like=large-rate&speed=max")
    diverged = start(page)
    expect_state(page, "diverged")
    expect(page.locator("[data-role=loss-title]")).to_have_text("Loss, logarithmic")
    page.goto("about:blank")  # or Start might be pressed before the page has read its new address
    page.goto(f"/training#{TINY}&epochs=1&speed=max&over={diverged}")
    run = start(page)
    expect_state(page, "finished")
    expect(page.locator("[data-role=loss-title]")).to_have_text("Loss")
    expect(page.locator(".own-runs li").first).to_contain_text("done · digits · 40 steps")
    check_room_for_another_network(page, run)


def test_own_runs_are_named_compared_deleted_and_opened_in_the_explorer(open_page):
    page: Page = open_page(f"/training#{TINY}&epochs=1&speed=max")
    start(page)
    expect_state(page, "finished")
    rows = page.locator(".own-runs li")
    expect(rows).to_have_count(1)
    rows.first.get_by_role("textbox").fill("the first")
    rows.first.get_by_role("textbox").press("Enter")
    rows.first.get_by_role("textbox").blur()
    button(page, "Start").click()
    expect(rows).to_have_count(2)
    expect_state(page, "finished")
    expect(page.locator("[data-role=loss-chart] .chart-legend")).to_contain_text("the first, training")
    button(page, "Delete the first").click()
    button(page, "Delete the first for good").click()
    expect(rows).to_have_count(1)
    expect(page.locator("[data-role=loss-chart] .chart-legend li")).to_have_count(2)
    button(page, "Open this network in the explorer").click()
    expect(page.locator("[data-role=source]")).to_contain_text("a run on digits, step")
    expect(page.locator("[data-role=answer]")).to_contain_text("The network answers")


def test_runs_that_are_compared_in_a_row_lie_beside_each_other_in_whatever_order_they_come(open_page):
    page: Page = open_page(f"/training#{TINY}&epochs=1&samples=64&speed=max")
    first = start(page)
    expect_state(page, "finished")
    start_another(page)
    second = run_in(page)
    expect_state(page, "finished")
    page.goto("about:blank")
    page.goto("/training")
    boxes = page.locator(".own-runs").get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("/points"), hold)
    for box in boxes.all():
        box.check(force=True)
    until(page, lambda: len(held) == 3)  # the points of one, and then those of both, in any order
    assert sorted(first in route.request.url for route in held) == [False, False, True]
    for route in reversed(held):
        route.continue_()
    until(page, lambda: f"over={second},{first}" in fragment(page))
    for box in boxes.all():
        expect(box).to_be_checked()


def test_a_link_opens_the_same_set_up(show):
    page: Page = show("/training")
    for seed, name in enumerate(("small-rate", "overfitting", "batches", "regression"), start=7):
        page.locator(f"[name=scenario][value={name}]").check(force=True)
        page.get_by_label("Seed").fill(f"{seed}")
        page.get_by_label("Seed").press("Enter")
        page.wait_for_url(re.compile(f"seed={seed}"))
        layers, link = page.locator(".layer-head b").all_inner_texts(), page.url
        follow(page, "/training#like=dead")
        follow(page, link)
        expect(page.locator(".layer-head b")).to_have_text(layers)
        expect(page.get_by_label("Seed")).to_have_value(f"{seed}")


TOO_MUCH = [
    ("Learn from", "5000", "there are only 1,259 training samples, fewer than 5,000"),
    ("Batch size", "2000", "batch size 2,000 is larger than the number of training samples, 1,259"),
    ("Epochs", "160", "201,440 steps in all are more than the 200,000 that this server takes"),
]


def test_what_cannot_be_learned_is_refused_beside_it_as_one_sets_it(show):
    page: Page = show("/training#batch=1")
    for label, value, words in TOO_MUCH:
        box = page.get_by_label(label, exact=True)
        before = box.input_value()
        box.fill(value)
        box.press("Enter")
        error = page.locator(".setup-card .field-error").filter(has_text=words)
        expect(error).to_be_visible()
        expect(box).to_have_value(value)
        expect(box).to_have_attribute("aria-describedby", error.get_attribute("id"))
        expect(button(page, "Start")).to_be_disabled()
        expect(sentence(page)).to_have_text(f"It cannot be started: {words}.")
        expect(page.locator(".layer.impossible")).to_have_count(0)
        box.fill(before)
        box.press("Enter")
        expect(button(page, "Start")).to_be_enabled()
        expect(error).to_have_count(0)


def test_a_link_to_what_cannot_be_started_shows_the_network_all_the_same(show):
    page: Page = show("/training#batch=1&epochs=160")
    expect(sentence(page)).to_contain_text("201,440 steps in all")
    expect(page.locator("[data-role=strip] canvas").first).to_be_visible()


def test_a_setting_that_is_refused_at_the_start_says_so_beside_it(show, complaints):
    """Of three batch sizes the one with the most steps."""
    page: Page = show("/training#like=batches&epochs=200")
    with page.expect_console_message():
        button(page, "Start").click()
    expect(page.locator(".setup-card .field-error").filter(has_text="251,800 steps in all")).to_be_visible()
    expect(page.get_by_label("Epochs")).to_have_value("200")
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_of_three_runs_that_cannot_all_be_started_none_is_left(show, complaints):
    page: Page = show("/training#like=batches&samples=20")
    with page.expect_console_message():
        button(page, "Start").click()
    refused = page.locator(".setup-card .field-error").filter(
        has_text="Batch size 32 is larger than the number of training samples, 20"
    )
    expect(refused).to_be_visible()
    assert page.evaluate("async () => (await (await fetch('/api/runs')).json()).runs") == []
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_more_samples_than_any_set_has_are_refused_as_well(open_page):
    page: Page = open_page("/training#samples=2000000")
    expect(sentence(page)).to_contain_text("there are only 1,259 training samples, fewer than 2,000,000")
    expect(page.locator("[data-role=strip] canvas").first).to_be_visible()
    expect(button(page, "Start")).to_be_disabled()


def test_a_complaint_goes_with_what_caused_it_also_from_the_box_that_one_is_in(show):
    page: Page = show("/training#batch=1")
    epochs = page.get_by_label("Epochs")
    epochs.fill("160")
    epochs.press("Enter")
    error = page.locator(".setup-card .field-error").filter(has_text="201,440 steps in all")
    expect(error).to_be_visible()
    page.evaluate("location.hash = 'batch=1&epochs=15'")
    expect(error).to_have_count(0)
    expect(epochs).to_have_value("15")
    epochs.fill("200")
    epochs.press("Enter")
    batch = page.get_by_role("textbox", name="Batch size")
    batch.fill("32")
    batch.press("Enter")
    expect(page.locator(".setup-card .field-error").filter(has_text="steps in all")).to_have_count(0)
    expect(button(page, "Start")).to_be_enabled()


def test_a_network_beyond_the_servers_limit_is_refused_as_one_builds_it(show):
    page: Page = show("/training")
    filters = page.locator(".layer").first.get_by_label("filters")
    filters.fill("7000")
    filters.press("Enter")
    expect(page.locator(".layer-count").first).to_have_text("70,000")
    refused = page.locator(".editor > .field-error")
    expect(refused).to_contain_text("parameters are more than the 1,000,000 that this server takes")
    expect(button(page, "Start")).to_be_disabled()
    expect(button(page, "Start")).to_have_attribute("title", re.compile("1,000,000 that this server takes"))
    expect(sentence(page)).to_have_text(
        re.compile("^This server does not take such a network: .* that this server takes.$")
    )
    expect(page.locator(".layer.impossible")).to_have_count(0)
    filters.fill("8")
    filters.press("Enter")
    expect(refused).to_be_empty()
    expect(button(page, "Start")).to_be_enabled()
    expect(sentence(page)).to_contain_text("on handwritten digits")


def test_everything_by_keyboard_on_a_phone_in_the_dark(open_page, check_axe):
    page: Page = open_page(SLOW, width=390, height=844, dark=True)
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("run="))
    expect_begun(page)
    page.keyboard.press("Space")
    expect_state(page, "paused")
    step = int(bar(page).get_attribute("data-step") or 0)
    page.keyboard.press("ArrowRight")
    expect_step(page, step + 1)
    root = page.locator("html")
    assert root.evaluate("root => root.scrollWidth - root.clientWidth") == 0
    check_axe(page)
    go = button(page, "Resume").bounding_box()
    assert go
    assert go["y"] > 844 - 120, "the large button is in the thumb's reach"


def test_turning_pictures_whose_label_is_their_direction_is_told_to_be_untrue(show):
    page: Page = show("/training#data=orientations&augment=rotate=15")
    expect(page.get_by_text("to turn it makes it untrue")).to_be_visible()
    page.evaluate("location.hash = 'data=digits&augment=rotate=15'")
    expect(page.get_by_text("to turn it makes it untrue")).to_be_hidden()
