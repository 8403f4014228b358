"""Columns of steps as JSON that is written once: which cells they are about is the same, whatever the numbers are."""

from __future__ import annotations

from typing import Any
from weakref import ref

import numpy as np
import orjson
from numpy.typing import NDArray

Array = NDArray[Any]
TextPart = tuple[int, tuple[int, ...], tuple[int, ...]]  # where in memory it begins, its shape and its strides
Texts = dict[TextPart, bytes]

LETTERS = 8  # that are kept for each number of an array

_KEPT: dict[int, tuple[ref[Array], Texts]] = {}  # by the id of an array, for as long as it is there


def constant_text(array: Array) -> bytes | None:
    """Return whole numbers or flags as JSON where nobody can write to them, nor to what they are a part of; else None.

    It is kept for as long as that is there.
    """
    owner: object = array if array.base is None else array.base
    if array.dtype.kind not in "biu" or not isinstance(owner, np.ndarray):
        return None
    if owner.base is not None or owner.flags.writeable:
        return None
    key, part = id(owner), (array.__array_interface__["data"][0], array.shape, array.strides)
    kept = _KEPT.get(key)
    if kept is None:
        kept = _KEPT[key] = ref(owner, lambda _: _KEPT.pop(key, None)), {}
    text = kept[1].get(part)
    return _written(array, owner, kept[1], part) if text is None else text


def _written(array: Array, owner: Array, texts: Texts, part: TextPart) -> bytes:
    text = orjson.dumps(np.ascontiguousarray(array), option=orjson.OPT_SERIALIZE_NUMPY)
    if sum(map(len, [*texts.values(), text])) > LETTERS * owner.size:
        texts.clear()
    texts[part] = text
    return text
