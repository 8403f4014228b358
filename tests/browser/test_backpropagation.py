"""A network forward and backward: what the page prints is what the engine computes, in both directions."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, Request, expect

from cnn_engine import check_gradient, gradient_paths, trace_network
from cnn_engine.trace.causes import MARKS, WINNER
from cnn_engine.wording import number
from cnn_engine.words import Message, say

from .reading import button, expect_step, follow, fragment, result, slide, step_number, until, value_of

INPUT = [
    [0, 1, 1, 1, 0, 0],
    [0, 0, 1, 1, 0, 0],
    [0, 0, 1, 1, 0, 0],
    [0, 0, 1, 0, 0, 0],
    [0, 0, 1, 0, 0, 1],
    [0, 0, 1, 1, 1, 1],
]
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
    return trace_network(ARCHITECTURE, PARAMETERS, INPUT, target, **{"optimizer": optimizer} | options)


def test_the_page_opens_with_more_that_lost_or_won_outright_than_ties() -> None:
    trace = opened()
    pool = next(entry for entry in trace.timeline if (entry.way, entry.op) == ("backward", "max_pool2d_backward"))
    descriptions = trace.descriptions(pool.start, pool.start + pool.count)
    outright, tied = (sum(word in text for text in descriptions) for word in ("its window:", "ties with"))
    assert "won its window" in descriptions[0]
    assert "did not win its window" in descriptions[1]
    assert outright > tied > 0


def at(page: Page, trace, step: int) -> None:
    """The step is shown, with the engine's number and words."""
    expect_step(page, step + 1, len(trace))
    sentence = page.locator("[data-role=sentence]")
    expect(sentence).to_contain_text(trace.descriptions(step, step + 1)[0])
    assert value_of(result(page)) == pytest.approx(trace[step].output, abs=5e-4)


