"""Pictures with labels in the format of MNIST: a file of pictures and one of labels, gzipped or not.

An idx file is two bytes of 0, one for the kind of number (8: bytes), one for the number of axes, four for the length of
each axis, most significant first, and then the numbers. (Y. LeCun, C. Cortes, C. Burges, The MNIST database.) What
the lengths say is judged before anything is read, and no more is read or unpacked than they say.
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.archives import name_of
from cnn_engine.data.dataset import Dataset, Part, pixels
from cnn_engine.data.splits import check_shares, split
from cnn_engine.errors import DataError, ParameterError
from cnn_engine.geometry import flag, whole
from cnn_engine.words import Message, say
from cnn_engine.zips import File

Bytes = NDArray[np.uint8]

GZIP = b"\x1f\x8b"
KINDS = {0x08: "bytes", 0x09: "signed_bytes", 0x0B: "shorts", 0x0C: "ints", 0x0D: "floats", 0x0E: "doubles"}
MAX_VALUES = 100_000_000  # of all pictures of a file together
MAX_SIDE = 512
TEST_SHARE = 0.2
MAX_LOOKED_AT = 1000  # pictures of which it is seen whether they lie on their side
FEWEST = 8  # of those, how many must be wider or taller
MOSTLY = 0.9  # and the share of them that must be wider
ON_THEIR_SIDE = Message("sources.on_their_side", {})
SWAPPED = Message("parts.low_byte_first", {})
PIECE = 1 << 20  # bytes read at once


def load_idx(
    images: File,
    labels: File,
    *,
    test_images: File | None = None,
    test_labels: File | None = None,
    classes: Sequence[str] | None = None,
    validation: float = 0.1,
    test: float | None = None,
    transposed: bool = False,
    seed: int = 0,
    max_values: int = MAX_VALUES,
    max_side: int = MAX_SIDE,
) -> Dataset:
    """Return a data set from files in MNIST's format, in grey.

    Args:
        images: the pictures, bytes (N, rows, columns): a path or an open file, gzipped or not.
        labels: their labels, bytes (N,).
        test_images: the pictures that are held out; None to hold out some of `images`.
        test_labels: their labels.
        classes: names for the labels 0, 1, 2 and so on; None for the numbers that occur.
        validation: the share of each class to look at after each epoch.
        test: the share of each class to hold out, 0.2 unless there are files for that.
        transposed: whether the files have the pictures column by column, as EMNIST's do: they lie on their side,
            mirrored, unless this is set. `notes` of what is returned say where they look so.
        seed: of which are held out.
        max_values: how many pixels a file may hold in all.
        max_side: how many rows or columns a picture may have.

    Raises:
        DataError: what is not such a file, is truncated, says of itself what is not so, or holds too much.
        ParameterError: naming the option and the rule that it broke.
    """
    whole(seed, "seed", 0)
    if (test_images is None) != (test_labels is None):
        raise ParameterError("test_images_without_labels", "test_images")
    if test_images is not None and test is not None:
        raise ParameterError("test_share_beside_test_images", "test")
    seen, held = check_shares(validation, (0 if test_images is not None else TEST_SHARE) if test is None else test)
    limits = whole(max_values, "max_values", 1), whole(max_side, "max_side", 1)
    turned = flag(transposed, "transposed")
    levels, numbers = _pair(images, labels, "", limits, turned)
    names, known = _classes(numbers, classes)
    parts = split(levels, np.searchsorted(known, numbers), validation=seen, test=held, seed=seed)
    if test_images is not None and test_labels is not None:
        parts[2] = _test_part(*_pair(test_images, test_labels, "test_", limits, turned), known, levels.shape)
    return Dataset(
        "idx",
        *(parts[0], parts[1], parts[2]),
        classes=names,
        input_shape=(1, levels.shape[2], levels.shape[3]),
        provenance=say(Message("sources.files", {"images": name_of(images), "labels": name_of(labels)})),
        notes=() if turned or not _lie_on_their_side(levels) else (say(ON_THEIR_SIDE),),
    )


def read_idx(file: File, axes: int, *, what: str = "images", max_values: int = MAX_VALUES) -> Bytes:
    """Return the bytes of an idx file with so many axes. `what` names the file in errors: DataError."""
    with _opened(file, what) as stream:
        head = _read(stream, 4, what)
        if head[:2] != b"\0\0" or head[2] not in KINDS:
            swapped = SWAPPED if head[2:] == b"\0\0" and head[1] in KINDS else ""
            raise DataError("not_idx", what, what=what, file=name_of(file), begins=head.hex(" "), hint=swapped)
        if head[2] != 0x08:
            raise DataError(
                "idx_not_bytes", what, what=what, file=name_of(file), kinds=Message(f"parts.{KINDS[head[2]]}", {})
            )
        if head[3] != axes:
            swapped = Message("parts.images_and_labels_swapped", {}) if head[3] in {1, 3} else ""
            raise DataError("idx_axes", what, what=what, file=name_of(file), axes=head[3], needed=axes, hint=swapped)
        lengths = _read(stream, 4 * axes, what)
        shape = tuple(np.frombuffer(lengths, ">u4").tolist())
        swapped = _swapped(lengths, max_values)
        count = math.prod(shape)
        if not count:
            raise DataError("idx_holds_nothing", what, what=what, file=name_of(file), sizes=" × ".join(map(str, shape)))
        if count > max_values:
            raise DataError(
                "idx_too_many_values",
                what,
                what=what,
                file=name_of(file),
                count=count,
                most=max_values,
                hint=swapped,
            )
        data = _read(stream, count, what)
        if stream.read(1):
            raise DataError("idx_goes_on", what, what=what, file=name_of(file), count=count)
    return np.frombuffer(data, np.uint8).reshape(shape)


def _lie_on_their_side(levels: Bytes) -> bool:
    """Return whether what is written is wider than tall in nearly all pictures, which letters and digits are not."""
    lit = levels[:MAX_LOOKED_AT, 0] > levels[:MAX_LOOKED_AT, 0].max(axis=(1, 2), keepdims=True) // 2
    heights, widths = (_extent(lit.any(axis=axis)) for axis in (2, 1))
    wider, taller = int((widths > heights).sum()), int((heights > widths).sum())
    return wider + taller >= FEWEST and wider >= MOSTLY * (wider + taller)


def _extent(lit: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return how far it is from the first to the last that is lit, for each row (N, places)."""
    return np.where(lit.any(axis=1), lit.shape[1] - lit[:, ::-1].argmax(axis=1) - lit.argmax(axis=1), 0)


