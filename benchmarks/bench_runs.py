"""Training as a service: `python -m benchmarks.bench_runs`.

What being watched costs the training, how soon a command is carried out, and how soon the first point of a curve is
there after Start, by way of HTTP and the event stream under `make serve`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median, quantiles

from benchmarks import machine, table
from benchmarks.serving import ROOT, Server, classroom

EPOCHS = 1200  # 48,000 steps: some seconds, beside which it is little that events are told 50 ms late
ROUNDS = 9
COMMANDS = 40
STARTS = 9
ALONE = """
import sys, time
from cnn_engine.data import load_dataset
from cnn_engine.data.architectures import architecture_layers
from cnn_engine.nn import Network, Trainer, fit
digits = load_dataset("digits")
network = Network(architecture_layers("small-cnn", 10), input_shape=digits.input_shape)
trainer = Trainer(network, optimizer={"name": "adam", "learning_rate": 0.003}, batch_size=32)
events = fit(trainer, digits.train, epochs=int(sys.argv[1]), validation=digits.validation)
next(events)
start = time.perf_counter()
for event in events:
    pass
print(trainer.progress.step / (time.perf_counter() - start))
"""


def alone() -> float:
    """Return steps a second of `fit` in a process of its own that does nothing else."""
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", ALONE, str(EPOCHS)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **one_thread}, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def watched(server: Server) -> float:
    """Return steps a second of a run as somebody sees it who watches: from the first event with steps to the last."""
    seen = [(when, data["step"]) for when, event, data in server.events(server.start(epochs=EPOCHS)) if event == "step"]
    (began, first), (ended, last) = seen[0], seen[-1]
    return float((last - first) / (ended - began))


def latencies(server: Server, pace: float | None) -> list[float]:
    """Milliseconds until the answer to pause and resume in turns, which comes when the worker has done it."""
    run_id = server.start(epochs=5000, steps_per_second=pace)
    while not server.call("GET", f"/api/runs/{run_id}")["step"]:
        time.sleep(0.05)
    taken = []
    for number in range(COMMANDS):
        start = time.perf_counter()
        state = server.command(run_id, "resume" if number % 2 else "pause")["state"]
        taken.append(1000 * (time.perf_counter() - start))
        assert state == ("running" if number % 2 else "paused"), state
        time.sleep(0.03)
    server.command(run_id, "stop")
    return taken


def first_points(server: Server) -> list[float]:
    """Milliseconds from Start to the first point, at the page's pace."""
    taken = []
    for _ in range(STARTS):
        start = time.perf_counter()
        run_id = server.start(steps_per_second=20.0)
        when = next(when for when, event, _ in server.events(run_id) if event == "step")
        taken.append(1000 * (when - start))
        server.command(run_id, "stop")
    return taken


def main() -> None:
    """Print the tables."""
    with classroom() as server:
        watched(server)  # the workers have started
        speeds = [(alone(), watched(server)) for _ in range(ROUNDS)]
        by_pace = {name: latencies(server, pace) for name, pace in (("20 steps/s", 20.0), ("as fast as it goes", None))}
        starts = first_points(server)
    off, on = (median(column) for column in zip(*speeds, strict=True))
    cost = median(1 - held / free for free, held in speeds)  # of each round by itself: the pace of a machine varies
    print("### Training that is watched\n")
    print(
        table(
            ["`digits`, small CNN, batches of 32", "steps/s"],
            [
                ["`fit` alone", f"{off:,.0f}"],
                ["as a run with a viewer", f"{on:,.0f}"],
                ["what it costs, round by round", f"{100 * cost:.1f} %"],
            ],
        )
    )
    rows = [
        [f"pause or resume at {name}", f"{median(taken):.0f}", f"{quantiles(taken, n=20)[-1]:.0f}"]
        for name, taken in by_pace.items()
    ]
    rows.append(["from *Start* to the first point", f"{median(starts):.0f}", f"{max(starts):.0f}"])
    print("\n" + table(["over HTTP", "ms, median", "ms, 95 % or most"], rows))
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
