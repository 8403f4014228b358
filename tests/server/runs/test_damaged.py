"""What a worker stored of a network may be damaged: then the newest checkpoint that is whole is looked at."""

from __future__ import annotations

import io

import numpy as np
import pytest

from cnn_engine.nn.checkpoint import save
from cnn_server.runs.prepared import prepare
from cnn_server.runs.record import Blob
from cnn_server.runs.worker import Worker

from .support import LIMITS, a_run, work

VIEWS = ("snapshot", "predictions", "evaluation?split=validation", "examples?split=validation&true=0&predicted=0")


@pytest.fixture
def ended(app):
    """A client, the store, and the id of a run that has ended."""
    store = app.extensions["runs"].store()
    store.add(a_run(epochs=1, train_samples=32, architecture="linear"))
    work(Worker(store, LIMITS, "worker"), lambda: not store.get("run").open)
    return app.test_client(), store, "run"


def keep(store, run_id: str, kind: str, data: bytes, step: int = 1) -> None:
    store.change(run_id, lambda run: None, blobs=[Blob(kind, step, data)])


def others() -> bytes:
    """Parameters of another network."""
    stream = io.BytesIO()
    about = np.frombuffer(b'{"step": 1, "epoch": 0, "phase": null}', np.uint8)
    np.savez(stream, about=about, **{"state/1.weight": np.zeros((2, 2), np.float32)})
    return stream.getvalue()


CUTS = {
    "nothing": lambda whole: b"",
    "a byte": lambda whole: whole[:1],
    "half": lambda whole: whole[: len(whole) // 2],
    "all but a byte": lambda whole: whole[:-1],
    "noughts amid it": lambda whole: whole[:200] + bytes(600) + whole[800:],
    "another network": lambda whole: others(),
}


@pytest.mark.parametrize("cut", CUTS)
def test_without_a_checkpoint_it_says_so(ended, cut):
    client, store, run = ended
    whole = store.blobs(run, "parameters")[0].data
    keep(store, run, "parameters", CUTS[cut](whole))
    for view in VIEWS:
        answer = client.get(f"/api/runs/{run}/{view}")
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json"), view
        assert "damaged" in answer.json["detail"]
    keep(store, run, "parameters", whole)
    assert client.get(f"/api/runs/{run}/snapshot").status_code == 200


def test_with_a_checkpoint_that_is_looked_at(app):
    """One that has not ended has some."""
    client, store, run = app.test_client(), app.extensions["runs"].store(), "run"
    store.add(a_run())
    prepared = prepare(store.get(run).settings)
    trainer = prepared.trainer
    trainer.step(prepared.train.x[:16], prepared.train.y[:16])
    stream = io.BytesIO()
    save(trainer, stream)
    keep(store, run, "checkpoint", stream.getvalue(), step=1)
    keep(store, run, "checkpoint", stream.getvalue()[:-9], step=2)
    keep(store, run, "parameters", b"PK and nothing more", step=2)
    answer = client.get(f"/api/runs/{run}/snapshot").json
    assert answer["step"] == 1
    weight = next(layer["weight"] for layer in answer["layers"] if layer["weight"])
    own = next(array for name, array in trainer.network.parameters().items() if name.endswith("weight"))
    np.testing.assert_allclose(weight["values"], own, rtol=1e-6)
