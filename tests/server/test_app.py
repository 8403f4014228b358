"""The application's settings, and where it finds its pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import cnn_server
from cnn_server import application, create_app
from cnn_server.config import DEFAULTS

LESSON = {"input": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "weight": [[0, 1], [2, 3]]}


def test_healthz(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json == {"status": "ok"}


def test_settings_come_from_the_defaults_the_environment_and_the_caller(monkeypatch):
    assert create_app().config["STEP_PAGE"] == DEFAULTS["STEP_PAGE"] == 512
    monkeypatch.setenv("CONVOSCOPE_STEP_PAGE", "64")
    assert create_app().config["STEP_PAGE"] == 64
    assert create_app({"STEP_PAGE": 2}).config["STEP_PAGE"] == 2


def test_the_contracts_caps():
    assert DEFAULTS["MAX_ARRAY_VALUES"] == 262_144
    assert DEFAULTS["IMAGE_TTL"] == 3600
    assert DEFAULTS["MAX_IMAGE_PIXELS"] == 40_000_000


def test_applications_do_not_share_their_uploads(client, encoded):
    from io import BytesIO

    from PIL import Image

    data = encoded(Image.new("RGB", (2, 2)))
    image_id = client.post("/api/images", data={"file": (BytesIO(data), "a.png")}).json["id"]
    assert client.get(f"/api/images/{image_id}").status_code == 200
    assert create_app().test_client().get(f"/api/images/{image_id}").status_code == 404


def test_pages_are_found_inside_an_installed_package(tmp_path: Path, monkeypatch):
    package = tmp_path / "cnn_server"
    (package / "templates").mkdir(parents=True)
    (package / "static").mkdir()
    (package / "templates" / "operation.html").write_text("installed {{ page.title }}")
    (package / "static" / "a.txt").write_text("installed")
    monkeypatch.setattr(application, "HERE", package)
    client = create_app().test_client()
    assert client.get("/operations/flatten").data == b"installed Flatten"
    assert client.get("/static/a.txt").data == b"installed"


def test_pages_are_found_beside_the_package_in_a_checkout(tmp_path: Path, monkeypatch):
    root = Path(cnn_server.__file__).resolve().parents[1]
    shutil.copytree(root / "templates", tmp_path / "templates")
    shutil.copytree(root / "static", tmp_path / "static")
    monkeypatch.setattr(application, "HERE", tmp_path / "cnn_server")
    assert create_app().test_client().get("/operations/flatten").status_code == 200
