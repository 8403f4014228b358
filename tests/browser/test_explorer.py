"""The explorer: what is drawn is answered, and followed to a single sum; a link opens the same."""

from __future__ import annotations

import io
import re
from functools import partial

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Response, Route, expect

from cnn_engine.data.preparation import prepare
from cnn_engine.models import answer, shipped
from cnn_engine.models.measures import shipped_certainty, shipped_measures
from cnn_engine.wording import equation, number

from .reading import answered, button, follow, fragment, slide, until

PAD, ANSWER, SENTENCE, RESULT = (
    "[data-role=pad]",
    "[data-role=answer]",
    "[data-role=sentence]",
    "[data-role=arithmetic] .result-value",
)


PIXELS = """() => {
  const pad = document.querySelector('[data-role=pad]');
  const copy = new OffscreenCanvas(pad.width, pad.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(pad, 0, 0);
  const { data } = copy.getImageData(0, 0, pad.width, pad.height);
  return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at] > 0);
}"""
# Of each zoom the pixels of the picture that moves, where it begins and ends, and what the sentence says by then. The
# page's patience, 200 ms with what a motion ends in, lasts here: a busy machine would be too late.
ZOOMS = """() => {
  const wait = window.setTimeout;
  window.setTimeout = (act, delay, ...more) => (delay === 200 ? 0 : wait(act, delay, ...more));
  const animate = Element.prototype.animate;
  const box = ({ left, top, width, height }) => [left, top, width, height];
  [window.zooms, window.copied] = [[], 0];
  document.startViewTransition = () => { window.copied += 1; };
  Element.prototype.animate = function (frames, options) {
    const animation = animate.call(this, frames, options);
    if (!this.classList.contains('zoomed') || !frames.transform) return animation;
    const sentence = document.querySelector('[data-role=cell-view]:not([hidden]) [data-role=sentence]');
    const start = box(this.getBoundingClientRect());
    const end = ['left', 'top', 'width', 'height'].map((side) => parseFloat(this.style[side]));
    window.zooms.push({ pixels: [this.width, this.height], start, end, sentence: sentence?.textContent ?? '' });
    return animation;
  };
}"""


# A second finger, or a palm beside a pen, touches the left of the pad while something is drawn, and goes away.
ANOTHER_HAND = """pad => {
  const { left, top, height } = pad.getBoundingClientRect();
  const finger = { pointerId: 99, pointerType: "touch", button: 0, clientX: left + 9, bubbles: true };
  const touch = (type, down) => pad.dispatchEvent(new PointerEvent(type, { ...finger, clientY: top + down * height }));
  touch("pointerdown", 0.2);
  touch("pointermove", 0.8);
  touch("pointerup", 0.8);
}"""


def draw(page: Page, *points: tuple[float, float], beside: str = "") -> None:
    """Draw a stroke with the mouse through points in shares of the pad's width and height."""
    box = page.locator(PAD).bounding_box()
    way = [(box["x"] + right * box["width"], box["y"] + down * box["height"]) for right, down in points]
    page.mouse.move(*way[0])
    page.mouse.down()
    for point in way[1:]:
        if beside:
            page.locator(PAD).evaluate(beside)
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def settled(page: Page) -> None:
    """Wait until the address says what is shown."""
    expect(page.locator("html")).to_have_attribute("data-address", "current")


def engine_answer(cells: list[list[float]], steps: dict[str, bool]):
    """What the model answers to cells that are drawn, worked out without the server."""
    model = shipped("digits")
    return model, answer(model, prepare(np.array([cells]), dict(model.prepare) | steps, input_shape=(1, 28, 28)).input)


@pytest.fixture
def answering(show):
    """A page on which nothing is drawn, and the bodies and answers of what it asks about from then on."""
    page: Page = show("/explorer#drawing=none")
    expect(page.locator(ANSWER)).to_contain_text("Nothing is drawn")
    answers: list[Response] = []

    def note(response: Response) -> None:
        if response.url.endswith("/answer"):
            answers.append(response)

    page.on("response", note)
    yield page, answers
    page.remove_listener("response", note)


