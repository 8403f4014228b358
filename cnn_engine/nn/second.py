"""The second of two training processes: started by halves.py as a program, never imported."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from cnn_engine.nn.criteria import Criterion
from cnn_engine.nn.network import Network
from cnn_engine.nn.parts import BatchParts
from cnn_engine.nn.quiet import settle
from cnn_engine.nn.shared import PeerGoneError, Shared, Sizes, await_byte


def main(options: dict[str, Any]) -> None:
    """Wait for a half, compute its gradient, say so, count what is right, say so; until the other process is gone."""
    shared = Shared(Sizes(**options["sizes"]), options["memory"])
    network = Network(**options["network"])
    network.store.move(shared.parameters, shared.gradient)
    parts = BatchParts(network, Criterion(**options["criterion"]))
    parts.prepare(shared.samples.shape[0])
    settle()
    os.set_blocking(options["hears"], False)
    os.write(options["writes"], b".")
    while True:
        await_byte(options["hears"])
        count = int(shared.results[0])
        shared.results[1] = parts.forward_backward(shared.samples[:count], shared.truth[:count], None)
        os.write(options["writes"], b".")
        right = parts.correct  # nobody waits for it
        shared.results[2] = -1 if right is None else right
        os.write(options["writes"], b".")


if __name__ == "__main__":
    try:
        main(json.loads(sys.argv[1]))
    except (PeerGoneError, BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)
