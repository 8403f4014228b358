"""The explorer, from its first map to a class that draws at once: `python -m benchmarks.bench_explorer`.

Three tables. What a cold visit loads and how long it takes to the first feature map, beside what was measured of CNN
Explainer. How long it takes from a stroke on the pad to the frame in which every map of the default network is another,
request, answer and drawing included. And how long answers take where twenty people draw at once, each asking again as
soon as it has its answer. All by `make serve` on loopback, pages bundled. Exits non-zero over the limits.
"""

from __future__ import annotations

import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

import numpy as np
import orjson
from playwright.sync_api import Browser, Page

from benchmarks import machine, table
from benchmarks.bench_pages import LOADS, opened, weigh
from benchmarks.serving import classroom
from scripts import bundle
from scripts.serving import browsing, wait_until_ready

PATH = "/explorer"
THEIRS = ("CNN Explainer, as measured in 2026", "11,300", "2.50")  # kB and seconds, cold
MOST_KB, MOST_SECONDS = 300.0, 0.5
STROKES, POINTS = 12, 10  # that are drawn, and points of each
MOST_REDRAWN = 50.0  # milliseconds
PEOPLE, REQUESTS = 20, 60  # that draw at once, and how often each asks
MOST_ANSWERED = 150.0  # milliseconds
SIDE = 64  # cells of the pad
END = b"\r\n\r\n"  # of the head of an answer

FIRST_MAP = """() => {
  const own = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...given) {
    own.apply(this, given);
    if (!this.canvas.closest('[data-role=network] [data-at]')) return;
    CanvasRenderingContext2D.prototype.putImageData = own;
    requestAnimationFrame((now) => { window.firstMap = now; });
  };
}"""
REDRAWN = """() => {
  const own = CanvasRenderingContext2D.prototype.putImageData;
  const maps = () => document.querySelectorAll('[data-role=network] canvas');
  let left = new Set();
  let seen = () => {};
  CanvasRenderingContext2D.prototype.putImageData = function (...given) {
    own.apply(this, given);
    if (left.delete(this.canvas) && left.size === 0) requestAnimationFrame(seen);
  };
  window.watch = () => {
    window.redrawn = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error('not redrawn in 10 s')), 10000);
      const began = ({ timeStamp }) => {
        left = new Set(maps());
        seen = () => resolve(performance.now() - timeStamp);
      };
      for (const type of ['pointerdown', 'pointermove'])
        document.querySelector('[data-role=pad]').addEventListener(type, began, { capture: true, once: true });
    });
  };
}"""


@contextmanager
def served() -> Iterator[int]:
    """Yield the port of `make serve`, its pages bundled."""
    with tempfile.TemporaryDirectory() as folder:
        bundle.bundle(Path(folder) / "bundled", packed=True)
        with classroom(CONVOSCOPE_BUNDLE_DIR=str(Path(folder) / "bundled")) as server:
            yield server.port


# ---- a cold visit


def first_map(browser: Browser, address: str) -> float:
    """One cold load: the seconds to the frame with the first feature map."""
    context, page = opened(browser)
    page.add_init_script(f"({FIRST_MAP})()")
    page.goto(address)
    wait_until_ready(page)
    page.wait_for_function("() => window.firstMap")
    seconds = float(page.evaluate("() => window.firstMap")) / 1000
    context.close()
    return seconds


# ---- a stroke


def strokes() -> list[list[tuple[float, float]]]:
    """Strokes in shares of the pad: from the left to the right in waves, each a little lower."""
    rows = [0.1 + 0.8 * stroke / STROKES for stroke in range(STROKES)]
    return [[(0.1 + 0.8 * point / POINTS, row + 0.05 * (point % 2)) for point in range(1 + POINTS)] for row in rows]


def redrawn(page: Page) -> list[float]:
    """Milliseconds from each event of some strokes to the frame with all maps anew, one event after the other."""
    box = page.locator("[data-role=pad]").bounding_box()
    assert box
    taken = []
    for stroke in strokes():
        for number, (right, down) in enumerate(stroke):
            point = box["x"] + right * box["width"], box["y"] + down * box["height"]
            if number == 0:
                page.mouse.move(*point)
            page.evaluate("() => watch()")
            if number == 0:
                page.mouse.down()
            else:
                page.mouse.move(*point)
            taken.append(float(page.evaluate("() => redrawn")))
        page.mouse.up()
    return taken