def test_a_stroke_is_answered_as_the_engine_answers_it(answering):
    page, _ = answering
    end = 54  # the row: before it comes, strokes that are not whole yet are answered
    with answered(page, "/answer", asks=lambda request: request.post_data_json["input"][0][end][32] > 0) as waited:
        draw(page, (0.5, 0.15), (0.5, 0.85), beside=ANOTHER_HAND)
    expect(page.locator(ANSWER)).to_contain_text("The network answers 1.")
    body = waited.value.request.post_data_json
    cells = np.array(body["input"][0])
    assert cells[9 : end + 1, 32].all()  # the stroke, over the whole way
    assert cells.sum() == cells[:, 28:37].sum() > 200  # and nothing beside it
    _, expected = engine_answer(body["input"][0], body["prepare"])
    bars = page.locator("[data-role=bars] output")
    shares = [number(share) for share in expected.probabilities]
    until(page, lambda: [bar.get_attribute("title") for bar in bars.all()] == shares)
    assert all(text.endswith("\u202f%") for text in bars.all_inner_texts())


def test_whoever_draws_first_draws_on_an_empty_pad_and_can_rub_out_what_is_there(open_page):
    page: Page = open_page("/explorer")
    opened = np.array(page.evaluate(PIXELS))
    with answered(page, "/answer"):
        draw(page, (0.06, 0.06), (0.06, 0.94))
    drawn = np.array(page.evaluate(PIXELS))
    assert drawn.any()
    assert not (drawn & opened).any()  # nothing of the digit that the page opens with
    page.get_by_role("button", name="Undo").click()
    until(page, lambda: page.evaluate(PIXELS) == opened.tolist())
    page.get_by_role("button", name="Eraser").click()
    with answered(page, "/answer"):
        draw(page, (0.5, 0.05), (0.5, 0.95))
    left = np.array(page.evaluate(PIXELS))
    assert 0 < left.sum() < opened.sum()


def test_undo_takes_a_stroke_back_as_one_and_the_eraser_rubs_out(answering):
    page, answers = answering
    draw(page, (0.5, 0.15), (0.5, 0.85))
    expect(page.locator(ANSWER)).to_contain_text("The network answers")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(ANSWER)).to_contain_text("Nothing is drawn")
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(ANSWER)).to_contain_text("The network answers")
    page.get_by_role("button", name="Eraser").click()
    slide(page, "Pen, cells wide", 8)
    draw(page, (0.5, 0.1), (0.5, 0.9))
    expect(page.locator(ANSWER)).to_contain_text("Nothing is drawn")
    assert not np.array(answers[-1].request.post_data_json["input"]).any()
    page.get_by_role("button", name="Eraser").click()
    slide(page, "Pen, cells wide", 5)


def test_one_request_is_under_way_at_a_time_while_one_draws(answering):
    page, _ = answering
    under_way, most = [0], [0]

    def count(request: Request, change: int) -> None:
        if request.url.endswith("/answer"):
            under_way[0] += change
            most[0] = max(most[0], under_way[0])

    begun, done = partial(count, change=1), partial(count, change=-1)
    page.on("request", begun)
    page.on("requestfinished", done)
    draw(page, (0.3, 0.2), (0.7, 0.2), (0.4, 0.8))
    until(page, lambda: under_way[0] == 0 and most[0] > 0)
    page.remove_listener("request", begun)
    page.remove_listener("requestfinished", done)
    assert most[0] == 1


def test_no_stroke_is_lost_while_the_server_is_slow(answering):
    page, answers = answering
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
    page.unroute("**/answer")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(ANSWER)).to_contain_text("Nothing is drawn")


