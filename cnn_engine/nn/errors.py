"""How an error learns which layer it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cnn_engine.errors import ConvoscopeError


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape as people write it: 1 × 28 × 28."""
    return " × ".join(map(str, shape))


@contextmanager
def at_layer(index: int, kind: str, input_shape: tuple[int, ...]) -> Iterator[None]:
    """Say which layer an error is about, counted from 1, and what it was given; the error's field counts from 0."""
    try:
        yield
    except ConvoscopeError as error:
        where = {"number": index + 1, "kind": kind, "shape": shape_text(input_shape)}
        field = f"architecture.{index}" + (f".{error.field}" if error.field else "")
        raise error.within(field, "at_layer", **where) from error
