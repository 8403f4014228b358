"""An upload lasts an hour; by choice it is kept in the data folder until a date, or is part of a link."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cnn_server import create_app


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def app(tmp_path, clock):
    return create_app({"DATA_DIR": str(tmp_path), "CLOCK": clock, "RUN_WORKERS": 0})


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def upload(encoded):
    smooth = np.add.outer(np.arange(96), np.arange(128))[..., None].repeat(3, 2).astype(np.uint8)

    def send(client, pixels=smooth) -> str:
        return client.post("/api/images", data={"file": (BytesIO(encoded(pixels)), "a.png")}).json["id"]

    return send


def test_by_itself_it_is_in_memory_for_an_hour(client, upload, tmp_path):
    path = f"/api/images/{upload(client)}/keeping"
    answer = client.get(path).json
    assert (answer["where"], answer["seconds"], answer["kept_until"], answer["mine"]) == ("memory", 3600, None, False)
    assert not list(tmp_path.glob("photos/*"))
    assert client.delete(path).status_code == 404


def test_by_choice_it_outlives_the_hour_and_the_server(client, upload, clock, tmp_path):
    image = upload(client)
    pixels = client.get(f"/api/images/{image}").json["pixels"]
    answer = client.post(f"/api/images/{image}/keeping").json
    assert (answer["where"], answer["mine"]) == ("folder", True)
    assert date.fromisoformat(answer["kept_until"]) - date.today() >= timedelta(days=29)
    assert client.post(f"/api/images/{image}/keeping").json["kept_until"] == answer["kept_until"]
    clock.now = 3601
    assert client.get(f"/api/images/{image}").json["pixels"] == pixels
    other = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0}).test_client()
    assert other.get(f"/api/images/{image}").json["pixels"] == pixels
    assert other.get(f"/api/images/{image}/keeping").json["seconds"] is None


def test_whoever_chose_so_can_delete_it_and_nobody_else(app, client, upload, tmp_path):
    image = upload(client)
    path = f"/api/images/{image}/keeping"
    client.post(path)
    other = app.test_client()
    assert other.get(path).json["mine"] is False
    assert other.delete(path).status_code == 403
    assert client.delete(path, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.delete(path).status_code == 204
    assert client.get(f"/api/images/{image}").status_code == 404
    assert not list(tmp_path.glob("photos/*"))


def test_kept_photos_are_bounded_and_end(upload, tmp_path):
    small = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0, "IMAGE_KEPT_BYTES": 40_000}).test_client()
    assert small.post(f"/api/images/{upload(small)}/keeping").status_code == 200
    refused = small.post(f"/api/images/{upload(small)}/keeping")
    assert (refused.status_code, refused.mimetype) == (507, "application/problem+json")
    over = create_app({"DATA_DIR": str(tmp_path / "other"), "RUN_WORKERS": 0, "IMAGE_KEPT_TTL": -1})
    image = upload(over.test_client())
    over.test_client().post(f"/api/images/{image}/keeping")
    assert over.extensions["kept_images"].get(image) is None
    assert list(tmp_path.glob("other/photos/*")) == []  # deleted, and not only hidden
    assert over.extensions["kept_images"].made_since(0) == []


def test_one_person_keeps_no_more_than_their_share(upload, tmp_path):
    client = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0, "IMAGES_KEPT_PER_CLIENT": 2}).test_client()
    answers = [client.post(f"/api/images/{upload(client)}/keeping") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 507]
    assert "You keep 2 photos already" in answers[2].json["detail"]


@pytest.mark.parametrize("damage", [b"", b"{}", b"{}\n{}\n", b"[1]\nx", b'{"owner": 1}\n'])
def test_a_damaged_file_is_none(app, client, upload, tmp_path, damage):
    image = upload(client)
    client.post(f"/api/images/{image}/keeping")
    next(tmp_path.glob("photos/*")).write_bytes(damage)
    app.extensions["images"].drop(image)
    assert client.get(f"/api/images/{image}").status_code == 404


@pytest.mark.parametrize("name", ["..", "%2e%2e%2fruns", "nothing", "camera", "a" * 300])
def test_what_is_no_upload_is_not_kept(client, name):
    for method in ("get", "post", "delete"):
        assert getattr(client, method)(f"/api/images/{name}/keeping").status_code == 404
    assert client.get(f"/api/images/{name}/link").status_code == 404


def test_what_was_kept_since_a_time_is_known_and_can_be_dropped(app, client, upload):
    image = upload(client)
    client.post(f"/api/images/{image}/keeping")
    kept = app.extensions["kept_images"]
    assert kept.made_since(0) == [image]
    assert kept.made_since(kept.about(image).made + 1) == []
    kept.drop(image)
    assert kept.made_since(0) == []


def test_a_small_one_is_part_of_a_link_and_a_large_one_is_not(client, upload):
    image = upload(client)
    text = client.get(f"/api/images/{image}/link").json["photo"]
    assert len(text) <= 8_000
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    again = np.asarray(Image.open(BytesIO(data)).convert("RGB"), int)
    own = np.array(client.get(f"/api/images/{image}").json["pixels"]["values"])
    assert np.abs(again - own).max() == 0  # so simple a picture needs no loss
    noise = np.random.default_rng(3).integers(0, 256, (128, 128, 3), np.uint8)
    assert client.get(f"/api/images/{upload(client, noise)}/link").json["photo"] is None


def test_the_page_says_where_a_photo_goes():
    memory = create_app({"RUN_WORKERS": 0}).test_client().get("/feature-maps").text
    assert "stays in the server's memory for an hour at most" in memory.replace("&#39;", "'")
    redis = create_app({"RUN_WORKERS": 0, "REDIS_URL": "redis://127.0.0.1:1", "IMAGE_TTL": 600}).test_client()
    page = redis.get("/feature-maps").text
    assert "Redis, which may write it to disk, and stays there for 10 minutes at most" in page
    assert "memory" not in page.partition('data-role="drop"')[2].partition("</div>")[0]
