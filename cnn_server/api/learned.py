"""/api/models: what the layers of one have learned, and how certain it is where it is right."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from flask import Response, current_app
from numpy.typing import NDArray

from cnn_engine.costs import work as counted
from cnn_engine.data.preparation import prepare
from cnn_engine.models import Model
from cnn_engine.models.learned import exciting, favourite, nearest
from cnn_engine.models.measures import THRESHOLDS, Certainty, certainty, shipped_certainty
from cnn_engine.models.passes import AT_ONCE
from cnn_engine.models.work import asking_bytes, favourite_work, learned_bytes, learned_work, passes_work
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.model_query import QUERY_FAILURES, bent, dataset_settings, query_of, steps_of_samples
from cnn_server.api.models import check, found
from cnn_server.model_answers import CertaintyAnswer, ExcitingAnswer, FavouriteAnswer, NearestAnswer
from cnn_server.problems import ProblemError, about
from cnn_server.runs import settings
from cnn_server.runs.outlines import first_of
from cnn_server.schemas.asking import ExcitingBody, FavouriteBody, NearestBody
from cnn_server.schemas.models import ModelPath
from cnn_server.web import revalidated

MOST_PICTURES = 500  # of a data set, that are looked at
LOOKING = 400_000_000  # nanoseconds of one core, as counted, for looking at them
DIGITS = 3  # decimals of a pixel

api = Resource("learned", __name__)


# ---- some of the pictures that a model learned from


@dataclass(frozen=True)
class Samples:
    """Pictures as the network receives them, and the number of each one's class."""

    pictures: NDArray[Any]
    labels: NDArray[Any]

    def shown(self, sample: int, model: Model) -> dict[str, Any]:
        """Return one of them as answers have it."""
        tensor = encoding.tensor(np.round(self.pictures[sample], DIGITS))
        label = int(self.labels[sample])
        name = model.classes[label] if label < len(model.classes) else str(label)  # a file may claim any data set
        return {"sample": sample, "label": name} | tensor


def samples_of(model: Model, part: str, spent: int = 0) -> Samples:
    """Return the first pictures of a part of a model's data set: as many as can be looked at in one go.

    `spent` is what the request has taken before, in nanoseconds as counted.
    """
    if model.dataset is None:
        raise ProblemError(422, "model_without_pictures", "model_id")
    steps = tuple(steps_of_samples(model).items())
    with about("model_id"):
        most = min(LOOKING, current_app.config["MAX_WHY_WORK"] - spent)
        given = dataset_settings(model)
        count = _how_many(model, given, most, prepared=bool(steps))
        return _drawn(json.dumps(given, sort_keys=True), part, count, steps, model.input_shape)


@lru_cache(maxsize=4)
def _drawn(
    given: str, part: str, count: int, steps: tuple[tuple[str, bool], ...], input_shape: tuple[int, ...]
) -> Samples:
    some = first_of(json.loads(given), part, count).parts[part]
    if some.y.ndim > 1:
        raise ProblemError(422, "pictures_without_classes", "model_id")
    pictures = some.x[:count]
    if steps:
        pictures = np.stack([prepare(one, dict(steps), input_shape=input_shape).input for one in pictures])
    return Samples(pictures, some.y[:count])


def _how_many(model: Model, given: settings.Settings, most: int, *, prepared: bool) -> int:
    """Return as many pictures as can be drawn, prepared and looked at in so long, but no more than `MOST_PICTURES`."""
    values = math.prod(first_of(given, "validation", 1).input_shape)
    each = counted(f"drawn {given['dataset']}", values=values) + passes_work(model, AT_ONCE) // AT_ONCE
    if prepared:
        each += counted("prepared", calls=1, values=values + math.prod(model.input_shape))
    return max(1, min(MOST_PICTURES, most // each))


# ---- what layers have learned


@api.post("/api/models/<model_id>/exciting", responses=answers({200: ExcitingAnswer}, *QUERY_FAILURES))
def excited(path: ModelPath, body: ExcitingBody) -> Response:
    """Return which of the first pictures of a data set excite a map most, and what of them the strongest cell sees."""
    model = found(path.model_id)
    made, work = bent(model, body)
    samples = samples_of(model, "validation", work)
    cost = work + learned_work(model, len(samples.pictures), body.count)
    check("count", cost, learned_bytes(model, samples.pictures), "MAX_WHY_WORK")
    chosen = exciting(made, samples.pictures, body.layer, body.channel, body.count, off=body.switched_off())
    own = [samples.shown(one.sample, model) | {"value": one.value, "cell": one.cell, "box": one.box} for one in chosen]
    return encoding.fresh_json({"of": len(samples.pictures), "pictures": own})


@api.post("/api/models/<model_id>/nearest", responses=answers({200: NearestAnswer}, *QUERY_FAILURES))
def near(path: ModelPath, body: NearestBody) -> Response:
    """Return which of the first pictures of the data set lie nearest to one, by what a layer makes of them."""
    query = query_of(path.model_id, body)
    samples = samples_of(query.itself, "validation", query.work)
    cost = learned_work(query.model, len(samples.pictures))
    query.check("layer", cost, learned_bytes(query.model, samples.pictures), "MAX_WHY_WORK")
    chosen = nearest(query.model, query.input, samples.pictures, body.layer, body.count, off=body.switched_off())
    own = [samples.shown(one.sample, query.itself) | {"distance": one.distance} for one in chosen]
    return encoding.fresh_json({"of": len(samples.pictures), "pictures": own})


@api.post("/api/models/<model_id>/favourite", responses=answers({200: FavouriteAnswer}, *QUERY_FAILURES))
def liked(path: ModelPath, body: FavouriteBody) -> Response:
    """Return what a map likes best: a picture that becomes, step by step, what makes the map's mean larger."""
    model = found(path.model_id)
    made, work = bent(model, body)
    check("steps", work + favourite_work(model, body.steps), asking_bytes(model), "MAX_WHY_WORK")
    off = body.switched_off()
    ascent = favourite(made, body.layer, body.channel, steps=body.steps, seed=body.seed, off=off)
    own = encoding.tensor(np.round(ascent.pictures, DIGITS)) | {"means": ascent.values}
    return encoding.fresh_json(own)


# ---- how certain it is


@api.get("/api/models/<model_id>/certainty", responses=answers({200: CertaintyAnswer}, 404, 503))
def certain(path: ModelPath) -> Response:
    """Return how many answers remain if the largest probability has to be at least so high, and how many are right."""
    found(path.model_id)
    known = shipped_certainty()
    counts = known[path.model_id] if path.model_id in known else _measured(path.model_id)
    body = {"thresholds": THRESHOLDS, **vars(counts), "kept": counts.kept, "accuracy": counts.accuracy}
    return revalidated(encoding.json(body))


@lru_cache(maxsize=256)
def _measured(model_id: str) -> Certainty:
    model = found(model_id)
    samples = samples_of(model, "test")
    cost = learned_work(model, len(samples.pictures))
    check("model_id", cost, learned_bytes(model, samples.pictures), "MAX_WHY_WORK")
    return certainty(model, samples.pictures, samples.labels)