def test_the_way_there_and_back_is_the_engines(show) -> None:
    trace, page = opened(), show("/backpropagation")
    steps = [entry.start + entry.count // 2 for entry in trace.timeline]
    for step in (*steps, *steps[::-3]):
        slide(page, "Step", step)
        at(page, trace, step)


def test_each_part_has_a_name_and_a_key_leads_to_the_next_one(show) -> None:
    trace, page = opened(), show("/backpropagation#step=5")
    parts = page.get_by_role("combobox", name="Part of the timeline")
    labels = parts.locator("option").all_inner_texts()
    assert len(labels) == len(trace.timeline)
    assert labels[6] == "Cross-entropy: answers"
    for key, index in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        page.keyboard.press(f"Shift+{key}")
        expect_step(page, trace.timeline[index].start + 1, len(trace))
        expect(parts).to_have_value(labels[index])
    for key, way in (("ArrowDown", "loss"), ("ArrowDown", "backward"), ("ArrowUp", "loss"), ("ArrowUp", "forward")):
        page.keyboard.press(f"Shift+{key}")
        expect_step(page, next(entry.start for entry in trace.timeline if entry.way == way) + 1, len(trace))
    parts.select_option(labels[12])
    expect_step(page, trace.timeline[12].start + 1, len(trace))
    assert f"step={trace.timeline[12].start}" in fragment(page)


def test_the_last_step_says_what_the_update_did(show) -> None:
    page = show("/backpropagation")
    button(page, "Last step").click()
    sentence = page.locator("[data-role=sentence]")
    expect(sentence).to_contain_text("close: over so short a step the loss is nearly straight")
    change = opened().loss_after - opened().loss
    assert f"a change of ≈−{-change:.3f}" in sentence.inner_text()


def shows_promise(page: Page, trace) -> None:
    """The loss before and after, and what the gradient predicted, are the engine's."""
    values = page.locator("[data-role=promise] dd")
    for index, value in enumerate((trace.loss, trace.predicted_change, trace.loss_after)):
        text = number(value)
        expect(values.nth(index)).to_have_text(text)


def test_a_promise_is_broken_by_a_rate_that_is_too_large(show) -> None:
    page = show("/backpropagation#loss=mse&rate=0.5&step=304")
    trace = opened([0, 1, 0], rate=0.5, loss="mse")
    shows_promise(page, trace)
    expect(page.locator("[data-role=promise]")).to_contain_text("too large to keep the promise")
    expect(page.locator("[data-role=arithmetic]")).to_contain_text(number(trace.predicted_change))


def test_one_step_is_learned_from_here(show) -> None:
    page = show("/backpropagation#step=98")
    button(page, "Learn 1 step").click()
    expect(page.locator("[data-role=promise]")).to_contain_text("Updates so far: 1.")
    shows_promise(page, opened(updates=1))
    at(page, opened(updates=1), 98)


def test_learning_that_diverges_shows_its_last_finite_update_and_the_way_back(show) -> None:
    page, own = show("/backpropagation#loss=mse&rate=1000"), {"target": [0, 1, 0], "rate": 1000, "loss": "mse"}
    finite = opened(**own, updates=100).finite_updates
    assert 0 < finite < 100
    button(page, "Learn 100 steps").click()
    promise = page.locator("[data-role=promise]")
    expect(promise).to_contain_text(f"after {finite} updates the next one")
    expect(promise).to_contain_text(f"Updates so far: {finite}.")
    button(page, "Back to the weights before").click()
    expect(promise).to_contain_text("Updates so far: 0.")
    expect(promise).not_to_contain_text("beyond all bounds")


def test_steps_are_learned_from_here_and_undone_as_one(show) -> None:
    own = {"optimizer": {"name": "adam", "learning_rate": 0.02}}
    page = show("/backpropagation#optimizer=adam&step=98")
    shows_promise(page, opened(**own))
    for name, updates in (("Learn 10 steps", 10), ("Learn 1 step", 11)):
        button(page, name).click()
        expect(page.locator("[data-role=promise]")).to_contain_text(f"Updates so far: {updates}.")
        shows_promise(page, opened(**own, updates=updates))
        at(page, opened(**own, updates=updates), 98)
        if updates == 10:
            looks_among_them(page, own)
    page.wait_for_function("() => location.hash.includes('kept=11')")
    link = page.url
    button(page, "Undo").click()
    shows_promise(page, opened(**own, updates=10))
    follow(page, "/backpropagation")
    follow(page, link)
    expect(page.locator("[data-role=promise]")).to_contain_text("Updates so far: 11.")
    shows_promise(page, opened(**own, updates=11))


def looks_among_them(page: Page, own: dict) -> None:
    """Of ten updates that were made at once the one before the last, and the last again."""
    which = page.get_by_label("Look at update")
    chosen = page.locator("[data-role=promise] output")
    assert chosen.evaluate("e => e.clientHeight < 2 * parseFloat(getComputedStyle(e).fontSize)")  # on one line
    for key, updates in (("ArrowLeft", 9), ("ArrowRight", 10)):
        which.press(key)
        expect(page.locator("[data-role=promise]")).to_contain_text(f"Updates so far: {updates}.")
        shows_promise(page, opened(**own, updates=updates))


WAYS = {
    "begins": "step=98",
    "loser": "step=144",
    "gate": "step=177",
    "kernel": "step=209",
    "changes": "step=264",
    "update": "loss=mse&rate=0.5&step=305",
}


def test_each_task_is_shown_by_its_own_way_and_met_by_none(open_page) -> None:
    """The first three lead to steps of what is shown already."""
    page = open_page("/backpropagation")
    expect(page.locator(".task").nth(3)).to_be_visible()
    for task, way in WAYS.items():
        follow(page, f"/backpropagation#{way}")
        expect(page.locator(f'[data-task="{task}"]')).to_have_class("task shown")
    expect(page.locator(".task.met")).to_have_count(0)


def test_a_weight_that_is_typed_changes_what_follows(show) -> None:
    page = show("/backpropagation#step=0")
    before = result(page)
    page.locator('[data-panel="kernel"] .cell').nth(2).dblclick()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("[data-role=arithmetic] .result-value")).not_to_have_text(before)
    assert value_of(result(page)) == 4  # 1 × 2 + 1 + 1
    assert "kernels=" in fragment(page)


def checked(page: Page) -> list[str]:
    """The loss now, as the gradient foretells it, and as it is with the nudge."""
    expect(page.locator("[data-role=check] dd")).to_have_count(3)
    return page.locator("[data-role=check] dd").all_inner_texts()


