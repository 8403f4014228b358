"""Whether an answer is all that /openapi.json says of it, and nothing that it does not say."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
from flask.testing import FlaskClient

from cnn_server import create_app


@cache
def _description() -> dict[str, Any]:
    described: dict[str, Any] = create_app({"RUN_WORKERS": 0}).test_client().get("/openapi.json").json
    for schema in described["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return described


@cache
def _validator(method: str, path: str, status: int) -> Any:
    answer = _description()["paths"][path][method]["responses"][str(status)]["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for(answer | {"components": _description()["components"]})


def described(client: FlaskClient, method: str, path: str, body: Any = None, status: int = 200, **names: str) -> Any:
    """Return what a call answers, which is as it is described; `path` with {names}, as the description has it."""
    url, _, query = path.partition("?")
    answer = client.open(path.format(**names), method=method.upper(), json=body)
    assert answer.status_code == status, answer.text
    faults = [
        f"{error.instance_path}: {error.message}" for error in _validator(method, url, status).iter_errors(answer.json)
    ]
    assert not faults, (path, query, faults[:5])
    return answer.json
