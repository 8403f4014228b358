"""Activation, dense and output pages: stepped, edited, followed by their links, their numbers the engine's."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

import cnn_engine as engine
from cnn_engine.catalogue import names
from cnn_engine.data.presets import input_values, weight_values
from tests.browser.reading import button, cells, come_back, expect_step, fragment, result, slide, step_number, value_of

DENSE_INPUT = input_values("random", (6, 1), 1, 3).ravel()
DENSE = [
    {"weight": weight_values("random", (4, 6), 2), "bias": [1, -1, 0, 2], "activation": "relu"},
    {"weight": weight_values("random", (3, 4), 5), "bias": [0, 1, -1]},
]


@pytest.mark.parametrize("name", names("activation"))
def test_an_activation_is_the_engines(show, name):
    page = show(f"/operations/activation#function={name}&step=24")
    options = {"negative_slope": 0.1} if name == "leaky_relu" else {}
    expected = getattr(engine, name)(input_values("signed", (5, 5), 1, 1), **options)
    for text, value in zip(cells(page, "output"), expected.ravel(), strict=True):
        if text[0] in "<>":  # what is not quite 1 is not printed as 1
            assert abs(value_of(text[1:])) < abs(value) < 1
        else:
            assert value_of(text) == pytest.approx(value, abs=6e-3)
    assert value_of(result(page)) == pytest.approx(expected.ravel()[-1], abs=6e-4)


def test_an_activation_is_stepped_and_edited(open_page):
    page = open_page("/operations/activation")
    expect_step(page, 1, 25)
    page.keyboard.press("ArrowRight")
    expect_step(page, 2, 25)
    cell = page.locator('[data-panel="input"] .cell').first
    cell.dblclick()
    page.locator(".cell-editor").fill("4")
    page.keyboard.press("Enter")
    expect(page.locator('[data-panel="output"] .cell').first).to_have_text("4")
    assert "input=4,0,5,9,-9;" in fragment(page)


def test_dense_layers_are_the_engines(show):
    page = show("/operations/dense#step=6")
    trace = engine.trace_dense(DENSE_INPUT, DENSE)
    assert step_number(page) == (7, len(trace))
    assert [value_of(text) for text in cells(page, "output")] == trace.tensors["output"].tolist()
    assert [value_of(text) for text in cells(page, "hidden")] == trace.tensors["0.output"].tolist()
    assert value_of(result(page)) == trace[6].output
    button(page, "Previous step").click()
    expect(page.locator("[data-role=sentence]")).to_have_text(trace[5].describe())


def test_a_dense_layer_grows_and_shrinks(show):
    page = show("/operations/dense")
    slide(page, "Outputs", 5)
    expect_step(page, 1, 9)
    slide(page, "Hidden values", 2)
    expect_step(page, 1, 7)
    page.get_by_role("radio", name="none").first.check()
    expect_step(page, 1, 2)
    assert page.locator('[data-panel="hidden"]').count() == 0


def test_a_weight_is_typed_and_the_link_holds_it(show):
    page = show("/operations/dense")
    page.locator('[data-panel="weight-0"] .cell').first.dblclick()
    page.locator(".cell-editor").fill("7")
    page.keyboard.press("Enter")
    expect(page.locator('[data-panel="weight-0"] .cell').first).to_have_text("7")
    hidden = cells(page, "hidden")
    come_back(page)
    expect(page.locator('[data-panel="weight-0"] .cell').first).to_have_text("7")
    assert cells(page, "hidden") == hidden


def test_softmax_and_its_loss_are_the_engines(show):
    page = show("/operations/output#target=2&step=17")
    logits = [2, 1, -1, 0.5]
    shown = [value_of(text) for text in cells(page, "output")]
    np.testing.assert_allclose(shown, engine.softmax(logits), atol=6e-3)
    assert value_of(result(page)) == pytest.approx(engine.cross_entropy(logits, 2), abs=6e-4)


def test_dragging_a_logit_changes_the_shares(show):
    page = show("/operations/output#step=17")
    slide(page, "Answer 1", -3)
    expect(page.locator('[data-panel="input"] .cell').first).to_have_text("−3")
    expected = engine.cross_entropy([-3, 1, -1, 0.5], 0)
    expect(page.locator("[data-role=arithmetic] .result-value")).to_have_text(f"≈{expected:.3f}")


def test_two_classes_and_a_number(show):
    page = show("/operations/output#task=binary&step=4")
    assert value_of(result(page)) == pytest.approx(engine.binary_cross_entropy_with_logits([2.0], [1]), abs=6e-4)
    assert value_of(cells(page, "complements")[0]) == pytest.approx(1 - engine.sigmoid([2.0])[0], abs=6e-4)
    page.get_by_role("radio", name="a number").check()
    expect(page.locator('[data-panel="differences"]')).to_be_visible()
    button(page, "Last step").click()
    assert value_of(result(page)) == engine.mse([2, 1, -1, 0.5], [1.5, 1, 0, 0])


def expect_answer(page, logits, target=0):
    """Wait until the last step shows these logits, and compare what follows from them with the engine."""
    expect(page.locator('[data-panel="input"] .cell')).to_have_text([f"{x:g}".replace("-", "−") for x in logits])
    expect(page.locator(".cell.painted")).to_have_count(0)
    shown = [value_of(text) for text in cells(page, "output")]
    np.testing.assert_allclose(shown, engine.softmax(logits), atol=6e-3)
    assert value_of(result(page)) == pytest.approx(engine.cross_entropy(logits, target), abs=6e-4)


def test_a_logit_is_dragged_on_the_stage_and_moved_by_key(open_page):
    page = open_page("/operations/output#step=17")
    logits = page.locator('[data-panel="input"] .cell')
    box = logits.nth(2).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    assert logits.nth(2).evaluate("cell => getComputedStyle(cell).cursor") == "ns-resize"
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 40, steps=8)
    page.mouse.up()
    expect_answer(page, [2, 1, 1.5, 0.5])
    assert step_number(page) == (18, 18)
    button(page, "Undo").click()  # the whole drag
    expect_answer(page, [2, 1, -1, 0.5])
    expect(button(page, "Undo")).to_be_disabled()
    logits.nth(1).focus()
    page.keyboard.press("ArrowLeft")
    expect_answer(page, [2, 0.5, -1, 0.5])
    page.keyboard.press("ArrowUp")  # the other arrows move about as in every grid
    page.keyboard.press("ArrowRight")
    expect_answer(page, [2.5, 0.5, -1, 0.5])
    assert step_number(page) == (18, 18)


def test_a_finger_drags_a_logit_and_scrolls_beside_it(open_page):
    page = open_page("/operations/output#step=17", width=390, height=844, has_touch=True)
    logits = page.locator('[data-panel="input"] .cell')

    def swipe(x, y, up):
        session = page.context.new_cdp_session(page)
        way = [{"x": x, "y": y - up * part / 4} for part in range(5)]
        for name, points in [("touchStart", way[:1]), *(("touchMove", [at]) for at in way[1:]), ("touchEnd", [])]:
            session.send("Input.dispatchTouchEvent", {"type": name, "touchPoints": points})

    box = logits.first.bounding_box()
    swipe(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, -48)
    expect_answer(page, [-1, 1, -1, 0.5])
    assert page.evaluate("scrollY") == 0
    swipe(box["x"] + 150, box["y"] + box["height"] / 2, 200)
    page.wait_for_function("() => scrollY > 50")
    expect_answer(page, [-1, 1, -1, 0.5])


def test_a_global_pool_is_one_window_a_channel(show):
    page = show("/operations/pooling#input=random-4x5x3-1&pool=global_avg&step=2")
    expected = engine.global_avg_pool2d(input_values("random", (4, 5), 3, 1)).ravel()
    np.testing.assert_allclose([value_of(text) for text in cells(page, "output")], expected, atol=6e-3)
    assert step_number(page) == (3, 3)
    page.get_by_role("radio", name="global maximum").check()
    expect(page.locator('[data-panel="output"] .cell').first).to_have_text("9")