def photo(width: int, height: int, ink: tuple[int, int, int] | None) -> dict[str, object]:
    """A page with an upright stroke in ink, or an empty one, as a file that a person has."""
    pixels = np.full((height, width, 3), 235, np.uint8)
    if ink:
        pixels[height // 5 : -height // 5, width // 2 : width // 2 + width // 12 + 1] = ink
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return {"name": "mine.png", "mimeType": "image/png", "buffer": stream.getvalue()}


def bring(page: Page, **picture: object) -> None:
    page.locator("[data-role=file]").set_input_files(
        photo(**{"width": 240, "height": 320, "ink": (30, 30, 90), **picture})
    )


def test_a_picture_of_ones_own_is_answered_and_its_link_holds_it_or_says_that_it_is_gone(show, complaints):
    page: Page = show("/explorer")
    bring(page)
    expect(page.locator(ANSWER)).to_contain_text("The network answers 1.")
    expect(page.locator("[data-role=given-note]")).to_have_text("Your photo.")
    expect(page.locator("[data-role=keeping]")).to_contain_text("in the server's memory")
    settled(page)
    assert "image=" in page.url
    page.get_by_role("button", name="Link", exact=True).click()
    page.get_by_role("button", name="Put the photo into the link").click()
    text = page.locator("[data-role=link-text]")
    expect(text).to_have_value(re.compile("photo="))
    within = text.input_value()
    page.keyboard.press("Escape")
    follow(page, "/explorer#drawing=none")
    expect(page.locator(ANSWER)).to_contain_text("Nothing is drawn")
    follow(page, within)
    expect(page.locator(ANSWER)).to_contain_text("The network answers 1.")
    settled(page)
    assert "image=" in page.url
    bring(page, width=1, height=1, ink=None)
    expect(page.locator("[data-role=given-fault]")).to_have_text("")
    expect(page.locator(ANSWER)).to_contain_text("one colour all over")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(ANSWER)).to_contain_text("The network answers 1.")
    draw(page, (0.2, 0.2), (0.8, 0.2))
    expect(page.locator("[data-role=keeping]")).to_be_hidden()
    settled(page)
    page.evaluate("location.hash = 'image=dropped-long-ago'")
    expect(page.locator("[data-role=given-fault]")).to_contain_text("dropped-long-ago")
    expect(page.locator(ANSWER)).to_contain_text("The network answers 3.")
    assert all("404" in complaint for complaint in complaints)
    complaints.clear()


CAMERA = """
const canvas = document.createElement("canvas");
[canvas.width, canvas.height] = [320, 240];
const pen = canvas.getContext("2d");
setInterval(() => {
  pen.fillStyle = "white";
  pen.fillRect(0, 0, 320, 240);
  pen.fillStyle = "navy";
  pen.fillRect(150, 50, 16, 140);
}, 50);
navigator.mediaDevices.getUserMedia = async () => {
  if (window.refuses) throw new DOMException("no", window.refuses);
  return canvas.captureStream();
};
"""


def test_the_camera_is_asked_and_where_there_is_none_that_is_said(open_page):
    page: Page = open_page("/explorer#drawing=none", before=lambda page: page.add_init_script(CAMERA))
    camera, fault = page.get_by_role("button", name="Camera", exact=True), page.locator("[data-role=given-fault]")
    refusals = ("NotAllowedError", "not allowed"), ("NotFoundError", "no camera"), ("NotSupportedError", "cannot show")
    for name, words in refusals:
        page.evaluate("name => { window.refuses = name; }", name)
        camera.click()
        expect(fault).to_contain_text(words)
        expect(page.get_by_role("button", name="Take a photo with this device")).to_be_visible()
    page.evaluate("() => { window.refuses = ''; }")
    camera.click()
    expect(fault).to_have_text("")
    page.wait_for_function("() => document.querySelector('[data-role=camera-video]').videoWidth > 0")
    page.get_by_role("button", name="Take the picture").click()
    expect(page.locator(ANSWER)).to_contain_text("The network answers 1.")
    assert page.evaluate("document.querySelector('[data-role=camera-video]').srcObject") is None
    page.evaluate("() => { delete Navigator.prototype.mediaDevices; }")
    camera.click()
    expect(fault).to_contain_text("no camera")
    page.evaluate(
        "() => { Object.defineProperty(window, 'isSecureContext', { value: false }); }"
    )  # as in a classroom, by http
    camera.click()
    expect(fault).to_contain_text("only to pages that come over https or from this very machine")


