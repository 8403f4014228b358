"""The data sets by name.

digits = load_dataset("digits")
for event in fit(trainer, digits.train, epochs=15, validation=digits.validation):
    ...
trainer.evaluate(*digits.test)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cnn_engine.data import orientations, shapes, strokes
from cnn_engine.data.dataset import Dataset, Task
from cnn_engine.data.generated import PROVENANCE
from cnn_engine.data.splits import imbalanced
from cnn_engine.data.stored import CLOTHES, DIGITS
from cnn_engine.nn.options import call, number, one_of


@dataclass(frozen=True)
class DatasetPreset:
    """What can be said of a data set without making it: as it is when no option is given."""

    name: str
    title: str
    description: str
    make: Callable[..., Dataset]
    input_shape: tuple[int, int, int]
    classes: tuple[str, ...]
    sizes: dict[str, int]
    provenance: str = PROVENANCE
    task: Task = "classification"
    targets: tuple[str, ...] = ()


_DATASETS = [
    DatasetPreset(
        "digits",
        "Handwritten digits",
        "Real handwriting of 13 people, so small that every pixel can be read: 8 × 8 in 17 levels of grey.",
        DIGITS.load,
        DIGITS.input_shape,
        DIGITS.classes,
        DIGITS.sizes,
        DIGITS.provenance,
    ),
    DatasetPreset(
        "shapes",
        "Shapes",
        "A circle, square, triangle, cross, star, ring, crescent or heart, small or large, anywhere, turned a little.",
        shapes.shapes,
        (1, shapes.GREY_SIZE, shapes.GREY_SIZE),
        shapes.CLASSES,
        shapes.SIZES,
    ),
    DatasetPreset(
        "shapes-colour",
        "Shapes in colour",
        "The same shapes in red, green and blue: bright ones on dark, dark ones on light.",
        shapes.colour_shapes,
        (3, shapes.COLOUR_SIZE, shapes.COLOUR_SIZE),
        shapes.CLASSES,
        shapes.COLOUR_SIZES,
    ),
    DatasetPreset(
        "strokes",
        "Pen strokes",
        "Digits drawn stroke by stroke with an unsteady pen, in a hundred ways, as large as those of MNIST.",
        strokes.strokes,
        strokes.INPUT_SHAPE,
        strokes.CLASSES,
        strokes.SIZES,
    ),
    DatasetPreset(
        "clothes",
        "Clothes",
        "Photos of clothes, shoes and bags, as large as those of MNIST and harder: a shirt is easily taken for a coat.",
        CLOTHES.load,
        CLOTHES.input_shape,
        CLOTHES.classes,
        CLOTHES.sizes,
        CLOTHES.provenance,
    ),
    DatasetPreset(
        "orientations",
        "Edges by direction",
        "One straight edge in one of eight directions: what the first filters of a network learn to find.",
        orientations.orientations,
        orientations.INPUT_SHAPE,
        orientations.CLASSES,
        orientations.SIZES,
    ),
    DatasetPreset(
        "angles",
        "Angle of an edge",
        "One straight edge, whose angle is predicted as a number: 0 for a vertical edge, 1 for a lean of 60°. "
        "By squared error.",
        orientations.angles,
        orientations.INPUT_SHAPE,
        (),
        orientations.SIZES,
        task="regression",
        targets=orientations.TARGETS,
    ),
]
DATASETS = {preset.name: preset for preset in _DATASETS}


def load_dataset(name: str, /, *, imbalance: float = 1, **options: Any) -> Dataset:
    """Return a data set by its name in DATASETS; `options` are those of the function that makes it.

    With `imbalance` more than 1, that many pictures of the first class to learn from come on one of the last, and the
    classes between fall off evenly by ratio. The validation and the test part stay as they are: they show what the
    imbalance did.

    The same name with the same options gives the same arrays, on every machine.

    Raises:
        ParameterError: a name that is not known, or an option that is unknown or out of its range.
    """
    known = one_of(name, "dataset", tuple(DATASETS))
    made = call(DATASETS[known].make, f"dataset {known}", options)
    return made if number(imbalance, "imbalance") == 1 else imbalanced(made, imbalance)
