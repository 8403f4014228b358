"""In which language a page, a sentence or a refusal is written.

The address chooses it (`?lang=`), else a choice that the browser keeps (the cookie `lang`), else Accept-Language, else
it is English. What a page asks for under `/api/` goes by Accept-Language first: there the page says how it is written.

Templates and texts of the server are gettext's: the English text is the key. Sentences about steps and refusals are the
engine's, by id (`cnn_engine.words`). Another language adds its code, a catalogue here and a package there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request

from cnn_engine.errors import ConvoscopeError
from cnn_engine.words import ENGLISH, say
from cnn_engine.words.pseudo import CODE as PSEUDO
from cnn_engine.words.pseudo import pseudo

COOKIE = ARGUMENT = "lang"
CATALOGUES: dict[str, Callable[[str], str]] = {ENGLISH: str, PSEUDO: pseudo}
HEADERS = ("Accept-Language", "Cookie")  # by which answers differ
SPOKEN = {"text/html", "application/json", "application/problem+json"}


def offered() -> list[str]:
    """The languages that this server speaks; the one of tests only where its configuration says so."""
    return [ENGLISH, *([PSEUDO] if current_app.config["PSEUDO_LANGUAGE"] else [])]


def language() -> str:
    """The language of this request, chosen once; English where there is none."""
    if not has_request_context():
        return ENGLISH
    if "language" not in g:
        g.language = _chosen()
    return str(g.language)


def _chosen() -> str:
    known = offered()
    cookie, header = request.cookies.get(COOKIE), request.accept_languages.best_match(known)
    chosen = (header, cookie) if request.path.startswith("/api/") else (request.args.get(ARGUMENT), cookie, header)
    return next((code for code in chosen if code in known), ENGLISH)


def gettext(text: str, **values: Any) -> str:
    """An English text in the language of this request, with these values in its places: `%(name)s`."""
    known = CATALOGUES[language()](text)
    return known % values if values else known


def sentence_of(error: Exception) -> str:
    """An error in the language of this request, where it knows of languages."""
    return say(error.message, language()) if isinstance(error, ConvoscopeError) else str(error)


def _ngettext(one: str, many: str, count: int) -> str:
    return gettext(one if count == 1 else many)


def varied(response: Response) -> Response:
    """The response, said to differ by language where it has words."""
    if response.mimetype in SPOKEN and len(offered()) > 1:
        response.vary.update(HEADERS)
    return response


def register(app: Flask) -> None:
    """Let templates speak the language of the request."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.context_processor(lambda: {"language": language()})
    app.after_request(varied)
