"""The description at /openapi.json is true: what it allows is answered, what it forbids is refused, as it says."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from pydantic import BaseModel
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test

from cnn_engine.catalogue import OPERATIONS
from cnn_engine.code import BODIES
from cnn_server import create_app
from cnn_server.room import COOKIE
from cnn_server.schemas.operations import BODIES as TRACED
from scripts.waiting import HANG
from tests.server.shared_fields import fields, own_cases

# Schemas cannot say that an array is not ragged or that a kernel fits: such a body is refused although it conforms.
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "413", "422"]}}}
)
CODE = [*(f"POST /api/code/{operation}" for operation in BODIES), "POST /api/code/network"]
SAME_BODIES = {*CODE} - {
    "POST /api/code/network",
    "POST /api/code/max_pool2d",
    "POST /api/code/dense",
}  # those of traces: two stand for all
CALLS = [
    "GET /healthz",
    "GET /api/presets",
    "GET /api/catalogue",
    *(f"POST /api/trace/{operation}" for operation in OPERATIONS),
    "POST /api/trace/network",
    *CODE,
    "POST /api/images",
    "GET /api/images/{image_id}",
    "POST /api/images/{image_id}/crop",
    "POST /api/feature-maps",
    "POST /api/feature-maps/pixel",
    "POST /api/architectures/check",
    "POST /api/architectures/snapshot",
    "GET /api/datasets/{name}/samples",
    "GET /api/images/{image_id}/keeping",
    "POST /api/images/{image_id}/keeping",
    "DELETE /api/images/{image_id}/keeping",
    "GET /api/images/{image_id}/link",
    "POST /api/links",
    "POST /api/runs",
    "GET /api/runs",
    "DELETE /api/runs",
    "GET /api/runs/{run_id}",
    "PATCH /api/runs/{run_id}",
    "DELETE /api/runs/{run_id}",
    "POST /api/runs/{run_id}/commands",
    "GET /api/runs/{run_id}/events",
    "GET /api/runs/{run_id}/points",
    "GET /api/runs/{run_id}/snapshot",
    "GET /api/runs/{run_id}/weight",
    "GET /api/runs/{run_id}/predictions",
    "GET /api/runs/{run_id}/evaluation",
    "GET /api/runs/{run_id}/examples",
    "GET /api/models",
    "POST /api/models",
    "GET /api/models/{model_id}",
    "DELETE /api/models/{model_id}",
    "PATCH /api/models/{model_id}",
    "GET /api/models/{model_id}/samples",
    "POST /api/models/{model_id}/answer",
    "POST /api/models/{model_id}/cell",
    "POST /api/models/{model_id}/reach",
    "GET /api/models/{model_id}/certainty",
    "POST /api/models/{model_id}/exciting",
    "POST /api/models/{model_id}/favourite",
    "POST /api/models/{model_id}/nearest",
    "POST /api/models/{model_id}/why",
    "POST /api/models/{model_id}/why-cell",
    "POST /api/models/{model_id}/parts",
    "POST /api/models/{model_id}/smallest-change",
    "POST /api/models/{model_id}/wiring",
    "GET /api/models/{model_id}/file",
    "GET /api/models/{model_id}/code",
    "GET /api/room",
    "POST /api/room/commands",
    "DELETE /api/room/lesson",
]
TRAIN = {f"POST /api/trace/{name}": TRACED[name] for name in ("depth", "optimizers")}  # for each answer
TRIED = [call for call in CALLS if call not in SAME_BODIES]
SOME = hypothesis.settings(
    database=None,
    deadline=None,
    phases=[Phase.explicit],  # those that the description itself suggests: its limits, its types, what it leaves out
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def described():
    """The server by its own description, which takes seconds to read: only where a call is tested."""
    app = create_app({"COMPRESS_REGISTER": False, "RUN_WORKERS": 0})
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=CONFIG)


@pytest.fixture(scope="module")
def owner(described):
    """The cookies of somebody who may ask everything."""
    room = described.app.extensions["room"]
    return {COOKIE: room.trade(room.new_key())}


def train_little(call, body, values):
    """Have a body that says what is the default of a number of updates, or nothing, say 1, once it was asked."""
    if call in TRAIN and isinstance(body, dict) and values["updates"]:
        usual = TRAIN[call].model_fields["updates"].default
        if body.get("updates", usual) == usual:
            body["updates"] = 1


@pytest.mark.parametrize("call", TRIED)
def test_every_call_is_as_described(described, owner, call):
    method, path = call.split()
    values = defaultdict(set)

    @described.hooks.apply(own_cases(described.raw_schema, TRIED, call), name="filter_case")
    @SOME
    def test(case):
        train_little(call, case.body, values)
        case.call_and_validate(cookies=owner)
        for name, value in case.body.items() if isinstance(case.body, dict) else ():
            values[name].add(repr(value))

    # As a plugin of pytest, Schemathesis would make the tests of all calls in each of its processes.
    parts = {"config": described.config, "given_kwargs": {}, "feedback": FeedbackSources()}
    build_operation_test(operation=described[path][method], test_func=test, **parts)()
    assert [name for name, _ in fields(described.raw_schema, call) if len(values[name]) < 2] == []


def test_the_description_is_made_when_it_is_asked_for_first():
    program = """
