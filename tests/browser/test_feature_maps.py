"""The wall of maps: pictures in, pixels explained, windows opened."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnn_engine import conv2d
from cnn_engine.data.images import luma, sample_picture
from cnn_engine.data.presets import kernel_values

from .reading import button, fragment, result, until, value_of

MAPS = ".map-box"


def photo(width: int = 40, height: int = 30) -> dict[str, object]:
    """A file as a person's device gives it: noise, so that every window differs."""
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return {"name": "mine.png", "mimeType": "image/png", "buffer": stream.getvalue()}


def upload(page: Page, **size: int) -> None:
    page.locator("[data-role=file]").set_input_files(photo(**size))
    expect(page.locator("[data-role=credit]")).to_have_text("Your photo.")
    expect(page.get_by_role("img", name="Your photo")).to_be_visible()


def test_a_dozen_maps_each_with_a_name_and_what_it_finds(show) -> None:
    page: Page = show("/feature-maps")
    expect(page.locator(MAPS)).to_have_count(12)
    titles = page.locator(".map figcaption b").all_inner_texts()
    assert len(set(titles)) == 12
    assert all(page.locator(".map figcaption span").all_inner_texts())
    assert page.locator(".sample").count() == 4


def test_a_pixel_shows_the_engines_sum(show) -> None:
    page: Page = show("/feature-maps#kernels=emboss,vertical-edge&at=vertical-edge,20,30")
    expect(page.locator("[data-role=pixel-title]")).to_have_text("Vertical edge, row 21, column 31")
    first = page.locator(".sample").first.get_attribute("data-name")
    grey = luma(sample_picture(first).pixels).astype(float)
    expected = conv2d(grey[None], kernel_values("vertical-edge")[None, None])[0, 20, 30]
    assert value_of(result(page)) == expected
    chips = [value_of(text.split("\n")[-1]) for text in page.locator(".pixel .chip-value").all_inner_texts()]
    assert sum(chips) == expected


def test_a_photo_of_ones_own(show) -> None:
    page: Page = show("/feature-maps#kernels=emboss,vertical-edge")
    upload(page)
    box = page.locator(MAPS).nth(1)
    box.click(position={"x": 3, "y": 3})
    expect(page.locator("[data-role=pixel-title]")).to_contain_text("row 1, column 1")
    assert page.evaluate("document.querySelector('.map canvas').width") == 38


def test_a_dropped_photo(show) -> None:
    page: Page = show("/feature-maps")
    page.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" }));
            document.querySelector("main").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
        }""",
        list(photo()["buffer"]),
    )
    expect(page.locator("[data-role=credit]")).to_have_text("Your photo.")


def test_a_pasted_photo(show) -> None:
    page: Page = show("/feature-maps")
    page.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "pasted.png", { type: "image/png" }));
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }""",
        list(photo()["buffer"]),
    )
    expect(page.locator("[data-role=credit]")).to_have_text("Your photo.")


@pytest.mark.parametrize("options", ["", "&stride=2", "&stride=2x3&relu=yes"])
def test_the_window_opens_on_the_convolution_page_with_the_same_sum(open_page, options) -> None:
    page: Page = open_page(f"/feature-maps#at=sharpen,5,9{options}")
    expect(page.locator("[data-role=pixel-title]")).to_contain_text("row 6, column 10")
    line = page.locator(".pixel .result-note").filter(has_text="sum of the products")
    total = line.inner_text().rpartition(" ")[2] if line.count() else result(page)
    page.get_by_role("link", name="Open this window").click()
    page.wait_for_selector('html[data-ready="true"]', state="attached")
    expect(page.locator("h1")).to_have_text("Convolution")
    assert result(page) == total


def test_the_keys_move_the_pixel(show) -> None:
    page: Page = show("/feature-maps")
    page.locator(MAPS).nth(2).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    title = page.locator(".map figcaption b").nth(2).inner_text()
    expect(page.locator("[data-role=pixel-title]")).to_have_text(f"{title}, row 2, column 3")
    assert fragment(page).endswith(",1,2")


