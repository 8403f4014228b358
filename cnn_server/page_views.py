"""The pages: HTML shells that the scripts fill."""

from __future__ import annotations

from functools import partial
from typing import Any, get_args

from flask import Blueprint, Response, make_response, render_template
from markupsafe import Markup

from cnn_engine.catalogue import OPERATIONS, names
from cnn_engine.data.presets import GRADIENTS
from cnn_engine.geometry import PADDING_MODES, PADDING_WORDS
from cnn_engine.models.measures import shipped_measures
from cnn_engine.nn.catalogue import networks
from cnn_engine.nn.depth import ACTIVATIONS as DEPTH_ACTIVATIONS
from cnn_engine.nn.landscapes import LANDSCAPES
from cnn_engine.nn.race import RUNNERS
from cnn_engine.nn.schedules import Units
from cnn_engine.parameters import Parameter
from cnn_engine.trace.linear import DENSE_ACTIVATIONS
from cnn_server import encoding, pipeline
from cnn_server.glossary import Glossary
from cnn_server.languages import gettext, sentence_of, translated
from cnn_server.pages import PAGES, PATH, Page, position
from cnn_server.web import revalidated

pages = Blueprint("pages", __name__)
_LAYERS = {row["name"]: row["called"] for row in networks()["layers"]}
# What is chosen by its name alone, and what each is called on a page.
NAMES: dict[str, dict[str, str]] = {
    "landscapes": {name: landscape.called for name, landscape in LANDSCAPES.items()},
    "runners": {name: title for name, (title, _) in RUNNERS.items()},
    "paddings": {word: word.replace("_", " ") for word in PADDING_WORDS},
    "gradients": GRADIENTS,
    "padding_modes": {mode: mode for mode in PADDING_MODES},
    "units": {unit: unit for unit in get_args(Units)},
    "dense_activations": {name: _LAYERS[name] for name in DENSE_ACTIVATIONS if name in _LAYERS},
    "depth_activations": {name: _LAYERS[name] for name in DEPTH_ACTIVATIONS},
}


def navigation() -> dict[str, Any]:
    """Return what every template knows: `nav`, the pages in order, and `path`, those that follow each other."""
    return {"nav": PAGES, "path": PATH}


def _show(page: Page) -> Response:
    context: dict[str, Any] = {"page": page, "position": position(page)}
    if page.explains:
        context["glossary"] = Glossary()
    if page.offers or page.choices:
        context["choices"] = choices(page)
    return revalidated(make_response(render_template(page.template, **context)))


def choices(page: Page) -> dict[str, Any]:
    """Return what the catalogue says of what can be chosen on a page, by kind."""
    operations = {"operations": offered(page.offers)} if page.offers else {}
    return operations | {kind: _named(kind) if kind in NAMES else translated(networks()[kind]) for kind in page.choices}


def _named(kind: str) -> dict[str, str]:
    return {name: gettext(called) for name, called in NAMES[kind].items()}


def offered(group: str) -> list[dict[str, Any]]:
    """Return the operations of a group: what each is called, what its gradients are and by what, what can be set."""
    rows = (OPERATIONS[name] for name in names(group))
    return [
        {
            "name": row.name,
            "linked": row.linked,
            "title": sentence_of(row.title),
            "choice": sentence_of(row.choice),
            "gradient": row.gradient.name if row.gradient else "",
            "by": row.gradient.parameters[0].name if row.gradient else "",
            "parameters": [_option(part) for part in row.parameters if part.accepts.kind != "tensor"],
        }
        for row in rows
    ]


def _option(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter as the API shows it, with what people call each of its words."""
    words = parameter.accepts.words
    shown: dict[str, Any] = translated(parameter.as_json())
    return shown | ({"labels": {word: gettext(word.replace("_", " ")) for word in words}} if words else {})


@pages.app_template_global()
def figures() -> dict[str, Any]:
    """Return what was measured of the shipped models, as sentences of the explorer quote it."""
    return {
        name: {"total": one.total, "read": one.read, "moved": one.read_moved, "without": one.read_without}
        for name, one in shipped_measures().items()
    }


@pages.app_template_filter()
def in_page(body: Any) -> Markup:
    """Return what a script element of a page holds of it, as JSON."""
    return encoding.in_page(encoding.dumps(body).decode())


pages.add_app_template_global(pipeline.stages, "pipeline")
pages.add_app_template_global(pipeline.network, "network")
for _page in PAGES:
    pages.add_url_rule(_page.path, endpoint=_page.name, view_func=partial(_show, _page))
