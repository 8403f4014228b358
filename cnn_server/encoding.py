"""NumPy to JSON and to binary: the only place that writes an array, with `texts.py` for those that stay as they are.

NaN and the infinities become `null`, which is how orjson writes them inside arrays and outside.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
from flask import Response, request
from markupsafe import Markup
from numpy.typing import NDArray

from cnn_server.texts import constant_text

Array = NDArray[Any]

FEW = 64  # numbers that are written as soon as they are found
LARGEST_WHOLE = 2**53  # below it every whole float64 is exactly one integer


def _plain(value: Any) -> Any:
    """Return what orjson cannot write itself: strided arrays, arrays without axes, and arrays of objects."""
    if isinstance(value, np.ndarray):
        if value.ndim == 0 or value.dtype.kind not in "biuf":
            return value.tolist()
        return np.ascontiguousarray(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def dumps(body: Any) -> bytes:
    """Return `body` as JSON bytes; dicts, lists, data classes, numbers, text and arrays of numbers may be in it."""
    return orjson.dumps(body, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY)


def in_page(json: str) -> Markup:
    """Return JSON that a script element of a page can hold: nothing in it ends the element."""
    return Markup(json.replace("<", "\\u003c"))


def numbers(array: Array) -> Array:
    """Return the same numbers, as integers where all are whole: 19, not 19.0, in half the time and fewer bytes."""
    if array.dtype.kind != "f" or array.size == 0:
        return array
    if not (array.item(0).is_integer() and array.item(-1).is_integer()) or (np.trunc(array) != array).any():
        return array  # also where one of them is not a number
    if array.min() > -LARGEST_WHOLE and array.max() < LARGEST_WHOLE:
        return array.astype(np.int64)
    return array


def column(array: Array) -> Array | orjson.Fragment:
    """Return a column of steps as `dumps` writes it soonest, to the same letters."""
    text = constant_text(array) if array.size > FEW else None
    return numbers(array) if text is None else orjson.Fragment(text)


def tensor(array: Array) -> dict[str, Any]:
    """Return an array as `{"shape", "values"}`."""
    return {"shape": list(array.shape), "values": numbers(array)}


def single(array: Array) -> Array:
    """Return the numbers in single precision, in fewer letters; as they are where one would have no room in it."""
    with np.errstate(over="ignore"):
        short = array.astype(np.float32)
    return array if (np.isinf(short) & np.isfinite(array)).any() else short


def packed(array: Array) -> dict[str, Any]:
    """Return an array as `{"shape", "base64"}`, little-endian float32; as a tensor where a number has no room in it.

    To write and to read twenty thousand numbers so takes a tenth of what their digits take, and fewer bytes packed.
    """
    short = single(array)
    if short.dtype != np.float32:
        return tensor(array)
    return {"shape": list(array.shape), "base64": b64encode(short.astype("<f4").tobytes()).decode()}


def json(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON response."""
    return Response(dumps(body), status, headers=dict(headers or {}), mimetype="application/json")


def fresh(response: Response) -> Response:
    """Return the response, which nobody is to keep."""
    response.headers["Cache-Control"] = "no-store"
    return response


def fresh_json(body: Any, status: int = 200) -> Response:
    """Return a JSON response, which nobody is to keep."""
    return fresh(json(body, status))


def binary(array: Array, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an array's numbers as little-endian bytes in C order, with its shape and dtype in headers."""
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    sent = {
        "X-Tensor-Shape": ",".join(map(str, array.shape)),
        "X-Tensor-Dtype": array.dtype.name,
        **(headers or {}),
    }
    return Response(little.tobytes(), status, headers=sent, mimetype="application/octet-stream")


def binaries(arrays: Mapping[str, Array], headers: Mapping[str, str] | None = None) -> Response:
    """Return several arrays as little-endian float32, one after the other; a header has `name=shape` of each."""
    sent = {
        "X-Tensor-Parts": ";".join(f"{name}={','.join(map(str, array.shape))}" for name, array in arrays.items()),
        "X-Tensor-Dtype": "float32",
        **(headers or {}),
    }
    data = b"".join(np.ascontiguousarray(array, dtype="<f4").tobytes() for array in arrays.values())
    return Response(data, headers=sent, mimetype="application/octet-stream")


def quantize(array: Array) -> tuple[NDArray[np.uint8], float]:
    """Return numbers as bytes on one symmetric scale: a byte b stands for about (b - 128) / 127 * scale.

    The scale is the largest absolute value; an array of zeros has scale 0 and 128 in every byte.
    """
    scale = float(np.abs(array).max(initial=0.0))
    if scale == 0.0:
        return np.full(array.shape, 128, np.uint8), 0.0
    levels = np.rint(array.astype(np.float64) / scale * 127.0) + 128.0
    return levels.astype(np.uint8), scale


def wants_binary() -> bool:
    """Return whether the client prefers bulk numbers as bytes to JSON."""
    kinds = ["application/json", "application/octet-stream"]
    return request.accept_mimetypes.best_match(kinds, kinds[0]) == kinds[1]
