"""A run becomes a model; models are kept in Redis where runs are."""

from __future__ import annotations

import io

import numpy as np
import pytest
from redis import Redis

from cnn_engine.models import save
from cnn_server import create_app
from tests.engine.models.cases import PAPER, PAPER_INPUT

from .support import a_run, work_to_the_end


def test_a_run_that_has_learned_becomes_a_model_with_the_same_logits(app):
    store = app.extensions["runs"].store()
    store.add(a_run("run"))
    work_to_the_end(store)
    client = app.test_client()
    made = client.post("/api/models", json={"run": "run"})
    assert made.status_code == 201
    assert made.json["classes"] == [str(digit) for digit in range(10)]
    assert made.json["dataset"] == {"name": "digits"}
    answer = client.post(f"/api/models/{made.json['id']}/answer", json={"input": {"sample": 3}}).json
    snapshot = client.get("/api/runs/run/snapshot?sample=3").json
    np.testing.assert_allclose(answer["logits"], snapshot["logits"], rtol=1e-4, atol=1e-5)
    app.extensions["runs"].drop("run")
    assert client.post(f"/api/models/{made.json['id']}/answer", json={"input": {"sample": 3}}).json == answer


@pytest.mark.parametrize("dataset", ["angles"])
def test_a_run_without_classes_becomes_none(app, dataset):
    app.extensions["runs"].store().add(a_run("run", dataset=dataset, train_samples=None, loss="mse"))
    refused = app.test_client().post("/api/models", json={"run": "run"})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "run")


def test_models_are_kept_in_redis_bounded(redis, tmp_path):
    with Redis.from_url(redis.url) as connection:
        connection.flushall()
        config = {"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0, "REDIS_URL": redis.url, "MODEL_STORE_BYTES": 5_000}
        client, other = create_app(config).test_client(), create_app(config).test_client()
        stream = io.BytesIO()
        save(PAPER, stream)
        names = []
        for _ in range(4):
            file = io.BytesIO(stream.getvalue()), "model.npz"
            names.append(client.post("/api/models", data={"file": file}).json["id"])
        assert other.post(f"/api/models/{names[-1]}/answer", json={"input": PAPER_INPUT}).json["logits"] == [16, -7]
        listed = [one["id"] for one in client.get("/api/models").json if one["mine"]]
        assert listed
        assert listed == names[::-1][: len(listed)]
        assert len(listed) < 4
        assert connection.ttl(f"convoscope:model:{names[-1]}") > 13 * 86_400
        assert other.delete(f"/api/models/{names[-1]}").status_code == 403
        assert client.delete(f"/api/models/{names[-1]}").status_code == 204
        assert other.post(f"/api/models/{names[-1]}/answer", json={"input": PAPER_INPUT}).status_code == 404
        assert not list(tmp_path.glob("models/*"))
