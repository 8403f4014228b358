"""The files of a folder or a zip archive, by class: listed and judged before any is read.

A zip archive is never unpacked onto the disk. What it says of itself is held against the limits first; a file is then
read no further than it says it goes. Names that lead out of the folder, links, and anything but plain files are
refused: they belong to no data set.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from cnn_engine.data.dataset import Skipped
from cnn_engine.errors import ConvoscopeError, DataError
from cnn_engine.words import Message
from cnn_engine.zips import File, count_entries

PathParts = tuple[str, ...]  # the folders on the way to a file, and its own name last

DRIVE = re.compile(r"[A-Za-z]:")
ENCRYPTED = 0x1
DAMAGE = (  # what zipfile raises of archives that are not what they say
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may ask for any amount of memory
SYSTEM = {  # what operating systems leave behind, in lower case
    *("__macosx", "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r", "icon_", "icon\uf00d"),
    *("$recycle.bin", "system volume information", "lost+found", "@eadir", "network trash folder"),
}


@dataclass(frozen=True)
class ArchiveLimits:
    """What is taken: how many files, how many bytes of one and of all, and how often its own size a zip unpacks to."""

    files: int
    file_bytes: int
    total_bytes: int
    ratio: float


@dataclass(frozen=True)
class ArchivedFile:
    """A file: where it is, its size in bytes, and its content when asked for."""

    parts: PathParts
    size: int
    read: Callable[[], bytes]

    @property
    def quoted(self) -> str:
        """Its name for an error."""
        return f'"{"/".join(self.parts)}"'


@dataclass(frozen=True)
class Listing:
    """The files of a folder or an archive, the folders, also those without a file, and what was passed over."""

    files: list[ArchivedFile]
    folders: set[PathParts]
    skipped: list[Skipped] = field(default_factory=list)

    def passes_over(self, parts: PathParts) -> bool:
        """Return whether a system left this behind, which then is listed: a folder once, whatever is in it."""
        for count, part in enumerate(parts, 1):
            if part.casefold() in SYSTEM or (part.startswith(".") and part not in {".", ".."}):
                left = Skipped("/".join(parts[:count]), "was left behind by an operating system")
                if left not in self.skipped[-1:]:
                    self.skipped.append(left)
                return True
        return False


@contextmanager
def listed(source: File, limits: ArchiveLimits) -> Iterator[Listing]:
    """Yield what is in a folder or a zip archive, open for as long as the block lasts.

    Raises:
        DataError: what is neither, cannot be read, breaks a limit, or holds a name that leads out of it.
    """
    with ExitStack() as stack:
        try:
            listing = _listing(source, limits, stack)
        except ConvoscopeError:
            raise
        except DAMAGE as error:
            what = Message("parts.no_folder_or_archive", {"file": name_of(source)})
            raise DataError("of_file", "path", entry=what, error=error) from error
        except OSError as error:
            raise DataError("cannot_be_read", "path", file=name_of(source), reason=error.strerror or error) from error
        yield listing


def _listing(source: File, limits: ArchiveLimits, stack: ExitStack) -> Listing:
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.is_dir():
            return _checked(_folder(path, limits), limits)
        source = stack.enter_context(path.open("rb"))
    size = _judge_archive(source, limits)
    listing = _checked(_archive(stack.enter_context(zipfile.ZipFile(source))), limits)
    total = sum(entry.size for entry in listing.files)
    if total > limits.ratio * size:
        raise DataError("archive_unpacks_too_far", "path", size=size, total=total, ratio=limits.ratio)
    return listing


def name_of(source: File) -> str | Message:
    """Return what a file is called in an error."""
    return f'"{Path(source).name}"' if isinstance(source, str | os.PathLike) else Message("parts.the_file", {})


def _checked(listing: Listing, limits: ArchiveLimits) -> Listing:
    if len(listing.files) > limits.files:
        raise DataError("too_many_files", "path", count=len(listing.files), most=limits.files)
    seen: set[PathParts] = set()
    for entry in listing.files:
        if entry.size > limits.file_bytes:
            raise DataError(
                "file_too_large_in_archive", "path", entry=entry.quoted, size=entry.size, most=limits.file_bytes
            )
        if entry.parts in seen:
            raise DataError("file_twice", "path", entry=entry.quoted)
        seen.add(entry.parts)
    total = sum(entry.size for entry in listing.files)
    if total > limits.total_bytes:
        raise DataError("files_too_large", "path", total=total, most=limits.total_bytes)
    return listing


# ---- folders


def _folder(root: Path, limits: ArchiveLimits) -> Listing:
    listing = Listing([], set())
    waiting: list[tuple[Path, PathParts]] = [(root, ())]
    while waiting:
        folder, parts = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                inside = (*parts, entry.name)
                if listing.passes_over(inside):
                    continue
                if entry.is_symlink():
                    raise DataError("link_out_of_folder", "path", name="/".join(inside))
                if entry.is_dir():
                    listing.folders.add(inside)
                    waiting.append((Path(entry.path), inside))
                elif entry.is_file(follow_symlinks=False):
                    size = entry.stat(follow_symlinks=False).st_size
                    listing.files.append(ArchivedFile(inside, size, _reader(Path(entry.path), limits.file_bytes)))
                else:
                    raise DataError("not_a_plain_file", "path", name="/".join(inside))
                if len(listing.files) + len(listing.folders) > 2 * limits.files:
                    raise DataError("too_many_files_and_folders", "path", most=limits.files)
    return listing


def _reader(path: Path, most: int) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with path.open("rb") as stream:
                return stream.read(most + 1)  # a file may have grown since it was listed
        except OSError as error:
            raise DataError("named_cannot_be_read", "path", name=path.name, reason=error.strerror or error) from error

    return read


# ---- archives


def _judge_archive(stream: IO[bytes], limits: ArchiveLimits) -> int:
    """Return an archive's size in bytes; refuse too many bytes, and too many entries before a list of them is made."""
    size = stream.seek(0, os.SEEK_END)
    if size > limits.total_bytes:
        raise DataError("archive_too_large", "path", size=size, most=limits.total_bytes)
    count = count_entries(stream)
    if count > 2 * limits.files:  # folders are entries too
        raise DataError("archive_too_many_entries", "path", count=count, most=limits.files)
    return size


