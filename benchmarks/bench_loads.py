"""What a page asks for, and how soon it shows: `python -m benchmarks.bench_loads [--beside CHECKOUT]`.

Pages as the wheel serves them, by a browser that is far away: 150 ms to the server and 1.6 Mbit/s, as the browser's
own protocol emulates a network. Cold, and when a page is visited again. Then thirty HTTP clients that repeat the
requests of a second visit at once, with no network between: how long each takes for all of them. With --beside another
checkout is measured in turn with this one. Exits non-zero where a page of an operation or the clients are over the
limits.
"""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession

from benchmarks import table
from benchmarks.bench_pages import FIRST_FRAME
from benchmarks.serving import ROOT, classroom
from scripts.serving import browsing, wait_until_ready

PAGES = ("/", "/operations/convolution", "/operations/padding", "/feature-maps", "/training")
REPEATED = "/operations/convolution"  # the page whose second visit is repeated
ROUNDS, CLIENTS = 5, 30
FAR_AWAY = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
BUNDLE = "import pathlib, sys; from scripts import bundle; bundle.bundle(pathlib.Path(sys.argv[1]), packed=True)"
MOST_REQUESTS, MOST_SECONDS, MOST_P95 = (14, 4), (1.1, 0.45), 1.0


HEEDED = ("accept", "accept-encoding", "content-type", "if-none-match")  # headers by which answers differ


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    body: str | None
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Visit:
    """What a load asked the server for, and the seconds to its first frame."""

    requests: list[Call]
    seconds: float


class Listener:
    """What a page asks for, as the browser's protocol tells it, piece by piece."""

    def __init__(self, session: CDPSession) -> None:
        self._sent: dict[str, dict[str, Any]] = {}
        self._headers: dict[str, dict[str, str]] = {}
        self._answered: list[str] = []
        session.on("Network.requestWillBeSent", lambda event: self._sent.update({event["requestId"]: event["request"]}))
        session.on("Network.requestWillBeSentExtraInfo", self._learn_headers)
        session.on("Network.loadingFinished", self._finish)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", FAR_AWAY)

    def _learn_headers(self, event: dict[str, Any]) -> None:
        self._headers[event["requestId"]] = event["headers"]

    def _finish(self, event: dict[str, Any]) -> None:
        if event["encodedDataLength"] > 0:  # else the browser had it
            self._answered.append(event["requestId"])

    def calls(self) -> list[Call]:
        """Return the requests that the server answered."""
        return [self._call(self._sent[name], self._headers.get(name, {})) for name in self._answered]

    def _call(self, request: dict[str, Any], headers: Mapping[str, str]) -> Call:
        heeded = {name: value for name, value in headers.items() if name.lower() in HEEDED}
        return Call(request["method"], urlsplit(request["url"]).path, request.get("postData"), heeded)


def visit(context: BrowserContext, address: str) -> Visit:
    """Load a page over the emulated network."""
    page = context.new_page()
    listener = Listener(context.new_cdp_session(page))
    page.goto(address)
    wait_until_ready(page)
    page.wait_for_load_state("networkidle")
    seconds = float(page.evaluate(FIRST_FRAME)) / 1000
    page.close()
    return Visit(listener.calls(), seconds)


def visits(browser: Browser, address: str) -> tuple[Visit, Visit]:
    """Two visits by somebody who has not been there."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    first = visit(context, address)
    second = visit(context, address)
    context.close()
    return first, second


def repeated(port: int, requests: Sequence[Call]) -> list[float]:
    """Seconds that each of the clients takes for all of these, each by one connection, all at once."""
    taken: list[float] = []
    together = threading.Barrier(CLIENTS)

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.connect()
        together.wait()
        began = time.perf_counter()
        for call in requests:
            connection.request(call.method, call.path, call.body, call.headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status >= 400:
                raise RuntimeError(f"{call.path}: {answer.status}")
        taken.append(time.perf_counter() - began)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(taken) < CLIENTS:
        sys.exit("a client was refused")
    return taken


@contextlib.contextmanager
def served(checkouts: Sequence[Path]) -> Iterator[list[int]]:
    """Yield the ports of a server for each checkout, bundled as for a wheel by its own scripts."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        ports = []
        for index, checkout in enumerate(checkouts):
            bundled = str(Path(folder) / str(index))
            subprocess.run([sys.executable, "-c", BUNDLE, bundled], cwd=checkout, check=True)
            ports.append(stack.enter_context(classroom(root=checkout, CONVOSCOPE_BUNDLE_DIR=bundled)).port)
        yield ports


