"""The explorer: what is drawn is answered, and followed to a single sum; a link opens the same."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, Response, Route, expect

from cnn_engine.data.preparation import prepare
from cnn_engine.models import answer, shipped
from cnn_engine.wording import number

from .reading import until

PAD, ANSWER, SENTENCE, RESULT = (
    "[data-role=pad]",
    "[data-role=answer]",
    "[data-role=sentence]",
    "[data-role=arithmetic] .result-value",
)


def draw(page: Page, *points: tuple[float, float]) -> None:
    """Draw a stroke with the mouse through points in shares of the pad's width and height."""
    box = page.locator(PAD).bounding_box()
    places = [(box["x"] + right * box["width"], box["y"] + down * box["height"]) for right, down in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def settled(page: Page) -> None:
    """Wait until the address says what is shown."""
    expect(page.locator("html")).to_have_attribute("data-address", "current")


def engine_answer(cells: list[list[float]], steps: dict[str, bool]):
    """What the model answers to cells that are drawn, worked out without the server."""
    model = shipped("digits")
    return model, answer(model, prepare(np.array([cells]), dict(model.prepare) | steps, input_shape=(1, 28, 28)).input)


@pytest.fixture
def asked(open_page):
    """A page whose drawing is cleared, and the bodies and answers of what it asks about from then on."""
    page: Page = open_page("/explorer")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(ANSWER)).to_contain_text("Nothing is drawn")
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response) if response.url.endswith("/answer") else None)
    return page, answers


def test_a_stroke_is_answered_as_the_engine_answers_it(asked):
    page, answers = asked
    draw(page, (0.5, 0.15), (0.5, 0.85))
    expect(page.locator(ANSWER)).to_contain_text("The network answers 1.")
    settled(page)
    body = answers[-1].request.post_data_json
    cells = np.array(body["input"][0])
    assert cells[9:55, 32].all()  # the stroke, over the whole way
    assert cells.sum() == cells[:, 28:37].sum() > 200  # and nothing beside it
    _, expected = engine_answer(body["input"][0], body["prepare"])
    bars = page.locator("[data-role=bars] output")
    assert [bar.get_attribute("title") for bar in bars.all()] == [number(share) for share in expected.probabilities]
    assert all(text.endswith("\u2009%") for text in bars.all_inner_texts())


def test_undo_takes_a_stroke_back_as_one_and_the_eraser_rubs_out(asked):
    page, answers = asked
    draw(page, (0.5, 0.15), (0.5, 0.85))
    expect(page.locator(ANSWER)).to_contain_text("The network answers")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(ANSWER)).to_contain_text("Nothing is drawn")
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(ANSWER)).to_contain_text("The network answers")
    page.get_by_role("button", name="Eraser").click()
    page.get_by_text("Thick", exact=True).click()
    draw(page, (0.5, 0.1), (0.5, 0.9))
    expect(page.locator(ANSWER)).to_contain_text("Nothing is drawn")
    assert not np.array(answers[-1].request.post_data_json["input"]).any()


def test_one_request_is_under_way_at_a_time_while_one_draws(asked):
    page, _ = asked
    under_way, most = [0], [0]

    def count(change: int) -> None:
        under_way[0] += change
        most[0] = max(most[0], under_way[0])

    page.on("request", lambda request: count(1) if request.url.endswith("/answer") else None)
    page.on("requestfinished", lambda request: count(-1) if request.url.endswith("/answer") else None)
    draw(page, (0.3, 0.2), (0.7, 0.2), (0.4, 0.8))
    until(page, lambda: under_way[0] == 0 and most[0] > 0)
    assert most[0] == 1


def test_no_stroke_is_lost_while_the_server_is_slow(asked):
    page, answers = asked
    held: list[Route] = []
    slow = [True]
    page.route("**/answer", lambda route: held.append(route) if slow[0] else route.continue_())
    draw(page, (0.2, 0.15), (0.2, 0.85))
    draw(page, (0.8, 0.15), (0.8, 0.85))
    until(page, lambda: bool(held))
    assert len(held) == 1
    slow[0] = False
    held[0].continue_()
    until(page, lambda: len(answers) > 1)
    expect(page.locator(ANSWER)).to_contain_text("The network answers")
    cells = np.array(answers[-1].request.post_data_json["input"][0])
    assert cells[10:54, 13].all()
    assert cells[10:54, 51].all()
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(ANSWER)).to_contain_text("Nothing is drawn")


def test_a_digit_can_be_chosen_by_keys_alone(open_page):
    page: Page = open_page("/explorer")
    for digit in range(10):
        page.get_by_role("button", name=f"The digit {digit}, drawn for you").press("Enter")
        expect(page.locator(ANSWER)).to_contain_text(f"The network answers {digit}.")


def test_a_map_is_followed_to_the_sum_that_made_a_cell(open_page):
    page: Page = open_page("/explorer")
    with page.expect_response("**/cell") as waited:
        page.get_by_role("button", name="4 Convolution, map 3", exact=True).click()
        grid = page.get_by_role("grid", name="4 Convolution, map 3")
        cell = grid.locator('[aria-rowindex="6"] [aria-colindex="6"]')
        cell.focus()
        page.keyboard.press("Enter")
    body = waited.value.request.post_data_json
    assert (body["layer"], body["index"]) == (3, [2, 5, 5])
    _, expected = engine_answer(body["input"][0], body["prepare"])
    expect(page.locator(RESULT)).to_have_text(number(expected.maps[3][2, 5, 5]))
    expect(page.locator(SENTENCE)).to_contain_text("the output at row 6, column 6 of feature map 3")
    settled(page)
    assert "at=3,2,5,5" in page.url
    page.keyboard.press("Escape")
    expect(grid).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="The whole network")).to_be_visible()
    expect(page.get_by_role("button", name="4 Convolution, map 3", exact=True)).to_be_focused()


def test_forward_is_where_one_has_been(open_page):
    page: Page = open_page("/explorer#at=3,2,5,5")
    way = page.get_by_role("navigation", name="The way here")
    way.get_by_role("button", name="4 Convolution, map 3").click()
    expect(page.get_by_role("grid", name="4 Convolution, map 3")).to_be_visible()
    way.get_by_role("button", name="Row 6, column 6").click()
    expect(page.locator(SENTENCE)).to_contain_text("row 6, column 6")


def test_a_dense_output_is_the_sum_of_its_products_and_the_bias(open_page):
    page: Page = open_page("/explorer")
    with page.expect_response("**/answer") as waited:
        page.get_by_role("button", name="The digit 7, drawn for you").click()
    body = waited.value.request.post_data_json
    page.get_by_role("button", name="8 Dense, its numbers").click()
    page.get_by_role("grid").locator('[aria-colindex="8"]').click()
    model, expected = engine_answer(body["input"][0], body["prepare"])
    bias = model.network.parameters()["7.bias"][7]
    said = page.locator("[data-role=long-sum]")
    expect(said).to_contain_text("The 784 products add up to")
    text = said.inner_text()
    assert text.endswith(f"= {number(expected.logits[7])}")
    assert number(float(bias)) in text


def test_what_the_cells_of_a_layer_say_and_the_biases_are_the_logit(open_page):
    page: Page = open_page("/explorer")
    with page.expect_response("**/why") as waited:
        page.get_by_role("button", name="Why this answer?").click()
    why = waited.value.json()
    assert why["class"] == [3]
    assert np.isclose(np.sum(why["values"]) + why["bias"], why["logit"], rtol=0, atol=1e-9 * abs(why["logit"]))
    equation = page.locator("[data-role=equation]")
    expect(equation).to_contain_text(f"{number(why['sum'])} from these cells")
    expect(equation).to_contain_text(f"{number(why['logit'])}, the logit of 3")
    with page.expect_response("**/why") as waited:
        page.locator("[data-role=why-layer]").select_option("5 ReLU")
    why = waited.value.json()
    expect(page.locator("[data-role=why-maps] canvas")).to_have_count(16)  # a map for each channel
    picked = (why["largest"], why["controls"]["grad_cam"], why["controls"]["random"])
    for row, own in zip(page.locator("[data-role=why-switched] tr").all(), picked, strict=True):
        said, _, fell = row.locator("td").all_inner_texts()
        assert (said, fell) == (number(own["sum"]), number(own["fall"]))
    page.locator("[data-role=why-class]").select_option("8")
    expect(equation).to_contain_text("the logit of 8")
    page.locator("[data-role=why-against]").select_option("3")
    expect(equation).to_contain_text("the lead of 8 over 3")
    settled(page)
    assert "why=8-3,4" in page.url


