"""From a run that stands still into its present step: the page of backpropagation with the run's own weights."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from cnn_engine.wording import number

from .reading import button, expect_step, follow, until
from .test_training import expect_begun, expect_state, start

NET = "net=conv2d:out_channels=2,kernel_size=3;relu;max_pool2d:kernel_size=2;flatten;linear:out_features=10"
DEEP = [{"layer": "linear", "out_features": 8}, {"layer": "relu"}] * 11
DIVERGES = {  # its weights become some 10³⁷ each: twelve of them in a row are more than float64 holds
    "architecture": [{"layer": "flatten"}, *DEEP, {"layer": "linear", "out_features": 10}],
    "dataset": "digits",
    "optimizer": {"name": "sgd", "learning_rate": 1e38},
    "epochs": 1,
}


def answer(page: Page, run: str, **body: Any) -> dict[str, Any]:
    response = page.request.post("/api/trace/network", data={"run": run, "sample": 0, **body})
    assert response.ok, response.text()
    found: dict[str, Any] = response.json()
    return found


def test_a_paused_run_is_looked_into_step_by_step(open_page) -> None:
    page = open_page(f"/training#{NET}&epochs=2&speed=5")
    run = start(page)
    expect_begun(page)
    expect(page.get_by_role("link", name="Look inside this step")).to_be_hidden()
    button(page, "Pause").click()
    expect_state(page, "paused")
    inside = page.get_by_role("link", name="Look inside this step")
    expect(inside).to_have_attribute("href", f"/backpropagation#run={run}")
    inside.click()
    page.wait_for_url(re.compile(rf"/backpropagation#run={run}"))
    trace = answer(page, run, steps={"start": 0, "count": 1})
    total = trace["steps"]["total"]
    expect_step(page, 1, total)
    own = f"Step {trace['step'] + 1} of a training run, on picture 1 of the {trace['batch']} in its batch"
    expect(page.locator(".inside")).to_contain_text(own)
    page.keyboard.press("End")
    expect(page.locator("[data-role=sentence]")).to_have_text(trace["outcome"])
    weight = next(entry for entry in trace["timeline"] if entry["op"] == "conv2d_backward" and entry["wrt"] == "weight")
    follow(page, f"/backpropagation#run={run}&sample=0&step={weight['start'] + 4}")
    step = answer(page, run, steps={"start": weight["start"] + 4, "count": 1})["steps"]
    expect(page.locator("[data-role=sentence]")).to_have_text(step["description"][0])
    page.keyboard.press("ArrowLeft")
    expect_step(page, weight["start"] + 4, total)
    button(page, "Another picture").click()
    expect(page).to_have_url(re.compile("sample=1"))
    button(page, "The small network of this page").click()
    expect_step(page, 1, 310)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/trace/network", hold)
    page.evaluate("link => { location.hash = link; }", f"run={run}")
    expect(button(page, "Another picture")).to_be_disabled()  # how many there are is not known yet
    expect(page.locator(".inside p").first).to_be_empty()
    until(page, lambda: bool(held))
    held[0].continue_()
    expect(page.locator(".inside p").first).to_contain_text(own)


def test_what_is_no_number_in_a_run_that_diverged_is_shown_as_it_spreads(open_page) -> None:
    page = open_page("/backpropagation")
    run = page.request.post("/api/runs", data=DIVERGES).json()["id"]
    until(page, lambda: None in answer(page, run, steps={"start": 0, "count": 1})["logits"])
    trace = answer(page, run, steps={"start": 0, "count": 1})
    last = next(entry for entry in trace["timeline"] if entry["pass"] == "loss")["start"] - 1
    follow(page, f"/backpropagation#run={run}&step={last}")
    expect_step(page, last + 1, trace["steps"]["total"])
    shown = page.locator('[data-panel="output"] .cell').all_inner_texts()
    assert [text == "none" for text in shown] == [logit is None for logit in trace["logits"]]
    page.keyboard.press("End")
    expect(page.locator("[data-role=sentence]")).to_have_text(trace["outcome"])
    back = next(entry for entry in trace["timeline"] if entry["pass"] == "backward" and entry["wrt"] == "weight")
    follow(page, f"/backpropagation#run={run}&step={back['start']}")
    expect(page.locator("[data-role=sentence]")).to_contain_text("NaN, which is not a number")


# Of each panel of the stage, how many grids it has.
GRIDS = """() => [...document.querySelectorAll(".stage .panel")].map(
    (panel) => panel.querySelectorAll(".grid").length)"""
BEFORE_ALL = "How a mistake becomes a change"


def test_of_a_large_layer_the_cells_around_the_chosen_one_are_seen(open_page) -> None:
    page = open_page("/backpropagation#model=digits", 1366, 768)
    trace = page.request.post("/api/trace/network", data={"model": "digits", "sample": 0}).json()
    back = [entry for entry in trace["timeline"] if entry["op"] == "conv2d_backward" and entry["wrt"] != "bias"]
    lead, sentence = page.locator(".lead"), page.locator("[data-role=sentence]")
    expect(lead).to_contain_text("every weight of this network")
    folded, steps = 0, {}
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for entry in back:
            at = entry["start"] + entry["count"] // 2
            follow(page, f"/backpropagation#model=digits&step={at}")
            if at not in steps:
                body = {"model": "digits", "sample": 0, "steps": {"start": at, "count": 1}}
                steps[at] = page.request.post("/api/trace/network", data=body).json()["steps"]
            step = steps[at]
            expect(sentence).to_have_text(step["description"][0])
            values, masks = (flat(step[name][0]) if name in step else [] for name in ("products", "inside"))
            there = [value for value, own in zip(values, masks or [True] * len(values), strict=True) if own]
            products = sorted(there, key=lambda value: -abs(value))
            if len(products) > 64:
                folded += 1
                few = sum(value != 0 for value in products[:12]) or 3
                title = page.locator(".block-title")
                expect(title).to_have_text(f"the {few} largest of {len(products)} products · local × from above")
                chips = page.locator("[data-role=arithmetic] .chip-value")
                expect(chips).to_contain_text([number(value) for value in products[:few]])
            assert max(page.evaluate(GRIDS)) <= 4
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width > 1000:
            assert sentence.evaluate("node => node.getBoundingClientRect().bottom") <= height
    assert folded >= 2
    button(page, "Settings").click()
    button(page, "The small network of this page").click()
    expect(lead).to_contain_text(BEFORE_ALL)


def flat(values: Any) -> list[float]:
    """All numbers of nested lists."""
    return [value for part in values for value in flat(part)] if isinstance(values, list) else [values]
