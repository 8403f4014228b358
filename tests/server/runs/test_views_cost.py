"""What those who look cost: a snapshot one picture, predictions as many as asked for, and none what is not allowed."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.nn import Network
from cnn_engine.nn.network import Plan

from .test_api import started

POOLS = [
    {"layer": "conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1},
    {"layer": "max_pool2d", "kernel_size": 5, "stride": 1, "padding": 2},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 10},
]


@pytest.fixture
def answered(monkeypatch) -> list[int]:
    """How many samples networks were shown, a number for each time."""
    counts: list[int] = []
    forward = Plan.forward

    def noted(plan, samples, *more):
        counts.append(len(samples))
        return forward(plan, samples, *more)

    monkeypatch.setattr(Plan, "forward", noted)
    return counts


def test_a_snapshot_looks_at_one_picture(app, answered):
    client = app.test_client()
    run_id = started(client, architecture=POOLS)["id"]
    answered.clear()
    answer = client.get(f"/api/runs/{run_id}/snapshot?sample=5").json
    assert answered == [1]
    assert answer["logits"] == answer["layers"][-1]["output"]["values"]
    assert answer["predicted"] == int(np.argmax(answer["logits"]))
    assert client.post("/api/architectures/snapshot", json={"architecture": POOLS, "dataset": "digits"}).json["logits"]
    assert answered == [1, 1]


def test_predictions_are_of_so_many_pictures(app, answered):
    client = app.test_client()
    run_id = started(client, architecture=POOLS)["id"]
    answered.clear()
    items = client.get(f"/api/runs/{run_id}/predictions?count=7").json["items"]
    assert sum(answered) == len(items) == 7
    snapshot = client.get(f"/api/runs/{run_id}/snapshot?sample=6").json
    assert items[6]["predicted"] == snapshot["predicted"]
    assert items[6]["probability"] == pytest.approx(max(snapshot["probabilities"]), rel=1e-5)


def test_an_evaluation_asks_the_network_once(app, answered):
    client = app.test_client()
    run_id = started(client, architecture=POOLS)["id"]
    answered.clear()
    for _ in range(2):
        client.get(f"/api/runs/{run_id}/evaluation?split=validation")
        client.get(f"/api/runs/{run_id}/examples?split=validation&true=0&predicted=0")
    assert sum(answered) == 179


def test_a_cell_of_the_matrix_that_is_empty_has_no_examples(app):
    client = app.test_client()
    run_id = started(client, architecture=POOLS)["id"]
    matrix = client.get(f"/api/runs/{run_id}/evaluation?split=validation").json["confusion_matrix"]
    true, predicted = next((i, j) for i, row in enumerate(matrix) for j, count in enumerate(row) if not count)
    answer = client.get(f"/api/runs/{run_id}/examples?split=validation&true={true}&predicted={predicted}")
    assert answer.status_code == 200
    assert (answer.json["total"], answer.json["items"]) == (0, [])


def test_where_answers_depend_on_each_other_all_are_computed(app, answered):
    normal = [POOLS[0], {"layer": "batch_norm2d", "track_running_stats": False}, *POOLS[2:]]
    client = app.test_client()
    run_id = started(client, architecture=normal)["id"]
    answered.clear()
    client.get(f"/api/runs/{run_id}/predictions?count=7")
    assert answered == [179]


@pytest.mark.parametrize(
    ("view", "field"),
    [
        ("predictions?count=100", "count"),
        ("evaluation?split=validation", "split"),
        ("examples?split=validation&true=0&predicted=0", "split"),
    ],
)
def test_answers_that_take_too_long_are_refused_before_the_first(make_app, answered, monkeypatch, view, field):
    client = make_app().test_client()
    run_id = started(client, architecture=POOLS)["id"]
    monkeypatch.setitem(client.application.config, "MAX_VIEW_WORK", 1_000_000)
    answered.clear()
    response = client.get(f"/api/runs/{run_id}/{view}")
    assert response.status_code == 422
    (fault,) = response.json["errors"]
    assert fault["field"] == field
    assert "more than the 0.001 s of one answer" in fault["message"]
    assert answered == []
    assert client.get(f"/api/runs/{run_id}/predictions?count=2").status_code == 200


def test_samples_are_answered_some_at_a_time_and_no_large_layout_is_kept(app):
    wide = [{"layer": "conv2d", "out_channels": 600, "kernel_size": 1}, *POOLS[2:]]
    client = app.test_client()
    run_id = started(client, architecture=wide)["id"]
    runs = app.extensions["runs"]
    with runs.looker.at(runs.store(), runs.store().get(run_id)) as look:
        network: Network = look.network
        small = network(look.dataset.validation.x)
        network.forget_plans()
        assert np.allclose(look.outputs("validation"), small, atol=1e-5)
        assert network.plans() == []
