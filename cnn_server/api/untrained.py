"""Before a run: what its network makes of a sample while it knows nothing yet, and samples of a data set."""

from __future__ import annotations

from flask import Response

from cnn_engine.data.datasets import DATASETS
from cnn_server import encoding
from cnn_server.answers import answers
from cnn_server.api.architectures import within_limits
from cnn_server.api.run_views import samples_of_all, snapshot_of
from cnn_server.problems import ProblemError
from cnn_server.resource import Resource
from cnn_server.run_view_answers import SamplesAnswer, SnapshotAnswer
from cnn_server.runs import settings
from cnn_server.runs.looking import Look
from cnn_server.runs.outlines import first_of
from cnn_server.schemas.runs import DatasetPath, UntrainedBody
from cnn_server.web import revalidated

SOME = 64  # samples among which every class is

api = Resource("untrained", __name__)


@api.post("/api/architectures/snapshot", responses=answers({200: SnapshotAnswer}, 400, 413, 415))
def snapshot(body: UntrainedBody) -> Response:
    """What a run's snapshot would tell at step 0: the weights as they begin, and what they make of one sample."""
    given = body.model_dump()
    within_limits(given, 1)
    dataset = first_of(given, "validation", body.sample + 1)
    network = settings.network_of(given, dataset)
    return encoding.json(
        snapshot_of(Look(network, dataset, settings.criterion_of(given, dataset, network)), body.sample)
    )


@api.get("/api/datasets/<name>/samples", responses=answers({200: SamplesAnswer}, 404))
def samples(path: DatasetPath) -> Response:
    """A few samples of the training set: one of each class, or the first ones where there are no classes."""
    if path.name not in DATASETS:
        raise ProblemError(404, "no_data_set", name=path.name[:40])
    dataset = first_of({"dataset": path.name}, "train", SOME)
    return revalidated(encoding.json({"name": path.name, "items": samples_of_all(dataset, "train")}))
