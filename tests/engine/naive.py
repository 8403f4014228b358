"""The operations by their definitions, one number at a time: what the engine is held against.

Written from PyTorch's documentation, without NumPy's arithmetic and without the engine. Sizes and padding are given
per axis: kernel (h, w), padding ((top, bottom), (left, right)).
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np


def starts(size, kernel, stride, padding, dilation, ceil_mode=False):
    """Where windows begin along an axis, counted from the first padded cell."""
    reach = dilation * (kernel - 1) + 1
    steps = Fraction(size + sum(padding) - reach, stride)
    count = (math.ceil(steps) if ceil_mode else math.floor(steps)) + 1
    positions = [index * stride for index in range(count)]
    if ceil_mode:  # a window may not begin in the padding at the end, nor beyond it
        positions = [position for position in positions if position < size + padding[0]]
    return positions


def source(index, size, mode):
    """The input cell that stands at `index`, which may lie outside; None for a cell of zeros."""
    if 0 <= index < size:
        return index
    if mode == "zeros":
        return None
    if mode == "replicate":
        return 0 if index < 0 else size - 1
    if mode == "circular":
        return index + size if index < 0 else index - size
    return -index if index < 0 else 2 * (size - 1) - index  # reflect: the edge cell is not repeated


def cell(plane, row, col, mode):
    """The value at (row, col) of a plane, which may lie outside it."""
    down, across = source(row, len(plane), mode), source(col, len(plane[0]), mode)
    return 0 if down is None or across is None else plane[down][across]


def conv2d(x, w, b, stride, padding, dilation, groups, mode):
    """(C, H, W) and (O, C / groups, kH, kW): nested lists of the outputs, added in the contract's order."""
    x, w = x.tolist(), w.tolist()
    (top, _), (left, _) = padding
    depth, per_group = len(w[0]), len(w) // groups
    rows = starts(len(x[0]), len(w[0][0]), stride[0], padding[0], dilation[0])
    cols = starts(len(x[0][0]), len(w[0][0][0]), stride[1], padding[1], dilation[1])
    output = np.zeros((len(w), len(rows), len(cols)))
    for (f, kernels), (r, row), (k, col) in product(enumerate(w), enumerate(rows), enumerate(cols)):
        total = 0.0
        for c, kernel in enumerate(kernels):
            plane = x[f // per_group * depth + c]
            channel = 0.0
            for i, line in enumerate(kernel):
                row_sum = 0.0
                for j, weight in enumerate(line):
                    position = row + i * dilation[0] - top, col + j * dilation[1] - left
                    row_sum += cell(plane, *position, mode) * weight
                channel += row_sum
            total += channel
        output[f, r, k] = total if b is None else total + float(b[f])
    return output


def taps(start, kernel, dilation, padding):
    """The input indices that a window reads along an axis; some may lie outside."""
    return [start + tap * dilation - padding[0] for tap in range(kernel)]


def pooled_windows(plane, kernel, stride, padding, dilation, ceil_mode):
    """((row, col) of the output, row indices, column indices) of every window."""
    rows = starts(len(plane), kernel[0], stride[0], padding[0], dilation[0], ceil_mode)
    cols = starts(len(plane[0]), kernel[1], stride[1], padding[1], dilation[1], ceil_mode)
    for (r, row), (c, col) in product(enumerate(rows), enumerate(cols)):
        yield (r, c), taps(row, kernel[0], dilation[0], padding[0]), taps(col, kernel[1], dilation[1], padding[1])


def max_pool2d(plane, *geometry):
    """(H, W): {output cell: (largest value, its place in the window)}; the first of equals, NaN before all."""
    answers = {}
    for out, down, across in pooled_windows(plane, *geometry):
        best, where = -math.inf, (0, 0)
        for (i, row), (j, col) in product(enumerate(down), enumerate(across)):
            if 0 <= row < len(plane) and 0 <= col < len(plane[0]) and not math.isnan(best):
                value = plane[row][col]
                if value > best or math.isnan(value):
                    best, where = value, (i, j)
        answers[out] = best, where
    return answers


def avg_pool2d(plane, kernel, stride, padding, dilation, ceil_mode, count_include_pad):
    """(H, W): {output cell: (sum, what it is divided by)}."""
    answers = {}
    for out, down, across in pooled_windows(plane, kernel, stride, padding, dilation, ceil_mode):
        total, counted = 0.0, 0
        for row in down:
            row_sum = 0.0
            for col in across:
                inside = 0 <= row < len(plane) and 0 <= col < len(plane[0])
                padded = row < len(plane) + padding[0][1] and col < len(plane[0]) + padding[1][1]
                counted += padded if count_include_pad else inside
                row_sum += plane[row][col] if inside else 0.0
            total += row_sum
        answers[out] = total, counted
    return answers
