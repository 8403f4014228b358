"""Traces, programs and feature maps of the largest inputs that are legal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.hostile.request import ALL_STEPS, Body, Hostile, body_of, floats, of
from cnn_engine.catalogue import names

CONV = "/api/trace/conv2d"
TRANSPOSED = "/api/trace/conv_transpose2d"
MAX = "/api/trace/max_pool2d"
AVG = "/api/trace/avg_pool2d"
CONV_TENSORS = ["input", "padded_input", "weight", "output", "partial", "visit_counts", "source_rows", "source_cols"]
BIG = {"preset": "random", "size": [32, 32], "channels": 256}

TRACES: dict[str, Hostile] = {
    "conv2d: large windows, no tensors": Hostile(CONV, body_of(input=of(500, 500), weight=of(62, 62), tensors=[])),
    "conv2d: as many products as may be": Hostile(CONV, body_of(input=of(384, 384), weight=of(20, 20))),
    "conv2d: as many products, all tensors": Hostile(
        CONV, body_of(input=of(384, 384), weight=of(20, 20), tensors=CONV_TENSORS, flip_kernel=True, steps=ALL_STEPS)
    ),
    "conv2d: one window of many": Hostile(CONV, body_of(input=of(360, 360), weight=of(360, 360))),
    "conv2d: filters of one weight": Hostile(
        CONV, body_of(input=of(1, 1, 1), weight=of(250_000, 1, 1, 1), steps=ALL_STEPS)
    ),
    "conv2d: a preset kernel of 64 x 64 x 32 x 32": Hostile(
        CONV,
        body_of(
            input={**BIG, "channels": 64}, weight={"preset": "random", "size": [32, 32], "filters": 64, "channels": 64}
        ),
    ),
    "conv2d: that kernel on request alone": Hostile(
        CONV,
        body_of(
            input={**BIG, "channels": 64},
            weight={"preset": "random", "size": [32, 32], "filters": 64, "channels": 64},
            tensors=["weight"],
        ),
    ),
    "conv2d: what each channel brings": Hostile(
        CONV, body_of(input=of(256, 28, 28), weight=of(200, 256, 1, 1), tensors=["partial"])
    ),
    "conv2d: what each channel brings, with the output": Hostile(
        CONV, body_of(input=of(256, 28, 28), weight=of(200, 256, 1, 1), tensors=["partial", "output"])
    ),
    "conv2d: padding around one cell": Hostile(
        CONV, body_of(input=of(1, 1, 1), weight=of(1, 1, 1, 1), padding=511, tensors=CONV_TENSORS, steps=ALL_STEPS)
    ),
    "conv2d: padding of a channel each": Hostile(
        CONV,
        body_of(
            input=of(1, 500, 500), weight=of(4, 1, 3, 3), padding=[6, 6], padding_mode="reflect", tensors=CONV_TENSORS
        ),
    ),
    "conv2d: dilated and grouped": Hostile(
        CONV,
        body_of(input=of(64, 40, 40), weight=of(512, 1, 15, 15), groups=64, dilation=2, padding=14, steps=ALL_STEPS),
    ),
    "conv_transpose2d: one window of many": Hostile(
        TRANSPOSED, body_of(input=of(362, 362), weight=of(27, 27), padding=180, steps=ALL_STEPS)
    ),
    "conv_transpose2d: large windows": Hostile(
        TRANSPOSED, body_of(input=of(4, 4), weight=of(500, 500), padding=240, stride=2, steps=ALL_STEPS)
    ),
    "conv_transpose2d: as many products as may be": Hostile(
        TRANSPOSED,
        body_of(
            input=of(360, 360),
            weight=of(16, 16),
            tensors=["input", "padded_input", "is_input", "weight", "flipped_weight", "output"],
        ),
    ),
    "conv_transpose2d: gaps": Hostile(
        TRANSPOSED,
        body_of(input=of(32, 32), weight=of(3, 3), stride=30, tensors=["padded_input", "is_input", "output"]),
    ),
    "conv_transpose2d: many filters": Hostile(
        TRANSPOSED, body_of(input=of(16, 16, 16), weight=of(16, 900, 4, 4), tensors=[], steps=ALL_STEPS)
    ),
    "conv_transpose2d: scattered": Hostile(
        TRANSPOSED,
        body_of(input=of(64, 64), weight=of(8, 8), mode="scatter", stride=7, steps={"start": 4000, "count": 1}),
    ),
    "conv_transpose2d: scattered far": Hostile(
        TRANSPOSED,
        body_of(input=of(64, 64), weight=of(1, 4, 250, 250), mode="scatter", steps={"start": 4095, "count": 1}),
    ),
    "conv_transpose2d: scattered steps": Hostile(
        TRANSPOSED, body_of(input=of(64, 64), weight=of(2, 2), mode="scatter", steps={"start": 3584, "count": 512})
    ),
    "conv_transpose2d: a preset kernel": Hostile(
        TRANSPOSED,
        body_of(
            input={**BIG, "channels": 64}, weight={"preset": "random", "size": [32, 32], "filters": 64, "channels": 64}
        ),
    ),
    "max_pool2d: as many comparisons as may be": Hostile(
        MAX, body_of(input=of(512, 512), kernel_size=20, stride=1, padding=10)
    ),
    "max_pool2d: one window of many": Hostile(MAX, body_of(input=of(512, 512), kernel_size=512)),
    "max_pool2d: large windows": Hostile(
        MAX, body_of(input=of(512, 512), kernel_size=255, stride=1, padding=127, tensors=[], steps=ALL_STEPS)
    ),
    "max_pool2d: moved": Hostile(MAX, body_of(input=of(512, 512), kernel_size=19, stride=1, padding=9, shift=[1, 1])),
    "max_pool2d: many channels of large windows": Hostile(
        MAX, body_of(input=BIG, kernel_size=32, padding=16, stride=4, shift=[1, 1])
    ),
    "avg_pool2d: as many as may be": Hostile(
        AVG, body_of(input=of(512, 512), kernel_size=20, stride=1, padding=10, steps=ALL_STEPS)
    ),
    "avg_pool2d: one window of many": Hostile(AVG, body_of(input=of(512, 512), kernel_size=512, shift=[1, 0])),
    "avg_pool2d: dilated": Hostile(AVG, body_of(input=of(512, 512), kernel_size=20, dilation=10, stride=1, padding=10)),
    "global_max_pool2d": Hostile("/api/trace/global_max_pool2d", body_of(input=of(4, 256, 256), shift=[1, 1])),
    "global_avg_pool2d": Hostile("/api/trace/global_avg_pool2d", body_of(input=of(4, 256, 256), shift=[1, 1])),
    "pad2d: a frame": Hostile(
        "/api/trace/pad2d", body_of(input=of(500, 500), padding=260, mode="reflect", steps=ALL_STEPS)
    ),
    "pad2d: a frame of a cell": Hostile("/api/trace/pad2d", body_of(input=of(1, 1), padding=1_000_000, tensors=[])),
    "pad2d: a long frame": Hostile("/api/trace/pad2d", body_of(input=of(1, 1), padding=[[0, 0], [1_000_000, 48_000]])),
    "flatten": Hostile("/api/trace/flatten", body_of(input=of(1, 512, 512), steps=ALL_STEPS)),
    "linear: many inputs": Hostile("/api/trace/linear", body_of(input=of(130_000), weight=of(1, 130_000))),
    "linear: many outputs": Hostile("/api/trace/linear", body_of(input=of(1), weight=of(262_000, 1), steps=ALL_STEPS)),
    "linear: square": Hostile("/api/trace/linear", body_of(input=of(500), weight=of(500, 500), steps=ALL_STEPS)),
    "dense: eight layers": Hostile(
        "/api/trace/dense",
        body_of(
            input=of(180), layers=lambda: [{"weight": floats(180, 180), "activation": "tanh"}] * 8, steps=ALL_STEPS
        ),
    ),
    "dense: a wide one": Hostile(
        "/api/trace/dense",
        body_of(
            input=of(65_000),
            layers=lambda: [
                {"weight": floats(1, 65_000)},
                {"weight": floats(65_000, 1)},
                {"weight": floats(1, 65_000)},
            ],
            steps=ALL_STEPS,
        ),
    ),
    **{
        name: Hostile(f"/api/trace/{name}", body_of(input=of(1, 512, 512), steps=ALL_STEPS))
        for name in names("activation")
    },
    **{
        name: Hostile(f"/api/trace/{name}", body_of(input=of(4096), steps={"start": 8000, "count": 512}))
        for name in ("softmax", "log_softmax")
    },
    "cross_entropy": Hostile("/api/trace/cross_entropy", body_of(input=of(4096), target=4000, steps=ALL_STEPS)),
    "binary_cross_entropy": Hostile(
        "/api/trace/binary_cross_entropy",
        body_of(input=lambda: np.full(4096, 0.3), target=lambda: np.full(4096, 0.7), steps=ALL_STEPS),
    ),
    "binary_cross_entropy_with_logits": Hostile(
        "/api/trace/binary_cross_entropy_with_logits",
        body_of(input=of(4096), target=lambda: np.full(4096, 0.7), steps=ALL_STEPS),
    ),
    "mse": Hostile("/api/trace/mse", body_of(input=of(4096), target=of(4096), steps=ALL_STEPS)),
    "conv2d_backward: windows as large as the gradient": Hostile(
        f"{CONV}_backward", body_of(input=of(360, 360), weight=of(3, 3), grad_output=of(358, 358), steps=ALL_STEPS)
    ),
    "conv2d_backward: an input that meets every weight": Hostile(
        f"{CONV}_backward",
        body_of(input=of(200, 200), weight=of(100, 100), grad_output=of(101, 101), wrt="input", steps=ALL_STEPS),
    ),
    "conv2d_backward: copies of copies": Hostile(
        f"{CONV}_backward",
        body_of(
            input=of(100, 100),
            weight=of(150, 150),
            grad_output=of(149, 149),
            wrt="input",
            padding=99,
            padding_mode="reflect",
            tensors=[],
            steps={"start": 0, "count": 2},
        ),
    ),
    "conv2d_backward: padding around one cell": Hostile(
        f"{CONV}_backward",
        body_of(input=of(1, 1), weight=of(1, 1), grad_output=of(3, 3), padding=1_000_000, stride=1_000_000),
    ),
    "conv2d_backward: links of a long line": Hostile(
        f"{CONV}_backward",
        body_of(
            input=of(1, 60_000),
            weight=of(1, 300),
            grad_output={"preset": "ones"},
            wrt="input",
            tensors=["spread_above", "turned_weight"],
            parts=["links"],
            steps={"start": 0, "count": 1},
        ),
    ),
    **{
        f"stacked_conv2d: {what}": Hostile(
            "/api/trace/stacked_conv2d",
            body_of(
                input=of(1, 60_000),
                weight=of(1, first),
                second_weight=of(1, second),
                stride=[1, stride],
                parts=["card", "links", "messages"],
                steps={"start": start},
            ),
        )
        for what, first, second, stride, start in (
            ("large windows", 300, 300, 1, 59_701),
            ("windows with gaps", 3, 9_000, 4, 15_000),
        )
    },
    "conv2d_backward: a bias": Hostile(
        f"{CONV}_backward",
        body_of(input=of(360, 360), weight=of(1, 1), grad_output=of(360, 360), wrt="bias", steps=ALL_STEPS),
    ),
    "conv_transpose2d_backward: windows as large as the input": Hostile(
        f"{TRANSPOSED}_backward",
        body_of(input=of(300, 300), weight=of(100, 100), grad_output=of(399, 399), steps=ALL_STEPS),
    ),
    "max_pool2d_backward: winners of large windows": Hostile(
        f"{MAX}_backward",
        body_of(input=of(400, 400), kernel_size=200, stride=1, grad_output=of(201, 201), tensors=[], steps=ALL_STEPS),
    ),
    "max_pool2d_backward: one step of those": Hostile(
        f"{MAX}_backward",
        body_of(
            input=of(400, 400),
            kernel_size=200,
            stride=1,
            grad_output=of(201, 201),
            tensors=[],
            steps={"start": 80_200, "count": 1},
        ),
    ),
    "avg_pool2d_backward: many shares": Hostile(
        f"{AVG}_backward",
        body_of(input=of(400, 400), kernel_size=100, stride=1, grad_output=of(301, 301), steps=ALL_STEPS),
    ),
    "global_max_pool2d_backward": Hostile(
        "/api/trace/global_max_pool2d_backward",
        body_of(input=of(4, 250, 250), grad_output=of(4, 1, 1), steps=ALL_STEPS),
    ),
    "pad2d_backward: copies of a row": Hostile(
        "/api/trace/pad2d_backward",
        body_of(
            input=of(1, 2),
            padding=[[250, 250], [250, 250]],
            mode="replicate",
            grad_output=of(501, 502),
            steps=ALL_STEPS,
        ),
    ),
    "linear_backward: square": Hostile(
        "/api/trace/linear_backward",
        body_of(input=of(500), weight=of(500, 500), grad_output=of(500), wrt="input", steps=ALL_STEPS),
    ),
    "relu_backward": Hostile(
        "/api/trace/relu_backward", body_of(input=of(1, 360, 360), grad_output=of(1, 360, 360), steps=ALL_STEPS)
    ),
    "softmax_cross_entropy_backward": Hostile(
        "/api/trace/softmax_cross_entropy_backward", body_of(logits=of(260_000), target=7, steps=ALL_STEPS)
    ),
    **{
        f"{name}_backward": Hostile(
            f"/api/trace/{name}_backward",
            body_of(target=lambda: np.full(130_000, 0.5), steps=ALL_STEPS, **{answers: of(130_000)}),
        )
        for name, answers in {"sigmoid_binary_cross_entropy": "logits", "mse": "prediction"}.items()
    },
    **{
        f"network: {name}": Hostile(
            "/api/trace/network",
            body_of(
                architecture=[*layers, {"layer": "flatten"}, {"layer": "linear", "out_features": outputs}],
                seed=0,
                input=of(side, side),
                target=0,
                optimizer="adam",
                steps=ALL_STEPS,
                parts=["card", "links", "messages"],
            ),
        )
        for name, side, layers, outputs in (
            ("many layers", 2, [{"layer": "conv2d", "out_channels": 1, "kernel_size": 1}] * 160, 2),
            ("many channels", 12, [{"layer": "conv2d", "out_channels": 24, "kernel_size": 3}] * 4, 2),
            ("many outputs", 2, [], 6000),
            ("large windows", 60, [{"layer": "max_pool2d", "kernel_size": 20, "stride": 1}] * 2, 2),
            ("many copies", 20, [{"layer": "conv2d", "out_channels": 4, "kernel_size": 7, "padding": 6}] * 3, 2),
        )
    },
    "network: many updates and a curve": Hostile(
        "/api/trace/network",
        body_of(
            architecture=[{"layer": "flatten"}, {"layer": "linear", "out_features": 30}],
            seed=0,
            input=of(12, 12),
            target=0,
            optimizer="adam",
            updates=70,
            check={"parameter": "input", "index": [0, 0, 0], "reach": 1},
            steps=ALL_STEPS,
        ),
    ),
    "optimizers: a race": Hostile(
        "/api/trace/optimizers",
        body_of(
            optimizers=["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"],
            updates=500,
            noise=0.1,
            schedule={"name": "cosine", "T_max": 500},
            steps={"start": 0, "count": 500},
            tensors=["input", "output", "loss", "path", "relief", "levels", "level_relief"],
        ),
    ),
}

CODES: dict[str, Hostile] = {
    f"code: {name}": Hostile(f"/api/code/{name}", body)
    for name, body in {
        "conv2d": body_of(input=of(110, 110), weight=of(60, 60), padding=100, padding_mode="circular"),
        "conv_transpose2d": body_of(input=of(100, 100), weight=of(60, 60), padding=20),
        "max_pool2d": body_of(input=of(127, 127), kernel_size=3, ceil_mode=True),
        "avg_pool2d": body_of(input=of(127, 127), kernel_size=3, ceil_mode=True, count_include_pad=False),
        "linear": body_of(input=of(120), weight=of(120, 120)),
        "dense": body_of(input=of(40), layers=lambda: [{"weight": floats(40, 40), "activation": "tanh"}] * 8),
        "relu": body_of(input=of(16_000)),
        "mse": body_of(input=of(4096), target=of(4096)),
    }.items()
}


def maps(kernels: int, side: int, **other: Any) -> Callable[[], Body]:
    """Return some kernels for the picture."""
    return lambda: {
        "image": "{image}",
        "kernels": [{"values": floats(side, side), "name": f"k{n}"} for n in range(kernels)],
        **other,
    }


MAPS: dict[str, Hostile] = {
    "feature-maps: as many products as may be": Hostile("/api/feature-maps", maps(32, 13)),
    "feature-maps: as bytes": Hostile(
        "/api/feature-maps", maps(32, 13, relu=True), headers={"Accept": "application/octet-stream"}
    ),
    "feature-maps: a pool of large windows": Hostile(
        "/api/feature-maps", maps(32, 1, pooling={"op": "max", "kernel_size": 64, "stride": 1})
    ),
    "feature-maps: an average of large windows": Hostile(
        "/api/feature-maps", maps(32, 1, pooling={"op": "avg", "kernel_size": 64, "stride": 1})
    ),
    "feature-maps: large kernels": Hostile("/api/feature-maps", maps(12, 128)),
    "feature-maps: one wide and one tall": Hostile(
        "/api/feature-maps",
        lambda: {"image": "{image}", "kernels": [{"values": floats(128, 1)}, {"values": floats(1, 128)}] * 16},
    ),
    "pixel: a pool of many windows": Hostile(
        "/api/feature-maps/pixel",
        lambda: {
            "image": "{image}",
            "kernel": {"values": floats(8, 8)},
            "row": 0,
            "col": 0,
            "pooling": {"op": "max", "kernel_size": 120},
        },
    ),
    "pixel: many windows of one": Hostile(
        "/api/feature-maps/pixel",
        lambda: {
            "image": "{image}",
            "kernel": {"values": floats(1, 1)},
            "row": 0,
            "col": 0,
            "pooling": {"op": "avg", "kernel_size": 128},
            "relu": True,
        },
    ),
    "pixel: a kernel of 128 x 128": Hostile(
        "/api/feature-maps/pixel",
        lambda: {"image": "{image}", "kernel": {"values": floats(128, 128)}, "row": 0, "col": 0},
    ),
}
