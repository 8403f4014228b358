"""An application and a client for each test, and pictures made in memory."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from cnn_server import create_app


@pytest.fixture
def app() -> Flask:
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
