"""The explorer, bent: a kernel is changed, a map is switched off, networks come and go as files; a link holds it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import numpy as np
from playwright.sync_api import Page, expect

from cnn_engine.data.preparation import prepare
from cnn_engine.models import bend, compare, load, save, shipped, smallest_change
from cnn_engine.wording import number

from .reading import answered, until

ANSWER, TOOK, BEFORE = "[data-role=answer]", "[data-role=took]", "[data-role=bars] .was"
WIRES = "[data-role=wired] path"


def settled(page: Page) -> None:
    """Wait until the address says what is shown."""
    expect(page.locator("html")).to_have_attribute("data-address", "current")


def refused(complaints: list[str]) -> None:
    """Of the requests that were refused the browser says so, and nothing else."""
    assert complaints
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def typed(page: Page, grid: str, row: int, column: int, text: str):
    """Type a number into a cell of a grid; what the page asks and is answered then."""
    cell = page.get_by_role("grid", name=grid, exact=True).locator(
        f'[aria-rowindex="{row}"] [aria-colindex="{column}"]'
    )
    with answered(page, "/answer") as waited:
        cell.press("F2")
        page.locator(".cell-editor").fill(text)
        page.locator(".cell-editor").press("Enter")
    return waited.value


def test_a_kernel_is_bent_a_map_switched_off_and_all_of_it_taken_back(open_page):
    page: Page = open_page("/explorer#at=0,5")
    first = page.get_by_role("grid", name="Kernel for channel 1", exact=True).locator(".cell").first
    expect(first).to_be_visible()
    page.get_by_role("button", name="Switch this map off").focus()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()  # from where arrows and typing go on
    assert first.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    typed(page, "Kernel for channel 1", 2, 3, "6")
    given = typed(page, "Bias", 1, 1, "2,5")  # as half of Europe types it
    body = given.request.post_data_json
    changes = [
        {"parameter": "0.weight", "index": [5, 0, 1, 2], "value": 6},
        {"parameter": "0.bias", "index": [5], "value": 2.5},
    ]
    assert body["changes"] == changes
    model = shipped("digits")
    drawn = prepare(np.array(body["input"]), dict(model.prepare), input_shape=(1, 28, 28)).input
    expected = compare(model, bend(model, changes), drawn)
    expect(page.locator(TOOK)).to_contain_text(
        f"It took 2 of 9,098 weights. The largest change is {number(expected.weights.largest)}"
    )
    after = page.locator("[data-role=bars] output")
    assert [bar.get_attribute("title") for bar in after.all()] == [number(one) for one in expected.after.probabilities]
    before = [number(one) for one in expected.before.probabilities]
    assert [bar.get_attribute("title") for bar in page.locator(BEFORE).all()] == before
    expect(page.get_by_text("Nothing of the picture has changed, only weights.").first).to_be_visible()  # a task is met
    with answered(page, "/answer"):
        page.get_by_role("button", name="Switch this map off").click()
    expect(page.locator(TOOK)).to_contain_text("1 map is switched off.")
    settled(page)
    assert "changes=0.weight:5,0,1,2:6;0.bias:5:2.5&off=0,5" in page.url
    page.get_by_role("button", name=re.compile("^Take back: 1 Convolution, bias")).click()
    expect(page.locator(f"{TOOK} li")).to_have_count(2)
    page.get_by_role("button", name="Take everything back").click()
    expect(page.locator(TOOK)).to_be_hidden()
    expect(page.locator(BEFORE)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"{TOOK} li")).to_have_count(2)


def test_a_link_with_bent_weights_shows_the_same_and_what_is_wrong_in_it_is_said(open_page, check_axe, complaints):
    page: Page = open_page("/explorer#changes=7.bias:1:60&off=3,99&at=7,1", width=390, height=844)
    message = page.locator("[data-role=message-text]")
    expect(message).to_contain_text("Switched off: ")
    refused(complaints)
    expect(page.locator(f"{TOOK} h2")).to_have_text("3 becomes 1.")
    kernels = page.get_by_role("grid", name=re.compile("^Kernel for map"))
    expect(kernels).to_have_count(4)  # of a long way those with the largest products
    page.get_by_role("button", name="Show all 16 maps").click()
    expect(kernels).to_have_count(16)
    assert page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth") == 0
    check_axe(page, both=True, part="[data-role=took], [data-role=bars], .closer")


def test_lines_show_what_feeds_a_map_and_colours_are_by_map_layer_or_all(open_page):
    page: Page = open_page("/explorer")
    expect(page.locator(WIRES)).to_have_count(8 + 16 + 16 + 1)  # one to each map, all to the row
    page.get_by_role("button", name="4 Convolution, map 3", exact=True).focus()
    expect(page.locator(WIRES)).to_have_count(8 + 1)
    weights = shipped("digits").parameters["3.weight"].astype(float)
    lengths = np.sqrt((weights**2).sum(axis=(2, 3)))
    widths = [float(path.get_attribute("stroke-width")) for path in page.locator(WIRES).all()]
    np.testing.assert_allclose(widths[:8], 0.5 + 3.5 * lengths[2] / lengths.max(), rtol=1e-6)
    page.get_by_label("The strongest colour is the largest number of").select_option("all layers")
    expect(page).to_have_url(re.compile("colours=all"))


def test_a_network_is_taken_along_opened_from_its_file_and_deleted(open_page, complaints):
    page: Page = open_page("/explorer#why=0")
    page.get_by_text("Take it along, or open another").click()
    with page.expect_download() as program:
        page.get_by_role("link", name="As a PyTorch program").click()
    with zipfile.ZipFile(program.value.path()) as archive:
        assert archive.namelist() == ["model.py", "weights.npz"]
    with page.expect_download() as file:
        page.get_by_role("link", name="Save it as a file").click()
    stream = io.BytesIO()
    own = load(file.value.path())
    save(replace(own, name="of my own", accuracy=None).changed({"7.bias": [np.nan, *[0] * 9]}), stream)
    page.locator("[data-role=model-file]").set_input_files(
        {"name": "own.npz", "mimeType": "", "buffer": stream.getvalue()}
    )
    expect(page.locator(ANSWER)).to_contain_text("not a number (NaN)")
    chooser = page.locator("[data-role=model]")
    until(page, lambda: chooser.evaluate("node => node.selectedOptions[0].textContent") == "of my own")
    expect(page.locator("[data-role=equation]")).to_contain_text(
        "nothing to add up: a logit of this network is infinite or not a number (NaN)."
    )
    expect(page.locator("[data-role=why-found]")).to_be_hidden()
    settled(page)
    other: Page = open_page(page.url)
    expect(other.locator(ANSWER)).to_contain_text("not a number (NaN)")
    expect(other.locator("[data-role=own-models] li")).to_have_count(0)
    remove = page.get_by_role("button", name="Delete of my own")
    remove.click()
    remove.click()
    expect(page.locator(ANSWER)).to_contain_text("The network answers 3.")
    expect(page.locator("[data-role=own-models] li")).to_have_count(0)
    page.locator("[data-role=model-file]").set_input_files({"name": "a.npz", "mimeType": "", "buffer": b"PK"})
    expect(page.locator("[data-role=message-text]")).to_contain_text("not a model")
    refused(complaints)


def test_a_network_of_ones_own_is_shared_by_a_switch_and_then_in_the_list_of_others(open_page, complaints):
    page: Page = open_page("/explorer")
    stream = io.BytesIO()
    save(replace(shipped("digits"), name="for all", accuracy=None), stream)
    with answered(page, "/answer"):  # what is shown of it moves what is to be clicked
        page.locator("[data-role=model-file]").set_input_files(
            {"name": "a.npz", "mimeType": "", "buffer": stream.getvalue()}
        )
    settled(page)
    page.get_by_text("Take it along, or open another").click()
    name = "Share with everybody on this server: for all"
    share = page.get_by_role("checkbox", name=name)

    other: Page = open_page("/explorer")
    options = other.locator("[data-role=model] option")
    for is_shared in (True, False, True):
        with answered(page, "", "PATCH") as waited:
            share.press("Space")
        assert waited.value.json()["shared"] is is_shared
        other.reload()
        expect(options.first).to_be_attached()
        assert options.filter(has_text="for all, shared by somebody else").count() == is_shared
    other.locator("[data-role=model]").select_option(label="for all, shared by somebody else")
    expect(other.locator("[data-role=lead]")).to_contain_text("this network answers")
    expect(other.get_by_role("checkbox", name=name)).to_have_count(0)  # only its owner switches it
    with answered(page, "/answer"):
        page.get_by_role("button", name="Right by a pixel").evaluate("node => node.click()")
    settled(page)
    expect(share).to_be_focused()  # the list stays as it is while answers come
    page.request.delete(f"/api/models/{waited.value.json()['id']}")
    share.press("Space")
    expect(page.locator("[data-role=message-text]")).to_contain_text("no model")
    expect(share).to_be_checked()  # as it was
    assert all("404" in complaint for complaint in complaints)
    complaints.clear()


def test_a_bent_network_that_is_kept_is_given_the_same(open_page):
    page: Page = open_page("/explorer#sample=3&moved=0,1&changes=7.bias:1:60")
    page.get_by_role("button", name="Keep it as a network of mine").click()
    expect(page).to_have_url(re.compile(r"model=[\w-]{22}&sample=3&moved=0,1$"))


def test_the_smallest_change_that_turns_the_answer_is_found_made_and_taken_back(open_page):
    page: Page = open_page("/explorer")
    box = page.locator("[data-role=smallest]")
    box.locator("summary").click()
    box.get_by_label("It should answer").select_option(label="8")
    with answered(page, "/smallest-change") as waited:
        box.get_by_role("button", name="Find the smallest change").click()
    body, found = waited.value.request.post_data_json, waited.value.json()
    model = shipped("digits")
    drawn = prepare(np.array(body["input"]), dict(model.prepare), input_shape=(1, 28, 28)).input
    expected = smallest_change(model, drawn, 8).weight
    assert (found["weight"]["parameter"], found["weight"]["after"]) == (expected.parameter, expected.after)
    expect(box).to_contain_text("3 becomes 8: what it takes.")
    change = f"{number(expected.before)} → {str(expected.after).replace('-', '−')}"
    row = box.locator(".smallest-one").filter(has_text="One weight:")
    expect(row).to_contain_text(change)
    with answered(page, "/answer"):
        row.get_by_role("button", name="Make this change").click()
    expect(page.locator(ANSWER)).to_contain_text("8")
    expect(page.locator(TOOK)).to_contain_text("3 becomes 8.")
    expect(page.locator(TOOK)).to_contain_text(change)
    expect(box.locator(".smallest-one")).to_have_count(0)  # they were of the answer before
    settled(page)
    cell = ",".join(map(str, expected.index))
    assert f"changes={expected.parameter}:{cell}:{expected.after:g}" in page.url
    page.reload()
    expect(page.locator(TOOK)).to_contain_text("3 becomes 8.")
    page.get_by_role("button", name=re.compile("^Take back")).first.click()
    expect(page.locator(TOOK)).to_be_hidden()
