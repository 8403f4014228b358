"""Every failure is a problem, or a page for a person who opened one."""

from __future__ import annotations

import logging

import pytest

from cnn_server import create_app

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def test_a_problem_has_its_members(client):
    response = client.get("/api/nothing")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert response.json == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Nothing is at this address.",
        "instance": "/api/nothing",
    }


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/nothing", BROWSER, "text/html"),
        ("/nothing", "text/html", "text/html"),
        ("/nothing", "text/html;q=0.5, application/json", "application/problem+json"),
        ("/nothing", "application/json", "application/problem+json"),
        ("/nothing", "application/problem+json", "application/problem+json"),
        ("/nothing", "*/*", "application/problem+json"),
        ("/nothing", None, "application/problem+json"),
        ("/nothing", "text/html;q=0", "application/problem+json"),
        ("/nothing", "rubbish;;q=x,,", "application/problem+json"),
        ("/operations/nothing", BROWSER, "text/html"),
        ("/static/nothing.js", "*/*", "application/problem+json"),
        ("/api/nothing", BROWSER, "application/problem+json"),
        ("/api/images/nothing", BROWSER, "application/problem+json"),
    ],
)
def test_a_page_is_answered_to_who_asks_for_one(client, path, accept, kind):
    response = client.get(path, headers={"Accept": accept} if accept else {})
    assert response.status_code == 404
    assert response.mimetype == kind
    assert "Accept" in response.headers["Vary"]


def test_the_wrong_method_says_which_are_right(client):
    response = client.delete("/api/presets")
    assert response.status_code == 405
    assert "DELETE" in response.json["detail"]
    assert {"GET", "HEAD", "OPTIONS"} == {name.strip() for name in response.headers["Allow"].split(",")}


def test_an_unknown_operation_is_not_found(client):
    for call in (client.post, client.get):
        response = call("/api/trace/nothing")
        assert response.status_code == 404
        assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/presets?x=1", "/api/images/a?size=3"])
def test_a_parameter_in_the_address_is_refused_not_ignored(client, path):
    response = client.get(path)
    assert response.status_code == 422
    assert response.json["errors"][0]["field"] == path.partition("?")[2].partition("=")[0]


@pytest.mark.parametrize("accept", ["application/json", BROWSER])
def test_the_unexpected_is_logged_and_told_without_a_traceback(accept, caplog):
    app = create_app()

    def broken():
        raise RuntimeError("the secret of the house")

    app.add_url_rule("/broken", "broken", broken)
    with caplog.at_level(logging.ERROR):
        response = app.test_client().get("/broken", headers={"Accept": accept})
    assert response.status_code == 500
    assert b"secret" not in response.data
    assert b"Traceback" not in response.data
    assert "GET /broken failed" in caplog.text
    assert "the secret of the house" in caplog.text
    assert response.headers["Content-Security-Policy"]


def test_a_body_over_the_limit_is_refused_by_its_length(make_client):
    client = make_client(MAX_CONTENT_LENGTH=1000)
    response = client.post("/api/trace/conv2d", data=b" " * 1001, content_type="application/json")
    assert response.status_code == 413
    assert "1,000 bytes" in response.json["detail"]


def test_a_refused_body_is_read_to_its_end_so_that_the_answer_arrives(make_client):
    """A server that answers and closes early resets the connection while the client still sends."""
    client = make_client(MAX_CONTENT_LENGTH=1000)
    from io import BytesIO

    body = BytesIO(b"x" * 200_000)
    response = client.post(
        "/api/trace/conv2d",
        input_stream=body,
        content_length=200_000,
        content_type="application/json",
    )
    assert response.status_code == 413
    assert body.tell() == 200_000
