"""The page that a teacher projects, and the server behind it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from cnn_server import create_app
from cnn_server.addresses import is_for_others, own_addresses, url
from cnn_server.serve import classroom_urls

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
    assert "QR code" not in html


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
