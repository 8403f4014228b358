"""GET /api/catalogue says what the API takes, and bodies that are made from it refuse what it does not allow."""

from __future__ import annotations

import json
import re

import pytest

from cnn_engine.catalogue import OPERATIONS
from scripts.copied_code import CASES

BODIES = dict(reversed(CASES))  # the first of each
BODIES |= {"optimizers": {}, "depth": {}}


def wrong(accepts):
    """A value that is just not accepted, where there is one that a schema can tell."""
    match accepts.kind:
        case "whole" | "number" if accepts.minimum is not None:
            return accepts.minimum - 1
        case "number" | "flag":
            return "3"
        case "word" | "padding":
            return "nothing"
        case "size":
            return 1.5
    return [[[[[1]]]]]


BOUNDS = [
    (name, parameter)
    for name, operation in OPERATIONS.items()
    for parameter in operation.parameters
    if parameter.accepts.kind not in {"list", "named", "numbers"}
]


@pytest.mark.parametrize(("name", "parameter"), BOUNDS, ids=[f"{name}-{part.name}" for name, part in BOUNDS])
def test_what_the_catalogue_does_not_allow_is_refused_by_its_name(client, name, parameter):
    body = {**BODIES[name], parameter.name: wrong(parameter.accepts)}
    answer = client.post(f"/api/trace/{name}", json=body)
    assert answer.status_code == 422, answer.json
    assert [error["field"] for error in answer.json["errors"]] == [parameter.name]


def test_an_operation_is_described_with_what_it_takes_and_holds(client):
    operations = {row["name"]: row for row in client.get("/api/catalogue").json["operations"]}
    assert set(operations) == set(BODIES)
    pool = operations["max_pool2d"]
    assert (pool["title"], pool["group"]) == ("Max pooling", "pooling")
    assert pool["parameters"][:3] == [
        {"name": "input", "title": "Input", "kind": "tensor", "axes": [2, 3], "required": True},
        {"name": "kernel_size", "title": "Kernel size", "kind": "size", "minimum": 1, "required": True},
        {"name": "stride", "title": "Stride", "kind": "size", "minimum": 1, "required": False, "default": None},
    ]
    assert {"name": "output", "kind": "number", "axes": [], "what": "the largest value"} in pool["columns"]


def test_it_is_sent_again_only_when_it_changed(client):
    first = client.get("/api/catalogue")
    again = client.get("/api/catalogue", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_the_description_of_a_trace_says_what_its_columns_hold(client):
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    window = schemas["Conv2dSteps"]["properties"]["window"]
    for _ in range(4):  # steps, channels, rows, columns
        assert window["type"] == "array"
        window = window["items"]
    assert window == {"anyOf": [{"type": "number"}, {"type": "null"}]}
    assert schemas["MaxPool2dSteps"]["properties"]["selected"]["items"]["items"] == {"type": "integer"}
    assert schemas["Conv2dAnswer"]["properties"]["steps"] == {"$ref": "#/components/schemas/Conv2dSteps"}


def test_a_layer_is_described_with_its_options(client):
    catalogue = client.get("/api/catalogue").json
    pooling = next(row for row in catalogue["layers"] if row["name"] == "max_pool2d")
    assert (pooling["title"], pooling["sentence"], pooling["opens"]) == (
        "Max pooling",
        "the largest of each window",
        {"kernel_size": 2},
    )
    named = {what: {row["name"] for row in catalogue["layers"] if row[what]} for what in ("weighs", "keeps")}
    assert named == {"weighs": {"conv2d", "linear"}, "keeps": {"flatten", "dropout"}}
    assert pooling["parameters"][0] == {
        "name": "kernel_size",
        "title": "size",
        "kind": "size",
        "minimum": 1,
        "maximum": 1024,
        "required": True,
    }


def test_a_variant_says_what_makes_it_one(client):
    catalogue = client.get("/api/catalogue").json
    nesterov = next(row for row in catalogue["optimizers"] if row["name"] == "nesterov")
    assert (nesterov["names"], nesterov["opens"], nesterov["fixed"]) == (["sgd"], {"momentum": 0.9}, {"nesterov": True})


def test_the_training_page_carries_what_can_be_chosen(client):
    page = client.get("/training").get_data(as_text=True)
    carried = re.search(r'<script type="application/json" data-role="choices">([^<]*)</script>', page)
    assert carried
    catalogue = client.get("/api/catalogue").json
    del catalogue["operations"]
    assert json.loads(carried[1]) == catalogue | {"units": {"epoch": "epoch", "step": "step"}}
