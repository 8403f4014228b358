"""How well the lesson's network reads handwritten digits, against PyTorch's: `python -m benchmarks.bench_digits`.

Both learn from the same four fifths of `digits` with Adam, batches of 32 and PyTorch's or He's weights to begin with,
and are asked the same fifth that was held out; medians over five seeds.
"""

from __future__ import annotations

from statistics import median
from typing import Any

import numpy as np

from benchmarks import machine, table
from benchmarks.peers import torch_or_exit
from cnn_engine.data import Augmentation, load_dataset
from cnn_engine.nn import Network, Trainer, fit

SEEDS = range(5)
BATCH = 32
RATE = 0.003
DATA = load_dataset("digits")
X, Y = (np.concatenate(both) for both in zip(DATA.train, DATA.validation, strict=True))
AUGMENTATION = Augmentation(shift=0.1, rotate=10, scale=0.1)


def block(filters: int) -> list[dict[str, Any]]:
    """A convolution, its activation and a pool."""
    convolution = {"layer": "conv2d", "out_channels": filters, "kernel_size": 3, "padding": 1}
    return [convolution, {"layer": "relu"}, {"layer": "max_pool2d", "kernel_size": 2}]


LESSON = [*block(16), *block(32), {"layer": "flatten"}, {"layer": "linear", "out_features": 10}]
GLOBAL = [
    *block(16),
    *block(32)[:2],
    {"layer": "conv2d", "out_channels": 10, "kernel_size": 1},
    {"layer": "global_avg_pool2d"},
]


def ours(layers: list[dict[str, Any]], seed: int, epochs: int, rate: float, *, more: bool = False) -> float:
    """The share of the held-out digits that is right; with `more`, of a run with augmentation and a schedule."""
    trainer = Trainer(
        Network(layers, input_shape=DATA.input_shape, seed=seed),
        optimizer={"name": "adam", "learning_rate": rate},
        batch_size=BATCH,
        schedule={"name": "cosine", "T_max": epochs} if more else "constant",
        seed=seed,
    )
    for _ in fit(trainer, (X, Y), epochs=epochs, augment=AUGMENTATION if more else None):
        pass
    return trainer.evaluate(*DATA.test).accuracy or 0.0


def theirs(seed: int, epochs: int) -> float:
    """The same of PyTorch's."""
    torch = torch_or_exit()
    nn = torch.nn
    torch.manual_seed(seed)
    first, second = nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1)
    ends = [nn.Flatten(), nn.Linear(32 * 2 * 2, 10)]
    model = nn.Sequential(first, nn.ReLU(), nn.MaxPool2d(2), second, nn.ReLU(), nn.MaxPool2d(2), *ends)
    x, y, asked = torch.from_numpy(X), torch.from_numpy(Y), torch.from_numpy(DATA.test.x.copy())
    adam = torch.optim.Adam(model.parameters(), lr=RATE)
    for _ in range(epochs):
        for chosen in torch.randperm(len(x)).split(BATCH):
            adam.zero_grad()
            nn.functional.cross_entropy(model(x[chosen]), y[chosen]).backward()
            adam.step()
    with torch.no_grad():
        answers = model(asked).argmax(dim=1).numpy()
    return float(np.mean(answers == DATA.test.y))


def row(name: str, shares: list[float]) -> list[str]:
    """A line: the median, the least and the most."""
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
    print(f"\nAdam at {RATE}, batches of {BATCH}. {machine()}")


if __name__ == "__main__":
    main()