def drawn(browser: Browser, address: str) -> list[float]:
    """Return the same on a page that is warm."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="no-preference")
    page = context.new_page()
    page.goto(address)
    wait_until_ready(page)
    page.wait_for_load_state("networkidle")
    page.evaluate(REDRAWN)
    page.get_by_role("button", name="Clear").click()
    redrawn(page)
    page.get_by_role("button", name="Clear").click()
    taken = redrawn(page)
    context.close()
    return taken


# ---- a class


def requests(port: int) -> list[bytes]:
    """Return what one person asks while drawing: a stroke that grows, as the page sends it on a school's network."""
    cells, found = np.zeros((1, SIDE, SIDE), int), []
    for share in np.linspace(0, 1, 40):  # a 3, and a tail
        down, right = 10 + 44 * share, 24 + 14 * abs(np.sin(2 * np.pi * share)) + 4 * np.cos(9 * share)
        cells[0, int(down) : int(down) + 5, int(right) : int(right) + 5] = 1
        body = orjson.dumps({"input": cells.tolist(), "prepare": {}, "precision": "packed"})
        head = (
            f"POST /api/models/digits/answer HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nAccept-Encoding: gzip, deflate\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        found.append(head.encode() + body)
    return found


class Person:
    """Somebody who draws: one request in flight, and the next one when its answer is there."""

    def __init__(self, port: int, asks: Sequence[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self._asks = islice(cycle(asks), REQUESTS)
        self._answer = bytearray()
        self._began = 0.0
        self.taken: list[float] = []

    def ask(self) -> bool:
        """Ask for the next answer; False where it was the last."""
        request = next(self._asks, None)
        if request is None:
            return False
        self._began = time.perf_counter()
        self.socket.sendall(request)
        return True

    def hear(self) -> bool:
        """Take what has come; whether the answer is complete."""
        part = self.socket.recv(262_144)
        self._answer += part
        end = self._answer.find(END)
        head = bytes(self._answer[: max(end, 0)])
        if not part or (head and not head.startswith(b"HTTP/1.1 200")):
            sys.exit(f"no answer: {bytes(self._answer[:400])!r}")
        if not head or len(self._answer) < end + len(END) + length_of(head):
            return False
        self.taken.append(1000 * (time.perf_counter() - self._began))
        self._answer.clear()
        return True


def length_of(head: bytes) -> int:
    """Return how many bytes a body has, by the head of the answer."""
    lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    return int(lines[b"content-length"])


def answered(port: int, count: int) -> list[float]:
    """Milliseconds of all answers where so many draw at once; the first of each is not counted."""
    asks, selector = requests(port), selectors.DefaultSelector()
    people = [Person(port, asks) for _ in range(count)]
    for person in people:
        selector.register(person.socket, selectors.EVENT_READ, person)
        person.ask()
    while selector.get_map():
        for key, _ in selector.select(60):
            if key.data.hear() and not key.data.ask():
                selector.unregister(key.data.socket)
                key.data.socket.close()
    return [milliseconds for person in people for milliseconds in person.taken[1:]]


# ---- what is printed


def p95(taken: Sequence[float]) -> float:
    """Return what 95 of 100 are below."""
    return quantiles(taken, n=20)[-1]


def show_visit(browser: Browser, address: str) -> list[str]:
    """Print the first table; what is over a limit."""
    kilobytes = weigh(browser, address)[0] / 1000
    seconds = median(first_map(browser, address) for _ in range(LOADS))
    rows = [["`/explorer`", f"{kilobytes:,.1f}", f"{seconds:.2f}"], [*THEIRS]]
    print("### A cold visit, to the first feature map\n")
    print(table(["page", "kB, compressed, all told", "s to the first feature map"], rows))
    print(f"\nOn loopback, pages bundled, Chromium {browser.version}, median of {LOADS} loads.\n")
    return [f"{kilobytes:.0f} kB, {seconds:.2f} s"] if kilobytes > MOST_KB or seconds > MOST_SECONDS else []


def show_answers(alone: Sequence[float], stroke: Sequence[float], many: Sequence[float]) -> list[str]:
    """Print the second table; what is over a limit."""
    rows: list[tuple[str, Sequence[float], float | None]] = [
        ("from a stroke to every map redrawn", stroke, MOST_REDRAWN),
        ("an answer with all maps over HTTP, for 1 who draws", alone, None),
        (f"the same for {PEOPLE} who draw at once", many, MOST_ANSWERED),
    ]
    cells = [[name, f"{median(taken):.0f}", f"{p95(taken):.0f}", f"{len(taken):,}"] for name, taken, _ in rows]
    print("### From a stroke to every map, milliseconds\n")
    print(table(["digits, the default network", "median", "95 %", "of"], cells))
    print(f"\nEach has one request in flight, and sends the next when its answer is there. {machine()}")
    return [f"{name}: {p95(taken):.0f} ms" for name, taken, most in rows if most and p95(taken) > most]


def main() -> None:
    """Print the tables; exit non-zero over a limit."""
    with served() as port:
        address = f"http://127.0.0.1:{port}{PATH}"
        with browsing() as browser:
            drawn(browser, address)  # the browser and the server start up
            over = show_visit(browser, address)
            stroke = drawn(browser, address)
        answered(port, 2)
        alone, many = answered(port, 1), answered(port, PEOPLE)
    over += show_answers(alone, stroke, many)
    if over:
        sys.exit(f"over the limits: {'; '.join(over)}")


if __name__ == "__main__":
    main()