def test_each_network_has_samples_of_its_own_data_set_and_colours_where_it_sees_them(show):
    page: Page = show("/explorer")
    samples = page.get_by_role("group", name="Pictures of its data set to choose from").get_by_role("button")
    expect(samples).to_have_count(10)
    for name, count in (("orientations", 8), ("clothes", 10)):
        page.locator("[data-role=model]").select_option(name)
        expect(samples).to_have_count(count)
    expect(page.locator("[data-role=given-note]")).to_contain_text("picture 1 of its data set")
    expect(page.locator("[data-role=given-note]")).to_contain_text("of the class “sneaker”")
    with answered(page, "/answer") as waited:
        page.get_by_role("button", name="its data set: sandal").click()
    assert waited.value.json()["truth"] == "sandal"
    assert "prepare" not in waited.value.request.post_data_json
    expect(page.locator("[data-role=given-note]")).to_contain_text("of the class “sandal”")
    expect(page.locator("[data-role=prepared-note]")).to_contain_text("given as it is")
    with answered(page, "/answer") as waited:
        page.get_by_role("button", name="Right by a pixel").click()
    assert waited.value.request.post_data_json["moved"] == [0, 1]
    before, after = (np.array(waited.value.json()[key]) for key in ("stages", "input"))
    given = np.array(before[0]["values"])
    np.testing.assert_allclose(after[..., 1:], given[..., :-1], atol=1e-6)
    settled(page)
    assert "moved=0,1" in page.url
    page.locator("[data-role=model]").select_option("shapes-colour")
    expect(samples).to_have_count(8)
    expect(page.locator("[data-role=given-note]")).to_contain_text("picture 1 of its data set")
    page.get_by_role("radio", name="Green").check(force=True)
    with answered(page, "/answer") as waited:
        draw(page, (0.3, 0.3), (0.7, 0.3), (0.7, 0.7))
    red, green, blue = np.array(waited.value.request.post_data_json["input"])
    assert (red < green).any()
    assert (blue[red > 0] < green[red > 0]).all()
    page.get_by_role("button", name="Freeze").click()
    draw(page, (0.1, 0.9), (0.9, 0.9))
    expect(page.locator("[data-role=given-fault]")).to_contain_text("frozen")
    settled(page)
    assert "frozen=yes" in page.url


def test_a_digit_can_be_chosen_by_keys_alone(show):
    page: Page = show("/explorer")
    for digit in range(10):
        page.get_by_role("button", name=f"The digit {digit}, drawn for you").press("Enter")
        expect(page.locator(ANSWER)).to_contain_text(f"The network answers {digit}.")


def test_a_map_is_followed_to_the_sum_that_made_a_cell(show):
    page: Page = show("/explorer")
    with answered(page, "/cell") as waited:
        page.get_by_role("button", name="4 Convolution, map 3", exact=True).click()
        grid = page.get_by_role("grid", name="4 Convolution, map 3")
        cell = grid.locator('[aria-rowindex="6"] [aria-colindex="6"]')
        cell.focus()
        page.keyboard.press("Enter")
    body = waited.value.request.post_data_json
    assert (body["layer"], body["index"]) == (3, [2, 5, 5])
    _, expected = engine_answer(body["input"][0], body["prepare"])
    expect(page.locator(RESULT)).to_have_text(number(expected.maps[3][2, 5, 5]))
    expect(page.locator(SENTENCE)).to_contain_text("the output at row 6, column 6 of map 3")
    settled(page)
    assert "at=3,2,5,5" in page.url
    page.keyboard.press("Escape")
    expect(grid).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="The whole network")).to_be_visible()
    expect(page.get_by_role("button", name="4 Convolution, map 3", exact=True)).to_be_focused()