def test_a_number_is_nudged_and_the_loss_does_what_its_gradient_foretold(show) -> None:
    page = show("/backpropagation#step=209&reach=0.1&check=0.weight:0,0,1,2&nudge=10")
    own = check_gradient(opened(), "0.weight", (0, 0, 1, 2), 0.1)
    assert checked(page) == [number(value) for value in (own.losses[20], own.tangent[30], own.losses[30])]
    card = page.locator("[data-role=check]")
    expect(card).to_contain_text("they agree")
    card.get_by_label("Nudge", exact=True).press("ArrowRight")
    assert checked(page)[2] == number(own.losses[31])
    page.wait_for_function("() => location.hash.includes('nudge=11')")
    page.locator('[data-panel="input"] .cell').nth(14).click()  # which another cell is pinned and checked by
    corner = check_gradient(opened(), "input", (0, 2, 2), 0.1)
    expect(card).to_contain_text("the loss has a corner here, in layers 2 and 3")
    assert checked(page) == [number(corner.losses[20])] * 3
    card.get_by_role("button", name="The number of this step").click()
    expect(card.get_by_label("Number to nudge")).to_have_value("0.weight:0,0,0,2")


def test_a_gradient_is_hidden_until_its_sign_is_predicted(open_page) -> None:
    trace, page = opened(), open_page("/backpropagation#step=98&predict=sign")
    sentence = page.locator("[data-role=sentence]")
    for step, answer, verdict in ((98, "negative", "Right. "), (209, "zero", "Not this time")):
        slide(page, "Step", step)
        expect(sentence).to_contain_text("will this gradient be negative, zero or positive?")
        assert result(page) == "?"
        digits = number(trace[step].output).lstrip("≈−")
        assert digits not in page.locator(".stage-card").inner_text()
        button(page, answer).click()
        expect(sentence).to_contain_text(verdict)
        assert value_of(result(page)) == pytest.approx(trace[step].output, abs=5e-4)
    expect(page.locator("[data-role=score]")).to_contain_text("Right 1 of 2 times so far.")
    assert "predicted" not in fragment(page)
    page.reload()  # this browser keeps it
    slide(page, "Step", 130)
    expect(page.locator("[data-role=predict]")).to_contain_text("Right 1 of 2 times so far.")


PLACES = """() => [".strip", "[data-role=stage]", "[data-role=arithmetic]", ".transport", "[data-role=sentence]"].map(
  (name) => document.querySelector(name).getBoundingClientRect().top)"""


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768), (1440, 900)])
def test_nothing_moves_when_something_is_to_be_predicted(open_page, width, height) -> None:
    page = open_page("/backpropagation#step=98", width, height)
    boxes = page.evaluate(PLACES)
    answers = page.locator("[data-role=predict]")
    for kind in ("size", "sign"):
        follow(page, f"/backpropagation#step=98&predict={kind}")
        expect(answers).to_be_in_viewport(ratio=1)
        assert page.evaluate(PLACES) == boxes
        text = page.evaluate("""() => {
          const text = document.createRange();
          text.selectNodeContents(document.querySelector("[data-role=sentence]"));
          return text.getBoundingClientRect().bottom;
        }""")
        assert text <= answers.evaluate("node => node.getBoundingClientRect().top")  # they stand below the question
    answers.get_by_role("button", name="positive").press("Enter")
    expect(answers).to_be_hidden()
    expect(button(page, "Next step")).to_be_focused()  # who answers by keyboard goes on from there
    assert page.evaluate(PLACES) == boxes


# Of each factor of a path whether its sign stands on its line before it, and its layer and cell behind it.
FACTORS_ON_LINES = """() => [...document.querySelectorAll(".chain-table tbody td:not(:last-child)")].map((cell) => {
  const [sign, factor, where] = [...cell.children].map((node) => node.getBoundingClientRect());
  const isOneLine = factor.top < where.bottom && where.top < factor.bottom;
  return isOneLine && sign.right <= factor.left && factor.right <= where.left;
})"""


def test_paths_are_read_from_top_to_bottom_on_a_phone(show) -> None:
    page = show("/backpropagation#step=209&pin=paths,0,0", 390, 844)
    found = gradient_paths(opened(), "0.weight", (0, 0, 0, 2))
    chain = page.locator("[data-role=chain]")
    layers = chain.locator("tbody tr").first.locator(".of-layer")
    expect(layers).to_have_text(["Cross-entropy", "Dense layer", "Flatten", "Max pooling", "ReLU", "Convolution"])
    assert page.evaluate(FACTORS_ON_LINES) == [True] * sum(len(path.local) for path in found.paths)
    assert chain.evaluate("node => node.scrollWidth - node.clientWidth") == 0


