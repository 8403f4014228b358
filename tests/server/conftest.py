"""An application, a client for each test, and pictures made in memory."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from types import FrameType
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from cnn_server import create_app


@pytest.fixture(scope="module")
def app() -> Flask:
    """One for all tests of a file, unless the file has one of its own: it takes longer to make than most of them."""
    return create_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def make_client() -> Callable[..., FlaskClient]:
    """A client of an application with these settings."""
    return lambda **config: create_app(config).test_client()


@pytest.fixture
def encoded() -> Callable[..., bytes]:
    """A picture, or an array of pixels, as the bytes of a file."""

    def encode(picture: Image.Image | np.ndarray, kind: str = "PNG", **options: Any) -> bytes:
        image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
        stream = BytesIO()
        image.save(stream, kind, **options)
        return stream.getvalue()

    return encode


@dataclass
class Work:
    """What something took, counted: lines of Python that ran, and the most bytes that it held at once."""

    lines: int = 0
    bytes: int = 0


@pytest.fixture
def counted() -> Callable[[], AbstractContextManager[Work]]:
    """Counts the work in a `with` block of this thread: the same on every machine, however busy."""

    @contextmanager
    def counting() -> Iterator[Work]:
        work = Work()

        def note(frame: FrameType, event: str, argument: Any) -> Any:
            work.lines += event == "line"
            return note

        before = sys.gettrace()
        tracemalloc.start()
        sys.settrace(note)
        try:
            yield work
        finally:
            sys.settrace(before)
            work.bytes = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()

    return counting
