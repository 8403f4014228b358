"""What a JSON body holds, counted before any of it is parsed.

Parsing makes an object of every list and key while nothing else can run, so that a body of ten million bytes could
hold everybody up. Counting bytes takes milliseconds.
"""

from __future__ import annotations

import numpy as np
from flask import current_app

from cnn_engine.words import amount
from cnn_server.problems import ProblemError, check_most

BRACKETS = b"[]{}"
OTHERS = bytes(set(range(256)) - set(BRACKETS))


def check_counts(data: bytes) -> None:
    """Refuse more lists, keys, elements and levels than any request needs; what is no JSON is judged by its parser."""
    outside = _outside_texts(data)
    _check_keys(outside.count(b":"), "MAX_JSON_KEYS", "keys")
    _check(outside.count(b"["), "MAX_JSON_LISTS", "lists")
    _check(outside.count(b","), "MAX_JSON_ELEMENTS", "values")
    _check(outside.count(b"{"), "MAX_JSON_LISTS", "objects")
    _check_depth(outside)


def _check_keys(count: int, limit: str, what: str) -> None:
    if count > current_app.config[limit]:
        raise ProblemError(422, "body_too_many", "body", count=count, what=amount(what))


def _check(count: int, limit: str, what: str) -> None:
    check_most("body_holds_too_many", "body", count, current_app.config[limit], what=amount(what))


def _outside_texts(data: bytes) -> bytes:
    """Return the body without its texts, whose commas and brackets do not count."""
    quotes = data.count(b'"')
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
        quotes = data.count(b'"')
    _check_keys(quotes // 2, "MAX_JSON_TEXTS", "keys_and_texts")
    return b"".join(data.split(b'"')[::2])


def _check_depth(outside: bytes) -> None:
    """Refuse too many levels of lists and objects: what reads them goes down one call for each."""
    brackets = np.frombuffer(outside.translate(None, OTHERS), np.uint8)
    opens = np.isin(brackets, np.frombuffer(b"[{", np.uint8))
    depth = int(np.where(opens, np.int8(1), np.int8(-1)).cumsum(dtype=np.int32).max(initial=0))
    if depth > (most := current_app.config["MAX_JSON_DEPTH"]):
        raise ProblemError(400, "body_too_deep", "body", depth=depth, most=most)
