"""One training step against PyTorch: `python -m benchmarks.bench_training`.

Networks: conv(3 × 3, padding 1), ReLU, max_pool(2), the same again, flatten, linear(10), softmax with cross-entropy,
Adam. PyTorch runs eagerly in whichever of its settings is quickest here: default or channels-last layout; Adam fused,
foreach or plain. A step is forward, backward and update. Blocks of steps take turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import product
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from benchmarks import machine, on_one_thread, table
from benchmarks.peers import torch_or_exit
from cnn_engine.nn import Network, Trainer

BLOCK = 0.05  # seconds
ROUNDS = 30


class Net(NamedTuple):
    """An input (C, H, W), a batch, the filters of the two convolutions."""

    shape: tuple[int, int, int]
    batch: int
    filters: tuple[int, int]

    def described(self) -> str:
        """In words."""
        size, (first, second) = " × ".join(map(str, self.shape)), self.filters
        return f"{size}, {first} and {second} filters, batch {self.batch}"


NETS = {
    "a": Net((1, 8, 8), 32, (8, 16)),
    "b32": Net((1, 28, 28), 32, (8, 16)),
    "b64": Net((1, 28, 28), 64, (8, 16)),
    "c": Net((3, 32, 32), 64, (16, 32)),
}
PARTS = ("input", "forward", "loss", "backward", "update")


def layers(net: Net) -> list[dict[str, Any]]:
    """Return the architecture."""
    found: list[dict[str, Any]] = []
    for filters in net.filters:
        found += [{"layer": "conv2d", "out_channels": filters, "kernel_size": 3, "padding": 1}, {"layer": "relu"}]
        found += [{"layer": "max_pool2d", "kernel_size": 2}]
    return [*found, {"layer": "flatten"}, {"layer": "linear", "out_features": 10}]


def samples(net: Net) -> tuple[Any, Any]:
    """Return a batch of noise."""
    random = np.random.default_rng(0)
    return random.standard_normal((net.batch, *net.shape)).astype(np.float32), random.integers(0, 10, net.batch)


def trainer(net: Net, processes: int) -> Trainer:
    """Ours."""
    return Trainer(Network(layers(net), input_shape=net.shape), batch_size=net.batch, processes=processes)


def peer(net: Net, channels_last: bool, adam: dict[str, bool]) -> Callable[[], object]:
    """Return a training step of PyTorch's."""
    torch = torch_or_exit()
    (channels, height, width), (first, second), nn = net.shape, net.filters, torch.nn
    convs = [nn.Conv2d(channels, first, 3, padding=1), nn.Conv2d(first, second, 3, padding=1)]
    ends = [nn.Flatten(), nn.Linear(second * (height // 4) * (width // 4), 10)]
    model = nn.Sequential(convs[0], nn.ReLU(), nn.MaxPool2d(2), convs[1], nn.ReLU(), nn.MaxPool2d(2), *ends)
    x, y = map(torch.from_numpy, samples(net))
    if channels_last:
        model, x = model.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    optimizer, criterion = torch.optim.Adam(model.parameters(), lr=1e-3, **adam), nn.CrossEntropyLoss()

    def step() -> float:
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return step


def seconds(block: Callable[[], object], count: int) -> float:
    """Seconds a call, over some of them."""
    start = time.perf_counter()
    for _ in range(count):
        block()
    return (time.perf_counter() - start) / count


def how_many(block: Callable[[], object]) -> int:
    """Return calls that fill a block of time."""
    seconds(block, 3)
    return max(1, round(BLOCK / min(seconds(block, 3) for _ in range(5))))


def compare(name: str, threads: int) -> tuple[float, float, str]:
    """Median seconds of a step: ours with so many processes, PyTorch's with so many threads, and its setting."""
    torch, net = torch_or_exit(), NETS[name]
    torch.set_num_threads(threads)
    adams = {"fused": {"fused": True}, "foreach": {"foreach": True}, "plain": {"foreach": False}}
    layouts = {"channels-last": True, "default layout": False}
    peers = {
        f"{layout}, {adam} Adam": peer(net, layouts[layout], adams[adam]) for layout, adam in product(layouts, adams)
    }
    tried = {setting: median(seconds(step, how_many(step)) for _ in range(3)) for setting, step in peers.items()}
    best = min(tried, key=tried.__getitem__)
    x, y = samples(net)
    own = trainer(net, threads)
    blocks = [(block, how_many(block), list[float]()) for block in (lambda: own.step(x, y), peers[best])]
    for _ in range(ROUNDS):
        for block, count, times in blocks:
            times.append(seconds(block, count))
    own.close()
    ours, theirs = (median(times) for *_, times in blocks)
    return ours, theirs, best


def by_part(name: str) -> dict[str, float]:
    """Median microseconds of each part of a step of one process, all pieces of the batch together."""
    net = NETS[name]
    own, (x, y) = trainer(net, 1), samples(net)
    for _ in range(20):
        own.step(x, y)
    plan, loss = own._parts.laid_out
    pieces = -(-net.batch // plan.batch)
    part, truth = x[: plan.batch], y[: plan.batch]
    actions: dict[str, Callable[[], object]] = {
        "input": lambda: plan.load(part),
        "forward": lambda: plan.run(None),
        "loss": lambda: (loss.forward(truth), loss.backward()),
        "backward": plan.backward,
        "update": own.update,
    }
    times = {part: median(seconds(action, 1) for _ in range(400)) for part, action in actions.items()}
    return {part: value * 1e6 * (1 if part == "update" else pieces) for part, value in times.items()}


def floor(name: str, peak: float) -> float:
    """Microseconds that the multiplications of a step would take at the speed of a large matrix product."""
    net = NETS[name]
    (channels, height, width), (first, second) = net.shape, net.filters
    one = height * width * first * channels * 9
    two = height * width // 4 * second * first * 9
    dense = height * width // 16 * second * 10
    return 2 * net.batch * (2 * one + 3 * two + 3 * dense) / peak * 1e6  # the first layer has no input gradient


def peak_speed() -> float:
    """Floating point operations a second of a matrix product of 512 × 512."""
    one, other = np.ones((2, 512, 512), np.float32)
    out = np.empty_like(one)
    return 2 * 512**3 / min(seconds(lambda: np.matmul(one, other, out=out), 5) for _ in range(30))


def memory(name: str) -> tuple[int, int]:
    """Bytes that the plans of a training network hold, and the most that one step adds for a moment."""
    net = NETS[name]
    x, y = samples(net)
    own = trainer(net, 1)
    tracemalloc.start()
    own.step(x, y)
    held = tracemalloc.get_traced_memory()[0]
    own.step(x, y)
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    own.step(x, y)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    return held, peak


def measured(name: str, threads: int) -> tuple[float, float, str]:
    """`compare` in a process of its own, where NumPy's matrix products have one thread."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-m", "benchmarks.bench_training", name, str(threads)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    ours, theirs, best = json.loads(done.stdout)
    return ours, theirs, best


def speed(threads: int) -> str:
    """Return the table of a step's time."""
    who = "1 process" if threads == 1 else f"{threads} processes"
    header = [
        "network",
        f"µs, {who}",
        f"PyTorch, {threads} thread{'s' * (threads > 1)}",
        "ratio",
        "its quickest setting",
    ]
    rows = []
    for name in NETS if threads == 1 else ("a", "b32", "c"):
        ours, theirs, best = measured(name, threads)
        label = f"{name}: {NETS[name].described()}" if threads == 1 else name
        rows.append([label, f"{ours * 1e6:,.0f}", f"{theirs * 1e6:,.0f}", f"{theirs / ours:.2f}×", best])
    return table(header, rows)


def parts_table() -> str:
    """Return where the time goes."""
    peak = peak_speed()
    rows = []
    for name in NETS:
        parts, (held, added) = by_part(name), memory(name)
        cells = [f"{parts[part]:,.0f}" for part in PARTS]
        rows.append([name, *cells, f"{floor(name, peak):,.0f}", f"{held / 2**20:.1f}", f"{added / 2**10:.1f}"])
    header = ["network", *(f"{part}, µs" for part in PARTS), "GEMM floor, µs", "plans, MiB", "a step adds, KiB"]
    return f"{table(header, rows)}\n\nThe floor is at {peak / 1e9:.0f} GFLOP/s, a product of 512 × 512 on one thread."


def main() -> None:
    """Print the tables."""
    torch = torch_or_exit()
    print("### One training step, microseconds\n")
    print(f"{speed(1)}\n\n{speed(2)}\n")
    print(f"PyTorch {torch.__version__}, eager. Where ours goes, in one process:\n")
    print(f"{parts_table()}\n\n{machine()}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(compare(sys.argv[1], int(sys.argv[2]))))
    else:
        on_one_thread("bench_training")
        main()
