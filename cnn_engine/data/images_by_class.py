"""A data set from pictures of one's own: a folder, or a zip archive of one, with a folder of pictures for each class.

photos/cat/1.jpg   photos/cat/2.png   photos/dog/1.jpg   ...   or   photos/train/cat/1.jpg   photos/test/cat/1.jpg   ...
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_engine.data.archives import ArchivedFile, ArchiveLimits, listed, name_of
from cnn_engine.data.class_folders import Arranged, arranged
from cnn_engine.data.dataset import PARTS, Dataset, Part, Skipped, pixels
from cnn_engine.data.images import MAX_BYTES, MAX_PIXELS, decode, luma
from cnn_engine.data.splits import check_shares, split
from cnn_engine.errors import DataError, ImageError, ParameterError, UnreadableError
from cnn_engine.geometry import Size, flag, pair, whole
from cnn_engine.nn.options import positive
from cnn_engine.words import Message, say
from cnn_engine.zips import File

MAX_FILES = 20_000
MAX_TOTAL_BYTES = 512 * 1024 * 1024
MAX_RATIO = 100.0
MAX_VALUES = 100_000_000  # of all pictures together, at the size asked for
MAX_SIDE = 512
DETAIL = 4  # a picture is first reduced to so many times the size, and then cut

MAX_LISTED = 20  # files that a sentence names
DEFAULT_SHARES = {"validation": 0.1, "test": 0.2}

Levels = NDArray[np.uint8]
Labels = NDArray[np.int64]


def load_images_by_class(
    path: File,
    *,
    size: Size = 28,
    channels: int = 1,
    validation: float | None = None,
    test: float | None = None,
    skip_unreadable: bool = False,
    seed: int = 0,
    max_files: int = MAX_FILES,
    max_file_bytes: int = MAX_BYTES,
    max_total_bytes: int = MAX_TOTAL_BYTES,
    max_pixels: int = MAX_PIXELS,
    max_ratio: float = MAX_RATIO,
) -> Dataset:
    """Return pictures by class, each cut to the shape asked for from its middle and resized.

    Folders named train, validation (or val, valid, dev) and test that hold the folders of the classes are the parts of
    the data set. Documents, pictures beside the folders of the classes and what operating systems leave behind are
    left out, and listed in `skipped` of what is returned. Folders whose names differ only in case, in spaces or in
    Unicode forms are one class, which `notes` say.

    Args:
        path: a folder or a zip archive with a folder for each class; all of it may lie in other folders.
        size: rows and columns, one number or two.
        channels: 1 for grey (ITU-R BT.601), 3 for red, green and blue.
        validation: the share of each class to look at after each epoch, 0.1 unless there is a folder for that.
        test: the share of each class to hold out until the end, 0.2 unless there is a folder for that.
        skip_unreadable: leave out the pictures that cannot be read, where otherwise all are refused.
        seed: of which are held out.
        max_files: how many files are taken.
        max_file_bytes: how many bytes of one file, unpacked.
        max_total_bytes: how many bytes of all.
        max_pixels: how many pixels of one picture before it is reduced.
        max_ratio: how often its own size an archive may unpack to.

    Raises:
        UnreadableError: pictures that cannot be read, all of them listed.
        DataError: no folder or archive of that kind, one that breaks a limit, a class without a picture.
        ParameterError: naming the option and the rule that it broke.
    """
    shape = _shape(size, channels)
    check_shares(validation or 0, test or 0)
    limits = ArchiveLimits(
        whole(max_files, "max_files", 1),
        whole(max_file_bytes, "max_file_bytes", 1),
        whole(max_total_bytes, "max_total_bytes", 1),
        positive(max_ratio, "max_ratio"),
    )
    whole(max_pixels, "max_pixels", 1)
    whole(seed, "seed", 0)
    reading = _Reading(shape, limits, max_pixels, flag(skip_unreadable, "skip_unreadable"))
    with listed(path, limits) as listing:
        found = arranged(listing)
        shares = _shares(validation, test, found)
        _check_values(len(found.entries), shape)
        parts = reading.all(found)
    made = dict(zip(PARTS, split(*parts["train"], validation=shares[0], test=shares[1], seed=seed), strict=True))
    made |= {part: Part(pixels(levels), labels) for part, (levels, labels) in parts.items() if part != "train"}
    file = name_of(path) if isinstance(path, str | os.PathLike) else Message("sources.a_file", {})
    return Dataset(
        "images",
        made["train"],
        made["validation"],
        made["test"],
        classes=tuple(found.classes),
        input_shape=shape,
        provenance=say(Message("sources.pictures", {"file": file})),
        skipped=tuple(found.skipped),
        notes=tuple(found.notes),
    )


def _shares(validation: float | None, test: float | None, found: Arranged) -> tuple[float, float]:
    """Return the shares to hold out of the pictures to learn from: none where a folder has them already."""
    given = {"validation": validation, "test": test}
    for name, share in given.items():
        if share and name in found.parts:
            raise ParameterError("share_beside_folder", name, name=name, share=share)
    held = {name: DEFAULT_SHARES[name] if share is None else share for name, share in given.items()}
    return check_shares(*(0 if name in found.parts else share for name, share in held.items()))


def _check_values(count: int, shape: tuple[int, int, int]) -> None:
    values = count * int(np.prod(shape))
    if values > MAX_VALUES:
        raise DataError(
            "too_many_values", "size", count=count, height=shape[1], width=shape[2], values=values, most=MAX_VALUES
        )


def _shape(size: Size, channels: int) -> tuple[int, int, int]:
    height, width = pair(size, "size")
    if max(height, width) > MAX_SIDE:
        raise ParameterError("size_too_large", "size", height=height, width=width, most=MAX_SIDE)
    if whole(channels, "channels", 1) not in {1, 3}:
        raise ParameterError("channels_1_or_3", "channels", channels=channels)
    return channels, height, width


@dataclass(frozen=True)
class _Reading:
    """How pictures are read: the shape that each is brought to, and the limits."""

    shape: tuple[int, int, int]
    limits: ArchiveLimits
    max_pixels: int
    skip_unreadable: bool

    def all(self, found: Arranged) -> dict[str, tuple[Levels, Labels]]:
        """Return the pictures of each part (N, C, H, W), with class indices; the unreadable is left out or refused."""
        unreadable: list[Skipped] = []
        parts = {}
        for part, classes in found.parts.items():
            levels = np.empty((sum(map(len, classes.values())), *self.shape), np.uint8)
            labels: list[int] = []
            for label, entry in (
                (found.classes.index(name), entry) for name in sorted(classes) for entry in classes[name]
            ):
                try:
                    levels[len(labels)], note = _picture(entry, self)
                except (ImageError, DataError) as error:
                    unreadable.append(Skipped("/".join(entry.parts), str(error).removeprefix(f"{entry.quoted} ")))
                    continue
                labels.append(label)
                if note:
                    found.notes.append(f"{entry.quoted}: {note}")
            parts[part] = levels[: len(labels)], np.array(labels, np.int64)
        if unreadable and not self.skip_unreadable:
            raise _refusal(unreadable)
        found.skipped += unreadable
        for label in sorted(set(range(len(found.classes))) - set(parts["train"][1].tolist())):
            raise DataError("class_without_readable_picture", "path", name=found.classes[label])
        return parts


def _refusal(unreadable: list[Skipped]) -> UnreadableError:
    """Return all that could not be read in one sentence, or the first of very many."""
    listed = [f'"{name}"{"" if why.startswith("is ") else ":"} {why}' for name, why in unreadable[:MAX_LISTED]]
    more = Message("parts.and_more", {"count": len(unreadable) - MAX_LISTED}) if len(unreadable) > MAX_LISTED else ""
    counts: dict[str, Any] = {"count": len(unreadable), "listed": "; ".join(listed), "more": more}
    return UnreadableError("unreadable_pictures", tuple(unreadable), "path", **counts)


def _picture(entry: ArchivedFile, reading: _Reading) -> tuple[Levels, str]:
    """Return (C, H, W), the largest part in the middle of a picture that has the shape, and a note on it."""
    channels, height, width = reading.shape
    picture = decode(
        entry.read(),
        working_size=DETAIL * max(height, width),
        max_bytes=reading.limits.file_bytes,
        max_pixels=reading.max_pixels,
    )
    rgb = picture.pixels
    scale = min(rgb.shape[0] / height, rgb.shape[1] / width)
    top, left = (rgb.shape[0] - scale * height) / 2, (rgb.shape[1] - scale * width) / 2
    box = (left, top, left + scale * width, top + scale * height)
    cut = np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.BILINEAR, box))
    planes: NDArray[Any] = luma(cut)[None] if channels == 1 else cut.transpose(2, 0, 1)
    return planes.astype(np.uint8), picture.note
