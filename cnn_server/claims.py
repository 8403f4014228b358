"""The lesson, claim by claim: a page made of `docs/claims.md`, the one file that has the claims.

Its texts are content, as the credits of photos are: they are English in every language, and marked so.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from flask import Flask, Response, make_response, render_template
from markupsafe import Markup

from cnn_engine.wording import unbroken
from cnn_server.web import revalidated

TIMES = re.compile(" × ")
SIGN = re.compile("([+=−/]) ")


class Section(NamedTuple):
    """A part of the lesson: its heading and anchor, paragraphs of text, what its columns are called, and its claims.

    A claim has a text for each column, as HTML.
    """

    title: Markup
    anchor: str
    paragraphs: list[Markup]
    columns: list[Markup]
    claims: list[list[Markup]]


def register(app: Flask, file: Path) -> None:
    """Serve the claims of a file at /claims."""

    def show() -> Response:
        head, *sections = read(file.read_text("utf-8"))
        return revalidated(make_response(render_template("claims.html", head=head, sections=sections)))

    app.add_url_rule("/claims", endpoint="claims", view_func=show)


def kept_together(text: str) -> str:
    """Return a text whose operators stay with their operands where a line breaks."""
    return SIGN.sub("\\1\N{NO-BREAK SPACE}", TIMES.sub("\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}", text))


def read(text: str) -> list[Section]:
    """Return the sections of a Markdown file whose tables hold the claims, the one with its title first."""
    # Read here: it takes longer to load than the rest of the server, and few ask for this page.
    from markdown_it import MarkdownIt  # noqa: PLC0415

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    sections: list[Section] = []
    tokens = markdown.parse(text)
    for opening, token in pairwise(tokens):
        if token.type != "inline":
            continue
        written = Markup(unbroken(markdown.renderer.render(token.children or [], markdown.options, {})))
        _put(sections, opening.tag, written)
    return sections


def _put(sections: list[Section], tag: str, written: Markup) -> None:
    """Put a text where it belongs, by the tag around it."""
    if tag in ("h1", "h2"):
        anchor = re.sub(r"[^a-z0-9]+", "-", written.striptags().lower()).strip("-")
        sections.append(Section(written, anchor, [], [], []))
    elif tag == "p":
        sections[-1].paragraphs.append(written)
    elif tag == "th":
        sections[-1].columns.append(written)
    elif tag == "td":
        section = sections[-1]
        if not section.claims or len(section.claims[-1]) == len(section.columns):
            section.claims.append([])
        section.claims[-1].append(Markup(kept_together(written)))
