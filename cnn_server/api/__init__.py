"""The HTTP API: one module per resource."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, current_app, request
from flask_openapi3.openapi import OpenAPI

from cnn_engine.errors import ConvoscopeError
from cnn_server import classroom, encoding
from cnn_server.api import (
    answering,
    architectures,
    asking,
    catalogue,
    code,
    feature_maps,
    health,
    images,
    keeping,
    learned,
    models,
    network,
    room,
    run_events,
    run_views,
    run_weight,
    runs,
    traces,
)
from cnn_server.problems import ProblemError, render
from cnn_server.web import revalidated

RESOURCES = (
    health.api,
    catalogue.named,
    catalogue.api,
    traces.api,
    network.api,
    code.api,
    images.api,
    keeping.api,
    feature_maps.api,
    runs.api,
    architectures.api,
    run_events.api,
    run_views.api,
    run_weight.api,
    room.api,
    architectures.untrained,
    models.api,
    models.programs,
    answering.api,
    asking.api,
    asking.reasons,
    learned.api,
    classroom.api,
)


def register(app: OpenAPI) -> None:
    """Add every resource, its description, and how the engine's refusals are told."""
    for api in RESOURCES:
        app.register_api(api)
    app.before_request(_refuse_query)
    app.register_blueprint(images.samples)
    app.register_error_handler(ConvoscopeError, _of_engine)
    app.add_url_rule("/openapi.json", "openapi", lambda: _description(app))


def _refuse_query() -> None:
    """Refuse a parameter in an address that the call does not take, or that is given twice."""
    here = request.path.startswith("/api/") and request.routing_exception is None
    for name, values in request.args.lists() if here else ():
        if len(values) > 1:
            raise ProblemError(422, "given_several_times", name[:60], name=name[:60], count=len(values))
    if request.args and here and not _takes_query(current_app.view_functions[request.endpoint or ""]):
        name = next(iter(request.args))[:60]
        raise ProblemError(422, "not_a_parameter_of_the_address", name, name=name)


def _takes_query(view: Callable[..., Any]) -> bool:
    """Return whether a call takes parameters in its address, and says which."""
    return "query" in inspect.signature(view).parameters


def _of_engine(error: ConvoscopeError) -> Response:
    """Return what the engine refuses, by the name of the argument."""
    return render(ProblemError.of_faults(422, (error.field or "body", error.message)))


def _description(app: OpenAPI) -> Response:
    with _uncollected():
        for api in RESOURCES:
            api.describe(app)
    return revalidated(encoding.json(app.api_doc))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make much that stays, a description: to look for garbage among it would take a quarter of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
