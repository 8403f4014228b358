"""The application: its pages, its API and its training runs put together."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from cnn_server import api, claims, compression, doors, languages, openings, problems, room, statics, web
from cnn_server.answers import ProblemAnswer
from cnn_server.api import keeping
from cnn_server.classroom import Links, classroom, in_parts
from cnn_server.classroom import room as reach
from cnn_server.config import settings
from cnn_server.images import KeptImages, open_images
from cnn_server.kept_files import Rules
from cnn_server.models import open_models
from cnn_server.page_views import navigation, pages
from cnn_server.runs import service
from cnn_server.runs.launcher import Launcher
from cnn_server.schemas.reading import to_problem
from cnn_server.serving import descriptors, parent
from cnn_server.stored import stored

HERE = Path(__file__).resolve().parent
DESCRIPTION = """Operations of convolutional neural networks, one step at a time.

Every failure is a problem+json (RFC 9457) that says what is wrong and names each field of a body at fault."""


def create_app(config: Mapping[str, Any] | None = None) -> OpenAPI:
    """Return the application.

    Settings come from `config`, else from the environment (CONVOSCOPE_...), else from `cnn_server.config`.
    """
    app = OpenAPI(
        "cnn_server",
        info=Info(title="Convoscope", version=_version(), description=DESCRIPTION),
        security_schemes={},
        validation_error_model=ProblemAnswer,
        validation_error_callback=_refuse,
        doc_ui=False,
        template_folder=str(_folder("templates")),
        static_folder=None,  # see `statics`
    )
    app.config.from_mapping(settings(config))
    app.extensions["images"] = open_images(app.config)
    app.extensions["kept_images"] = KeptImages(
        app.config["DATA_DIR"],
        Rules(*(app.config[name] for name in ("IMAGE_KEPT_TTL", "IMAGE_KEPT_BYTES", "IMAGES_KEPT_PER_CLIENT"))),
    )
    app.extensions["models"] = open_models(app.config)
    app.extensions["links"] = Links(app.config["LINK_STORE_BYTES"])
    statics.register(app, _folder("static"), _bundle(app.config["BUNDLE_DIR"]))
    openings.register(app)
    web.register(app)
    doors.register(app)
    problems.register(app)
    languages.register(app)
    for known in (navigation, reach, keeping.known):
        app.context_processor(known)
    app.add_template_filter(in_parts)
    app.register_blueprint(pages)
    app.register_blueprint(classroom)
    app.register_blueprint(stored)
    claims.register(app, _folder("docs") / "claims.md")
    service.register(app)
    room.register(app)
    api.register(app)
    compression.register(app)
    return app


def start_workers(app: OpenAPI, launcher: Launcher | None = None) -> None:
    """Start the processes that train, which end when this one does, and let it open as many sockets as it may.

    A launcher that has begun already is the one that the application has from now on.
    """
    descriptors.fit_viewers(app.config)
    runs: service.Service = app.extensions[service.EXTENSION]
    runs.start_workers(launcher)
    parent.end_with_parent(runs.stop_workers)


def _folder(name: str) -> Path:
    """Return `templates`, `static` or `docs`: inside the package once installed, beside it in a checkout."""
    installed = HERE / name
    return installed if installed.is_dir() else HERE.parent / name


def _bundle(folder: str | None) -> Path:
    """Return where bundles are: inside the package once installed, elsewhere where somebody has made some."""
    return Path(folder) if folder else HERE / "bundled"


def _version() -> str:
    try:
        return version("convoscope")
    except PackageNotFoundError:
        return "0.0.0"


def _refuse(error: Any) -> Any:
    raise to_problem(error)
