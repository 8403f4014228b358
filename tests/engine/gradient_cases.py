"""The settings in which gradients are held to PyTorch's, in the engine's names; inputs come from `numbers`.

What PyTorch computes for them is in fixtures/gradients.npz, made by scripts/make_torch_fixtures.py, which reads this
table too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).with_name("fixtures") / "gradients.npz"
Case = tuple[str, tuple[tuple[int, ...], ...], dict[str, Any]]


def conv(depth: int = 2, kernel: tuple[int, int] = (3, 2), **options: Any) -> Case:
    """A convolution of 4 filters over 4 channels."""
    return "conv2d", ((4, 6, 5), (4, depth, *kernel), (4,)), {"groups": 4 // depth, **options}


def transposed(per_group: int = 2, kernel: tuple[int, int] = (3, 2), **options: Any) -> Case:
    """A transposed convolution of 4 channels."""
    return "conv_transpose2d", ((4, 3, 4), (4, per_group, *kernel), (2 * per_group,)), {"groups": 2, **options}


def pool(kind: str, **options: Any) -> Case:
    """A pool of two channels."""
    return f"{kind}_pool2d", ((2, 7, 6),), options


CASES: dict[str, Case] = {
    "conv2d": conv(4),
    "conv2d in groups": conv(2),
    "conv2d depthwise": conv(1, padding=1),
    "conv2d stride": conv(stride=(2, 1), padding=(1, 2)),
    "conv2d stride beyond the kernel": conv(4, (1, 2), stride=3),
    "conv2d dilation": conv(dilation=(2, 3), padding=((2, 2), (3, 3))),
    "conv2d stride and dilation": conv(stride=2, dilation=(3, 2), padding=((3, 3), (1, 1))),
    "conv2d reflect": conv(4, padding=((3, 3), (2, 2)), padding_mode="reflect"),
    "conv2d replicate": conv(2, padding=((2, 2), (2, 2)), padding_mode="replicate", stride=2),
    "conv2d circular": conv(2, padding=((4, 4), (3, 3)), padding_mode="circular", dilation=2),
    "conv_transpose2d": transposed(),
    "conv_transpose2d stride": transposed(stride=(2, 3), padding=1, output_padding=(1, 2)),
    "conv_transpose2d dilation above stride": transposed(stride=2, dilation=3, padding=(1, 2), output_padding=(2, 0)),
    "conv_transpose2d what they share": transposed(stride=4, dilation=6, padding=3),
    "avg_pool2d": pool("avg", kernel_size=2),
    "avg_pool2d padding": pool("avg", kernel_size=3, stride=2, padding=1),
    "avg_pool2d padding not counted": pool("avg", kernel_size=3, stride=2, padding=1, count_include_pad=False),
    "avg_pool2d rounded up": pool("avg", kernel_size=(3, 2), stride=(3, 4), ceil_mode=True, padding=1),
    "max_pool2d": pool("max", kernel_size=3, stride=1),
    "max_pool2d padding": pool("max", kernel_size=3, stride=2, padding=1, dilation=2, ceil_mode=True),
    "pad2d zeros": ("pad2d", ((2, 4, 3),), {"padding": ((1, 2), (0, 3))}),
    "pad2d reflect": ("pad2d", ((2, 4, 3),), {"padding": ((1, 2), (2, 1)), "mode": "reflect"}),
    "pad2d replicate": ("pad2d", ((2, 4, 3),), {"padding": ((1, 2), (0, 3)), "mode": "replicate"}),
    "pad2d circular": ("pad2d", ((2, 4, 3),), {"padding": ((1, 4), (0, 3)), "mode": "circular"}),
    "linear": ("linear", ((5,), (3, 5), (3,)), {}),
    "bilinear": ("interpolate2d", ((2, 3, 4),), {"scale_factor": 2, "mode": "bilinear"}),
    "bilinear corners": (
        "interpolate2d",
        ((2, 3, 4),),
        {"scale_factor": (1.5, 3), "mode": "bilinear", "align_corners": True},
    ),
    "nearest": ("interpolate2d", ((2, 3, 4),), {"scale_factor": (1.5, 0.7)}),
}
