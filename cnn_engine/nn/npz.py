"""The files of this project: an `.npz` whose arrays are stored as they are, with one JSON text beside them.

Nothing in a file is ever run, nothing in it is compressed, and no array is read before its name, its shape and its kind
are known to be what the text needs. A `Format` is one kind of such file: checkpoints and models.
"""

from __future__ import annotations

import io
import json
import os
import threading
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from cnn_engine.errors import FileError
from cnn_engine.nn.layers.base import Array
from cnn_engine.zips import File, count_entries

TEXT = "about.json"
MOST_TEXT = 1_000_000  # bytes
MOST_ENTRIES = 4_000  # more than the arrays of the deepest network, with an optimizer's state


@dataclass(frozen=True)
class Format:
    """A kind of file: what it is called, the version that is written and read, and what a bad one raises."""

    what: str
    version: int
    refusal: type[FileError]

    def write(self, file: File, about: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        """Write a file. A path is written whole or not at all: another file first, which then takes its name."""
        if not isinstance(file, str | os.PathLike):
            self._write(file, about, arrays)
            return
        path = Path(file)
        beside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
        try:
            with beside.open("wb") as stream:
                self._write(stream, about, arrays)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def _write(self, stream: IO[bytes], about: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        head = {"kind": f"convoscope {self.what}", "version": self.version}
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(TEXT, json.dumps(head | dict(about), default=np.generic.item))
            for name, array in arrays.items():
                buffer = io.BytesIO()
                np.lib.format.write_array(buffer, np.asarray(array, order="C"), allow_pickle=False)
                archive.writestr(f"{name}.npy", buffer.getvalue())

    @contextmanager
    def open(self, file: File) -> Iterator[Archive]:
        """Return a file opened, its text read, for as long as the block lasts.

        Raises:
            FileNotFoundError: there is no such file.
            FileError: of the kind `refusal`: it is not such a file, or is damaged, or the block finds it to be.
        """
        try:
            if (count := count_entries(file)) > MOST_ENTRIES:  # whose list takes a while to read, for each
                raise FileError("file_too_many_entries", "file", count=count, most=MOST_ENTRIES)
            with zipfile.ZipFile(file) as archive:
                yield Archive(archive, self)
        except (FileNotFoundError, self.refusal):
            raise
        except FileError as error:
            raise error.of_kind(self.refusal) from error
        except Exception as error:  # what zipfile, json and numpy raise on damaged bytes is of many kinds
            refusal = FileError("not_such_a_file_or_damaged", "file", what=self.what)
            raise refusal.of_kind(self.refusal) from error


class Archive:
    """An opened file: `about` is its text, `size` its bytes."""

    def __init__(self, archive: zipfile.ZipFile, format: Format) -> None:
        self._archive, self._format = archive, format
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
            raise FileError("file_compressed", "file", what=format.what)
        self.about = self._text()
        assert archive.fp is not None
        self.size = archive.fp.seek(0, os.SEEK_END)

    def _text(self) -> dict[str, Any]:
        what = self._format.what
        if TEXT not in self._archive.namelist():
            raise FileError("file_without_text", "file", what=what, text=TEXT)
        if self._archive.getinfo(TEXT).file_size > MOST_TEXT:
            raise FileError("file_text_too_long", "file", text=TEXT, most=MOST_TEXT)
        try:
            about = json.loads(self._archive.read(TEXT))
            json.dumps(about, ensure_ascii=False).encode()  # refuses half a character, which no answer can hold
        except (ValueError, RecursionError) as error:
            raise FileError("damaged", "file", name=TEXT, error=error) from error
        if not isinstance(about, dict) or about.get("kind") != f"convoscope {what}":
            raise FileError("not_such_a_file", "file", what=what)
        version = about.get("version")
        if type(version) is not int or version != self._format.version:
            raise FileError("file_version", "file", what=what, value=version, version=self._format.version)
        return about

    def check_names(self, expected: Collection[str]) -> None:
        """Refuse other arrays than these."""
        if wrong := set(self._archive.namelist()) ^ {TEXT, *(f"{name}.npy" for name in expected)}:
            raise FileError("file_of_another_network", "file", what=self._format.what, wrong=min(wrong))

    def check_room(self, values: int, itemsize: int) -> None:
        """Refuse, before memory is taken, what says that it holds more values than its bytes can."""
        if values * itemsize > self.size:
            raise FileError("file_too_short", "file", what=self._format.what, values=values, size=self.size)

    def array(self, name: str, shape: tuple[int, ...], *dtypes: np.dtype[Any]) -> Array:
        """Return an array, its shape and kind checked before it is read."""
        read_header: Callable[..., tuple[tuple[int, ...], bool, np.dtype[Any]]] = np.lib.format.read_array_header_1_0
        try:
            with self._archive.open(f"{name}.npy") as stream:
                version = np.lib.format.read_magic(stream)
                own_shape, fortran, dtype = read_header(stream)
                if version != (1, 0) or fortran or dtype not in dtypes or own_shape != shape:
                    kinds = " or ".join(map(str, dtypes))
                    raise FileError(
                        "file_array_of_another_kind",
                        "file",
                        name=name,
                        shape=own_shape,
                        dtype=dtype,
                        expected_shape=shape,
                        expected_dtype=kinds,
                    )
                size = int(np.prod(shape, dtype=object)) * dtype.itemsize
                data = stream.read(size + 1)
        except FileError:
            raise
        except Exception as error:
            raise FileError("damaged", "file", name=name, error=error) from error
        if len(data) != size:
            raise FileError("file_array_cut_off", "file", name=name, nbytes=size)
        return np.frombuffer(data, dtype).reshape(shape)
