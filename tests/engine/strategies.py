"""Parameters for hypothesis: any that PyTorch's rules and the project's extensions allow, and no others."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from .naive import starts, taps

thorough = settings(deadline=None, max_examples=80, derandomize=True)  # the same cases in every run

MODES = ("zeros", "reflect", "replicate", "circular")
pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


def sides(largest):
    """((top, bottom), (left, right)) up to these."""
    return st.tuples(*(st.tuples(st.integers(0, most), st.integers(0, most)) for most in largest))


def numbers(draw, shape, integers):
    """Values of this shape: whole numbers, or floats whose sums round."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return rng.integers(-9, 10, shape).astype(np.float64) if integers else rng.standard_normal(shape)


@st.composite
def convolutions(draw, integers=False):
    """Arguments of a convolution that can be computed: (x, w, b, stride, padding, dilation, groups, mode)."""
    groups, depth, per_group = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    kernel, stride, dilation, mode = draw(pairs), draw(pairs), draw(pairs), draw(st.sampled_from(MODES))
    size = draw(st.tuples(st.integers(1, 7), st.integers(1, 7)))
    most = {"reflect": [side - 1 for side in size], "circular": size}.get(mode, (4, 4))
    padding = draw(sides([min(4, side) for side in most]))
    fits = [bool(starts(*axis)) for axis in zip(size, kernel, stride, padding, dilation, strict=True)]
    if not all(fits):  # a larger input always fits
        size = tuple(d * (k - 1) + 1 + s for d, k, s in zip(dilation, kernel, size, strict=True))
    x = numbers(draw, (groups * depth, *size), integers)
    w = numbers(draw, (groups * per_group, depth, *kernel), integers)
    b = draw(st.sampled_from([None, numbers(draw, (len(w),), integers)]))
    return x, w, b, stride, padding, dilation, groups, mode


@st.composite
def pools(draw, integers=False):
    """Arguments of a pool whose every window holds a value: (x, kernel, stride, padding, dilation, ceil_mode)."""
    kernel, stride, dilation = draw(pairs), draw(pairs), draw(pairs)
    ceil_mode = draw(st.booleans())
    padding = draw(sides([d * (k - 1) for d, k in zip(dilation, kernel, strict=True)]))
    size = draw(st.tuples(st.integers(1, 7), st.integers(1, 7)))
    if not all(_holds(*axis, ceil_mode) for axis in zip(size, kernel, stride, padding, dilation, strict=True)):
        size = tuple(d * (k - 1) + 1 + s for d, k, s in zip(dilation, kernel, size, strict=True))
        padding = ((0, 0), (0, 0))
    return numbers(draw, (2, *size), integers), kernel, stride, padding, dilation, ceil_mode


def _holds(size, kernel, stride, padding, dilation, ceil_mode):
    """Whether there is a window along the axis, and each reads a cell of the input."""
    indices = starts(size, kernel, stride, padding, dilation, ceil_mode)
    reads = [taps(position, kernel, dilation, padding) for position in indices]
    return bool(indices) and all(any(0 <= index < size for index in window) for window in reads)
