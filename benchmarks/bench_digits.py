"""How well the lesson's network reads handwritten digits, against PyTorch's: `python -m benchmarks.bench_digits`.

Both learn from the same four fifths of `digits` with Adam, batches of 32 and PyTorch's or He's weights to begin with,
and are asked the same fifth that was held out; medians over five seeds. How long it takes until 97 % of the validation
part are right is measured with that part left out of training, on one thread each; they take turns.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np

from benchmarks import machine, on_one_thread, table
from benchmarks.peers import torch_or_exit
from cnn_engine.data import Augmentation, load_dataset
from cnn_engine.nn import Network, Trainer, Validated, fit

SEEDS = range(5)
BATCH = 32
RATE = 0.003
DATA = load_dataset("digits")
X, Y = (np.concatenate(both) for both in zip(DATA.train, DATA.validation, strict=True))
AUGMENTATION = Augmentation(shift=0.1, rotate=10, scale=0.1)
GOAL = 0.97  # of the validation part
EPOCHS = 60  # at most, until then


def block(filters: int) -> list[dict[str, Any]]:
    """Return a convolution, its activation and a pool."""
    convolution = {"layer": "conv2d", "out_channels": filters, "kernel_size": 3, "padding": 1}
    return [convolution, {"layer": "relu"}, {"layer": "max_pool2d", "kernel_size": 2}]


LESSON = [*block(16), *block(32), {"layer": "flatten"}, {"layer": "linear", "out_features": 10}]
GLOBAL = [
    *block(16),
    *block(32)[:2],
    {"layer": "conv2d", "out_channels": 10, "kernel_size": 1},
    {"layer": "global_avg_pool2d"},
]


def trainer(layers: list[dict[str, Any]], seed: int, rate: float, schedule: str | dict[str, Any]) -> Trainer:
    """Ours, not yet trained."""
    network, adam = Network(layers, input_shape=DATA.input_shape, seed=seed), {"name": "adam", "learning_rate": rate}
    return Trainer(network, optimizer=adam, batch_size=BATCH, schedule=schedule, seed=seed)


def ours(layers: list[dict[str, Any]], seed: int, epochs: int, rate: float, *, more: bool = False) -> float:
    """Return the share of the held-out digits that is right; with `more`, of a run with augmentation and a schedule."""
    own = trainer(layers, seed, rate, {"name": "cosine", "T_max": epochs} if more else "constant")
    for _ in fit(own, (X, Y), epochs=epochs, augment=AUGMENTATION if more else None):
        pass
    return own.evaluate(*DATA.test).accuracy or 0.0


class Peer:
    """The lesson's network of PyTorch's, and its Adam."""

    def __init__(self, seed: int) -> None:
        self.torch = torch_or_exit()
        nn = self.torch.nn
        self.torch.manual_seed(seed)
        first, second = nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1)
        ends = [nn.Flatten(), nn.Linear(32 * 2 * 2, 10)]
        model = nn.Sequential(first, nn.ReLU(), nn.MaxPool2d(2), second, nn.ReLU(), nn.MaxPool2d(2), *ends)
        self.model = model.to(memory_format=self.torch.channels_last)
        self.adam = self.torch.optim.Adam(model.parameters(), lr=RATE, fused=True)

    def epochs(self, x: Any, y: Any) -> Iterator[None]:
        """Train, an epoch at a time."""
        samples, truth, criterion = self.torch.from_numpy(x), self.torch.from_numpy(y), self.torch.nn.CrossEntropyLoss()
        while True:
            for chosen in self.torch.randperm(len(samples)).split(BATCH):
                self.adam.zero_grad()
                criterion(self.model(samples[chosen]), truth[chosen]).backward()
                self.adam.step()
            yield

    def right(self, x: Any, y: Any) -> float:
        """Return the share that it reads."""
        with self.torch.no_grad():
            answers = self.model(self.torch.from_numpy(x)).argmax(dim=1).numpy()
        return float(np.mean(answers == y))


def theirs(seed: int, epochs: int) -> float:
    """Return the same of PyTorch's."""
    peer = Peer(seed)
    for _ in zip(range(epochs), peer.epochs(X, Y), strict=False):
        pass
    return peer.right(DATA.test.x.copy(), DATA.test.y)


def ours_until(seed: int) -> float:
    """Seconds from nothing until the validation part is read well enough."""
    start = time.perf_counter()
    own = trainer(LESSON, seed, RATE, "constant")
    for event in fit(own, DATA.train, epochs=EPOCHS, validation=DATA.validation):
        if isinstance(event, Validated) and (event.accuracy or 0.0) >= GOAL:
            return time.perf_counter() - start
    raise RuntimeError(f"seed {seed} does not get there in {EPOCHS} epochs")


def theirs_until(seed: int) -> float:
    """Return the same of PyTorch's."""
    (x, y), held_out = (array.copy() for array in DATA.train), [array.copy() for array in DATA.validation]
    start = time.perf_counter()
    peer = Peer(seed)
    for _ in zip(range(EPOCHS), peer.epochs(x, y), strict=False):
        if peer.right(*held_out) >= GOAL:
            return time.perf_counter() - start
    raise RuntimeError(f"PyTorch's of seed {seed} does not get there in {EPOCHS} epochs")


def row(name: str, shares: list[float]) -> list[str]:
    """Return a line: the median, the least and the most."""
    return [name, *(f"{100 * share:.1f} %" for share in (median(shares), min(shares), max(shares)))]


def main() -> None:
    """Print the table."""
    torch_or_exit().set_num_threads(1)
    runs = {
        "the lesson's network, 15 epochs": [ours(LESSON, seed, 15, RATE) for seed in SEEDS],
        "the same by PyTorch": [theirs(seed, 15) for seed in SEEDS],
        "global average pooling instead of the dense layer, rate 0.01": [
            ours(GLOBAL, seed, 15, 0.01) for seed in SEEDS
        ],
        "the lesson's network, 60 epochs": [ours(LESSON, seed, 60, RATE) for seed in SEEDS],
        "60 epochs with augmentation and a cosine": [ours(LESSON, seed, 60, RATE, more=True) for seed in SEEDS],
    }
    print(f"### `digits`: of {len(DATA.test.x)} never seen, how many are read\n")
    print(table(["run", "median of 5 seeds", "least", "most"], [row(*run) for run in runs.items()]))
    ours_until(0), theirs_until(0)  # what is slow only once
    took = [(ours_until(seed), theirs_until(seed)) for seed in SEEDS]
    own, other = (median(times) for times in zip(*took, strict=True))
    print(f"\nFrom nothing to {100 * GOAL:.0f} % of the validation part, seconds, medians of {len(SEEDS)} seeds:\n")
    print(table(["ours", "PyTorch", "ratio"], [[f"{own:.2f}", f"{other:.2f}", f"{other / own:.1f}×"]]))
    print(f"\nAdam at {RATE}, batches of {BATCH}, one thread. {machine()}")


if __name__ == "__main__":
    on_one_thread("bench_digits")
    main()
