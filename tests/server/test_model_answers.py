"""What is answered about models is what /openapi.json describes, of a network on paper and of one that has learned."""

from __future__ import annotations

import pytest

from cnn_server import create_app
from tests.server.described import described

MODEL = "/api/models/{model_id}"
SAMPLE = {"input": {"sample": 3}}
MAP = {"layer": 0, "channel": 1}
LAST = {"layer": 0, "index": [1, 2, 3]}
QUESTIONS = [
    ("answer", {}),
    (
        "answer",
        {"compare": True, "changes": [{"parameter": "0.weight", "index": [0, 0, 0, 0], "value": 2}], "off": [MAP]},
    ),
    ("answer", {"precision": "packed"}),
    ("answer", {"moved": [1, 0], "prepare": {"grey": True}}),
    ("cell", LAST),
    ("cell", LAST | {"parts": ["card", "messages", "links"]}),
    ("parts", MAP),
    ("wiring", {}),
    ("reach", LAST),
    ("smallest-change", {}),
    ("smallest-change", {"class": 2, "bound": 0.001}),
    ("exciting", MAP | {"count": 2}),
    ("nearest", {"layer": 0, "count": 2}),
    ("favourite", MAP | {"steps": 2}),
    *(("why", {"method": method}) for method in ("contribution", "occlusion", "gradient", "grad_cam")),
    ("why", {"method": "contribution", "largest": 3, "class": [0, 1]}),
    ("why", {"method": "grad_cam", "scramble": 1, "scramble_layers": 1}),
    *(("why-cell", {"method": method, "cell": [0, 3, 4]}) for method in ("contribution", "gradient")),
    *(("why-cell", {"method": method, "cell": [0, 1]}) for method in ("occlusion", "grad_cam")),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app({"DATA_DIR": str(tmp_path_factory.mktemp("data")), "RUN_WORKERS": 0})


@pytest.mark.parametrize(("call", "body"), QUESTIONS)
def test_an_answer_is_as_described(client, call, body):
    given = body if call in {"wiring", "exciting", "favourite"} else SAMPLE | body
    described(client, "post", f"{MODEL}/{call}", given, model_id="digits")


def test_models_and_what_they_learned_from_are_as_described(client):
    ids = [model["id"] for model in described(client, "get", "/api/models")]
    assert "digits" in ids
    for name in ids:
        described(client, "get", MODEL, model_id=name)
        described(client, "get", f"{MODEL}/samples", model_id=name)
    described(client, "get", f"{MODEL}/certainty", model_id="digits")
