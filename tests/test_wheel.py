"""The installed wheel serves, byte for byte, what the checkout serves."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_engine.data.images import SAMPLES
from cnn_server import create_app
from cnn_server.pages import PAGES

ROOT = Path(__file__).resolve().parent.parent

# Run with the installed wheel first on the path and the checkout nowhere on it.
ASK = """
import hashlib, json, sys
target, checkout, paths = json.loads(sys.stdin.read())
sys.path[:] = [target, *(entry for entry in sys.path if entry and entry != checkout)]
import cnn_engine, cnn_server
client = cnn_server.create_app().test_client()
answers = {}
for path in paths:
    answer = client.get(path)
    answers[path] = [answer.status_code, hashlib.sha256(answer.data).hexdigest()]
print(json.dumps({"files": [cnn_engine.__file__, cnn_server.__file__], "answers": answers}))
"""


def run(*command: str, text: str | None = None, folder: Path = ROOT) -> str:
    done = subprocess.run(command, input=text, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the wheel is installed, alone."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder / "dist"))
    (wheel,) = (folder / "dist").glob("convoscope-*.whl")
    target = folder / "site"
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target))
    run(*pip, str(wheel))
    return target


def paths() -> list[str]:
    static = [
        f"/static/{file.relative_to(ROOT / 'static').as_posix()}"
        for file in sorted((ROOT / "static").rglob("*"))
        if file.is_file()
    ]
    pages = [page.path for page in PAGES if page.ready]
    samples = [f"/samples/{name}.webp" for name in SAMPLES]
    return [*pages, *static, *samples, "/api/presets", "/healthz"]


def test_the_wheel_serves_the_same_bytes_as_the_checkout(installed, tmp_path):
    asked = paths()
    question = json.dumps([str(installed), str(ROOT), asked])
    told = json.loads(run(sys.executable, "-I", "-c", ASK, text=question, folder=tmp_path))
    assert all(Path(file).is_relative_to(installed) for file in told["files"])
    client = create_app().test_client()
    for path in asked:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert told["answers"][path] == [200, hashlib.sha256(answer.data).hexdigest()], path


def test_the_four_photos_travel_in_the_wheel(installed):
    photos = {file.stem for file in (installed / "cnn_engine" / "data" / "samples").glob("*.webp")}
    assert photos == {"astronaut", "bricks", "cat", "coffee"}


def test_the_digits_travel_in_the_wheel(installed):
    file = Path("cnn_engine", "data", "digits.npz")
    assert (installed / file).read_bytes() == (ROOT / file).read_bytes()


def test_the_wheel_brings_nothing_but_the_two_packages(installed):
    names = {entry.name for entry in installed.iterdir()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"bin", "cnn_engine", "cnn_server"}


def test_the_wheel_brings_its_licences(installed):
    (metadata,) = installed.glob("convoscope-*.dist-info")
    assert {file.name for file in (metadata / "licenses").iterdir()} == {"LICENSE", "NOTICE"}
