"""GET /api/presets: everything that has a name."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from cnn_engine.data.architectures import ARCHITECTURES, Architecture
from cnn_engine.data.datasets import DATASETS, DatasetPreset
from cnn_engine.data.images import SAMPLES, Sample
from cnn_engine.data.presets import INPUTS, KERNELS, InputPreset, Kernel
from cnn_engine.nn.choices import rows
from cnn_engine.nn.initialisation import INITIALISATIONS
from cnn_engine.nn.landscapes import LANDSCAPES, Landscape
from cnn_engine.nn.race import RUNNERS
from cnn_server import encoding
from cnn_server.answers import answers
from cnn_server.languages import translated
from cnn_server.preset_answers import PresetsAnswer
from cnn_server.resource import Resource
from cnn_server.web import revalidated

api = Resource("presets", __name__)


@api.get("/api/presets", responses=answers({200: PresetsAnswer}))
def presets() -> Response:
    """Kernels, inputs, architectures, data sets, initialisations, landscapes with runners, sample pictures by name."""
    body = {
        "kernels": [_kernel(kernel) for kernel in KERNELS.values()],
        "inputs": [_input(preset) for preset in INPUTS.values()],
        "architectures": [_architecture(preset) for preset in ARCHITECTURES.values()],
        "datasets": [_dataset(preset) for preset in DATASETS.values()],
        "landscapes": [_landscape(name, landscape) for name, landscape in LANDSCAPES.items()],
        "initialisations": [
            {key: row[key] for key in ("name", "title", "sentence", "opens")} for row in rows(INITIALISATIONS)
        ],
        "runners": [{"name": name, "title": title} for name, (title, _) in RUNNERS.items()],
        "images": [_image(sample) for sample in SAMPLES.values()],
    }
    return revalidated(encoding.json(translated(body)))


def _kernel(kernel: Kernel) -> dict[str, Any]:
    return {
        "name": kernel.name,
        "title": kernel.title,
        "finds": kernel.finds,
        "group": kernel.group,
        "shows": kernel.shows,
        "values": kernel.values,
    }


def _input(preset: InputPreset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "title": preset.title,
        "note": preset.note,
        "size": preset.size,
        "values": preset.values,
    }


def _architecture(preset: Architecture) -> dict[str, Any]:
    """The layers as they are for the first data set that it is for: the last one has as many outputs as that needs."""
    first = DATASETS[preset.datasets[0]]
    layers = preset.for_outputs(len(first.classes or first.targets))
    return {"name": preset.name, "title": preset.title, "architecture": layers, "for": preset.datasets}


def _dataset(preset: DatasetPreset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "title": preset.title,
        "description": preset.description,
        "task": preset.task,
        "input_shape": preset.input_shape,
        "classes": preset.classes,
        "targets": preset.targets,
        "sizes": preset.sizes,
        "provenance": preset.provenance,
    }


def _landscape(name: str, landscape: Landscape) -> dict[str, Any]:
    return {
        "name": name,
        "title": landscape.title,
        "note": landscape.note,
        "x_range": landscape.x_range,
        "y_range": landscape.y_range,
        "start": landscape.start,
        "rates": landscape.rates,
    }


def _image(sample: Sample) -> dict[str, Any]:
    return {
        "name": sample.name,
        "title": sample.title,
        "alt": sample.alt,
        "credit": sample.credit,
        "width": sample.width,
        "height": sample.height,
        "url": url_for("samples.picture", name=sample.name),
        "thumbnail": url_for("samples.small", name=sample.name),
    }
