"""Bodies of some ten million bytes that mean nothing, and smaller ones that would take long to be judged."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.hostile.operations import CONV
from benchmarks.hostile.request import Hostile

MB = 1 << 20


def keys(count: int) -> bytes:
    """Return an object of so many keys."""
    return b"{" + b",".join(b'"k%d":1' % n for n in range(count)) + b"}"


NONSENSE_BODIES: dict[str, Callable[[], bytes]] = {
    "empty lists": lambda: b'{"input":[' + b",".join([b"[]"] * (10 * MB // 3 - 10)) + b"]}",
    "lists of one empty list": lambda: b'{"input":[' + b",".join([b"[[]]"] * (8 * MB // 5 - 10)) + b"]}",
    "unknown keys": lambda: keys(700_000),
    "unknown keys in an object": lambda: b'{"input":' + keys(700_000) + b"}",
    "empty objects": lambda: b'{"input":[' + b",".join([b"{}"] * (8 * MB // 3 - 10)) + b"]}",
    "numbers": lambda: b'{"input":[' + b",".join([b"1"] * (4 * MB)) + b"]}",
    "long numbers": lambda: b'{"input":[' + b",".join([b"1e-300"] * MB) + b"]}",
    "depth": lambda: b'{"input":' + b"[" * (4 * MB) + b"]" * (4 * MB) + b"}",
    "depth, again and again": lambda: b'{"input":[' + b",".join([b"[" * 900 + b"]" * 900] * 4600) + b"]}",
    "text": lambda: b'{"input":"' + b"x" * (10 * MB) + b'"}',
    "texts": lambda: b'{"input":[' + b",".join([b'"a"'] * (2 * MB)) + b"]}",
    "escapes": lambda: b'{"input":"' + b"\\u00e9" * (8 * MB // 6) + b'"}',
    "quotes that are escaped": lambda: b'{"input":"' + b'\\"' * (4 * MB) + b'"}',
    "no JSON at all": lambda: b"\x00" * (8 * MB),
    "brackets that are never closed": lambda: b'{"input":' + b"[" * (8 * MB),
    "commas": lambda: b'{"input":[' + b"," * (8 * MB) + b"]}",
    "braces in a text": lambda: b'{"input":"' + b"{[" * (4 * MB) + b'"}',
    "a quarter of a million faults": lambda: b'{"tensors":[' + b",".join([b"1"] * 250_000) + b"]}",
    "layers that are none": lambda: b'{"input":[1],"layers":[' + b",".join([b"1"] * 250_000) + b"]}",
    "layers with unknown keys": lambda: b'{"input":[1],"layers":[' + b",".join([keys(60_000)] * 4) + b"]}",
}
NONSENSE = {f"nonsense: {name}": Hostile(CONV, body) for name, body in NONSENSE_BODIES.items()}
NONSENSE["nonsense: layers that are none"] = Hostile("/api/trace/dense", NONSENSE_BODIES["layers that are none"])
NONSENSE["nonsense: layers with unknown keys"] = Hostile(
    "/api/trace/dense", NONSENSE_BODIES["layers with unknown keys"]
)
for _path in (
    "/api/runs",
    "/api/architectures/check",
    "/api/feature-maps",
    "/api/images/{image}/crop",
    "/api/runs/{run}/commands",
    "/api/code/conv2d",
):
    for _name in ("empty lists", "unknown keys", "depth"):
        NONSENSE[f"nonsense: {_name} at {_path}"] = Hostile(_path, NONSENSE_BODIES[_name])
NONSENSE["nonsense: options of an optimizer"] = Hostile(
    "/api/runs",
    lambda: b'{"architecture":"linear","dataset":"digits","optimizer":{"name":"sgd","x":' + keys(60_000) + b"}}",
)
NONSENSE["nonsense: an architecture of nested lists"] = Hostile(
    "/api/architectures/check",
    lambda: (
        b'{"dataset":"digits","architecture":[{"layer":"conv2d","kernel_size":['
        + b",".join([b"[]"] * 250_000)
        + b"]}]}"
    ),
)
NONSENSE["nonsense: options of a data set"] = Hostile(
    "/api/architectures/check",
    lambda: b'{"dataset":"digits","architecture":"linear","dataset_options":' + keys(60_000) + b"}",
)
