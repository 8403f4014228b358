"""The second of two training processes: started by halves.py as a program, never imported."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from cnn_engine.nn.losses import LOSSES
from cnn_engine.nn.network import Network
from cnn_engine.nn.parts import Parts
from cnn_engine.nn.quiet import settle
from cnn_engine.nn.shared import GoneError, Shared, Sizes, await_byte


def main(told: dict[str, Any]) -> None:
    """Wait for a half, compute its gradient, say so; until the other process is gone."""
    shared = Shared(Sizes(**told["sizes"]), told["memory"])
    network = Network(**told["network"])
    parts = Parts(network, LOSSES[told["loss"]])
    parts.prepare(shared.samples.shape[0])
    settle()
    while True:
        os.write(told["tells"], b".")
        await_byte(told["hears"])
        count = int(shared.told[0])
        network.store.flat[...] = shared.parameters
        shared.told[1] = parts.forward_backward(shared.samples[:count], shared.truth[:count], None)
        shared.gradient[...] = network.store.flat_gradient
        right = parts.correct
        shared.told[2] = -1 if right is None else right


if __name__ == "__main__":
    try:
        main(json.loads(sys.argv[1]))
    except (GoneError, BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)