def _pair(images: File, labels: File, prefix: str, limits: tuple[int, int], transposed: bool) -> tuple[Bytes, Bytes]:
    """Return levels (N, 1, H, W) and label numbers (N,)."""
    numbers = read_idx(labels, 1, what=f"{prefix}labels", max_values=limits[0])
    levels = read_idx(images, 3, what=f"{prefix}images", max_values=limits[0])
    if max(levels.shape[1:]) > limits[1]:
        raise DataError(
            "idx_pictures_too_large",
            f"{prefix}images",
            prefix=prefix,
            height=levels.shape[1],
            width=levels.shape[2],
            most=limits[1],
        )
    if len(levels) != len(numbers):
        raise DataError(
            "labels_do_not_fit", f"{prefix}labels", prefix=prefix, labels=len(numbers), pictures=len(levels)
        )
    return (levels.transpose(0, 2, 1) if transposed else levels)[:, None], numbers


def _classes(numbers: Bytes, names: Sequence[str] | None) -> tuple[tuple[str, ...], Bytes]:
    """Return class names, and the label number that each stands for."""
    known = np.unique(numbers)
    if names is None:
        if len(known) < 2:
            raise DataError("only_one_class", "labels", count=len(numbers), label=known[0])
        return tuple(map(str, known.tolist())), known
    if isinstance(names, str) or not all(isinstance(name, str) for name in names) or len(names) < 2:
        raise ParameterError("class_names_too_few", "classes", names=names)
    if known[-1] >= len(names):
        raise DataError("label_without_name", "labels", label=known[-1], count=len(names))
    empty = sorted(set(range(len(names))) - set(known.tolist()))
    if empty:
        raise DataError("label_without_picture", "labels", name=names[empty[0]])
    return tuple(names), known


def _test_part(levels: Bytes, numbers: Bytes, known: Bytes, shape: tuple[int, ...]) -> Part:
    if levels.shape[1:] != shape[1:]:
        raise DataError(
            "test_pictures_of_another_size",
            "test_images",
            height=levels.shape[2],
            width=levels.shape[3],
            known_height=shape[2],
            known_width=shape[3],
        )
    strangers = np.setdiff1d(numbers, known)
    if len(strangers):
        raise DataError("test_label_not_learned", "test_labels", label=strangers[0])
    return Part(pixels(levels), np.searchsorted(known, numbers).astype(np.int64))


def _swapped(lengths: bytes, most: int) -> Message | str:
    """Return a hint where the lengths of the axes make sense from the other end alone."""
    return SWAPPED if 0 < math.prod(np.frombuffer(lengths, "<u4").tolist()) <= most else ""


@contextmanager
def _opened(file: File, what: str) -> Iterator[IO[bytes]]:
    """Yield the file, unpacked as it is read where it is gzipped; what goes wrong on the way as a DataError."""
    try:
        if isinstance(file, str | os.PathLike):
            with Path(file).open("rb") as stream, _opened(stream, what) as unpacked:
                yield unpacked
            return
        begin = file.tell()
        packed = file.read(2) == GZIP
        file.seek(begin)
        yield cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if packed else file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError("idx_damaged", what, what=what, file=name_of(file), error=error) from error
    except OSError as error:
        raise DataError(
            "idx_cannot_be_read", what, what=what, file=name_of(file), reason=error.strerror or error
        ) from error


def _read(stream: IO[bytes], count: int, what: str) -> bytes:
    """Return so many bytes, in pieces: what a file only says it has takes no memory."""
    pieces, left = [], count
    while left and (piece := stream.read(min(left, PIECE))):
        pieces.append(piece)
        left -= len(piece)
    if left:
        raise DataError("idx_ends_early", what, what=what, left=left)
    return b"".join(pieces)