def test_arrows_go_from_map_to_map_and_cell_to_cell_and_a_cell_is_followed_to_the_pixels(open_page):
    page: Page = open_page("/explorer")
    page.get_by_role("button", name="4 Convolution, map 3", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="4 Convolution, map 4", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="5 ReLU, map 4", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    opened = page.get_by_role("region", name="Closer")
    expect(opened).to_be_focused()  # what was pressed is out of sight
    assert opened.evaluate("node => node.matches(':focus-visible') && getComputedStyle(node).outlineStyle") == "solid"
    page.get_by_role("button", name="Pin", exact=True).press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("grid", name="4 Convolution, map 3")).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(opened).to_be_focused()
    with answered(page, "/reach") as waited:
        for key in ("ArrowDown",) * 5 + ("ArrowRight",) * 5:
            page.keyboard.press(key)
        expect(page.locator(SENTENCE)).to_contain_text("row 6, column 6")
    expect(page.locator("[data-role=reach-sentence]")).to_contain_text("rows 8 to 15 and columns 8 to 15")
    outlined = page.locator("[data-role=reach-picture] .outlined > span")
    expect(outlined).to_be_in_viewport(ratio=1)  # beside the step, wherever what is received stands
    box = outlined.evaluate("({ style: { top, left, height, width } }) => [top, left, height, width].map(parseFloat)")
    assert box == pytest.approx([100 * part / 28 for part in (7, 7, 8, 8)], abs=1e-3)
    boxes = page.locator("[data-role=network] .reach.back")
    expect(boxes).to_have_count(25)  # of the three layers before it, and of what the network receives
    expect(page.locator("[data-role=received-box] .reach")).to_have_count(1)
    expect(page.locator("[data-role=pinned-name]")).to_have_text("5 ReLU, map 4")
    settled(page)
    assert "pinned=4,3" in page.url
    assert waited.value.ok


def test_what_is_clicked_grows_into_what_is_opened_and_goes_back_to_its_place(open_page):
    page: Page = open_page("/explorer?present", reduced_motion=False)
    expect(page.locator(".header")).to_be_hidden()
    page.evaluate(ZOOMS)
    small = page.get_by_role("button", name="4 Convolution, map 3", exact=True)
    box = small.bounding_box()
    small.click()
    page.get_by_role("grid", name="4 Convolution, map 3").locator('[aria-rowindex="6"] [aria-colindex="6"]').click()
    expect(page.locator(SENTENCE)).to_contain_text("row 6, column 6")
    page.keyboard.press("Escape")
    expect(page.get_by_role("grid", name="4 Convolution, map 3")).to_be_visible()
    page.keyboard.press("Escape")
    expect(small).to_be_focused()
    expect(page.locator(".zoomed")).to_have_count(0)
    opened, stepped, left, closed = page.evaluate("() => window.zooms")
    assert [zoom["pixels"] for zoom in (opened, stepped, left, closed)] == [[14, 14], [1, 1], [1, 1], [14, 14]]
    np.testing.assert_allclose(opened["start"], [box[side] for side in ("x", "y", "width", "height")], atol=0.5)
    assert all(zoom["end"][2] > zoom["start"][2] for zoom in (opened, stepped))
    assert all(zoom["end"][2] < zoom["start"][2] for zoom in (left, closed))
    np.testing.assert_allclose(closed["end"][2:], opened["start"][2:], atol=0.5)
    assert "row 6, column 6" in stepped["sentence"]  # the motion ends in the step, which is there by then
    assert {zoom["sentence"] for zoom in (opened, left, closed)} == {""}
    assert page.evaluate("() => window.copied") == 0  # nothing is copied and faded, which takes ten times as long


def test_before_a_projector_a_map_on_a_narrow_screen_has_it_for_itself(open_page):
    page: Page = open_page("/explorer?present", width=390, height=844)
    page.get_by_role("button", name="4 Convolution, map 3", exact=True).click()
    expect(page.get_by_role("grid", name="4 Convolution, map 3")).to_be_in_viewport()
    expect(page.locator(PAD)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(PAD)).to_be_visible()