AT_A_GLANCE = """() => {
  const cells = [...document.querySelectorAll(".strip .cell")];
  const printed = cells.filter((cell) => cell.textContent);
  return [
    document.querySelector("[data-role=sentence]").getBoundingClientRect().bottom,
    Math.min(...cells.map((cell) => cell.getBoundingClientRect().height)),
    Math.min(...printed.map((cell) => parseFloat(getComputedStyle(cell).fontSize))),
    printed.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent),
  ];
}"""


def of_strip(page: Page, panel: str) -> list[str]:
    """The texts of a panel of the network at a glance; what is not computed yet is empty."""
    return page.locator(f'[data-of="{panel}"] .cell').all_inner_texts()


def test_the_network_at_a_glance_fills_and_leads_to_each_step(show) -> None:
    trace, page = opened(), show("/backpropagation#step=0", 1366, 768)
    starts = {(entry.way, entry.tensor): entry.start for entry in trace.timeline}
    assert of_strip(page, "net-0.output") == [result(page), *[""] * 31]
    for seen in ('[data-of="net-0.weight"] .cell', ".strip-group.present .strip-title"):
        expect(page.locator(seen).first).to_be_in_viewport(ratio=0.9)  # the layer from its beginning on
    assert of_strip(page, "net-0.weight-gradient") == [""] * 18
    for nth, grid in enumerate(page.locator('[data-of="net-0.weight"] .grid').all(), start=1):
        expect(grid).to_have_attribute("aria-label", re.compile(f"filter {nth}$"))
    page.locator('[data-of="net-0.weight-gradient"] .cell').nth(12).click()
    step = starts["backward", "0.weight"] + 12
    at(page, trace, step)
    assert of_strip(page, "net-0.weight-gradient")[12] != ""
    assert of_strip(page, "net-0.weight-gradient")[13:] == [""] * 5
    expect(page.locator(".strip-group.present .strip-title")).to_have_text("Convolution")
    assert "" not in of_strip(page, "net-1.output-gradient")
    for entry in trace.timeline[6:]:
        slide(page, "Step", entry.start + entry.count - 1)
        bottom, cell, type, spilt = page.evaluate(AT_A_GLANCE)
        assert bottom <= 768, entry
        assert cell >= 24, entry
        assert type >= 11, entry
        assert spilt == [], entry
    page.set_viewport_size({"width": 1024, "height": 768})
    for entry in trace.timeline[6:]:
        slide(page, "Step", entry.start)
        assert page.evaluate(AT_A_GLANCE)[0] <= 768, entry
    slide(page, "Step", starts["backward", "input"])
    expect(page.locator("[data-role=arithmetic] .block-title")).to_have_text(
        [f"filter {number} · local × from above" for number in (1, 2)]
    )


def test_the_strip_has_new_weights_as_the_update_comes_to_them(show) -> None:
    trace = opened(rate=1)
    update = next(e for e in trace.timeline if (e.way, e.tensor) == ("update", "0.weight"))
    page = show(f"/backpropagation#rate=1&step={update.start - 1}", 1366, 768)
    before, after = (np.ravel(values["0.weight"]) for values in (PARAMETERS, trace.parameters_after))
    assert np.abs(after - before)[[2, 5]].min() > 0.5  # so that they can be told from those before
    for made in (0, 3, 5, update.count):
        slide(page, "Step", update.start - 1 + made)
        shown = [value_of(text) for text in of_strip(page, "net-0.weight")]
        assert shown == pytest.approx([*after[:made], *before[made:]], abs=0.06)
    button(page, "First step").click()
    expect_step(page, 1, len(trace))
    until(page, lambda: [value_of(text) for text in of_strip(page, "net-0.weight")] == before.tolist())


RELU = """() => {
  const panels = [...document.querySelectorAll(".stage .panel")].map((panel) => panel.getBoundingClientRect());
  return [new Set(panels.map(({ top, height }) => Math.round((top + height / 2) / 10))).size, panels.length];
}"""


