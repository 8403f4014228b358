"""Make sure that there is a Chromium for the tests: find one, or install one, or say what to do.

    python -m scripts.ensure_browser

Looked for in this order: the environment variable CONVOSCOPE_CHROMIUM, a Chromium or Chrome on the PATH or where
macOS keeps it, Playwright's own. Where there is none: installed by apt-get as root on Debian, else by Playwright.

Debian's headless shell is preferred: it opens a page without a window around it, and so in a quarter of the time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts import apt

VARIABLE = "CONVOSCOPE_CHROMIUM"
SHELL = "chromium-headless-shell"
COMMANDS = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HELP = f"""No browser for the tests. Any one of these will do:
  - install Chromium or Chrome, so that `chromium` or `google-chrome` is on the PATH
  - python -m playwright install --with-deps chromium
  - set {VARIABLE} to the path of a Chromium"""


def find() -> str | None:
    """Return the path of a Chromium that is there, or None."""
    named = os.environ.get(VARIABLE)
    if named:
        if shutil.which(named) is None:
            raise FileNotFoundError(f"{VARIABLE} is {named!r}, which cannot be run")
        return shutil.which(named)
    installed = map(shutil.which, (*COMMANDS, *MAC_APPLICATIONS))
    return next(filter(None, installed), None) or _playwrights_own()


def required() -> str:
    """Return the path of a Chromium; FileNotFoundError, with advice, where there is none."""
    path = find()
    if path is None:
        raise FileNotFoundError(HELP)
    return path


def _playwrights_own() -> str | None:
    """Playwright's Chromium, asked for in a process of its own: a test may have Playwright running already."""
    question = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False)
    path = answer.stdout.strip()
    return path if path and Path(path).is_file() else None


def _install() -> None:
    """Install one, by apt-get or else by Playwright."""
    by_apt = [*apt.commands(SHELL), *apt.commands("chromium")] if apt.possible() else []
    for command in [*by_apt, [sys.executable, "-m", "playwright", "install", "chromium"]]:
        apt.run("browser", command)
        if find():
            return


def main() -> None:
    """Find or install a browser and prove that it starts; exit with advice if there is none."""
    if find() is None:
        _install()
    apt.prove("Browser", find(), HELP)


if __name__ == "__main__":
    main()