def test_forward_is_where_one_has_been(show):
    page: Page = show("/explorer#at=3,2,5,5")
    way = page.get_by_role("navigation", name="The way here")
    way.get_by_role("button", name="4 Convolution, map 3").click()
    expect(page.get_by_role("grid", name="4 Convolution, map 3")).to_be_visible()
    expect(way.get_by_role("button", name="4 Convolution, map 3")).to_be_focused()
    way.get_by_role("button", name="Row 6, column 6").click()
    expect(page.locator(SENTENCE)).to_contain_text("row 6, column 6")


def test_a_dense_output_is_the_sum_of_its_products_and_the_bias(show):
    page: Page = show("/explorer")
    with answered(page, "/answer") as waited:
        page.get_by_role("button", name="The digit 7, drawn for you").click()
    body = waited.value.request.post_data_json
    page.get_by_role("button", name="8 Dense, its numbers").click()
    names, numbers = page.locator("[data-role=map] .cell-names span"), page.get_by_role("grid").locator(".cell")
    expect(names).to_have_text([str(digit) for digit in range(10)])
    assert all(abs(names.nth(at).bounding_box()["x"] - numbers.nth(at).bounding_box()["x"]) < 1 for at in (0, 7))
    numbers.nth(7).click()
    model, expected = engine_answer(body["input"][0], body["prepare"])
    bias = model.network.parameters()["7.bias"][7]
    long_sum = page.locator("[data-role=long-sum]")
    expect(long_sum).to_contain_text("The 784 products add up to")
    text = long_sum.inner_text().replace("\N{NO-BREAK SPACE}", " ")  # which keep an operator with its operand
    assert text.endswith(equation("(the bias)", expected.logits[7]))
    assert number(float(bias)) in text


def test_what_the_cells_of_a_layer_say_and_the_biases_are_the_logit(show):
    page: Page = show("/explorer")
    with answered(page, "/why") as waited:
        page.get_by_role("button", name="Why this answer?").click()
    why = waited.value.json()
    assert why["class"] == [3]
    assert np.isclose(np.sum(why["values"]) + why["bias"], why["logit"], rtol=0, atol=1e-9 * abs(why["logit"]))
    equation_line = page.locator("[data-role=equation]")
    expect(equation_line).to_contain_text(f"{number(why['sum'])} from these cells")
    expect(equation_line).to_contain_text(equation("from the biases", why["logit"]) + ", the logit of 3")
    page.get_by_role("button", name="More: other methods").click()
    expect(page.locator("[data-role=why-switched] tr")).to_have_count(2)
    with answered(page, "/why") as waited:
        page.locator("[data-role=why-layer]").select_option("5 ReLU")
    why = waited.value.json()
    expect(page.locator("[data-role=why-maps] canvas")).to_have_count(16)  # a map for each channel
    picked = (why["largest"], why["controls"]["grad_cam"], why["controls"]["random"])
    for row, own in zip(page.locator("[data-role=why-switched] tr").all(), picked, strict=True):
        cells_sum, _, fell = row.locator("td").all_inner_texts()
        assert (cells_sum, fell) == (number(own["sum"]), number(own["fall"]))
    page.locator("[data-role=why-class]").select_option("8")
    expect(equation_line).to_contain_text("the logit of 8")
    page.locator("[data-role=why-against]").select_option("3")
    expect(equation_line).to_contain_text("the lead of 8 over 3")
    settled(page)
    assert "why=8-3,4" in page.url


