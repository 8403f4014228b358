"""GET /api/catalogue: what there is, and what each takes. GET /api/presets: everything that has a name."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from cnn_engine.catalogue import OPERATIONS
from cnn_engine.data.architectures import ARCHITECTURES, Architecture
from cnn_engine.data.datasets import DATASETS
from cnn_engine.data.images import SAMPLES, SamplePicture
from cnn_engine.data.presets import INPUTS, KERNELS
from cnn_engine.nn.catalogue import networks
from cnn_engine.nn.choices import rows
from cnn_engine.nn.initialisation import INITIALISATIONS
from cnn_engine.nn.landscapes import LANDSCAPES
from cnn_engine.nn.race import RUNNERS
from cnn_server import encoding
from cnn_server.answers import Resource, answer_of, answers
from cnn_server.catalogue_answers import (
    CatalogueAnswer,
    DatasetAnswer,
    InputAnswer,
    KernelAnswer,
    LandscapeAnswer,
    PresetsAnswer,
    SampleAnswer,
)
from cnn_server.languages import language, translated
from cnn_server.web import revalidated

api = Resource("catalogue", __name__)
named = Resource("presets", __name__)


@api.get("/api/catalogue", responses=answers({200: CatalogueAnswer}))
def catalogue() -> Response:
    """Return everything that there is by its name, with its parameters."""
    operations = [row.as_json(language()) | translated(row.takes_and_holds()) for row in OPERATIONS.values()]
    return revalidated(encoding.json({"operations": operations, **translated(networks())}))


@named.get("/api/presets", responses=answers({200: PresetsAnswer}))
def presets() -> Response:
    """Return by name kernels, inputs, architectures, data sets, initialisations, landscapes with runners, pictures."""
    body = {
        "kernels": [answer_of(KernelAnswer, kernel) for kernel in KERNELS.values()],
        "inputs": [answer_of(InputAnswer, preset) for preset in INPUTS.values()],
        "architectures": [_architecture(preset) for preset in ARCHITECTURES.values()],
        "datasets": [answer_of(DatasetAnswer, preset) for preset in DATASETS.values()],
        "landscapes": [answer_of(LandscapeAnswer, landscape, name=name) for name, landscape in LANDSCAPES.items()],
        "initialisations": [
            {key: row[key] for key in ("name", "title", "sentence", "opens")} for row in rows(INITIALISATIONS)
        ],
        "runners": [{"name": name, "title": title} for name, (title, _) in RUNNERS.items()],
        "images": [_image(sample) for sample in SAMPLES.values()],
    }
    return revalidated(encoding.json(translated(body)))


def _architecture(preset: Architecture) -> dict[str, Any]:
    """Return the layers as for the first data set that they suit: the last one has as many outputs as that needs."""
    first = DATASETS[preset.datasets[0]]
    layers = preset.for_outputs(len(first.classes or first.targets))
    return {"name": preset.name, "title": preset.title, "architecture": layers, "for": preset.datasets}


def _image(sample: SamplePicture) -> dict[str, Any]:
    views = {"url": "samples.picture", "thumbnail": "samples.small"}
    return answer_of(SampleAnswer, sample, **{name: url_for(view, name=sample.name) for name, view in views.items()})