def test_before_a_projector_the_maps_and_the_sum_of_a_pixel_are_one_screen(open_page) -> None:
    page: Page = open_page("/feature-maps#at=vertical-edge,20,30", width=1024, height=768)
    page.get_by_role("button", name="Present").click()
    expect(page.locator(".header")).to_be_hidden()
    expect(page.locator(".pixel .result-value")).to_be_in_viewport(ratio=1)
    expect(page.locator(".map-box").last).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollHeight") == 768
    assert (
        float(page.locator(".pixel .field-note").evaluate("node => parseFloat(getComputedStyle(node).fontSize)")) >= 24
    )


def test_relu_leaves_nothing_negative(show) -> None:
    page: Page = show("/feature-maps#at=vertical-edge,20,30")
    page.get_by_role("checkbox", name="ReLU").check(force=True)
    expect(page.locator("[data-role=arithmetic]")).to_contain_text("after ReLU")
    assert value_of(result(page)) >= 0


def test_max_pooling_shows_which_value_was_kept(show) -> None:
    page: Page = show("/feature-maps#pool=max&pool_size=3&at=emboss,4,4")
    expect(page.locator("[data-role=arithmetic]")).to_contain_text("the largest of these")
    pooled = page.locator(".pixel .blocks > div").nth(1).locator(".chip-value").all_inner_texts()
    assert len(pooled) == 9
    assert max(value_of(text) for text in pooled) == value_of(result(page))


def test_a_kernel_of_ones_own(open_page) -> None:
    page: Page = open_page("/feature-maps")
    page.get_by_role("checkbox", name="Your own").check(force=True)
    expect(page.locator(MAPS)).to_have_count(13)
    page.locator(".grid .cell").nth(4).focus()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.locator(MAPS).nth(12).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-role=pixel-title]")).to_have_text("Your own, row 1, column 1")
    expect(page.locator(".pixel .blocks")).to_contain_text("× 7")
    button(page, "Undo").click()
    expect(page.locator(".grid .cell").nth(4)).to_have_text("0")


