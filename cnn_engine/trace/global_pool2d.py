"""Global pooling: each channel is one window."""

from __future__ import annotations

from typing import Annotated

from cnn_engine.tensors import Maps
from cnn_engine.trace.base import Array
from cnn_engine.trace.pool2d import AVG_COLUMNS, MAX_COLUMNS, AvgPool2dTrace, MaxPool2dTrace
from cnn_engine.windows import maps_of

__all__ = ["trace_global_avg_pool2d", "trace_global_max_pool2d"]


def trace_global_max_pool2d(input: Maps) -> Annotated[MaxPool2dTrace, MAX_COLUMNS]:
    """Return the steps of `global_max_pool2d`, one for each channel, with the columns of `trace_max_pool2d`."""
    x, size = _read(input)
    return _GlobalMaxPool2dTrace(x, size)


def trace_global_avg_pool2d(input: Maps) -> Annotated[AvgPool2dTrace, AVG_COLUMNS]:
    """Return the steps of `global_avg_pool2d`, one for each channel, with the columns of `trace_avg_pool2d`."""
    x, size = _read(input)
    return _GlobalAvgPool2dTrace(x, size)


def _read(input: Maps) -> tuple[Array, tuple[int, int]]:
    x = maps_of(input)
    return x, (x.shape[-2], x.shape[-1])


class _GlobalMaxPool2dTrace(MaxPool2dTrace):
    op = "global_max_pool2d"
    adjustable = False


class _GlobalAvgPool2dTrace(AvgPool2dTrace):
    op = "global_avg_pool2d"
    adjustable = False
