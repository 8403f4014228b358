"""Make the four sample photos of cnn_engine/data/samples from the ones that scikit-image ships.

    python -m pip install scikit-image
    python scripts/make_samples.py

Each is turned and cropped as SOURCES says, reduced to 112 pixels on its longest side and saved as a WebP without
metadata, and samples.json describes them. What each is, whose, and under which terms is in NOTICE.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import skimage
from PIL import Image

from cnn_engine.data.images import FOLDER, SamplePicture

LONGEST_SIDE = 112  # pixels
MOST_BYTES = 6_000  # of one file
QUALITY = 92  # kernels that find corners and outlines show the traces that stronger compression leaves


@dataclass(frozen=True)
class Source:
    """A photo in skimage/data: the quarter turns to make (counterclockwise), then the box to keep."""

    file: str
    box: tuple[int, int, int, int]  # left, top, right, bottom
    name: str
    title: str
    alt: str
    credit: str
    quarter_turns: int = 0


SOURCES = (
    Source(
        "chelsea.png",
        (50, 0, 450, 300),
        "cat",
        "Cat",
        "A tabby cat's face, with whiskers and striped fur.",
        "Chelsea, by Stefan van der Walt (CC0)",
    ),
    Source(
        "astronaut.png",
        (64, 0, 448, 288),
        "astronaut",
        "Astronaut",
        "The astronaut Eileen Collins in an orange spacesuit, a model of the Space Shuttle behind her.",
        "Eileen Collins, by NASA (public domain)",
    ),
    Source(
        "coffee.png",
        (60, 0, 592, 399),
        "coffee",
        "Coffee cup",
        "A white and red cup of espresso with a spoon on a saucer, on a wooden table, seen from above.",
        "Coffee, by Rachel Michetti, courtesy of Pikolo Espresso Bar (CC0)",
    ),
    Source(
        "brick.png",
        (0, 64, 512, 448),
        "bricks",
        "Brick wall",
        "A wall of dark bricks with light joints between them, in grey.",
        "Brick wall, from CC0Textures (CC0)",
        quarter_turns=1,
    ),
)


def reduced(source: Source, folder: Path) -> Image.Image:
    """Return the photo at its final size, in RGB."""
    with Image.open(folder / source.file) as original:
        upright = original.convert("RGB").rotate(90 * source.quarter_turns, expand=True)
    cropped = upright.crop(source.box)
    scale = LONGEST_SIDE / max(cropped.size)
    size = (round(cropped.width * scale), round(cropped.height * scale))
    return cropped.resize(size, Image.Resampling.LANCZOS)


def save(photo: Image.Image, path: Path) -> None:
    """Write a WebP of at most MOST_BYTES."""
    photo.save(path, "WEBP", quality=QUALITY, method=6)
    size = path.stat().st_size
    print(f"{path.name}: {photo.width} × {photo.height}, {size:,} bytes")
    if size > MOST_BYTES:
        raise ValueError(f"{path.name} has {size:,} bytes, more than {MOST_BYTES:,}")


def main() -> None:
    """Write every picture, and samples.json."""
    folder = Path(skimage.__file__).parent / "data"
    FOLDER.mkdir(exist_ok=True)
    described = []
    for source in SOURCES:
        photo = reduced(source, folder)
        sample = SamplePicture(source.name, source.title, source.alt, source.credit, photo.width, photo.height)
        save(photo, sample.path)
        described.append(asdict(sample))
    text = json.dumps(described, indent=2, ensure_ascii=False)
    (FOLDER / "samples.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
