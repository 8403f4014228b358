"""The pages: HTML shells that the scripts fill, and the table of them that the navigation shows."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template

from cnn_server import pipeline
from cnn_server.glossary import Glossary
from cnn_server.problems import ProblemError
from cnn_server.web import revalidated

pages = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Page:
    """One page of the navigation."""

    path: str
    title: str
    group: str
    lead: str
    ready: bool = False

    @property
    def name(self) -> str:
        """The last part of the path, by which templates and scripts know the page."""
        return self.path.rpartition("/")[2] or "home"


# In the order of the navigation.
PAGES = (
    Page(
        "/",
        "Convoscope",
        "start",
        "Step through a convolutional neural network, one number at a time.",
        ready=True,
    ),
    Page(
        "/operations/convolution",
        "Convolution",
        "operations",
        "A small kernel slides over the input. At each place it multiplies, adds up, and writes one number.",
        ready=True,
    ),
    Page(
        "/operations/stride",
        "Stride",
        "operations",
        "How far the window moves between two steps: two strides side by side, on one clock.",
        ready=True,
    ),
    Page(
        "/operations/padding",
        "Padding",
        "operations",
        "Cells around the input, so that its border counts as well: two paddings side by side.",
        ready=True,
    ),
    Page(
        "/operations/channels",
        "Channels",
        "operations",
        "Every channel has a kernel of its own; what they find is added up to one map for each filter.",
        ready=True,
    ),
    Page(
        "/operations/pooling",
        "Pooling",
        "operations",
        "Each window is replaced by one number: its largest value, or its average.",
        ready=True,
    ),
    Page(
        "/operations/activation",
        "Activation",
        "operations",
        "Each value by itself is bent: without that, many layers would be no more than one.",
        ready=True,
    ),
    Page(
        "/operations/flatten",
        "Flatten",
        "operations",
        "Maps become one long row of numbers. Nothing is lost; only the shape changes.",
        ready=True,
    ),
    Page(
        "/operations/dense",
        "Dense",
        "operations",
        "Every input meets every output, each with a weight of its own.",
        ready=True,
    ),
    Page(
        "/operations/output",
        "Output",
        "operations",
        "From the last numbers to an answer, and from the answer to one number that says how wrong it is.",
        ready=True,
    ),
    Page(
        "/feature-maps",
        "Feature maps",
        "networks",
        "What a convolution sees in a photo: a wall of maps, one for each kernel.",
        ready=True,
    ),
    Page(
        "/training",
        "Training",
        "networks",
        "A network learns before your eyes: watch it, stop it, bend it, break it.",
        ready=True,
    ),
    Page("/backpropagation", "Backpropagation", "networks", "How a mistake becomes a change of every weight."),
    Page(
        "/optimizers",
        "Optimizers",
        "networks",
        "Gradients say which way is down; an optimizer decides how to walk. Six of them race, on one clock.",
        ready=True,
    ),
    Page("/explorer", "Explorer", "networks", "A whole network, open at every layer."),
)

TEMPLATES = {"home": "home.html", "feature-maps": "feature_maps.html", "training": "training.html"}
SCRIPTS = {"home": "home.js", "feature-maps": "feature_maps.js", "training": "training.js"}
LATER = {  # what these ask for after their first frame
    "feature-maps": ["inspector.js", "input/paste.js"],
    "training": ["training/own-runs.js", "training/predictions.js", "training/trouble.js"],
}
OWN_STAGE = ("optimizers",)  # operations that draw no grids
IMPORT = re.compile(
    r"""^\s*(?:import\s*|(?:import|export)\b[^"';=(]*?\bfrom\s*)["'](\.{1,2}/[^"']+)["']""", re.MULTILINE
)


@cache
def modules(folder: Path, entry: str) -> tuple[str, ...]:
    """The ES modules that `entry` loads, itself first, as paths inside `folder`: a page asks for all at once.

    An entry that is not there has none.
    """
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop(0)
        path = folder / name
        if name in found or not path.is_file():
            continue
        found[name] = None
        imports = IMPORT.findall(path.read_text("utf-8"))
        waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(name), other)) for other in imports]
    return tuple(found)


def _modules(folder: Path, name: str) -> tuple[list[str], list[str]]:
    """What a page loads for its first frame, its script first, and what it loads after that."""
    if name in SCRIPTS:
        first, second = [SCRIPTS[name]], LATER.get(name, [])
    else:  # an operation: its own modules are asked for by name
        grids = [] if name in OWN_STAGE else ["stage.js"]
        tools = [] if name in OWN_STAGE else ["input/drawing.js", "input/photo.js"]
        first = ["operation.js", *grids, f"operations/{name}.js"]
        second = ["settings.js", "lesson/lesson.js", f"lesson/tasks/{name}.js", *tools]
    now = _together(folder, first)
    return now, [module for module in _together(folder, second) if module not in now]


def _together(folder: Path, entries: list[str]) -> list[str]:
    return list(dict.fromkeys(module for entry in entries for module in modules(folder, entry)))


def navigation() -> dict[str, Any]:
    """What every template knows: `nav`, the pages in order."""
    return {"nav": [asdict(page) for page in PAGES]}


def _show(page: Page) -> Response:
    first, later = _modules(Path(current_app.static_folder or "") / "js", page.name)
    context: dict[str, Any] = {
        "page": page,
        "operation": {"name": page.name, "title": page.title, "lead": page.lead},
        "modules": first,
        "later": later,
    }
    if page.name not in TEMPLATES:  # an operation, whichever its group
        context["glossary"] = Glossary()  # explains each word of the trade where it first stands
    if page.name == "home":
        context["pipeline"] = pipeline.stages()
    return revalidated(make_response(render_template(TEMPLATES.get(page.name, "operation.html"), **context)))


def _view(page: Page) -> Callable[[], Response]:
    def view() -> Response:
        if not page.ready:
            detail = f"The page “{page.title}” is still to come. What it will show: {page.lead}"
            raise ProblemError(404, detail)
        return _show(page)

    return view


for _page in PAGES:
    pages.add_url_rule(_page.path, endpoint=_page.name, view_func=_view(_page))
