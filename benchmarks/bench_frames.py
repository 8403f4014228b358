"""Frame times while each page plays at sixty steps a second: `python -m benchmarks.bench_frames`.

Each page is played as it opens, made long enough, and with the largest grids and kernels that its controls reach,
with motion allowed. A frame time is what lies between two animation frames as the browser counts them; every frame
counts, those in which the next steps arrive as well. Exits non-zero where the 95th percentile is over the limit.
"""

from __future__ import annotations

import sys
from statistics import median, quantiles

from playwright.sync_api import Browser

from benchmarks import table
from scripts.serving import browsing, serving, wait_until_ready

FRAMES = 120  # two seconds
RUNS = 3
MOST_MILLISECONDS = 17.0

# What is played: as a page opens, in a size that takes a while; and the most that its controls allow.
PLAYED = {
    "/operations/convolution": (
        "input=digit-12x12&kernel=vertical-edge-3x3",
        "input=digit-32x32&kernel=random-5x5-1&padding=2",
    ),
    "/operations/stride": ("input=stripes-12x12", "input=random-32x32-1&kernel=random-5x5-1&padding=2"),
    "/operations/padding": ("input=blob-12x12", "input=random-32x32-1&kernel=random-5x5-1&other=3"),
    "/operations/channels": (
        "input=photo-cat-12x12x3",
        "input=photo-cat-32x32x3&filters=6&weight=random-5x5x18-4&bias=1;2;3;-1;0;-2",
    ),
    "/operations/pooling": ("input=blob-24x24", "input=random-32x32x3-1&kernel_size=3&stride=1&padding=1"),
    "/operations/activation": ("input=signed-12x12-1", "input=random-32x32x4-1&function=tanh"),
    "/operations/flatten": ("input=digit-12x12", "input=digit-12x12x4"),
    "/operations/dense": (
        "",
        "input=random-8x1-3&weight1=random-8x8-2&weight2=random-8x8-5&bias1=1;2;3;-1;0;-2;1;1&bias2=1;2;3;-1;0;-2;1;1",
    ),
    "/operations/output": ("", "logits=2;1;-1;0.5;3;-2;0;1.5"),
    "/optimizers": ("", "landscape=bumps&updates=500"),
}

PLAY = """(frames) => new Promise((resolve) => {
  const play = document.querySelector('[data-action="play"]');
  const times = [];
  let before = 0;
  const frame = (now) => {
    if (before) times.push(now - before);
    before = now;
    if (times.length >= frames) return resolve(times);
    if (play.getAttribute('aria-label') === 'Play') play.click();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""


def measure(browser: Browser, address: str) -> tuple[float, float]:
    """The median and the 95th percentile of a run in milliseconds, each the median of RUNS runs."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="no-preference")
    page = context.new_page()
    page.goto(address)
    wait_until_ready(page)
    refused = page.query_selector('[data-role="message"]:not([hidden])')
    if refused:
        sys.exit(f"{address} cannot be played: {refused.inner_text()}")
    page.get_by_label("Speed").select_option("60")
    runs: list[list[float]] = [page.evaluate(PLAY, FRAMES) for _ in range(RUNS)]
    context.close()
    return median(map(median, runs)), median(quantiles(times, n=20)[-1] for times in runs)


def main() -> None:
    """Print the table; exit non-zero when a page is over the limit."""
    rows, over = [], []
    with serving() as server, browsing() as browser:
        for path, views in PLAYED.items():
            cells = [f"`{path}`"]
            for fragment in views:
                middle, high = measure(browser, f"{server}{path}#{fragment}")
                cells += [f"{middle:.1f}", f"{high:.1f}"]
                print(f"{path}#{fragment}: {middle:.1f}, {high:.1f}", file=sys.stderr, flush=True)
                if high > MOST_MILLISECONDS:
                    over.append(f"{path} ({high:.1f} ms)")
            rows.append(cells)
        version = browser.version
    print("### Frames while a page plays at 60 steps a second, milliseconds\n")
    print(table(["page", "median", "95 %", "largest grids: median", "95 %"], rows))
    print(f"\nChromium {version}, {FRAMES} frames a run, medians of {RUNS} runs.")
    if over:
        sys.exit(f"over {MOST_MILLISECONDS:.0f} ms in one of twenty frames: {', '.join(over)}")


if __name__ == "__main__":
    main()
