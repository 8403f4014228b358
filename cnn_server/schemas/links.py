"""The body of POST /api/links."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cnn_server.schemas.reading import Body

MAX_ADDRESS = 60_000  # characters: a browser takes them in the header of a redirect


class LinkBody(Body):
    """A place on this server: its path, query and fragment."""

    to: Annotated[str, Field(min_length=1, max_length=MAX_ADDRESS)]
