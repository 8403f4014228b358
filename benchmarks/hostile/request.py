"""One hostile request: how it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import orjson
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Body = dict[str, Any]
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
ALL_STEPS = {"start": 0, "count": 512}
MOST = 262_144  # numbers in one body


@dataclass(frozen=True)
class Hostile:
    """One request: `body` makes what is sent, JSON or bytes; `{run}` and `{image}` in the path are made before."""

    path: str
    body: Callable[[], Any] | None = None
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)

    def data(self) -> bytes | None:
        """Return the body as it is sent."""
        if self.body is None:
            return None
        made = self.body()
        return made if isinstance(made, bytes) else orjson.dumps(made, option=orjson.OPT_SERIALIZE_NUMPY)

    def send(self, client: FlaskClient, names: dict[str, str]) -> TestResponse:
        """Send it, with its body made before."""
        data = self.data()
        if data is not None:
            for name, value in names.items():
                data = data.replace(b"{%s}" % name.encode(), value.encode())
        headers = {**BROWSER, "Content-Type": "application/json"} | self.headers
        return client.open(self.path.format(**names), method=self.method, data=data, headers=headers)


@cache
def floats(*shape: int) -> Any:
    """Numbers of many digits."""
    return np.random.default_rng(0).standard_normal(shape)


def body_of(**body: Any) -> Callable[[], Body]:
    """Return a body whose arrays are made when it is sent."""
    return lambda: {name: value() if callable(value) else value for name, value in body.items()}


def of(*shape: int) -> Callable[[], Any]:
    """Make numbers of many digits when called."""
    return lambda: floats(*shape)