def test_each_method_says_how_a_cell_comes_about_and_what_scrambling_does(show):
    page: Page = show("/explorer#why=3,occlusion,c9.14,b0.5")
    step, sentence = page.locator("[data-role=why-step]"), page.locator("[data-role=why-sentence]")
    expect(sentence).to_contain_text("With the square around this cell covered by 0.5, the logit of 3 is")
    expect(page.get_by_role("radio", name="grey")).to_be_checked()
    expect(page.locator("[data-role=why-about]")).to_contain_text("Not run yet")
    page.get_by_role("radio", name="Grad-CAM").check()
    expect(step).to_contain_text("max(")
    expect(page.locator("[data-role=why-terms] li")).to_have_count(16)
    about = page.locator("[data-role=why-about]")
    expect(about).to_contain_text("Agreement with what adds up.")
    with answered(page, "/why-cell") as waited:
        page.get_by_role("radio", name=re.compile("^Gradient")).check()
    why_cell = waited.value.json()
    expect(step).to_have_text(why_cell["equation"])
    with answered(page, "/why") as waited:
        page.get_by_label("Layers scrambled").press("ArrowLeft")
    scrambled = waited.value.json()["scrambled"]
    assert scrambled["layers"] == [7, 3]
    likeness = page.locator("[data-role=why-likeness]")
    expect(likeness).to_contain_text(f"Correlation: {number(scrambled['correlation'])}.")
    with answered(page, "/why-cell"):
        page.get_by_role("grid", name="Channel 1", exact=True).locator(
            '[aria-rowindex="7"] [aria-colindex="8"]'
        ).click()
    settled(page)
    assert "why=3,gradient,c0.6.7,s2" in page.url


def test_a_threshold_and_what_the_layers_learn_are_looked_at(show):
    page: Page = show("/explorer")
    page.get_by_text("May it say “I don't know”?").click()
    cost = page.locator("[data-role=doubt-cost]")
    expect(cost).to_contain_text("Of 2,500 pictures that it did not learn from it then answers 2,500")
    page.get_by_label("Least probability").fill("100")
    expect(page.locator("[data-role=doubt-answer]")).to_contain_text("It does not know: its best guess, 3,")
    certain = shipped_certainty()["digits"].answered[100]  # so likely that no number is between it and 1
    expect(cost).to_contain_text(f"it then answers {certain} (")
    with answered(page, "/exciting") as excited, answered(page, "/nearest") as nearest:
        page.locator("[data-role=learned-layer]").select_option("5 ReLU")
    exciting = excited.value.json()["pictures"]
    shown = [f"{one['label']}: {number(one['value'])}" for one in exciting]
    expect(page.locator("[data-role=excited] li")).to_have_text(shown)
    near = nearest.value.json()["pictures"]
    expect(page.locator("[data-role=nearest] li")).to_have_text(
        [f"{one['label']}: {number(one['distance'])} away" for one in near]
    )
    with answered(page, "/favourite") as favourite:
        page.locator("[data-role=learned-map]").select_option("Map 3")
    means = favourite.value.json()["means"]
    says = page.locator("[data-role=ascent-says]")
    expect(says).to_have_text(f"Step 20 of 20: the mean of map 3 is {number(means[20])}.")
    page.get_by_label("Ascent").press("Home")
    expect(says).to_have_text(f"Step 0 of 20: the mean of map 3 is {number(means[0])}.")
    expect(page).to_have_url(re.compile("unsure=100&learns=4,2,0"))
    button(page, "Play").click()
    page.locator("[data-role=learned-layer]").select_option("")  # what plays stops, and says no step of no map
    expect(page.locator("[data-role=ascend]")).to_have_text("Play")
    assert "learns" not in fragment(page)


def test_a_step_of_the_preparation_can_be_left_out(show):
    page: Page = show("/explorer")
    picture = "node => node.toDataURL()"
    small = page.locator("[data-role=received-beside]")  # beside the pad
    assert small.evaluate(picture) == page.locator("[data-role=received]").evaluate(picture)
    page.get_by_role("button", name="What the network receives: go to its steps").click()
    expect(page.locator("[data-role=received]")).to_be_in_viewport()
    with answered(page, "/answer") as waited:
        page.get_by_role("checkbox", name="Scaled").uncheck()
    assert waited.value.request.post_data_json["prepare"] == {"scale": False}
    settled(page)
    assert "without=scale" in page.url
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("checkbox", name="Scaled")).to_be_checked()


def test_what_a_step_is_worth_is_what_was_measured(show):
    page: Page = show("/explorer#without=deskew")
    found, steps = shipped_measures()["digits"], page.locator("[data-role=stages] li")
    for name in ("deskew", "centre"):
        shares = [f"{100 * share:.1f}\u202f%" for share in (found.read_without[name], found.read)]
        sentence = f"without this step it reads {shares[0]} of {found.total:,} real ones instead of {shares[1]}."
        expect(steps.filter(has=page.locator(f"input[value={name}]"))).to_contain_text(sentence)