def test_what_relu_does_is_read_cell_by_cell_from_left_to_right(show) -> None:
    page = show("/backpropagation#step=185", 1366, 768)
    assert page.evaluate(RELU) == [1, 4]
    expect(page.locator(".stage .grid")).to_have_count(4)  # of the two channels the one that the step is about
    slide(page, "Step", 200)
    expect(page.locator('[data-panel="above"] .grid')).to_have_attribute("aria-label", re.compile("channel 2"))
    page.set_viewport_size({"width": 390, "height": 844})
    follow(page, "/backpropagation#step=209")
    expect(page.locator('[data-panel="above"] .lead-sign')).to_have_text("×")


def test_the_corners_between_a_number_and_its_nudge_are_named(show) -> None:
    page, trace = show("/backpropagation#check=0.bias:1"), opened()
    crossed = [crossing and say(crossing) for crossing in check_gradient(trace, "0.bias", (1,), 1).crossings()]
    expect(page.get_by_role("slider", name="Nudge")).to_be_in_viewport()  # the link is about it
    named = page.locator("[data-role=crossed]")
    shown = {nudge: crossed[nudge + 20] for nudge in (-20, -3, 0, 7, 20)}
    assert [bool(shown[nudge]) for nudge in (0, 7, 20)] == [False, True, True]
    for nudge, sentence in shown.items():
        follow(page, f"/backpropagation#check=0.bias:1&nudge={nudge}")
        expect(named).to_have_text(sentence or "")


def test_the_chain_rule_is_a_lit_path_whose_products_add_up(show) -> None:
    trace = opened()
    entry = next(e for e in trace.timeline if (e.way, e.tensor) == ("backward", "0.weight"))
    page = show(f"/backpropagation#step={entry.start + 2}", 1366, 768)
    found = gradient_paths(trace, "0.weight", (0, 0, 0, 2))
    button(page, "Paths to the loss").click()
    chain = page.locator("[data-role=chain]")
    expect(chain.locator("p")).to_have_text(say(found.finding()))
    assert chain.locator("tbody .chip-value").all_inner_texts() == [number(path.product) for path in found.paths]
    expect(chain.locator("tfoot b").last).to_have_text(number(found.gradient))
    lit = {f"net-{name}-gradient": len({path.cells[k] for path in found.paths}) for k, name in enumerate(found.along)}
    for panel, count in lit.items():
        expect(page.locator(f'[data-of="{panel}"] .cell.linked')).to_have_count(count)
    # one path by itself, also once a finger has left it
    chain.locator("tbody tr").first.dispatch_event("pointerenter", {"pointerType": "touch"})
    chain.locator("tbody").first.dispatch_event("pointerleave", {"pointerType": "touch"})
    for panel in lit:
        expect(page.locator(f'[data-of="{panel}"] .cell.linked')).to_have_count(1)
    chain.locator("tbody").first.dispatch_event("pointerleave", {"pointerType": "mouse"})
    for panel, count in lit.items():
        expect(page.locator(f'[data-of="{panel}"] .cell.linked')).to_have_count(count)
    assert chain.locator(".ended b").all_inner_texts() == [str(count) for count in found.stopped.values()]
    assert len(found.stopped) > 1
    assert "pin=paths,0,0" in fragment(page)
    page.keyboard.press("ArrowRight")
    expect(chain.locator("p")).to_have_text(say(gradient_paths(trace, "0.weight", (0, 0, 1, 0)).finding()))
    page.keyboard.press("Escape")
    expect(chain).to_be_hidden()
    page.locator('[data-of="net-input"] .cell').first.hover()
    reached = gradient_paths(trace, "input", (0, 0, 0)).reached
    for name, cells in reached.items():
        expect(page.locator(f'[data-of="net-{name}"] .cell.linked')).to_have_count(len(cells))
    page.locator('[data-panel="above"] .cell').first.hover()
    expect(page.locator('[data-of="net-0.output-gradient"] .cell.linked')).to_have_count(1)
    expect(page.locator('[data-of="net-4.output-gradient"] .cell.linked')).to_have_count(1)
    button(page, "Backward in one go").click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    first = next(e.start for e in trace.timeline if e.way == "backward")
    expect(page.locator('[data-of="net-4.output-gradient"] .cell').nth(2)).not_to_have_text("")
    assert step_number(page)[0] > first


