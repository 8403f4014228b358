"""conv2d against scipy.ndimage.correlate: `python -m benchmarks.bench_conv2d`.

SciPy correlates one array with one kernel, so a convolution is a call for each filter and channel, summed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from benchmarks import machine, medians, table
from cnn_engine import conv2d

Array = NDArray[np.floating]

CASES = {"1 × 3 × 224 × 224, 16 kernels": (3, 224, 16, 15), "1 × 1 × 512 × 512, 1 kernel": (1, 512, 1, 51)}


def correlate(image: Array, weight: Array) -> Array:
    """Return the same convolution by SciPy: image (C, H, W), weight (O, C, 3, 3), the outer ring of cells cut off."""
    maps = [
        sum(ndimage.correlate(channel, kernel, mode="constant") for channel, kernel in zip(image, kernels, strict=True))
        for kernels in weight
    ]
    return np.stack(maps)[:, 1:-1, 1:-1]


def row(name: str, channels: int, size: int, filters: int, rounds: int, dtype: type[np.floating]) -> list[str]:
    """One line of the table; first both are checked to agree."""
    rng = np.random.default_rng(0)
    image = rng.standard_normal((channels, size, size)).astype(dtype)
    weight = rng.standard_normal((filters, channels, 3, 3)).astype(dtype)
    np.testing.assert_allclose(conv2d(image, weight), correlate(image, weight), rtol=1e-3, atol=1e-4)
    ours, theirs = medians(lambda: conv2d(image[None], weight), lambda: correlate(image, weight), rounds=rounds)
    return [
        f"{name} 3 × 3",
        np.dtype(dtype).name,
        f"{ours * 1e6:,.0f}",
        f"{theirs * 1e6:,.0f}",
        f"{theirs / ours:.1f}×",
    ]


def main() -> None:
    """Print the table."""
    rows = [row(name, *case, dtype) for name, case in CASES.items() for dtype in (np.float32, np.float64)]
    print("### conv2d, microseconds\n")
    print(table(["case", "dtype", "conv2d", "scipy.ndimage.correlate", "ratio"], rows))
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
