"""A page taken along: links, codes and sheets of paper carry an address that a pupil can open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from scripts.serving import serving

ROOM = "http://192.168.178.120:5000"
IPV6 = "http://[2001:db8:85a3:8d3:1319:8a2e:370:7348]:5000"
LONG = "/operations/convolution#input=" + ";".join([",".join("123456789")] * 12)


@pytest.fixture(scope="module")
def room_server(bundled: Path) -> Iterator[str]:
    with serving({"BUNDLE_DIR": bundled, "RUN_WORKERS": 0, "CLASSROOM_URLS": f"{ROOM} {IPV6}"}) as address:
        yield address


@pytest.fixture
def open_in_room(open_at: Callable[..., Page], room_server: str) -> Callable[..., Page]:
    """A page as its teacher sees it, on the machine that serves the room."""
    return partial(open_at, room_server)


def link_of(page: Page) -> str:
    page.get_by_role("button", name="Link", exact=True).click()
    link = page.get_by_label("Link", exact=True).and_(page.locator("input")).input_value()
    page.locator("#link-dialog").get_by_role("button", name="Close").click()
    return link


def test_link_and_print_on_the_teacher_s_machine_carry_the_room_s_address(open_in_room):
    page = open_in_room("/operations/convolution#step=2")
    assert link_of(page) == f"{ROOM}/operations/convolution#step=2"
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".handout-link")).to_have_text(f"{ROOM}/operations/convolution#step=2")
    assert link_of(open_in_room("/training")).startswith(f"{ROOM}/training")


def test_every_page_has_its_code(open_in_room):
    for path in ("/", "/operations/convolution#step=2", "/classroom"):
        page = open_in_room(path.replace("#", "?present#"))  # before a projector too, the class gets a page to work on
        if "#" in path:
            page.keyboard.press("q")
        else:
            assert link_of(page).startswith(ROOM + path), path
            page.get_by_role("button", name="QR code").click()
        image = page.locator("#qr-dialog img")
        expect(image).to_have_attribute("alt", f"QR code of {ROOM}{path}")
        page.wait_for_function("() => document.querySelector('#qr-dialog img').naturalWidth > 0")
        expect(page.locator("#qr-dialog")).to_contain_text(f"{ROOM}{path}".removeprefix("http://"))


def test_a_link_too_long_for_a_code_gets_a_short_one(open_in_room, room_server):
    page = open_in_room(LONG)
    page.get_by_role("button", name="QR code").click()
    expect(page.locator("#qr-dialog")).to_contain_text("This short one works until the server stops")
    shown = page.locator("#qr-dialog img").get_attribute("alt").removeprefix("QR code of ")
    assert shown.startswith(f"{ROOM}/l/")
    pupil = open_in_room(shown.removeprefix(ROOM))
    assert pupil.url == room_server + LONG


def test_who_serves_nobody_is_told_how(open_page):
    page = open_page("/operations/convolution")
    page.get_by_role("button", name="QR code").click()
    expect(page.locator("#qr-dialog")).to_contain_text("make serve")
    expect(page.locator("#qr-dialog img")).to_have_count(0)


LINES = """() => [...document.querySelectorAll('.classroom-address .part')].map(
    (part) => [part.textContent, part.getClientRects()[0].height, parseFloat(getComputedStyle(part).fontSize)])"""


def test_an_address_never_breaks_inside_a_word(open_in_room):
    page = open_in_room("/classroom?to=/operations/convolution%23run=AbCdEfGh12345678")
    for width in (1366, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 768})
        parts = page.evaluate(LINES)
        assert [text for text, _, _ in parts[:4]] == [
            "192.168.178.120:5000/",
            "operations/",
            "convolution",
            "#run=AbCdEfGh12345678",
        ]
        for text, height, size in parts:
            assert height < 2 * size, text  # one line
            assert size >= 12, text
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_link_of_a_run_says_that_it_moves_on_and_points_at_a_step(open_page):
    page = open_page("/training#net=flatten;linear:out_features=10&epochs=1&speed=5")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile(r"run=[\w-]+"))
    expect(page.locator('[data-role="progress-line"]')).to_contain_text(re.compile(r"[Ss]tep\s[1-9]"))
    page.get_by_role("button", name="Link", exact=True).click()
    dialog = page.locator("#link-dialog")
    expect(dialog).to_contain_text("The run moves on")
    dialog.get_by_label("Point at step").check()
    link = dialog.locator("input[type=text]")
    expect(link).to_have_value(re.compile(r"#.*run=[\w-]+.*&step=\d+$"))
    other = open_page("/" + link.input_value().split("/", 3)[3])
    expect(other.locator('[data-role="marked"]')).to_contain_text("marked in the curves: loss")


def test_a_link_to_a_photo_says_how_long_it_lasts_and_offers_one_that_does(open_page, tmp_path):
    file = tmp_path / "photo.png"
    Image.linear_gradient("L").resize((64, 48)).save(file)
    page = open_page("/feature-maps")
    page.locator('input[data-role="file"]').set_input_files(file)
    keeping = page.locator('[data-role="keeping"]')
    expect(keeping).to_contain_text(re.compile(r"It is in the server's memory for (an hour|\d+ minutes) more\."))
    page.get_by_role("button", name="Link", exact=True).click()
    dialog = page.locator("#link-dialog")
    expect(dialog).to_contain_text(re.compile(r"for (an hour|\d+ minutes) more: then the server drops it"))
    dialog.get_by_role("button", name="Put the photo into the link").click()
    link = dialog.locator("input[type=text]")
    expect(link).to_have_value(re.compile(r"#photo=[\w-]{20,}"))
    own = page.locator('[data-role="photo"]').get_attribute("data-name")
    other = open_page("/" + link.input_value().split("/", 3)[3])
    photo = other.locator('[data-role="photo"]')
    expect(photo).to_have_attribute("data-name", re.compile(r"[\w-]{20,}"))
    assert photo.get_attribute("data-name") != own
    assert other.evaluate("document.querySelector('.photo canvas').height") == 48
    dialog.get_by_role("button", name="Keep the photo on this server").click()
    expect(dialog).to_contain_text("You can delete it on this page.")
    dialog.get_by_role("button", name="Close").click()
    expect(keeping).to_contain_text("in the server's data folder until")
    keeping.get_by_role("button", name="Delete", exact=True).click()
    expect(keeping).to_contain_text("in the server's data folder until")  # it asks first
    keeping.get_by_role("button", name="Delete for good").click()
    expect(page.locator('[data-role="credit"]')).not_to_contain_text("Your photo")
