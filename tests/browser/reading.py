"""What a page shows, as a test reads it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Request, Response, expect

from scripts.waiting import HANG


def value_of(text: str) -> float:
    """A printed number as a float."""
    return float(text.replace("\N{MINUS SIGN}", "-").replace("≈", ""))


def cells(page: Page, panel: str) -> list[str]:
    """The texts of a panel's cells, row by row; cells still to come are empty."""
    return page.locator(f'[data-panel="{panel}"] .cell').all_inner_texts()


def result(page: Page) -> str:
    """The number at the end of the arithmetic card."""
    return page.locator("[data-role=arithmetic] .result-value").inner_text()


def step_number(page: Page) -> tuple[int, int]:
    """Which step of how many, counted from 1."""
    text = page.locator("[data-role=count]").inner_text()
    match = re.fullmatch(r"Step (\d+) of (\d+)", text)
    assert match, text
    return int(match[1]), int(match[2])


def expect_step(page: Page, step: int, total: int) -> None:
    """Wait until the page is at this step."""
    expect(page.locator("[data-role=count]")).to_have_text(f"Step {step} of {total}")


def fragment(page: Page) -> str:
    """The address's fragment, once it holds what is shown: it is written when things settle."""
    expect(page.locator("html")).not_to_have_attribute("data-address", "behind")
    return str(page.evaluate("location.hash"))


FOLLOW = """([link, patience]) => new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`what #${link} asks for was not shown`)), patience);
    const [root, main, before] = [document.documentElement, document.querySelector("main"), location.hash];
    const isShown = () => main.ariaBusy !== "true" && root.dataset.address !== "behind";
    const drawn = () => requestAnimationFrame(() => requestAnimationFrame(resolve));
    addEventListener("hashchange", () => {
        if (isShown()) drawn();
        const observer = new MutationObserver(() => isShown() && drawn(observer.disconnect()));
        observer.observe(root, { attributeFilter: ["data-address", "aria-busy"], subtree: true });
    }, { once: true });
    location.hash = link;
    if (location.hash === before) resolve();
})"""


def follow(page: Page, link: str) -> None:
    """Go to another link of a page without loading it again, and wait until it is shown."""
    page.evaluate(FOLLOW, [link.partition("#")[2], HANG * 1000])


def come_back(page: Page) -> None:
    """Leave what a link holds for what the page opens with, and come back by that link alone."""
    path, link = urlsplit(page.url).path, fragment(page)
    follow(page, path)
    follow(page, f"{path}{link}")


def until(page: Page, true: Callable[[], bool]) -> None:
    """Let the page go on until something is true."""
    latest = time.monotonic() + HANG
    while not true():
        assert time.monotonic() < latest, "it did not come about"
        page.wait_for_timeout(20)  # the page goes on


WAYS = """async ([seen, patience]) => {
    const found = [];
    for (const task of document.querySelectorAll(".task")) {
        const shown = new Promise((resolve, reject) => {
            setTimeout(() => reject(new Error(`${task.dataset.task} was not shown`)), patience);
            const observer = new MutationObserver(() => {
                if (task.classList.contains("shown")) resolve(observer.disconnect());
            });
            observer.observe(task, { attributeFilter: ["class"] });
        });
        task.querySelector("a").click();
        await shown;
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        const { top = 0, bottom = 0 } = seen ? document.querySelector(seen).getBoundingClientRect() : {};
        const isRefused = document.querySelector("[data-role=message]").checkVisibility();
        found.push([task.textContent, isRefused, top >= 0 && bottom <= innerHeight]);
    }
    return found;
}"""


def show_ways(page: Page, seen: str = "") -> list[tuple[str, bool, bool]]:
    """Follow the link of each task, and wait until it is shown.

    Of each: what stands there then, whether something is refused, and whether what `seen` selects is on the screen.
    """
    return [(text, refused, on) for text, refused, on in page.evaluate(WAYS, [seen, HANG * 1000])]


class Answered:
    """The first answer that a page has had in full."""

    def __init__(self, request: Callable[[], Request]) -> None:
        self._request = request

    @property
    def value(self) -> Response:
        response = self._request().response()
        assert response is not None
        return response


@contextmanager
def answered(
    page: Page, path: str, method: str = "", asks: Callable[[Request], bool] = lambda request: True
) -> Iterator[Answered]:
    """Wait until a request to a path that ends so, sent within the block, has its whole answer.

    Requests sent before the block do not count, nor do those that the page gives up: their bodies cannot be read.
    """
    sent: list[Request] = []

    def is_it(request: Request) -> bool:
        fits = urlsplit(request.url).path.endswith(path) and method in {"", request.method}
        return fits and any(request is one for one in sent) and asks(request)

    def note(request: Request) -> None:
        sent.append(request)

    page.on("request", note)
    with page.expect_event("requestfinished", is_it) as finished:
        yield Answered(lambda: finished.value)
    page.remove_listener("request", note)


def button(page: Page | Locator, name: str) -> Locator:
    """A button by its exact name, on a page or in a part of one."""
    return page.get_by_role("button", name=name, exact=True)


def slide(page: Page, name: str, value: int) -> None:
    """Move a slider as a hand would, by its value."""
    page.get_by_role("slider", name=name, exact=True).fill(str(value))


def more(page: Page) -> None:
    """Open the settings that a beginner does without, where they are not open yet."""
    box = page.locator(".more")
    if box.get_attribute("open") is None:
        box.locator("> summary").click()


def choose_kernel(page: Page, title: str) -> None:
    """Choose a kernel by its name among all of them."""
    chooser = page.locator(".chooser").first
    if chooser.get_attribute("open") is None:
        chooser.locator("summary").click()
    chooser.get_by_role("radio", name=title, exact=True).check(force=True)


def grid(page: Page) -> list[list[str]]:
    """The input, row by row."""
    texts = cells(page, "input")
    side = int(page.locator('[data-panel="input"] .grid').get_attribute("aria-colcount") or 0)
    return [texts[start : start + side] for start in range(0, len(texts), side)]


def cell(page: Page, index: int, panel: str = "input"):
    return page.locator(f'[data-panel="{panel}"] .cell').nth(index)


def paste(page: Page, text: str) -> None:
    """What Ctrl V does with this text on the clipboard, and a picture of it, as spreadsheets put there."""
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            clipboardData.items.add(new File(["picture"], "cells.png", { type: "image/png" }));
            const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )
