"""The table of pages that the navigation shows, and what each page loads. It needs the standard library alone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Page:
    """One page: what it is called, its template, and the scripts and style sheets that it loads and when."""

    path: str
    title: str
    group: str
    lead: str
    template: str
    entry: tuple[str, ...] = ()  # for its first frame, its script first
    later: tuple[str, ...] = ()  # after that
    sheets: tuple[str, ...] = ()  # beside those of every page
    backward: bool = False  # whether it can show the gradients of its operation as well
    # what can be chosen, of which it carries what the catalogue says: the operations of a group, and kinds of others
    offers: str = ""
    choices: tuple[str, ...] = ()
    has_code: bool = False  # whether what it steps through can be taken along as a program
    explains: bool = False  # whether each word of the trade is explained where it first stands

    @property
    def name(self) -> str:
        """The last part of the path, by which templates and scripts know the page."""
        return self.path.rpartition("/")[2] or "home"


def _operation(
    path: str,
    title: str,
    lead: str,
    *,
    group: str = "operations",
    grids: bool = True,
    backward: bool = False,
    own: tuple[str, ...] = (),
    sheet: str = "",
    offers: str = "",
    choices: tuple[str, ...] = (),
) -> Page:
    """Return a page that steps through an operation.

    `grids` where those are its stage, which can be filled and taken along as a program; `own` are the scripts that it
    alone fetches later, `sheet` a style sheet of its own beside the grids.
    """
    name = path.rpartition("/")[2]
    entry = ("operation.js", *(["stage.js"] if grids else []), f"operations/{name}.js")
    tools = ("input/drawing.js", "input/photo.js", "picture/step.js") if grids else ()
    later = ("settings.js", "lesson/lesson.js", f"lesson/tasks/{name}.js", *tools, *own)
    sheets = tuple(filter(None, (sheet if grids else name, "input", "lesson", "paper")))
    choices = (*choices, "gradients") if backward else choices  # of those that come from above
    shown = (path, title, group, lead, "operation.html", entry, later, sheets)
    return Page(*shown, backward, offers, choices, has_code=grids, explains=True)


def _beside(name: str, *sheets: str, script: str = "plain.js") -> Page:
    """Return a page that the navigation does not show; its template says what it is called."""
    return Page(f"/{name}", "", "", "", f"{name}.html", (script,), sheets=sheets)


# In the order of the lesson, which is that of the navigation and of the path from page to page.
PAGES = (
    Page(
        "/",
        "Convoscope",
        "start",
        "Step through a convolutional neural network, one number at a time.",
        "home.html",
        ("home.js",),
        sheets=("explorer", "home"),
    ),
    _operation(
        "/operations/convolution",
        "Convolution",
        "A small kernel slides over the input. At each place it multiplies, adds up, and writes one number.",
        backward=True,
        offers="convolution",
        choices=("paddings", "padding_modes"),
    ),
    _operation(
        "/operations/channels",
        "Channels",
        "Every channel has a kernel of its own; what they find is added up to one map for each filter.",
        backward=True,
        choices=("paddings",),
    ),
    _operation(
        "/operations/stride",
        "Stride",
        "How far the window moves between two steps: two strides compared, on one clock.",
        backward=True,
        choices=("paddings",),
    ),
    _operation(
        "/operations/padding",
        "Padding",
        "Cells around the input, so that its border counts as well: two paddings compared.",
        backward=True,
        choices=("paddings", "padding_modes"),
    ),
    _operation(
        "/operations/pooling",
        "Pooling",
        "Each window is replaced by one number: its largest value, or its average.",
        backward=True,
        offers="pooling",
        choices=("paddings",),
    ),
    _operation(
        "/operations/activation",
        "Activation",
        "Every value passes through a curve. Without it, a stack of layers could do no more than a single one.",
        backward=True,
        offers="activation",
    ),
    _operation(
        "/operations/flatten",
        "Flatten",
        "Maps become one long row of numbers. Nothing is lost; only the shape changes.",
        backward=True,
    ),
    _operation(
        "/operations/dense",
        "Dense",
        "Every input meets every output, each with a weight of its own.",
        backward=True,
        choices=("dense_activations",),
    ),
    _operation(
        "/operations/output",
        "Output",
        "From the last numbers to an answer, and from the answer to one number that says how wrong it is.",
        backward=True,
        offers="answer",
    ),
    Page(
        "/feature-maps",
        "Feature maps",
        "networks",
        "What a convolution sees in a photo: a wall of maps, one for each kernel.",
        "feature_maps.html",
        ("feature_maps.js",),
        ("inspector.js", "input/paste.js", "feature-maps/paper.js"),
        ("feature-maps", "input", "paper"),
    ),
    _operation(
        "/backpropagation",
        "Backpropagation",
        "How a mistake becomes a change of every weight of a small network, one number at a time.",
        group="networks",
        own=("gradient-check.js", "predict-bar.js"),
        sheet="strip",
        offers="activation",
        choices=("optimizers", "losses"),
    ),
    _operation(
        "/depth",
        "Deep networks",
        "Through many layers, values and gradients vanish, explode, or keep their size: see which and why.",
        group="networks",
        grids=False,
        choices=("initialisations", "depth_activations"),
    ),
    _operation(
        "/optimizers",
        "Optimizers",
        "Gradients say which way is down; an optimizer decides how to walk. They race, on one clock.",
        group="networks",
        grids=False,
        choices=("landscapes", "runners", "optimizers", "schedules"),
    ),
    Page(
        "/training",
        "Training",
        "networks",
        "A network learns before your eyes: watch it, stop it, bend it, break it.",
        "training.html",
        ("training.js",),
        (
            "training/own-runs.js",
            "training/predictions.js",
            "training/trouble.js",
            "training/paper.js",
            "training/tasks.js",
        ),
        ("training", "training-strip", "training-curves", "training-outcome", "training-setup", "lesson", "paper"),
        choices=(
            "layers",
            "optimizers",
            "schedules",
            "units",
            "losses",
            "initialisations",
            "augmentations",
            "dataset_options",
        ),
        explains=True,
    ),
    Page(
        "/explorer",
        "Explorer",
        "networks",
        "Draw a digit, and a network answers while you draw. Open any number in it, and ask why.",
        "explorer.html",
        ("explorer.js",),
        (
            "explorer/cell.js",
            "explorer/parts.js",
            "explorer/reason-view.js",
            "explorer/learned-view.js",
            "draw/chart.js",
            "explorer/reach.js",
            "explorer/camera.js",
            "explorer/paper.js",
            "lesson/task-list.js",
            "lesson/tasks/explorer.js",
        ),
        ("lesson", "explorer", "explorer-parts", "why", "input", "paper"),
        choices=("layers",),
    ),
)
BESIDE = (
    _beside("claims", "tables", "claims"),
    _beside("classroom", "classroom"),
    _beside("error"),
    _beside("room", "room", script="room.js"),
    _beside("stored", "room", "tables", script="stored.js"),
)
PATH = tuple(page for page in PAGES if page.group != "start")  # one after the other, from the first on
LOADED = {page.name: page for page in (*PAGES, *BESIDE)}
SHEETS = ("tokens", "layout", "components", "stage", "present")  # of every page

IMPORT = re.compile(
    r"""^\s*(?:import\s*|(?:import|export)\b[^"';=(]*?\bfrom\s*)["'](\.{1,2}/[^"']+)["']""", re.MULTILINE
)
DYNAMIC = re.compile(r"""\bimport\(["'](\.{1,2}/[^"']+)["']\)(?!\.[A-Z])""")  # one that begins a type is none


@dataclass(frozen=True)
class Position:
    """Where a page is on the path: its number, counted from 1, and the pages before and after it."""

    number: int
    previous: Page | None
    next: Page | None


def position(page: Page) -> Position | None:
    """Return where a page is on the path; `None` where it is not on it."""
    if page not in PATH:
        return None
    index = PATH.index(page)
    return Position(index + 1, PATH[index - 1] if index else None, PATH[index + 1] if index + 1 < len(PATH) else None)


def modules(folder: Path, *entries: str) -> tuple[str, ...]:
    """Return the ES modules that `entries` load, those first, as paths inside `folder`: a page asks for all at once.

    An entry that is not there has none.
    """
    return _followed(folder, entries, lambda _, text: IMPORT.findall(text))


def reachable(folder: Path, page: Page) -> tuple[str, ...]:
    """Return the ES modules that a page may load at any time, as paths inside `folder`, without other pages' own."""
    own = (*page.entry, *page.later)
    others = {name for other in LOADED.values() for name in (*other.entry, *other.later)} - set(own)

    def imports(name: str, text: str) -> list[str]:
        late = [other for other in DYNAMIC.findall(text) if _relative(name, other) not in others]
        return [*IMPORT.findall(text), *late]

    return _followed(folder, own, imports)


def _followed(folder: Path, entries: tuple[str, ...], imports: Callable[[str, str], list[str]]) -> tuple[str, ...]:
    """Return the modules of a folder that are reached from `entries` by what each imports, by its name and its text."""
    found: dict[str, None] = {}
    waiting = list(entries)
    while waiting:
        name = waiting.pop(0)
        path = folder / name
        if name in found or not path.is_file():
            continue
        found[name] = None
        waiting += [_relative(name, other) for other in imports(name, path.read_text("utf-8"))]
    return tuple(found)


def _relative(name: str, other: str) -> str:
    """Return the path inside the folder of what a module imports."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), other))