NO_PHOTOS = [
    ("empty.png", b"", "empty"),
    ("notes.txt", b"not a picture at all", "PNG, JPEG, WebP, GIF and BMP"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
]


def test_a_file_that_is_no_photo_is_told(show, complaints) -> None:
    page: Page = show("/feature-maps")
    message = page.locator("[data-role=message]")
    for name, content, says in NO_PHOTOS:
        page.locator("[data-role=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
        expect(message).to_contain_text(says)
        expect(message).to_be_visible()
        expect(page.locator(MAPS)).to_have_count(12)
    complaints[:] = [complaint for complaint in complaints if "Failed to load resource" not in complaint]


def test_a_link_to_a_photo_that_is_gone_offers_to_upload_again(open_page, complaints) -> None:
    page: Page = open_page("/feature-maps#image=AAAAAAAAAAAAAAAAAAAAAA")
    message = page.locator("[data-role=message]")
    expect(message).to_contain_text("upload it again")
    expect(button(page, "Upload again")).to_be_visible()
    upload(page)
    expect(message).to_be_hidden()
    expect(page.locator(MAPS)).to_have_count(12)
    complaints[:] = [complaint for complaint in complaints if "Failed to load resource" not in complaint]


BAD = [
    ("#stride=0", "Stride: 0 is less than 1"),
    ("#stride=77", "Stride: 77 is more than 4"),
    ("#kernels=nothing", "nothing"),
    ("#pool_size=9", "more than 4"),
    ("#relu=maybe", "neither yes nor no"),
    ("#at=vertical-edge", "Pixel"),
]


def test_a_bad_link_says_what_is_wrong(show) -> None:
    page: Page = show(f"/feature-maps{BAD[0][0]}")
    for link, says in BAD:
        page.evaluate("link => { location.hash = link; }", link)
        expect(page.locator("[data-role=message]")).to_contain_text(says)
        expect(page.locator(MAPS)).to_have_count(12)


def test_of_a_link_that_cannot_be_computed_the_settings_at_fault_give_way(open_page, complaints) -> None:
    page: Page = open_page("/feature-maps")
    upload(page, width=7, height=6)
    until(page, lambda: "image=" in fragment(page))
    link = f"{fragment(page)}&kernels=emboss,outline&relu=yes&stride=4&pool=max&pool_size=4"
    page.evaluate("link => { location.hash = link; }", link)
    message = page.locator("[data-role=message]")
    expect(message).to_contain_text("This link cannot be shown as it is.")
    expect(message).to_contain_text("Stride: pooling size 4 is larger than the padded input's height, 1")
    expect(page.locator(MAPS)).to_have_count(2)
    expect(page.get_by_role("checkbox", name="ReLU")).to_be_checked()
    expect(page.get_by_role("slider", name="Stride", exact=True)).to_have_value("1")
    complaints[:] = [complaint for complaint in complaints if "status of 422" not in complaint]


def test_what_cannot_be_computed_is_taken_back_and_said(open_page, complaints) -> None:
    page: Page = open_page("/feature-maps#kernels=emboss&pool=max&pool_size=4")
    upload(page, width=7, height=6)  # a map of 4 x 5: pooling by 4 is just possible
    page.get_by_role("slider", name="Stride", exact=True).fill("2")
    message = page.locator("[data-role=message]")
    expect(message).to_contain_text("Pooling size 4 is larger than")
    expect(message).to_contain_text("What you had is kept.")
    expect(page.get_by_role("slider", name="Stride", exact=True)).to_have_value("1")
    complaints[:] = [complaint for complaint in complaints if "status of 422" not in complaint]


def jpeg(width: int, height: int, orientation: int = 1) -> bytes:
    """A photo of that many pixels: its left half red, its right half blue."""
    picture = Image.new("RGB", (width, height), (220, 30, 30))
    picture.paste((30, 30, 220), (width // 2, 0, width, height))
    exif, stream = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    picture.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


@pytest.mark.parametrize("path", ["/feature-maps", "/operations/convolution"])
def test_a_photo_of_48_megapixels_is_reduced_upright_before_it_is_sent(open_page, path) -> None:
    """It lies on its side, as a phone writes it: what was left is above. The server would refuse all of it."""
    page: Page = open_page(path)
    with page.expect_response("**/api/images") as sent:
        file = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": jpeg(8_000, 6_000, orientation=6)}
        page.locator("[data-role=file]").set_input_files(file)
    assert sent.value.status == 201
    image = page.request.get(f"/api/images/{sent.value.headers['x-image-id']}").json()
    assert (image["original_width"], image["original_height"]) == (768, 1024)
    pixels = np.array(image["pixels"]["values"])
    assert np.abs(pixels[20] - (220, 30, 30)).max() < 12
    assert np.abs(pixels[-20] - (30, 30, 220)).max() < 12


@pytest.mark.parametrize("path", ["/feature-maps", "/operations/convolution"])
def test_a_photo_whose_end_is_missing_is_shown_with_a_word(open_page, path) -> None:
    page: Page = open_page(path)
    file = {"name": "cut.jpg", "mimeType": "image/jpeg", "buffer": jpeg(64, 48)[:-2]}
    page.locator("[data-role=file]").set_input_files(file)
    expect(page.get_by_text("The file's end is missing, but the picture is whole.")).to_be_visible()


def test_a_pixel_that_is_not_there_is_said_and_let_go(show) -> None:
    page: Page = show("/feature-maps#kernels=emboss&at=emboss,900,900")
    expect(page.get_by_role("alert")).to_contain_text("Pixel: there is no pixel “emboss,900,900” here.")
    assert fragment(page) == "#kernels=emboss"
    page.get_by_role("radio", name="each map its own").check(force=True)
    expect(page.get_by_text("Each map on its own scale")).to_be_visible()
    expect(page.locator(".map figcaption")).to_contain_text(re.compile(r"up to ±\d+"))
    assert fragment(page) == "#kernels=emboss&scale=each"
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
