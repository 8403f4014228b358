"""A data set from pictures of one's own: a folder, or a zip archive of one, with a folder of pictures for each class.

photos/cat/1.jpg   photos/cat/2.png   photos/dog/1.jpg   ...
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_engine.data.archives import Entry, File, Limits, Listing, listed
from cnn_engine.data.dataset import Dataset
from cnn_engine.data.images import MAX_BYTES, MAX_PIXELS, decode, luma
from cnn_engine.data.splits import check_shares, split
from cnn_engine.errors import DataError, ImageError, ParameterError
from cnn_engine.geometry import Size, pair, whole
from cnn_engine.nn.options import positive

MAX_FILES = 20_000
MAX_TOTAL_BYTES = 512 * 1024 * 1024
MAX_RATIO = 100.0
MAX_VALUES = 100_000_000  # of all pictures together, at the size asked for
MAX_SIDE = 512
DETAIL = 4  # a picture is first reduced to so many times the size, and then cut

Levels = NDArray[np.uint8]


def load_images_by_class(
    path: File,
    *,
    size: Size = 28,
    channels: int = 1,
    validation: float = 0.1,
    test: float = 0.2,
    seed: int = 0,
    max_files: int = MAX_FILES,
    max_file_bytes: int = MAX_BYTES,
    max_total_bytes: int = MAX_TOTAL_BYTES,
    max_pixels: int = MAX_PIXELS,
    max_ratio: float = MAX_RATIO,
) -> Dataset:
    """Pictures by class, each cut to the shape asked for from its middle and resized.

    Args:
        path: a folder or a zip archive with a folder for each class; all of it may lie in one folder more.
        size: rows and columns, one number or two.
        channels: 1 for grey (ITU-R BT.601), 3 for red, green and blue.
        validation: the share of each class to look at after each epoch.
        test: the share of each class to hold out until the end.
        seed: of which are held out.
        max_files: how many files are taken.
        max_file_bytes: how many bytes of one file, unpacked.
        max_total_bytes: how many bytes of all.
        max_pixels: how many pixels of one picture before it is reduced.
        max_ratio: how often its own size an archive may unpack to.

    Raises:
        DataError: no folder or archive of that kind, one that breaks a limit, a class without a picture, a file that
            is not a picture.
        ParameterError: naming the option and the rule that it broke.
    """
    shape = _shape(size, channels)
    shares = check_shares(validation, test)
    limits = Limits(
        whole(max_files, "max_files", 1),
        whole(max_file_bytes, "max_file_bytes", 1),
        whole(max_total_bytes, "max_total_bytes", 1),
        positive(max_ratio, "max_ratio"),
    )
    whole(max_pixels, "max_pixels", 1)
    whole(seed, "seed", 0)
    with listed(path, limits) as listing:
        by_class = _by_class(listing)
        entries = [entry for found in by_class.values() for entry in found]
        values = len(entries) * int(np.prod(shape))
        if values > MAX_VALUES:
            raise DataError(
                f"{len(entries):,} pictures of {shape[1]} × {shape[2]} hold {values:,} values, more than the "
                f"{MAX_VALUES:,} taken",
                "size",
            )
        levels = np.empty((len(entries), *shape), np.uint8)
        for index, entry in enumerate(entries):
            levels[index] = _picture(entry, shape, limits, max_pixels)
    labels = np.repeat(np.arange(len(by_class)), [len(found) for found in by_class.values()])
    train, validated, tested = split(levels, labels, validation=shares[0], test=shares[1], seed=seed)
    told = f'"{Path(path).name}"' if isinstance(path, str | os.PathLike) else "a file"
    return Dataset(
        "images",
        train,
        validated,
        tested,
        classes=tuple(by_class),
        input_shape=shape,
        provenance=f"Pictures of your own, from {told}.",
    )


def _shape(size: Size, channels: int) -> tuple[int, int, int]:
    height, width = pair(size, "size")
    if max(height, width) > MAX_SIDE:
        raise ParameterError(f"size {height} × {width} has more than {MAX_SIDE} rows or columns", "size")
    if whole(channels, "channels", 1) not in {1, 3}:
        raise ParameterError(f"channels {channels} must be 1 or 3", "channels")
    return channels, height, width


def _by_class(listing: Listing) -> dict[str, list[Entry]]:
    """The files of each class, classes and files by name."""
    outer = _outer(listing)
    names = {folder[outer] for folder in listing.folders | {e.parts[:-1] for e in listing.files} if len(folder) > outer}
    by_class: dict[str, list[Entry]] = {name: [] for name in sorted(names)}
    for entry in sorted(listing.files, key=lambda entry: entry.parts):
        if len(entry.parts) != outer + 2:
            where = "beside the folders of the classes" if len(entry.parts) < outer + 2 else "too deep"
            raise DataError(
                f"{entry.told} lies {where}: every file must be a picture in the folder of its class", "path"
            )
        by_class[entry.parts[outer]].append(entry)
    if len(by_class) < 2:
        raise DataError(f"there must be folders of two classes at least, and there are {len(by_class)}", "path")
    for name, found in by_class.items():
        if not found:
            raise DataError(f'class "{name}" has no picture', "path")
    return by_class


def _outer(listing: Listing) -> int:
    """1 where everything lies in one folder more, else 0."""
    first = {entry.parts[0] for entry in listing.files} | {folder[0] for folder in listing.folders}
    deep = any(len(entry.parts) > 2 for entry in listing.files)
    return 1 if len(first) == 1 and deep else 0


def _picture(entry: Entry, shape: tuple[int, int, int], limits: Limits, max_pixels: int) -> Levels:
    """(C, H, W): the middle of a picture, as large a part as has the shape asked for."""
    channels, height, width = shape
    try:
        pixels = decode(
            entry.read(),
            working_size=DETAIL * max(height, width),
            max_bytes=limits.file_bytes,
            max_pixels=max_pixels,
        ).pixels
    except ImageError as error:
        raise DataError(f"{entry.told}: {error}", "path") from error
    scale = min(pixels.shape[0] / height, pixels.shape[1] / width)
    top, left = (pixels.shape[0] - scale * height) / 2, (pixels.shape[1] - scale * width) / 2
    box = (left, top, left + scale * width, top + scale * height)
    cut = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR, box))
    planes: NDArray[Any] = luma(cut)[None] if channels == 1 else cut.transpose(2, 0, 1)
    return planes.astype(np.uint8)
