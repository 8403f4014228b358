"""A resource of the API: a blueprint whose calls are described when somebody asks for the description first.

To work out the JSON schemas of all bodies and answers takes longer than all else that the server does to start.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.openapi import OpenAPI
from flask_openapi3.types import ParametersTuple

_describing = threading.Lock()


class Resource(APIBlueprint):
    """The calls of one resource."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self._undescribed: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def _collect_openapi_info(self, rule: str, func: Callable[..., Any], **about: Any) -> ParametersTuple:
        """Return the models by which a call is read, and keep what its description is made of."""
        self._undescribed.append((rule, func, about))
        return super()._collect_openapi_info(rule, func, **about | {"doc_ui": False})

    def describe(self, app: OpenAPI) -> None:
        """Add the description of each call to that of an application."""
        with _describing:
            for rule, func, about in self._undescribed:
                super()._collect_openapi_info(rule, func, **about)
            self._undescribed.clear()
        app.paths.update(self.paths)
        app.components_schemas.update(self.components_schemas)
