"""The page that a teacher projects, and the server behind it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from cnn_server import create_app
from cnn_server.classroom import OVERHEAD, Links, in_parts
from cnn_server.serve import classroom_urls
from cnn_server.serving.sockets import is_for_others, own_addresses, url

SERVED = {"CLASSROOM_URLS": "http://192.168.7.20:5000 http://[2001:db8::7]:5000"}


def page(config: dict[str, str], path: str = "/classroom", **options: object) -> tuple[int, str]:
    answer = create_app(config).test_client().get(path, **options)
    return answer.status_code, answer.get_data(as_text=True)


def test_every_address_is_there_as_text_and_as_a_code() -> None:
    status, html = page(SERVED)
    assert status == 200
    assert re.findall(r"192\.168\.7\.20:5000/|\[2001:db8::7\]:5000/", html)
    assert html.count("<svg") - page({})[1].count("<svg") == 2
    assert "QR code of http://192.168.7.20:5000/" in html


def test_the_code_leads_to_one_place() -> None:
    _, html = page(SERVED, "/classroom?to=/training%23run%3Dabc")
    assert 'href="http://192.168.7.20:5000/training#run=abc"' in html


@pytest.mark.parametrize("to", ["//evil.example", "training", "/\\evil.example", "http://evil.example/", "/a\nb"])
def test_a_place_elsewhere_is_refused(to: str) -> None:
    status, html = page(SERVED, "/classroom", query_string={"to": to})
    assert status == 400
    assert "must be a place on this server" in html


def test_a_place_too_long_for_a_code_is_refused() -> None:
    assert page(SERVED, "/classroom", query_string={"to": "/" + "a" * 1000})[0] == 400


def test_a_server_for_this_machine_alone_says_so() -> None:
    status, html = page({})
    assert status == 200
    assert "make serve" in html
    assert "QR code of http" not in html


def test_the_address_that_the_request_came_by_will_do() -> None:
    _, html = page({}, base_url="http://192.168.7.21:8000")
    assert "QR code of http://192.168.7.21:8000/" in html


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("192.168.1.4", True),
        ("10.0.0.2", True),
        ("127.0.0.1", False),
        ("fe80::1", False),
        ("0.0.0.0", False),
        ("x", False),
    ],
)
def test_addresses_that_others_can_use(address: str, known: bool) -> None:
    assert is_for_others(address) is known


def test_own_addresses_are_usable() -> None:
    assert all(is_for_others(address) for address in own_addresses())
    assert classroom_urls("192.168.1.4", 5000) == ["http://192.168.1.4:5000"]
    assert url("2001:db8::7", 80) == "http://[2001:db8::7]:80"


def test_what_is_no_port_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cnn_server.serve", "--port", "x"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "is not a port" in done.stderr


# ---- codes and short links


def served():
    return create_app(SERVED).test_client()


def test_the_code_of_one_place_is_an_image():
    answer = served().get("/classroom/code.svg?to=/training%23run%3Dabc")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert 'xmlns="http://www.w3.org/2000/svg"' in answer.text
    assert "QR code of http://192.168.7.20:5000/training#run=abc" in answer.text
    assert create_app().test_client().get("/classroom/code.svg?to=/").status_code == 404  # nobody could open it


def test_on_the_teacher_s_machine_a_page_knows_the_room_s_address():
    meta = '<meta name="room" content="http://192.168.7.20:5000">'
    for base in ("http://localhost:5000", "http://127.0.0.1:5000", "http://[::1]:5000"):
        assert meta in served().get("/operations/convolution", base_url=base).text
    assert 'name="room"' not in served().get("/", base_url="http://192.168.7.20:5000").text
    assert 'name="room"' not in create_app().test_client().get("/").text


def test_the_navigation_leads_to_the_class_where_a_room_is_served():
    assert served().get("/training").text.count('<a href="/classroom">For the class</a>') == 2
    assert 'href="/classroom"' not in create_app().test_client().get("/training").text


def test_a_name_in_the_network_is_an_address_for_others():
    _, html = page({}, base_url="https://convoscope.example")
    assert "QR code of https://convoscope.example/" in html


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("192.168.7.20:5000/training#run=a-b", ["192.168.7.20:5000/", "training", "#run=a-b"]),
        ("https://a.b/", ["https:/", "/", "a.b/"]),
        ("a.b/<x>", ["a.b/", "&lt;x&gt;"]),
    ],
)
def test_an_address_is_broken_between_its_parts(address, parts):
    shown = str(in_parts(address))
    assert re.findall(r'<span class="part">(.*?)</span>', shown) == parts


PLACE = "/operations/convolution#input=" + ";".join([",".join("0123456789")] * 90) + "&step=3"


def test_a_short_link_leads_to_its_place_and_nowhere_else():
    client = create_app().test_client()
    made = client.post("/api/links", json={"to": PLACE})
    assert made.status_code == 201
    link = made.json["link"]
    assert made.headers["Location"] == link
    assert re.fullmatch(r"/l/[A-Za-z0-9_-]{16}", link)
    answer = client.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, PLACE)
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"Content-Security-Policy", "Permissions-Policy", "Referrer-Policy"} <= set(dict(answer.headers))
    assert client.post("/api/links", json={"to": PLACE}).json["link"] == link
    assert client.post("/api/links", json={"to": "/training"}).json["link"] != link
    for other in (link[:-1], link + "A", "/l/1", "/l/"):
        assert client.get(other).status_code == 404


@pytest.mark.parametrize(
    "to",
    [
        "",
        "training",
        "//evil.example",
        "/\\evil.example",
        "http://evil.example",
        "//[",
        "javascript:1",
        "/a\nb",
        "/" + "a" * 60_000,
    ],
)
def test_a_short_link_leads_only_to_places_on_this_server(to):
    answer = create_app().test_client().post("/api/links", json={"to": to})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "to"


def test_short_links_are_bounded_and_the_oldest_makes_room():
    links = Links(max_bytes=3 * (10 + OVERHEAD))
    ids = [links.put(f"/{number:09}") for number in range(3)]
    assert links.put("/000000000") == ids[0]  # asked for again: now the newest
    links.put("/000000003")
    assert [links.get(one) is not None for one in ids] == [True, False, True]
    assert ids[0] in links.made_since(0)
    links.drop(ids[0])
    assert links.get(ids[0]) is None
    assert ids[0] not in links.made_since(0)