def test_paper_says_what_is_set_as_the_page_does(open_page) -> None:
    page = open_page("/backpropagation#step=209")
    expect(button(page, "Print")).to_be_enabled()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    lines = page.locator("[data-role=handout] dl").inner_text().split("\n")
    pairs = dict(zip(lines[::2], lines[1::2], strict=True))
    named = {"True class": "class 2", "Loss": "cross-entropy", "Pooling": "largest"}
    assert {name: pairs[name] for name in named} == named
    assert "Number to nudge" not in pairs  # none is
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    follow(page, "/backpropagation#step=209&predict=sign")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".picture svg > text", has_text=re.compile(r"^\?$"))).to_have_count(1)  # nor is the answer said


def test_words_of_the_way_back_are_explained_beside_the_network(show) -> None:
    page = show("/backpropagation#step=185", 1366, 768)
    for word, explanation in (
        ("from above", "The gradient of an operation"),
        ("local derivative", "How much an output grows"),
    ):
        term = page.locator(".strip-terms").get_by_role("button", name=word)
        expect(term).to_be_in_viewport(ratio=1)
        term.click()
        expect(page.locator(".term-sentence:popover-open")).to_contain_text(explanation)
        page.keyboard.press("Escape")


def test_the_network_stays_in_sight_when_something_is_set_on_the_way_back(show) -> None:
    page = show("/backpropagation#step=209")
    page.get_by_text("class 3", exact=True).click()
    expect(page.locator('[data-of="net-0.weight-gradient"] .cell').nth(2)).to_be_visible()
    page.wait_for_function("() => location.hash.includes('target=2')")
    expect(page.locator(".strip-groups")).to_be_visible()
    cut = "e => e.getBoundingClientRect().bottom > document.querySelector('.strip').getBoundingClientRect().bottom"
    for entry in opened().timeline:
        slide(page, "Step", entry.start)
        assert page.locator(".strip-terms").evaluate(cut) is False, entry  # whole or not at all


CARD = """() => [...document.querySelectorAll(".terms.factored td")].map((cell) => [
  cell.querySelector("small").textContent, cell.querySelector(".chip-value").firstChild.textContent,
  cell.querySelector(".chip-value").dataset.mark ?? ""])"""
FACTORS = re.compile(r"(.*) × \(?([^)]*)\)?")


@pytest.mark.parametrize("prediction", ["", "&predict=sign"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768)])
def test_the_factors_and_the_cause_of_each_0_are_on_the_screen(show, width, height, prediction) -> None:
    trace, page = opened(), show(f"/backpropagation#step=209{prediction}", width, height)
    for step in (209, 214, 233, 248):
        slide(page, "Step", step)
        expect_step(page, step + 1, len(trace))
        made = trace[step]
        shown = page.evaluate(CARD)
        assert len(shown) == made.inside.sum()
        there = np.flatnonzero(made.inside)
        for (factors, product, mark), term in zip(shown, there, strict=True):
            found = FACTORS.fullmatch(factors)
            assert found
            assert [value_of(text) for text in found.groups()] == pytest.approx(
                [made.local[term], made.above[term]], abs=5e-4
            )
            assert product == ("?" if prediction else number(made.products[term]))
            assert mark == ("" if prediction else MARKS.get(made.zero[term], ""))
        expect(page.locator(".terms.factored small").first).to_be_in_viewport(ratio=1)
        expect(page.locator(".terms.factored small").last).to_be_in_viewport(ratio=1)
        expect(page.locator(".block-title .factors").first).to_have_text(re.compile("local × from above"))
        legend = page.locator(".causes li")
        words = [
            f"{MARKS[word]} {say(Message(f'shown.cause_{word}', {}))}" for word in set(made.zero[there].tolist()) - {""}
        ]
        if not prediction:
            assert {" ".join(text.split()) for text in legend.all_inner_texts()} >= set(words)
        else:
            expect(legend).to_have_count(0)


