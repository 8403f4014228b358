"""POST /api/images and GET /api/images/{id}: uploads in memory for an hour, and clear refusals that name `file`."""

from __future__ import annotations

import tempfile
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

MB = 1024 * 1024


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def send(client, data: bytes, name: str = "photo.png", **options):
    """Post a form with a file. Built by hand: Werkzeug's test client would itself write a large one to disk."""
    head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    form = head.encode() + data + b"\r\n--edge--\r\n"
    return client.post("/api/images", data=form, content_type="multipart/form-data; boundary=edge", **options)


def refused(response, status: int, field: str = "file") -> str:
    """The sentence of a refusal that names this field."""
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert [error["field"] for error in response.json["errors"]] == [field]
    return response.json["errors"][0]["message"]


def test_an_upload_is_answered_with_its_pixels(client, encoded):
    pixels = np.array([[[255, 0, 0], [0, 255, 0]]], np.uint8)
    response = send(client, encoded(pixels))
    assert response.status_code == 201
    body = response.json
    assert body["pixels"] == {"shape": [1, 2, 3], "values": [[[255, 0, 0], [0, 255, 0]]]}
    assert (body["width"], body["height"]) == (2, 1)
    assert (body["original_width"], body["original_height"]) == (2, 1)
    assert body["expires_in"] == 3600
    assert response.headers["Location"] == f"/api/images/{body['id']}"


def test_an_upload_comes_back_by_its_id(client, encoded):
    posted = send(client, encoded(Image.new("RGB", (300, 200), (9, 8, 7)))).json
    got = client.get(f"/api/images/{posted['id']}").json
    assert got["pixels"]["values"][0][0] == [9, 8, 7]
    assert (got["width"], got["height"], got["original_width"], got["original_height"]) == (128, 85, 300, 200)


def test_pixels_travel_as_bytes_when_asked(client, encoded):
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    for response in (
        send(client, encoded(pixels), headers={"Accept": "application/octet-stream"}),
        client.get(
            f"/api/images/{send(client, encoded(pixels)).json['id']}",
            headers={"Accept": "application/octet-stream"},
        ),
    ):
        assert response.mimetype == "application/octet-stream"
        assert response.data == bytes(range(24))
        assert response.headers["X-Tensor-Shape"] == "2,4,3"
        assert response.headers["X-Tensor-Dtype"] == "uint8"
        assert len(response.headers["X-Image-Id"]) >= 22


def test_the_name_of_the_file_does_not_matter(client, encoded):
    assert send(client, encoded(Image.new("RGB", (2, 2))), "notes.txt").status_code == 201


def test_a_large_upload_never_touches_the_disk(client, encoded, monkeypatch):
    noise = np.random.default_rng(0).integers(0, 256, (1300, 1300, 3), np.uint8)
    data = encoded(noise, "BMP")
    assert len(data) > 5_000_000  # Werkzeug writes what is over 500 kB to a file unless told otherwise

    def forbidden(*args, **kwargs):
        raise AssertionError("a temporary file was opened")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, forbidden)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", forbidden, raising=False)
    monkeypatch.setattr("werkzeug.formparser.TemporaryFile", forbidden, raising=False)
    assert send(client, data).status_code == 201


def test_ten_megabytes_are_taken_and_one_byte_more_is_not(client, encoded):
    data = encoded(Image.new("RGB", (8, 8)))
    full = data + bytes(10 * MB - len(data))  # what follows a PNG's end is nobody's
    assert send(client, full).status_code == 201
    assert "10,485,760" in refused(send(client, full + b"\0"), 413)


def test_a_form_far_too_large_is_refused(client):
    assert "10,485,760" in refused(send(client, bytes(12 * MB)), 413)


def test_too_many_pixels_are_refused(client, encoded):
    assert "pixels" in refused(send(client, encoded(Image.new("L", (8_001, 5_000)))), 413)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"hello", "cannot be opened as a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "cannot be opened as a picture"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00", "file"),
    ],
)
def test_what_is_no_picture_is_refused(client, data, why):
    assert why in refused(send(client, data), 422)


def test_a_truncated_picture_is_refused(client, encoded):
    data = encoded(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8), "JPEG")
    assert "truncated" in refused(send(client, data[: len(data) // 2]), 422)


def multipart(client, parts):
    return client.post("/api/images", data=parts, content_type="multipart/form-data")


def test_a_form_without_a_file_is_refused(client):
    assert "no file" in refused(multipart(client, {}), 422)
    assert "no file" in refused(multipart(client, {"file": "text"}), 422)


def test_two_files_are_refused(client, encoded):
    data = encoded(Image.new("RGB", (2, 2)))
    parts = {"file": [(BytesIO(data), "a.png"), (BytesIO(data), "b.png")]}
    assert "holds 2" in refused(multipart(client, parts), 422)


def test_a_field_that_is_not_known_is_refused(client, encoded):
    parts = {"file": (BytesIO(encoded(Image.new("RGB", (2, 2)))), "a.png"), "size": "64"}
    assert "size is not a field here" in refused(multipart(client, parts), 422, "size")


@pytest.mark.parametrize("kind", ["application/json", "image/png", "application/x-www-form-urlencoded", None])
def test_what_is_no_form_is_refused(client, kind):
    response = client.post("/api/images", data=b"\x89PNG", content_type=kind)
    assert response.status_code == 415
    assert "multipart/form-data" in response.json["detail"]


def test_a_part_without_a_name_is_refused(client):
    form = b"--edge\r\nContent-Disposition: form-data\r\n\r\nvalue\r\n--edge--\r\n"
    response = client.post("/api/images", data=form, content_type="multipart/form-data; boundary=edge")
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"


def test_an_upload_is_gone_after_an_hour_and_the_answer_says_what_to_do(make_client, encoded):
    clock = Clock()
    client = make_client(CLOCK=clock)
    image_id = send(client, encoded(Image.new("RGB", (2, 2)))).json["id"]
    clock.now = 3599.0
    assert client.get(f"/api/images/{image_id}").json["expires_in"] == 1
    clock.now = 3600.0
    response = client.get(f"/api/images/{image_id}")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    for words in ("an hour", "memory", "upload it again"):
        assert words in response.json["detail"]


def test_uploads_make_room_for_new_ones(make_client, encoded):
    client = make_client(IMAGE_STORE_BYTES=3 * (1024 + 12))  # three pictures of 2 x 2 pixels
    data = encoded(Image.new("RGB", (2, 2)))
    ids = [send(client, data).json["id"] for _ in range(5)]
    kept = [client.get(f"/api/images/{image_id}").status_code for image_id in ids]
    assert kept == [404, 404, 200, 200, 200]


def test_an_unknown_id_is_not_found(client):
    assert client.get("/api/images/nothing").status_code == 404


def test_uploads_are_not_cached(client, encoded):
    assert send(client, encoded(Image.new("RGB", (2, 2)))).headers["Cache-Control"] == "no-store"
