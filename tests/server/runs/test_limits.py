"""A network that is more than the server takes is refused, with the field at fault, before there is any of it."""

from __future__ import annotations

import tracemalloc

import pytest

from cnn_server.schemas.runs import MAX_SAMPLES

from .test_api import BODY, ended, started

OUT = [{"layer": "flatten"}, {"layer": "linear", "out_features": 10}]
MILLIONS = [
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 16_000_000},
    {"layer": "linear", "out_features": 10},
]
# 8 · 8 places, 7 · 7 · 64 products each, 64 filters, four times (the first has one channel): 38.7 million
HEAVY = [{"layer": "conv2d", "out_channels": 64, "kernel_size": 7, "padding": 3}] * 4 + OUT


def wide(channels: int, **other) -> list[dict]:
    """On digits: 8 × 8 places in each of so many channels, twice."""
    conv = {"layer": "conv2d", "kernel_size": 1, "out_channels": channels}
    return [conv, {"layer": "batch_norm2d"}, {"layer": "conv2d", "kernel_size": 1, "out_channels": 1}, *OUT]


def pool(size: int) -> list[dict]:
    """On digits: no weights, and 8 · 8 places that compare so many values each, 49 · 64 for the first."""
    return [{"layer": "max_pool2d", "kernel_size": size, "stride": 1, "padding": size // 2}, *OUT]


REFUSED = {
    "parameters": (
        {"architecture": MILLIONS},
        {},
        "architecture",
        "1,200,000,010 parameters are more than the 1,000,000",
    ),
    "work": ({"architecture": HEAVY}, {"RUN_MAX_STEP_MULTIPLICATIONS": 10**8}, "architecture", "in one step"),
    "work of a batch": ({"architecture": HEAVY, "batch_size": 96}, {}, "batch_size", "in one step"),
    "work of judging": (
        {"architecture": HEAVY, "batch_size": 1},
        {"RUN_MAX_EVALUATION_MULTIPLICATIONS": 10**9},
        "architecture",
        "for the pictures that it is judged by",
    ),
    "a pool of large windows": ({"architecture": pool(7)}, {"MAX_VIEW_WORK": 10**5}, "architecture", "for one picture"),
    "pools of a batch": (
        {"architecture": pool(7), "batch_size": 96},
        {"RUN_MAX_STEP_WORK": 3 * 10**6},
        "batch_size",
        "in one",
    ),
    "pools of judging": (
        {"architecture": pool(7), "batch_size": 1},
        {"RUN_MAX_EVALUATION_WORK": 10**6},
        "architecture",
        "for the pictures that it is judged by",
    ),
    # 64 answers of 20,000 · 64 numbers twice, 4 bytes each: 655 MB of 10⁶ bytes, and as much again in each pass
    "memory": ({"architecture": wide(20_000)}, {"RUNS_MEMORY": 512}, "architecture", "MB of memory"),
    # batch normalisation keeps a batch together: 96 times what one sample takes
    "memory of a batch": (
        {"architecture": wide(8000), "batch_size": 96},
        {"RUNS_MEMORY": 1024},
        "batch_size",
        "MB of",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_too_large_a_network_is_refused_before_it_is_made(make_app, case):
    change, config, field, words = REFUSED[case]
    client = make_app(**config).test_client()
    tracemalloc.start()
    try:
        start = client.post("/api/runs", json=BODY | change)
        body = {"architecture": change["architecture"], "dataset": "digits"}
        more = {"batch_size": change.get("batch_size", 16), "train_samples": BODY["train_samples"]}
        check = client.post("/api/architectures/check", json=body | more)
        snapshot = client.post("/api/architectures/snapshot", json=body) if field == "architecture" else None
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert start.status_code == 422
    assert [error["field"] for error in start.json["errors"]] == [field]
    assert words in start.json["errors"][0]["message"]
    assert client.get("/api/runs").json["runs"] == []
    problem = check.json["problem"]
    assert (problem["field"], problem["limit"], problem["layer"]) == (field, True, None)
    assert problem["message"] == start.json["errors"][0]["message"]
    assert len(check.json["layers"]) == len(change["architecture"])  # every shape and count is told all the same
    assert snapshot is None or snapshot.status_code == 422
    assert most < 50_000_000


@pytest.mark.parametrize(
    ("change", "message", "limit"),
    [
        ({"train_samples": 2000}, "train_samples 2,000 exceeds the 1,259 training samples", False),
        ({"batch_size": 61}, "batch_size 61 exceeds the 60 training samples", False),
        ({"train_samples": 9_999_999}, "train_samples 9,999,999 exceeds the 1,259 training samples", False),
        ({"epochs": 11}, "11 epochs are more than the 10 that this server takes", True),
        ({"batch_size": 7, "epochs": 10}, "90 steps in all are more than the 80 that this server takes", True),
    ],
)
def test_a_check_tells_what_a_start_would(make_app, change, message, limit):
    client = make_app(RUN_MAX_EPOCHS=10, RUN_MAX_STEPS=80).test_client()
    body = {"architecture": "linear", "dataset": "digits", "train_samples": 60, "batch_size": 60, "epochs": 1} | change
    problem = client.post("/api/architectures/check", json=body).json["problem"]
    assert (problem["message"], problem["limit"], problem["layer"]) == (message, limit, None)
    if max(body["train_samples"], body["epochs"]) <= MAX_SAMPLES:
        start = client.post("/api/runs", json=BODY | body)
        assert start.json["errors"] == [{"field": problem["field"], "message": message}]
    within = body | {"train_samples": 60, "batch_size": 8, "epochs": 10}
    assert client.post("/api/architectures/check", json=within).json["problem"] is None


def test_what_is_within_the_limits_has_no_problem(app):
    body = {"architecture": "small-cnn", "dataset": "shapes-colour", "batch_size": 3200}
    assert app.test_client().post("/api/architectures/check", json=body).json["problem"] is None


def test_a_batch_of_all_the_training_set_is_looked_at_and_judged(app, worker):
    """1,259 samples in one step; 179 answers, and a confusion matrix that counts each of them once."""
    client = app.test_client()
    worker(app)
    run_id = started(client, train_samples=None, batch_size=1259, epochs=2)["id"]
    run = ended(client, run_id)
    assert (run["state"], run["step"], run["steps_per_epoch"]) == ("finished", 2, 1)
    items = client.get(f"/api/runs/{run_id}/predictions?count=400").json["items"]
    assert [item["index"] for item in items] == list(range(179))
    judged = client.get(f"/api/runs/{run_id}/evaluation?split=validation").json
    assert sum(map(sum, judged["confusion_matrix"])) == 179
    right = sum(item["correct"] for item in items)
    assert judged["accuracy"] == pytest.approx(right / 179)
    assert sum(judged["confusion_matrix"][digit][digit] for digit in range(10)) == right
    for count in ("0", "401", "-1", "1e9", "many"):
        response = client.get(f"/api/runs/{run_id}/predictions?count={count}")
        assert (response.status_code, response.json["errors"][0]["field"]) == (422, "count")