def test_long_numbers_leave_a_step_whole(show) -> None:
    page = show("/backpropagation#step=230", 1366, 768)  # which has been laid out with short numbers
    page.get_by_role("button", name="Learn 10 steps").click()
    expect(page.get_by_text("Updates so far: 10")).to_be_visible()
    for step, factored in ((33, 0), (80, 8), (230, 0)):  # of ReLU, of the dense layer, of an input on the way back
        slide(page, "Step", step)
        expect_step(page, step + 1, 310)
        expect(page.locator(".terms.factored small")).to_have_count(factored)
        expect(page.locator(".stage.scrolls")).to_have_count(0)


def test_the_step_that_one_jumps_to_is_asked_for_before_those_that_follow(show) -> None:
    page, requested = show("/backpropagation#rate=0.037"), list[range]()

    def note(request: Request) -> None:
        if request.url.endswith("/api/trace/network"):
            steps = request.post_data_json["steps"]
            requested.append(range(steps["start"], steps["start"] + steps["count"]))

    page.on("request", note)
    slide(page, "Step", 127)  # the last one of its page
    expect_step(page, 128, 310)
    until(page, lambda: len(requested) > 1)
    page.remove_listener("request", note)
    assert 127 in requested[0]
    assert requested[1].start == requested[0].stop


def test_cells_that_are_0_say_why(show) -> None:
    trace, page = opened(), show("/backpropagation#step=248")
    marks = page.locator("[data-panel=above] .cell[data-mark]")
    expected = [MARKS[word] for word, above in zip(trace[248].zero, trace[248].above, strict=True) if above == 0]
    assert sorted(marks.evaluate_all("cells => cells.map((cell) => cell.dataset.mark)")) == sorted(expected)
    slide(page, "Step", 150)  # a value that lost its window of max pooling
    assert (trace[150].why, trace[150].zero.tolist()) == ("winner", ["winner"])
    expect(page.locator("[data-panel=output] .cell.marked")).to_have_attribute("data-mark", MARKS["winner"])
    won = page.locator(f"[data-panel=input] .cell[data-mark='{WINNER.mark}']")
    expect(won).to_have_count(1)
    row, col = trace[150].winners[0]
    assert won.evaluate("cell => [cell.parentElement.ariaRowIndex, cell.ariaColIndex].map(Number)") == [
        row + 1,
        col + 1,
    ]


def test_all_of_the_padded_map_is_seen_on_a_laptop(show) -> None:
    page = show("/backpropagation#step=248&seen=correlation", 1366, 768)
    for at in (0, -1):
        expect(page.locator("[data-panel=above] .cell").nth(at)).to_be_in_viewport(ratio=1)
        expect(page.locator("[data-panel=output] .cell").nth(at)).to_be_in_viewport(ratio=1)
    assert page.evaluate(AT_A_GLANCE)[0] <= 768
    seen = page.locator(".stage").evaluate("stage => stage.scrollHeight - stage.clientHeight")
    assert seen <= 1
    spilt = page.locator(".stage .cell").evaluate_all(
        "cells => cells.filter((c) => c.scrollWidth > c.clientWidth + 1).length"
    )
    assert spilt == 0


def test_what_the_page_is_about_and_where_paths_end_are_seen(show) -> None:
    page = show("/backpropagation", 1366, 768)
    lead, title = page.locator(".lead"), page.get_by_role("heading", level=1)
    expect(lead).to_be_in_viewport(ratio=1)
    assert lead.evaluate("e => e.offsetTop + e.offsetHeight") <= title.evaluate("e => e.offsetTop + e.offsetHeight")
    page = show("/backpropagation#step=209&pin=paths,0,0", 390, 844)
    bars = page.locator(".ended-bar")
    expect(bars).to_have_count(4)
    for bar in bars.all():
        expect(bar).to_be_visible()  # when the styles of the strip are here
    widths = bars.evaluate_all("bars => bars.map((bar) => bar.getBoundingClientRect().width)")
    assert max(widths) > 10 * min(widths)  # 32 paths and 1


def test_a_rate_that_cannot_be_is_refused_by_its_name(show) -> None:
    page = show("/backpropagation#step=309")
    exact = page.get_by_label("Rate, exactly")
    exact.fill("0")
    exact.press("Enter")
    expect(page.get_by_text("Rate, exactly: 0 is not more than 0.")).to_be_visible()
    expect(page.locator("[data-role=sentence]")).to_contain_text(number(opened().loss_after))  # nothing has changed