def test_a_saved_link_opens_the_same(answering):
    page, _ = answering
    draw(page, (0.3, 0.2), (0.7, 0.2), (0.4, 0.85))
    page.locator("[data-role=steps]").evaluate("steps => { steps.open = true; }")
    page.get_by_role("checkbox", name="Thickened").uncheck()
    page.get_by_role("button", name="Why this answer?").click()
    page.get_by_role("button", name="4 Convolution, map 5", exact=True).click()
    page.get_by_role("grid", name="4 Convolution, map 5").locator('[aria-rowindex="7"] [aria-colindex="8"]').click()
    expect(page.locator(SENTENCE)).to_contain_text("row 7, column 8")
    equation = page.locator("[data-role=equation]")
    before = equation.inner_text()
    button(page, "Right by a pixel").click()
    expect(page).to_have_url(re.compile("moved=0,1"))
    settled(page)
    expect(equation).not_to_have_text(before)
    button(page, "Link").click()
    link, saved = page.locator("[data-role=link-text]").input_value(), page.url
    page.keyboard.press("Escape")
    texts = {role: page.locator(f"[data-role={role}]").inner_text() for role in ("sentence", "equation", "answer")}
    follow(page, "/explorer")
    expect(page.get_by_role("checkbox", name="Thickened")).to_be_checked()
    follow(page, link)
    for role, text in texts.items():
        expect(page.locator(f"[data-role={role}]")).to_have_text(text)
    expect(page.get_by_role("checkbox", name="Thickened")).not_to_be_checked()
    assert page.url == saved


def test_a_sample_that_is_not_there_is_said(show, complaints):
    page: Page = show("/explorer#sample=900000")
    expect(page.locator("[data-role=message-text]")).to_contain_text("Sample: there is no picture 900,001")
    expect(page.locator(ANSWER)).to_contain_text("The network answers 3.")
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("model=nobody", "There is no network “nobody” here."),
        ("drawing=x9", "Drawing: “x9” is no stroke."),
        ("at=3,99", "Place: the network has no “3,99”."),
        ("pinned=9,9", "Place: the network has no “9,9”."),
        ("moved=0,12", "Moved: “0,12” is not two whole numbers"),
        ("why=12", "Reason: the network has no “12”."),
        ("learns=9,0", "What the layers learn: the network has no “9,0”."),
        ("without=sharpen", "the picture is not prepared by “sharpen”"),
    ],
)
def test_what_is_wrong_in_a_link_is_said_and_the_rest_is_shown(show, link, words):
    page: Page = show(f"/explorer#{link}")
    expect(page.locator("[data-role=message-text]")).to_contain_text(words)
    expect(page.locator(ANSWER)).to_contain_text("The network answers 3.")


# A link, the part of the page that is other than with the links before it (none where all of it is looked at), and
# whether axe looks at it on a phone, too.
LOOKED_AT = [
    ("drawing=none", "", True),
    ("at=1,3&learns=4,3&unsure=90", "main", False),
    ("at=3,2,5,5&why=3", ".closer, .why-card", True),
    ("at=7,3&why=3,4", ".closer, .why-card", False),
]


def test_nothing_scrolls_sideways_and_axe_finds_nothing(open_page, check_axe):
    page: Page = open_page("/explorer", width=1366, height=768)
    for link, part, on_a_phone in LOOKED_AT:
        follow(page, f"/explorer#{link}")
        for width, height in ((1366, 768), (1024, 768), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("new Promise(requestAnimationFrame)")
            if "5,5" in link:
                expect(page.locator(RESULT)).to_be_visible()
            page.wait_for_function("innerWidth === document.documentElement.scrollWidth")
            if width == 1366:
                check_axe(page, both=True, part=part)
            elif width == 390 and on_a_phone:
                check_axe(page, colours=False, part=part)
        page.set_viewport_size({"width": 1366, "height": 768})
