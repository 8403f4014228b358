"""Making a trace is free however large its output; so is one step of it."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from cnn_engine import (
    trace_avg_pool2d,
    trace_conv2d,
    trace_conv2d_backward,
    trace_flatten,
    trace_max_pool2d,
    trace_max_pool2d_backward,
    trace_relu_backward,
)

SIDE = 4000
PLANES = {dtype: np.zeros((SIDE, SIDE), dtype) for dtype in ("uint8", "float32")}
KERNELS = np.ones((8, 1, 3, 3))
TRACES = {
    "conv2d": (lambda x: trace_conv2d(x, KERNELS, padding=1), 8 * SIDE * SIDE),
    "conv2d, other modes": (lambda x: trace_conv2d(x, KERNELS, padding="same", padding_mode="reflect"), 8 * SIDE**2),
    "max_pool2d": (lambda x: trace_max_pool2d(x, 3, stride=1, padding=1), SIDE * SIDE),
    "avg_pool2d": (lambda x: trace_avg_pool2d(x, 3, stride=1, padding=1), SIDE * SIDE),
    "flatten": (trace_flatten, SIDE * SIDE),
}


def peak(call):
    """The result, and the most bytes that it took on the way."""
    tracemalloc.start()
    try:
        result = call()
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("dtype", PLANES)
@pytest.mark.parametrize("name", TRACES)
def test_a_trace_of_a_large_output_costs_nothing(name, dtype):
    make, steps = TRACES[name]

    def ask():
        trace = make(PLANES[dtype])
        return trace, len(trace), trace.output_shape, trace.params, trace.geometry, list(trace.tensors)

    (_, count, shape, *_), used = peak(ask)
    assert count == steps == np.prod(shape)
    assert used < 1_000_000  # the output alone would take 128 MB


@pytest.mark.parametrize(
    "make",
    [
        lambda x: trace_conv2d(x, KERNELS.astype(np.float32)),
        lambda x: trace_max_pool2d(x, 2),
        lambda x: trace_avg_pool2d(x, 2),
        trace_flatten,
        lambda x: trace_conv2d_backward(x, KERNELS[:1].astype(np.float64), x[2:, 2:], wrt="input"),
        lambda x: trace_max_pool2d_backward(x, 2, x[::2, ::2]),
        lambda x: trace_relu_backward(x, x),
    ],
)
def test_a_step_costs_no_more_than_itself(make):
    x = PLANES["float32"]
    trace = make(x)
    (step, sentence), used = peak(lambda: (trace[len(trace) - 1], trace.descriptions(0, 1)))
    assert step.output == 0
    assert len(sentence) == 1
    assert used < 1_000_000
