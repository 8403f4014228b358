"""The pages: HTML shells that the scripts fill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, render_template

from cnn_engine.catalogue import BACKWARD, OPERATIONS, names
from cnn_engine.models.measures import shipped_measures
from cnn_engine.nn.catalogue import networks
from cnn_engine.nn.landscapes import LANDSCAPES
from cnn_engine.parameters import Parameter
from cnn_server import encoding, pipeline
from cnn_server.glossary import Glossary
from cnn_server.languages import gettext, sentence_of, translated
from cnn_server.pages import PAGES, PATH, Page, position
from cnn_server.web import revalidated

pages = Blueprint("pages", __name__)


def navigation() -> dict[str, Any]:
    """Return what every template knows: `nav`, the pages in order, and `path`, those that follow each other."""
    return {"nav": PAGES, "path": PATH}


def _show(page: Page) -> Response:
    context: dict[str, Any] = {"page": page, "position": position(page)}
    if page.template in ("operation.html", "training.html"):
        context["glossary"] = Glossary()  # explains each word of the trade where it first stands
    if page.offers or page.choices:
        context["choices"] = encoding.in_page(encoding.dumps(choices(page)).decode())
    if page.name == "explorer":
        context["figures"] = encoding.in_page(encoding.dumps(figures()).decode())
    if page.name == "home":
        context["pipeline"] = pipeline.stages()
        context["network"] = encoding.in_page(encoding.dumps(pipeline.network()).decode())
    return revalidated(make_response(render_template(page.template, **context)))


def choices(page: Page) -> dict[str, list[dict[str, Any]]]:
    """Return what the catalogue says of what can be chosen on a page, by kind."""
    operations = {"operations": offered(page.offers)} if page.offers else {}
    landscapes = [{"name": name, "called": landscape.called} for name, landscape in LANDSCAPES.items()]
    others = networks() | {"landscapes": landscapes}
    return operations | {kind: translated(others[kind]) for kind in page.choices}


def offered(group: str) -> list[dict[str, Any]]:
    """Return the operations of a group: what each is called, whether it has gradients, and what can be set of it."""
    rows = (OPERATIONS[name] for name in names(group))
    return [
        {
            "name": row.name,
            "title": sentence_of(row.title),
            "called": sentence_of(row.called),
            "gradient": f"{row.name}_{BACKWARD}" in OPERATIONS,
            "parameters": [_option(part) for part in row.parameters if part.accepts.kind != "tensor"],
        }
        for row in rows
    ]


def _option(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter as the API shows it, with what people call each of its words."""
    words = parameter.accepts.words
    shown: dict[str, Any] = translated(parameter.as_json())
    return shown | ({"labels": {word: gettext(word.replace("_", " ")) for word in words}} if words else {})


def figures() -> dict[str, Any]:
    """Return what was measured of the shipped models, as sentences of the explorer quote it."""
    return {
        name: {"total": one.total, "read": one.read, "moved": one.read_moved, "without": one.read_without}
        for name, one in shipped_measures().items()
    }


def _view(page: Page) -> Callable[[], Response]:
    def view() -> Response:
        return _show(page)

    return view


for _page in PAGES:
    pages.add_url_rule(_page.path, endpoint=_page.name, view_func=_view(_page))
