"""The body of POST /api/images/{id}/crop."""

from __future__ import annotations

from typing import Annotated

from cnn_server.schemas.field_types import Count, Index, whole
from cnn_server.schemas.presets import PresetSize
from cnn_server.schemas.reading import Body


class CropBody(Body):
    """A window of a picture at working size, counted from 0, and the size [height, width] of the grid it becomes."""

    row: Index
    col: Index
    height: Count
    width: Count
    size: PresetSize
    channels: Annotated[int, whole(1, 256)] = 1