def test_each_method_says_how_a_cell_comes_about_and_what_scrambling_does(open_page):
    page: Page = open_page("/explorer#why=3,occlusion,c9.14,b0.5")
    step, sentence = page.locator("[data-role=why-step]"), page.locator("[data-role=why-sentence]")
    expect(sentence).to_contain_text("With the square around this cell covered by 0.5, the logit of 3 is")
    expect(page.get_by_role("radio", name="grey")).to_be_checked()
    expect(page.locator("[data-role=why-about]")).to_contain_text("Not run yet")
    page.get_by_role("radio", name="Grad-CAM").check()
    expect(step).to_contain_text("max(")
    expect(page.locator("[data-role=why-terms] li")).to_have_count(16)
    about = page.locator("[data-role=why-about]")
    expect(about).to_contain_text("Agreement with what adds up.")
    with page.expect_response("**/why-cell") as waited:
        page.get_by_role("radio", name=re.compile("^Gradient")).check()
    told = waited.value.json()
    expect(step).to_have_text(told["equation"])
    with page.expect_response("**/why") as waited:
        page.get_by_label("Layers scrambled").press("ArrowLeft")
    scrambled = waited.value.json()["scrambled"]
    assert scrambled["layers"] == [7, 3]
    likeness = page.locator("[data-role=why-likeness]")
    expect(likeness).to_contain_text(f"Correlation: {number(scrambled['correlation'])}.")
    with page.expect_response("**/why-cell"):
        page.get_by_role("grid", name="Values").or_(page.get_by_role("grid", name="Channel 1")).locator(
            '[aria-rowindex="7"] [aria-colindex="8"]'
        ).click()
    settled(page)
    assert "why=3,gradient,c0.6.7,s2" in page.url


def test_a_step_of_the_preparation_can_be_left_out(open_page):
    page: Page = open_page("/explorer")
    with page.expect_response("**/answer") as waited:
        page.get_by_role("checkbox", name="Scaled").uncheck()
    assert waited.value.request.post_data_json["prepare"] == {"scale": False}
    settled(page)
    assert "without=scale" in page.url
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()


def test_a_saved_link_opens_the_same(asked, open_page):
    page, _ = asked
    draw(page, (0.3, 0.2), (0.7, 0.2), (0.4, 0.85))
    page.get_by_role("checkbox", name="Thickened").uncheck()
    page.get_by_role("button", name="Why this answer?").click()
    page.get_by_role("button", name="4 Convolution, map 5", exact=True).click()
    page.get_by_role("grid", name="4 Convolution, map 5").locator('[aria-rowindex="7"] [aria-colindex="8"]').click()
    expect(page.locator(SENTENCE)).to_contain_text("row 7, column 8")
    settled(page)
    again: Page = open_page(page.url)
    for role in ("sentence", "equation", "answer"):
        shown = page.locator(f"[data-role={role}]")
        expect(again.locator(f"[data-role={role}]")).to_have_text(shown.inner_text())
    expect(again.get_by_role("checkbox", name="Thickened")).not_to_be_checked()
    assert again.url == page.url


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("model=nobody", "There is no network “nobody” here."),
        ("drawing=x9", "Drawing: “x9” is no stroke."),
        ("at=3,99", "Place: the network has no “3,99”."),
        ("why=12", "Reason: the network has no “12”."),
        ("without=sharpen", "the picture is not prepared by “sharpen”"),
    ],
)
def test_what_is_wrong_in_a_link_is_said_and_the_rest_is_shown(open_page, link, words):
    page: Page = open_page(f"/explorer#{link}")
    expect(page.locator("[data-role=message-text]")).to_contain_text(words)
    expect(page.locator(ANSWER)).to_contain_text("The network answers 3.")


@pytest.mark.parametrize("link", ["at=1,3", "at=3,2,5,5&why=3", "at=7,3&why=3,4", "drawing=none"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768), (390, 844)])
def test_nothing_scrolls_sideways_and_axe_finds_nothing(open_page, check_axe, link, width, height):
    page: Page = open_page(f"/explorer#{link}", width=width, height=height)
    if "5,5" in link:
        expect(page.locator(RESULT)).to_be_visible()
    assert page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth") == 0
    check_axe(page, both=True)
