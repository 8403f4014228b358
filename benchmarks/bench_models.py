"""How well the shipped models do, beside PyTorch's of the same network: `python -m benchmarks.bench_models`.

PyTorch's learn from the same pictures in the same number of epochs, with the same optimizer, schedule and augmentation:
once from the weights that ours began with, once from weights that PyTorch draws. The pictures of digits are drawn
first, which takes some minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import machine, on_one_thread, table
from benchmarks.peers import torch_or_exit
from cnn_engine.models import shipped
from cnn_engine.nn import Network
from cnn_engine.nn.layers import make_layers
from scripts.digit_pictures import Pictures
from scripts.train_models import GLOBAL, MODELS, SEED, Recipe, right

Answers = Callable[[NDArray[np.float32]], NDArray[Any]]


def built(recipe: Recipe, input_shape: tuple[int, ...]) -> Any:
    """PyTorch's network of the same layers."""
    nn = torch_or_exit().nn
    modules = []
    for layer, given in zip(make_layers(recipe.layers, input_shape), recipe.layers, strict=True):
        kind, options = given["layer"], {name: value for name, value in given.items() if name != "layer"}
        if kind == "conv2d":
            modules.append(nn.Conv2d(layer.input_shape[0], **options))
        elif kind == "linear":
            modules.append(nn.Linear(layer.input_shape[0], **options))
        else:
            plain = {"relu": nn.ReLU, "flatten": nn.Flatten, "max_pool2d": nn.MaxPool2d}
            modules.append(nn.AdaptiveAvgPool2d(1) if kind == "global_avg_pool2d" else plain[kind](**options))
    return nn.Sequential(*modules)


def begun(recipe: Recipe, input_shape: tuple[int, ...], *, as_ours: bool) -> Any:
    """PyTorch's network before it learns, with the weights that ours began with or with those that PyTorch draws."""
    torch = torch_or_exit()
    torch.manual_seed(SEED)
    model = built(recipe, input_shape)
    if as_ours:
        own = Network(recipe.layers, input_shape=input_shape, seed=SEED).parameters()
        model.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in own.items()})
    return model


def theirs(recipe: Recipe, pictures: Pictures, *, as_ours: bool) -> Answers:
    """Return what PyTorch's network answers once it has learned."""
    torch = torch_or_exit()
    model, random = begun(recipe, pictures.x.shape[1:], as_ours=as_ours), np.random.default_rng(SEED)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=0.01)
    steps = recipe.epochs * -(-len(pictures.y) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, recipe.rate / 100)
    for _ in range(recipe.epochs):
        for chosen in np.array_split(random.permutation(len(pictures.y)), steps // recipe.epochs):
            x = pictures.x[chosen] if recipe.augment is None else recipe.augment(pictures.x[chosen], random)
            optimizer.zero_grad()
            logits = model(torch.from_numpy(x)).flatten(1)
            torch.nn.functional.cross_entropy(logits, torch.from_numpy(pictures.y[chosen])).backward()
            optimizer.step()
            schedule.step()

    def answers(x: NDArray[np.float32]) -> NDArray[Any]:
        with torch.no_grad():
            logits: NDArray[Any] = model(torch.from_numpy(np.array(x))).flatten(1).numpy()
        return logits

    return answers


def rows(name: str) -> list[list[str]]:
    """Return a line for each set that a model is scored with."""
    made = MODELS[name]()
    model, learned = shipped(name), made.learned()
    peers = [theirs(made.recipe, learned, as_ours=as_ours) for as_ours in (True, False)]
    count = sum(array.size for array in model.parameters.values())
    pools, ends = GLOBAL in made.recipe.layers, made.recipe.layers[-1] == GLOBAL
    end = "global average pooling" if ends else f"a dense layer{' after global average pooling' if pools else ''}"
    lines = []
    for what, make in made.held.items():
        pictures = make()
        others = [float(np.mean(peer(pictures.x).argmax(axis=1) == pictures.y)) for peer in peers]
        shares = [f"{100 * share:.1f} %" for share in (right(model.network, pictures), *others)]
        lines.append([model.name, end, f"{count:,}", f"{len(pictures.y):,} {what}", *shares])
        print(*lines[-1], sep=", ", file=sys.stderr, flush=True)
    return lines


def main() -> None:
    """Print the table."""
    torch_or_exit().set_num_threads(1)
    lines = [line for name in MODELS for line in rows(name)]
    print("### Models that are shipped, and how much of what they never saw they get right\n")
    header = ["model", "ends in", "parameters", "of these", "ours", "PyTorch's", "PyTorch's, its own first weights"]
    print(table(header, lines))
    weights = "PyTorch's begin with the same weights as ours, by He's rule; the last column with those that it draws"
    noise = "a seed: 0.3 points of 2,500 pictures mean nothing, nor do 2 of 400"
    print(f"\n`scripts/train_models.py` trains them, by {noise}. {weights}. {machine()}")


if __name__ == "__main__":
    on_one_thread("bench_models")
    main()
