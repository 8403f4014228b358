"""What a web process makes of a data set: what is looked at and no more, and the same pictures as its worker."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.data.datasets import DATASETS
from cnn_engine.errors import ParameterError
from cnn_server.runs import data_sets
from cnn_server.runs.outlines import first_of, judged_data, outline_of

from .support import SETTINGS

SMALL = {"train": 90, "validation": 40, "test": 30}
STORED = ["digits", "clothes"]
NAMES = [name for name in DATASETS if name not in STORED]


def of(name: str, **options) -> dict:
    return {**SETTINGS, "dataset": name, "dataset_options": options}


@pytest.mark.parametrize(
    ("name", "more"),
    [*((name, {}) for name in NAMES), ("shapes", {"imbalance": 20, "seed": 3}), ("shapes", {"size": 12})],
)
def test_an_outline_has_the_sizes_and_labels_and_takes_no_memory(name, more):
    outline, whole = outline_of(of(name, **SMALL, **more)), data_sets.dataset_of(of(name, **SMALL, **more))
    assert outline.sizes == whole.sizes
    for attribute in ("name", "classes", "targets", "input_shape", "task", "outputs", "loss"):
        assert getattr(outline, attribute) == getattr(whole, attribute)
    for part, real in zip(outline.parts.values(), whole.parts.values(), strict=True):
        assert (part.x.shape, part.x.dtype, part.y.shape, part.y.dtype) == (
            real.x.shape,
            real.x.dtype,
            real.y.shape,
            real.y.dtype,
        )
        assert part.x.strides[0] == 0
        if whole.classes:
            np.testing.assert_array_equal(part.y, real.y)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_looked_at_is_what_the_worker_draws(name):
    whole = data_sets.dataset_of(of(name, **SMALL))
    judged, shown, learned = (
        judged_data(of(name, **SMALL)),
        first_of(of(name, **SMALL), "validation", 8),
        first_of(of(name), "train", 20),
    )
    for part in ("validation", "test"):
        np.testing.assert_array_equal(judged.parts[part].x, whole.parts[part].x)
        np.testing.assert_array_equal(judged.parts[part].y, whole.parts[part].y)
    assert (judged.train.size, shown.train.size, shown.validation.size, shown.test.size) == (1, 1, 8, 1)
    np.testing.assert_array_equal(shown.validation.x, whole.validation.x[:8])
    np.testing.assert_array_equal(learned.train.x, whole.train.x[:20])


def test_a_set_that_is_not_drawn_is_there_as_it_is():
    for name in STORED:
        assert outline_of(of(name)) is data_sets.dataset_of(of(name))
    with pytest.raises(ParameterError, match="1300 exceeds the 1,259"):
        outline_of(of("digits", train=1300))


def test_an_imbalance_that_cannot_be_is_refused():
    for ratio in (0, 5000, "much"):
        with pytest.raises(ParameterError) as refused:
            outline_of(of("shapes", imbalance=ratio))
        assert refused.value.field == "dataset_options.imbalance"
    with pytest.raises(ParameterError, match="has none"):
        outline_of(of("angles", imbalance=3))


def test_a_start_draws_no_picture_that_it_learns_from(app, monkeypatch):
    drawn: list[int] = []
    make = data_sets.load_dataset

    def noted(name, **options):
        dataset = make(name, **options)
        drawn.append(sum(dataset.sizes.values()))
        return dataset

    monkeypatch.setattr(data_sets, "load_dataset", noted)
    client, options = app.test_client(), {"seed": 77, "train": 900, "validation": 40, "test": 30}
    body = {"architecture": "linear", "dataset": "strokes", "dataset_options": options}
    checked = client.post("/api/architectures/check", json=body).json
    started = client.post("/api/runs", json=body | {"optimizer": "sgd", "batch_size": 300, "epochs": 2}).json
    snapshot = client.post("/api/architectures/snapshot", json=body | {"sample": 3}).json
    assert checked["problem"] is None
    assert (started["total_steps"], snapshot["sample"]["index"]) == (6, 3)
    assert sum(drawn) < 100
    assert client.get(f"/api/runs/{started['id']}/snapshot").status_code == 200
    assert sum(drawn) < 200


@pytest.mark.parametrize(
    ("options", "field"), [({"validation": 17_000}, "validation"), ({"test": 15_000, "train": 9}, "test")]
)
def test_more_pictures_to_judge_by_than_can_be_drawn_are_refused(app, options, field):
    body = {"architecture": "linear", "dataset": "strokes", "dataset_options": options}
    for path, more in (("check", {}), ("snapshot", {})):
        response = app.test_client().post(f"/api/architectures/{path}", json=body | more)
        assert response.status_code == 422
        (fault,) = response.json["errors"]
        assert fault["field"] == f"dataset_options.{field}"
        assert "to draw the pictures that it is judged by" in fault["message"]