from pydantic import BaseModel

schemas = []
BaseModel.model_json_schema = classmethod(lambda model, **options: schemas.append(model) or {})
from cnn_server import create_app

client = create_app({"RUN_WORKERS": 0}).test_client()
client.get("/")
print(len(schemas))
client.get("/openapi.json")
print(len(schemas))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=HANG)
    before, after = map(int, done.stdout.split())
    assert before == 0
    assert after > 100


def test_every_application_has_the_whole_description(client):
    described = client.get("/openapi.json").json
    assert create_app({"RUN_WORKERS": 0}).test_client().get("/openapi.json").json == described


def _kinds(model):
    return {kind for own in model.__subclasses__() for kind in {own, *_kinds(own)}}


def test_no_two_bodies_or_answers_share_a_name(client):
    """By its name one is described: of two the description would have one in the place of both."""
    client.get("/openapi.json")
    kinds = {kind for kind in _kinds(BaseModel) if kind.__module__.startswith("cnn_server")}
    by_name = defaultdict(set)
    for kind in kinds:
        by_name[kind.__name__].add(f"{kind.__module__}.{kind.__qualname__}")
    assert {name: own for name, own in by_name.items() if len(own) > 1} == {}


def test_the_description_names_every_call(client):
    paths = client.get("/openapi.json").json["paths"]
    calls = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    assert sorted(calls) == sorted(CALLS)


def test_the_options_in_a_traces_answer_are_those_that_its_body_takes(client):
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    for operation in OPERATIONS.values():
        taken = {
            one.name for one in operation.parameters if one.accepts.kind not in ("tensor", "named", "list", "numbers")
        }
        assert schemas[f"{operation.identifier}Params"].get("properties", {}).keys() == taken
        answer = schemas[f"{operation.identifier}Answer"]["properties"]["params"]
        assert answer == {"$ref": f"#/components/schemas/{operation.identifier}Params"}
    options = schemas["Conv2dParams"]["properties"]
    assert options["padding_mode"]["enum"] == ["zeros", "reflect", "replicate", "circular"]
    assert [part["type"] for part in options["stride"]["prefixItems"]] == ["integer", "integer"]


def test_every_failure_is_described_as_a_problem(client):
    description = client.get("/openapi.json").json
    assert description["openapi"].startswith("3.1")
    for path, item in description["paths"].items():
        for method, operation in item.items():
            failures = [answer for status, answer in operation["responses"].items() if status >= "400"]
            assert failures, f"{method} {path}"
            assert all(list(answer["content"]) == ["application/problem+json"] for answer in failures)


def test_bodies_are_described_closed(client):
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    names = [f"{operation.identifier}Body" for operation in OPERATIONS.values()]
    assert [name for name in names if schemas[name]["additionalProperties"] is not False] == []
