"""One weight of a run in slow motion: the numbers of its update, against the formulas of each optimizer."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnn_server.runs.worker import Worker

from .support import LIMITS, a_run, work
from .test_sessions import ask

NAME, CELL = "1.weight", (4, 21)
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
WEIGHT = f"/api/runs/run/weight?name={NAME}&cell=4,21"


def number(text: str) -> float:
    """A printed number, with a power of ten or without."""
    plain = text.replace("≈", "").replace("\N{MINUS SIGN}", "-").strip(" ()")
    mantissa, _, power = plain.partition(" × 10")
    return float(mantissa) * 10.0 ** int(power.translate(SUPERSCRIPTS) or 0)


def in_slow_motion(app, client, **settings):
    """What is told of the weight after each phase of the second step, and of the network, which has one in between."""
    store = app.extensions["runs"].store()
    store.add(a_run(pace=50.0, epochs=400, **settings))
    worker = Worker(store, LIMITS, "worker")
    work(worker, lambda: store.get("run").step >= 1)
    ask(store, command="pause")
    work(worker, lambda: store.get("run").state == "paused")
    ask(store, command="set", slow_motion=True)
    phases = []
    for phase in ("forward", "loss", "backward", "update"):
        ask(store, command="step")
        work(worker, lambda phase=phase: (store.get("run").phase or {}).get("phase") == phase)
        layer = client.get("/api/runs/run/snapshot").json["layers"][1]
        phases.append((client.get(WEIGHT).json, layer))
    ask(store, command="stop")
    work(worker, lambda: not store.get("run").open)
    return phases


def at(layer, name: str = "weight") -> float:
    return float(np.array(layer[name]["values"])[CELL])


@pytest.mark.parametrize("clip", [None, 0.001])
def test_old_less_rate_times_gradient_is_new(app, client, clip):
    forward, loss, backward, update = in_slow_motion(app, client, clip_norm=clip)
    assert [weight["lines"] for weight, _ in (forward, loss)] == [[], []]
    assert backward[0]["lines"] == update[0]["lines"]
    old, gradient, new = at(backward[1]), at(backward[1], "weight_gradient"), at(update[1])
    assert (backward[0]["value"], update[0]["value"]) == pytest.approx((old, new), rel=1e-6)
    lines = {line["label"]: line["text"] for line in update[0]["lines"]}
    assert list(lines) == ["old value", "gradient", *(["gradient, clipped"] if clip else []), "step", "new value"]
    assert number(lines["old value"]) == pytest.approx(old, rel=6e-4)
    assert number(lines["gradient"]) == pytest.approx(gradient, rel=6e-4)
    assert number(lines["new value"].rpartition("≈")[2]) == pytest.approx(new, rel=6e-4)
    whole = np.concatenate([np.ravel(backward[1][f"{name}_gradient"]["values"]) for name in ("weight", "bias")])
    scale = min(1.0, (clip or math.inf) / float(np.sqrt(whole @ whole)))
    assert old - 0.1 * scale * gradient == pytest.approx(new, rel=1e-5)
    assert number(lines["step"].rpartition("≈")[2]) == pytest.approx(0.1 * scale * gradient, rel=6e-4)


def test_the_means_of_adam_are_those_before_the_update(app, client):
    """Loshchilov and Hutter's terms aside: PyTorch's Adam, at its second step."""
    adam = {"name": "adam", "learning_rate": 0.01}
    *_, backward, update = in_slow_motion(app, client, optimizer=adam)
    lines = {line["label"]: line["text"] for line in update[0]["lines"]}
    assert {"mean", "mean of squares", "root", "step", "new value"} <= set(lines)
    assert number(lines["new value"].rpartition("≈")[2]) == pytest.approx(at(update[1]), rel=6e-4)
    step = number(lines["step"].rpartition("≈")[2])
    assert step == pytest.approx(at(backward[1]) - at(update[1]), rel=2e-3)


def test_what_is_not_there_is_refused(app, client):
    app.extensions["runs"].store().add(a_run())
    for query in ("name=1.weight&cell=10,0", "name=1.weight&cell=1", "name=0.weight&cell=1,1", "name=1.weight&cell=a"):
        answer = client.get(f"/api/runs/run/weight?{query}")
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == "cell"
    assert client.get(WEIGHT).json["lines"] == []


def test_without_a_name_it_is_the_first_weight_of_all(app, client):
    app.extensions["runs"].store().add(a_run())
    first, named = (client.get(f"/api/runs/run/weight{query}").json for query in ("", "?name=1.weight&cell=0,0"))
    assert first == named
    assert (first["name"], first["layer"], first["cell"]) == ("1.weight", 1, [0, 0])