def _archive(archive: zipfile.ZipFile) -> Listing:
    listing = Listing([], set())
    for info in archive.infolist():
        name = info.orig_filename.replace("\\", "/")
        parts = _safe_parts(info, name.removesuffix("/"))
        if listing.passes_over(parts):
            continue
        if name.endswith("/"):
            listing.folders.add(parts)
            continue
        if info.flag_bits & ENCRYPTED:
            raise DataError("encrypted", "path", name=info.filename)
        if info.compress_type not in METHODS:
            raise DataError("packed_unreadably", "path", name=info.filename)
        listing.files.append(ArchivedFile(parts, info.file_size, _unpacker(archive, info)))
    return listing


def _safe_parts(info: zipfile.ZipInfo, name: str) -> PathParts:
    """Return where an entry is, or raise the error that says where its name would lead."""
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        raise DataError("link_out_of_archive", "path", name=name)
    if stat.S_IFMT(mode) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise DataError("not_a_plain_file", "path", name=name)
    parts = name.split("/")
    if any(part in {"", ".", ".."} for part in parts) or DRIVE.match(name) or "\0" in name:
        raise DataError("name_out_of_archive", "path", name=name)
    return tuple(parts)


def _unpacker(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(info) as stream:
                return stream.read(info.file_size + 1)
        except (*DAMAGE, OSError) as error:
            raise DataError("damaged", "path", name=info.filename, error=error) from error

    return read
