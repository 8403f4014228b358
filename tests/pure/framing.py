"""Frames of traces, as tests in Node have them."""

from __future__ import annotations

from typing import Any

import orjson

from cnn_engine.catalogue import OPERATIONS
from cnn_engine.trace import Trace
from cnn_server import encoding


def given(trace: Trace, index: int, *tensors: str) -> Any:
    """A trace and a step of it, as scripts have them."""
    shown = trace.show()
    assert shown
    names = tensors or [name for name in trace.tensors if name not in trace.on_request]
    whole = {
        "op": trace.op,
        **({"group": OPERATIONS[trace.op].group} if trace.op in OPERATIONS else {}),
        "total": len(trace),
        "params": trace.params,
        "tensors": {name: encoding.tensor(trace.tensors[name]) for name in names},
        **shown.plain(),
    }
    columns = {name: column[0] for name, column in trace.columns(index, index + 1).items()}
    step = {"index": index, **columns, "description": trace.descriptions(index, index + 1)[0]}
    if trace.geometry:
        whole["geometry"] = {name: vars(axis) for name, axis in trace.geometry.items()}
    return orjson.loads(encoding.dumps([whole, step]))


def frame(scripts: Any, trace: Trace, index: int, *tensors: str) -> Any:
    """The frame of a step."""
    return scripts.call("frame.js", "frame", *given(trace, index, *tensors))
