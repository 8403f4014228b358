"""Convolution at stride 1 with taps that touch, without groups, with a third of the copying.

Unfolding a 3 x 3 window copies every value nine times. Here each row of the input is stored once for each column of
the kernel, shifted by as much: three times. The rows that one output row needs then follow one another in memory,
and so do those of the next, a row further on: one strided view is the operand of a matrix product a row.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Array = NDArray[Any]

BAND = 1 << 17  # stored values at once: about what a second-level cache holds


def correlate_dense(padded: Array, weight: Array, output: Array) -> None:
    """Write the cross-correlation of (C, H, W) with (O, C, kH, kW) to `output`, (O, H - kH + 1, W - kW + 1).

    All three have one floating dtype. The order of addition is BLAS's.
    """
    channels = len(padded)
    filters, _, down, across = weight.shape
    rows, cols = output.shape[1:]
    stored = across * channels  # lines stored for each row of the input, in the order (kernel column, channel)
    kernels = weight.transpose(0, 2, 3, 1).reshape(filters, down * stored)
    band = min(rows, max(1, BAND // (stored * cols)))
    lines = np.empty((band + down - 1, across, channels, cols), padded.dtype)
    operands = as_strided(
        lines, (band, down * stored, cols), (lines.strides[0], lines.strides[2], lines.strides[3]), writeable=False
    )
    target = output.transpose(1, 0, 2)
    for start in range(0, rows, band):
        count = min(band, rows - start)
        source = padded[:, start : start + count + down - 1].swapaxes(0, 1)
        for shift in range(across):
            lines[: count + down - 1, shift] = source[:, :, shift : shift + cols]
        np.matmul(kernels, operands[:count], out=target[start : start + count])
