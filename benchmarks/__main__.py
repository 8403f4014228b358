"""Every benchmark: `python -m benchmarks [--write]`.

With --write what they print also goes into README.md, between its two markers, also where a goal is missed. Exits
non-zero when one fails.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
NEED_TORCH = ("bench_training", "bench_digits")
MODULES = (
    "bench_trace",
    "bench_conv2d",
    "bench_pages",
    "bench_frames",
    "bench_inspector",
    "bench_runs",
    "bench_viewers",
    "bench_clients",
    "bench_hostile",
    "bench_pictures",
    *NEED_TORCH,
)
START, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


def run(module: str) -> tuple[str, int]:
    """What one benchmark prints, in a process of its own, or that it was skipped and what it needs; its exit code."""
    if module in NEED_TORCH and find_spec("torch") is None:
        skipped = f"`{module}` was skipped: it compares with PyTorch, which `pip install -e '.[bench]'` installs."
        print(f"SKIPPED: {skipped}", file=sys.stderr, flush=True)
        return skipped, 0
    print(f"benchmarks.{module} ...", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}"], stdout=subprocess.PIPE, text=True, check=False
    )
    print(done.stdout, flush=True)
    return done.stdout.strip(), done.returncode


def write(figures: str) -> None:
    """Put the figures between the markers of the README."""
    text = README.read_text("utf-8")
    before, found, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not found or not end:
        sys.exit(f"{README.name} has no place for the figures: {START} ... {END}")
    README.write_text(f"{before}{START}\n\n{figures}\n\n{END}{after}", "utf-8")


def main() -> None:
    """Run them all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run every benchmark.")
    parser.add_argument("--write", action="store_true", help="put the figures into README.md")
    options = parser.parse_args()
    printed = {module: run(module) for module in MODULES}
    if options.write:
        write("\n\n".join(text for text, _ in printed.values() if text))
    if failed := [module for module, (_, code) in printed.items() if code]:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
