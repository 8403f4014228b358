"""From a run that stands still into its present step: the page of backpropagation with the run's own weights."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

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
    told = page.request.post("/api/trace/network", data={"run": run, "sample": 0, **body})
    assert told.ok, told.text()
    found: dict[str, Any] = told.json()
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
    told = answer(page, run, steps={"start": 0, "count": 1})
    total = told["steps"]["total"]
    expect_step(page, 1, total)
    own = f"Step {told['step'] + 1} of a training run, on picture 1 of the {told['batch']} in its batch"
    expect(page.locator(".inside")).to_contain_text(own)
    page.keyboard.press("End")
    expect(page.locator("[data-role=sentence]")).to_have_text(told["outcome"])
    weight = next(entry for entry in told["timeline"] if entry["op"] == "conv2d_backward" and entry["wrt"] == "weight")
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
    expect(page.locator(".inside p")).to_be_empty()
    until(page, lambda: bool(held))
    held[0].continue_()
    expect(page.locator(".inside p")).to_contain_text(own)


def test_what_is_no_number_in_a_run_that_diverged_is_shown_as_it_spreads(open_page) -> None:
    page = open_page("/backpropagation")
    run = page.request.post("/api/runs", data=DIVERGES).json()["id"]
    until(page, lambda: None in answer(page, run, steps={"start": 0, "count": 1})["logits"])
    told = answer(page, run, steps={"start": 0, "count": 1})
    last = next(entry for entry in told["timeline"] if entry["pass"] == "loss")["start"] - 1
    follow(page, f"/backpropagation#run={run}&step={last}")
    expect_step(page, last + 1, told["steps"]["total"])
    shown = page.locator('[data-panel="output"] .cell').all_inner_texts()
    assert [text == "none" for text in shown] == [logit is None for logit in told["logits"]]
    page.keyboard.press("End")
    expect(page.locator("[data-role=sentence]")).to_have_text(told["outcome"])
    back = next(entry for entry in told["timeline"] if entry["pass"] == "backward" and entry["wrt"] == "weight")
    follow(page, f"/backpropagation#run={run}&step={back['start']}")
    expect(page.locator("[data-role=sentence]")).to_contain_text("NaN, which is not a number")
