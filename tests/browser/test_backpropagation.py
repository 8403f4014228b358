"""A network forward and backward: what the page prints is what the engine computes, in both directions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cnn_engine import trace_network

from .reading import button, expect_step, fragment, result, slide, value_of

ROW, BLOCK = [0, 0, 1, 1, 0, 0], [0, 0, 1, 1, 1, 1]
ARCHITECTURE = [
    {"layer": "conv2d", "out_channels": 2, "kernel_size": 3},
    {"layer": "relu"},
    {"layer": "max_pool2d", "kernel_size": 2},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 3},
]
PARAMETERS = {
    "0.weight": [[[[-1, 0, 1]] * 3], [[[-1, -1, -1], [0, 0, 0], [1, 1, 1]]]],
    "0.bias": [0, 0],
    "4.weight": [
        [0.5, 0, 0.5, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5],
        [0, 0.5, 0, 0.5, 0, 0, 0.25, 0.25],
    ],
    "4.bias": [0, 0, 0],
}


def opened(target=1, rate=0.02, **options):
    """The network that the page opens with."""
    optimizer = {"name": "sgd", "learning_rate": rate}
    return trace_network(ARCHITECTURE, PARAMETERS, [ROW] * 4 + [BLOCK] * 2, target, optimizer=optimizer, **options)


def at(page: Page, trace, step: int) -> None:
    """The step is shown, with the engine's number and words."""
    expect_step(page, step + 1, len(trace))
    sentence = page.locator("[data-role=sentence]")
    expect(sentence).to_contain_text(trace.descriptions(step, step + 1)[0])
    assert value_of(result(page)) == pytest.approx(trace[step].output, abs=5e-4)


def test_the_way_there_and_back_is_the_engines(open_page) -> None:
    trace, page = opened(), open_page("/backpropagation")
    steps = [entry.start + entry.count // 2 for entry in trace.timeline]
    for step in (*steps, *reversed(steps)):
        slide(page, "Step", step)
        at(page, trace, step)


def test_each_part_has_a_name_and_a_key_leads_to_the_next_one(open_page) -> None:
    trace, page = opened(), open_page("/backpropagation#step=5")
    parts = page.get_by_role("combobox", name="Part of the timeline")
    labels = parts.locator("option").all_inner_texts()
    assert len(labels) == len(trace.timeline)
    assert labels[6] == "Backward: Cross-entropy, gradient of the answers"
    for key, index in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        page.keyboard.press(f"Shift+{key}")
        expect_step(page, trace.timeline[index].start + 1, len(trace))
        expect(parts).to_have_value(labels[index])
    parts.select_option(labels[12])
    expect_step(page, trace.timeline[12].start + 1, len(trace))
    assert f"step={trace.timeline[12].start}" in fragment(page)


def test_the_last_step_says_what_the_update_did(open_page) -> None:
    page = open_page("/backpropagation")
    button(page, "Last step").click()
    sentence = page.locator("[data-role=sentence]")
    expect(sentence).to_contain_text("close, because the step is small")
    change = opened().loss_after - opened().loss
    assert f"a change of ≈−{-change:.3f}" in sentence.inner_text()


WAYS = {"begins": "step=98", "gate": "step=177", "kernel": "step=209", "update": "loss=mse&rate=0.5&step=305"}


@pytest.mark.parametrize("task", WAYS)
def test_a_task_is_met_by_its_own_way(open_page, task) -> None:
    page = open_page(f"/backpropagation#{WAYS[task]}")
    expect(page.locator(f'[data-task="{task}"]')).to_have_class(re.compile("met"))


def test_a_weight_that_is_typed_changes_what_follows(open_page) -> None:
    page = open_page("/backpropagation#step=0")
    before = result(page)
    page.locator('[data-panel="kernel"] .cell').nth(2).dblclick()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("[data-role=arithmetic] .result-value")).not_to_have_text(before)
    assert value_of(result(page)) == 4  # 1 × 2 + 1 + 1
    assert "kernels=" in fragment(page)
