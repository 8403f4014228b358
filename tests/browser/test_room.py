"""The page of the room's owner, by the link of the terminal; and the page that says what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from playwright.sync_api import Page, expect

from cnn_server import create_app
from cnn_server.serving.server import serving_in_a_thread
from scripts.waiting import until

from .reading import button

BODY = {"architecture": "linear", "dataset": "digits", "optimizer": "sgd", "epochs": 500, "steps_per_second": 5.0}


class Lesson:
    """A server with a key, and pupils who have no browser."""

    def __init__(self, app: OpenAPI, port: int) -> None:
        self.app, self.base = app, f"http://127.0.0.1:{port}"
        self.key = app.extensions["room"].new_key()
        self.store = app.extensions["runs"].store()

    def pupil(self, *names: str) -> FlaskClient:
        client: FlaskClient = self.app.test_client()
        client.get("/training")
        for name in names:
            assert client.post("/api/runs", json=BODY | {"name": name}).status_code == 201
        return client

    def states(self) -> dict[str, str]:
        return {run.name: run.state for run in self.store.made_since(0.0)}


@pytest.fixture(scope="module")
def lesson(tmp_path_factory) -> Iterator[Lesson]:
    app = create_app({"DATA_DIR": str(tmp_path_factory.mktemp("lesson")), "RUN_WORKERS": 1, "RUNS_AT_ONCE": 2})
    with serving_in_a_thread(app) as port:
        made = Lesson(app, port)
        yield made
    app.extensions["runs"].stop()


def row(page: Page, name: str):
    return page.locator("[data-role=runs] li").filter(has_text=name)


def test_the_owner_looks_after_the_room_and_steers_a_pupils_run_on_its_page(lesson, open_page, check_axe):
    lesson.pupil("ada one", "ada two")
    until(lambda: list(lesson.states().values()) == ["running"] * 2)
    lesson.pupil("bob")
    page: Page = open_page(f"{lesson.base}/key/{lesson.key}", width=1366, height=768)
    assert page.url == f"{lesson.base}/room"
    assert lesson.key not in page.content()
    assert page.evaluate("document.cookie") == ""  # no script reads it
    check_axe(page)
    expect(row(page, "bob")).to_contain_text("learning")  # his first goes before ada's second
    expect(row(page, "ada two")).to_contain_text("waiting at place 1")
    expect(page.locator("[data-role=places]")).to_contain_text("2 of 2 places are taken: 2 learning, 1 waiting")
    button(row(page, "bob"), "Free place").click()
    expect(row(page, "ada two")).to_contain_text("learning")
    expect(row(page, "bob")).to_contain_text("paused · step")
    expect(row(page, "bob")).to_contain_text("has no place")
    button(page, "Pause all").click()
    until(lambda: set(lesson.states().values()) == {"paused"})
    expect(row(page, "ada one")).to_contain_text("paused")
    button(row(page, "ada one"), "Resume").click()
    expect(row(page, "ada one")).to_contain_text("learning")
    button(row(page, "ada one"), "Stop").click()
    expect(row(page, "ada one")).to_contain_text("stopped")
    button(row(page, "ada one"), "Delete").click()
    button(row(page, "ada one"), "Delete for good").click()
    expect(row(page, "ada one")).to_have_count(0)
    assert set(lesson.states()) == {"ada two", "bob"}
    expect(page.locator("[data-role=made]")).to_contain_text("2 runs, 0 uploaded pictures")
    button(page, "Delete everything of this lesson").click()
    button(page, "Delete it for good").click()
    expect(page.get_by_text("Nobody has started a run yet.")).to_be_visible()
    assert lesson.states() == {}
    lesson.pupil("ada")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(row(page, "ada")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    check_axe(page)
    row(page, "ada").get_by_role("link").click()
    expect(page.locator("[data-role=watching]")).to_be_hidden()
    button(page, "Pause").click()
    until(lambda: lesson.states() == {"ada": "paused"})


def test_what_is_stored_is_said_and_ones_runs_can_be_deleted(lesson, open_page, check_axe):
    page: Page = open_page(f"{lesson.base}/", width=1366, height=768, dark=True)
    page.get_by_role("link", name="What is stored here, for how long, and how to delete it").click()
    expect(page.get_by_role("row", name=re.compile("Pictures that you upload"))).to_contain_text("1 hour")
    assert page.evaluate("document.documentElement.scrollWidth") == 1366
    check_axe(page, both=True)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    check_axe(page, colours=False)
    lesson.pupil("somebody else's")
    others = set(lesson.states())
    page.context.request.get(f"{lesson.base}/training")
    page.context.request.post(f"{lesson.base}/api/runs", data=BODY | {"name": "mine"})
    button(page, "Delete all my runs").click()
    button(page, "Delete them for good").click()
    expect(page.get_by_text("1 run deleted.")).to_be_visible()
    assert set(lesson.states()) == others
