"""Photograph the pages: `python -m scripts.shots [--readme] [--size 1366x768 ...] [--only stride ...]`.

Every page that is ready, at every size that people sit at, light and dark, into shots/; the pages of operations at a
middle step as well. With --readme instead the picture of the README, docs/stage.png.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from cnn_server.pages import BESIDE, PAGES
from scripts.serving import browsing, serving, wait_until_ready

Scheme = Literal["light", "dark"]

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "shots"
SIZES = ("1024x768", "1280x720", "1366x657", "1366x768", "1440x900", "1536x864", "1920x1080", "390x844")
UNSEEN = {"error", "room"}  # which need a fault, and a key
README_SIZE = "1440x900"
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
README_PICTURE = ROOT / "docs" / "stage.png"
README_VIEW = "/operations/convolution#input=blob-7x7&kernel=vertical-edge-3x3&padding=1&step=18"
README_MOST_BYTES = 150_000


def views() -> dict[str, str]:
    """Return a name and a path for each photograph, whatever its size and scheme."""
    ready = {page.name: page.path for page in (*PAGES, *BESIDE) if page.name not in UNSEEN}
    steps = {f"{name}-middle": f"{path}#step=2" for name, path in ready.items() if path.startswith("/operations/")}
    return {**ready, **steps}


def photograph(browser: Browser, address: str, size: str, scheme: Scheme) -> bytes:
    """Return what a window of this size shows of a page, as a PNG."""
    width, height = map(int, size.split("x"))
    viewport: ViewportSize = {"width": width, "height": height}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    wait_until_ready(page)
    page.wait_for_timeout(200)  # pictures on the page are decoded after its first frame
    taken = page.screenshot()
    context.close()
    return taken


def take_all(browser: Browser, server: str, sizes: Collection[str], names: Collection[str]) -> None:
    """Each of these views at each of these sizes in every scheme."""
    SHOTS.mkdir(exist_ok=True)
    for name, path in views().items():
        if name not in names:
            continue
        for size in sizes:
            for scheme in SCHEMES:
                file = SHOTS / f"{name}-{size}-{scheme}.png"
                file.write_bytes(photograph(browser, server + path, size, scheme))
                print(file.relative_to(ROOT), flush=True)


def take_for_readme(browser: Browser, server: str) -> None:
    """Take the README's picture, in 256 colours to be small."""
    taken = photograph(browser, server + README_VIEW, README_SIZE, "light")
    README_PICTURE.parent.mkdir(exist_ok=True)
    with Image.open(BytesIO(taken)) as picture:
        few = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(README_PICTURE, optimize=True)
    size = README_PICTURE.stat().st_size
    if size >= README_MOST_BYTES:
        raise ValueError(f"{README_PICTURE.name} has {size:,} bytes, not less than {README_MOST_BYTES:,}")
    print(f"{README_PICTURE.relative_to(ROOT)}: {size:,} bytes")


def main() -> None:
    """Take them."""
    parser = argparse.ArgumentParser(prog="python -m scripts.shots", description="Photograph the pages.")
    parser.add_argument("--readme", action="store_true", help="only the picture of the README")
    parser.add_argument("--size", action="append", choices=SIZES, help="only this size; may be given again")
    parser.add_argument("--only", action="append", choices=views(), help="only this view; may be given again")
    options = parser.parse_args()
    with serving() as server, browsing() as browser:
        if options.readme:
            take_for_readme(browser, server)
        else:
            take_all(browser, server, options.size or SIZES, options.only or views())


if __name__ == "__main__":
    main()
