"""In which language a page, a sentence or a refusal is written.

The address chooses it (`?lang=`), else a choice that the browser keeps (the cookie `lang`), else Accept-Language, else
it is English. What a page asks for under `/api/` goes by Accept-Language first: there the page says how it is written.

What stands on a page whatever was asked for is gettext's, with the English text as the key: templates, titles of pages,
the glossary, what has a name. What is said of one thing, with its values, is a message by id: steps and what the engine
refuses (`cnn_engine.words`), what the server refuses (`cnn_server.words`), what the scripts of pages say
(`cnn_server.page_texts`). Another language adds its code, a catalogue here and a package to both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request

from cnn_engine.nn.layers import LAYERS
from cnn_engine.wording import unbroken
from cnn_engine.words import ENGLISH, Message, say
from cnn_engine.words import language as sayings
from cnn_engine.words.pseudo import CODE as PSEUDO
from cnn_engine.words.pseudo import pseudo
from cnn_server.page_texts import carried

COOKIE = ARGUMENT = "lang"
CATALOGUES: dict[str, Callable[[str], str]] = {ENGLISH: str, PSEUDO: pseudo}
HEADERS = ("Accept-Language", "Cookie")  # by which answers differ
# The texts of what has a name.
NAMED = {"title", "called", "group", "finds", "note", "description", "sentence"}
NAMED |= {"provenance", "alt", "word", "what", "axes", "rule"}
NOTE = "X-Image-Note"  # a header of words, beside bytes
SPOKEN = {"text/html", "application/json", "application/problem+json"}


def offered(config: Mapping[str, Any]) -> list[str]:
    """Return the languages that a server speaks; the one of tests only where its configuration says so."""
    return [ENGLISH, *([PSEUDO] if config["PSEUDO_LANGUAGE"] else [])]


def language() -> str:
    """Return the language of this request, chosen once; English where there is none."""
    if not has_request_context():
        return ENGLISH
    if "language" not in g:
        g.language = _chosen()
    return str(g.language)


def _chosen() -> str:
    if request.path.startswith("/api/"):
        return _by_browser()
    known = offered(current_app.config)
    chosen = (request.args.get(ARGUMENT), request.cookies.get(COOKIE), _by_browser())
    return next(code for code in chosen if code in known)


def _by_browser() -> str:
    """Return the language in which the API answers what a browser asks by itself, as for a preload."""
    known = offered(current_app.config)
    chosen = (request.accept_languages.best_match(known), request.cookies.get(COOKIE))
    return next((code for code in chosen if code in known), ENGLISH)


def gettext(text: str, **values: Any) -> str:
    """Return an English text in the language of this request, with these values in its places: `%(name)s`."""
    known = CATALOGUES[language()](text)
    return known % values if values else known


def _written(text: str, **values: Any) -> str:
    """Return what `gettext` does, for what stands on a page: an operator stays with its operands where a line ends."""
    return unbroken(gettext(text, **values))


def translated(value: Any) -> Any:
    """Return JSON of things that have names with their texts in the language of this request."""
    if language() == ENGLISH or not isinstance(value, dict | list | tuple):
        return value
    if not isinstance(value, dict):
        return [translated(part) for part in value]
    return {name: _named(part) if name in NAMED else translated(part) for name, part in value.items()}


def _named(part: Any) -> Any:
    """Return a text, or several, in the language of this request."""
    if isinstance(part, list | tuple):
        return [_named(one) for one in part]
    return gettext(part) if isinstance(part, str) else translated(part)


def sentence_of(message: Message) -> str:
    """Return a message in the language of this request."""
    return say(message, language())


def as_seen(message: Message) -> Message:
    """Return the message and its parts as pages say them: by what a person sees, where a language has that."""
    own = message.id.replace("errors.", "seen.", 1)
    args = {name: as_seen(value) if isinstance(value, Message) else value for name, value in message.args.items()}
    kind = args.get("kind")
    if isinstance(kind, str) and kind in LAYERS:
        args["kind"] = gettext(LAYERS[kind].choices[0].title)
    return message._replace(id=own if own in sayings() else message.id, args=args)


def _ngettext(one: str, many: str, count: int) -> str:
    return _written(one if count == 1 else many)


def varied(response: Response) -> Response:
    """Return the response, said to differ by language where it has words."""
    if (response.mimetype in SPOKEN or NOTE in response.headers) and len(offered(current_app.config)) > 1:
        response.vary.update(HEADERS)
    return response


def _known() -> dict[str, Any]:
    return {
        "language": language(),
        "may_preload": language() == _by_browser(),  # else the browser would ask in another language than the page
        "texts_of": lambda ids: carried(ids, language()),
    }


def register(app: Flask) -> None:
    """Let templates speak the language of the request."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_written, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.context_processor(_known)
    app.after_request(varied)
