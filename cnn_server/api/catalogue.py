"""GET /api/catalogue: what there is, and what each takes."""

from __future__ import annotations

from flask import Response

from cnn_engine.catalogue import OPERATIONS
from cnn_engine.nn.catalogue import networks
from cnn_server import encoding
from cnn_server.answers import answers
from cnn_server.catalogue_answers import CatalogueAnswer
from cnn_server.languages import language, translated
from cnn_server.resource import Resource
from cnn_server.web import revalidated

api = Resource("catalogue", __name__)


@api.get("/api/catalogue", responses=answers({200: CatalogueAnswer}))
def catalogue() -> Response:
    """Everything that there is by its name, with its parameters."""
    rows = OPERATIONS.values()
    operations = [row.as_json(language()) | translated(row.takes_and_holds()) for row in rows]
    return revalidated(encoding.json({"operations": operations, **translated(networks())}))