def measure(ports: Sequence[int]) -> tuple[dict[str, list[list[tuple[Visit, Visit]]]], list[list[float]]]:
    """Return the visits of each page and what the clients took, both server by server. They take turns."""
    found: dict[str, list[list[tuple[Visit, Visit]]]] = {path: [[] for _ in ports] for path in PAGES}
    clients: list[list[float]] = [[] for _ in ports]
    with browsing() as browser:
        for port in ports:
            visits(browser, f"http://127.0.0.1:{port}/")  # the browser and the servers start up
        for path in PAGES:
            for _ in range(ROUNDS):
                for server, port in zip(found[path], ports, strict=True):
                    server.append(visits(browser, f"http://127.0.0.1:{port}{path}"))
    for _ in range(ROUNDS):
        for index, (port, visited) in enumerate(zip(ports, found[REPEATED], strict=True)):
            clients[index] += repeated(port, visited[-1][1].requests)
    return found, clients


def cells(visited: Sequence[tuple[Visit, Visit]]) -> list[str]:
    """Return requests and seconds, cold and again."""
    counts = [str(round(median(len(pair[turn].requests) for pair in visited))) for turn in (0, 1)]
    seconds = [f"{median(pair[turn].seconds for pair in visited):.2f}" for turn in (0, 1)]
    return [" / ".join(counts), " / ".join(seconds)]


def main(others: Sequence[str]) -> None:
    """Print the tables; exit non-zero when a page is over a limit."""
    checkouts = [ROOT, *(Path(other).resolve() for other in others)]
    with served(checkouts) as ports:
        found, clients = measure(ports)
    names = ["", *(f"{path.name}: " for path in checkouts[1:])]
    header = ["page", *(f"{name}{what}" for name in names for what in ("requests", "s to the first frame"))]
    print("### Pages from far away: for the first time / again\n")
    print(table(header, [[f"`{path}`", *(cell for one in found[path] for cell in cells(one))] for path in PAGES]))
    print(f"\n150 ms and 1.6 Mbit/s, emulated by Chromium; bundled pages; medians of {ROUNDS} visits each.")
    print(f"\n{CLIENTS} HTTP clients that repeat a second visit of `{REPEATED}` at once:\n")
    late = [quantiles(taken, n=20)[-1] for taken in clients]
    middle = [median(taken) for taken in clients]
    rows = [[path.name, f"{mid:.2f}", f"{p95:.2f}"] for path, mid, p95 in zip(checkouts, middle, late, strict=True)]
    print(table(["checkout", "s, median", "s, p95"], rows))
    over = [path for path in PAGES if "/operations/" in path and is_over(found[path][0])]
    if over or late[0] > MOST_P95:
        sys.exit(f"over the limits: {', '.join(over)} {late[0]:.2f} s")


def is_over(visited: Sequence[tuple[Visit, Visit]]) -> bool:
    """Return whether a page asks for more, or shows later, than it may."""
    return any(
        median(len(pair[turn].requests) for pair in visited) > MOST_REQUESTS[turn]
        or median(pair[turn].seconds for pair in visited) > MOST_SECONDS[turn]
        for turn in (0, 1)
    )


if __name__ == "__main__":
    main(sys.argv[2:] if sys.argv[1:2] == ["--beside"] else [])
