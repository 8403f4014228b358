"""Which folder is which class, and which part of the data set: told from the names in a listing, before any is read."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from cnn_engine.data.archives import ArchivedFile, Listing, PathParts
from cnn_engine.data.dataset import Skipped
from cnn_engine.errors import DataError
from cnn_engine.words import Message, say

PARTS = {  # how people name the folders of the parts
    **dict.fromkeys(("train", "training", "train set", "trainset"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "validate", "dev"), "validation"),
    **dict.fromkeys(("test", "testing", "tests", "test set", "testset"), "test"),
}
DOCUMENTS = {
    *(
        ".csv",
        ".doc",
        ".docx",
        ".htm",
        ".html",
        ".ini",
        ".ipynb",
        ".json",
        ".lnk",
        ".log",
        ".mat",
        ".md",
        ".npy",
        ".npz",
    ),
    *(
        ".odt",
        ".pdf",
        ".pkl",
        ".py",
        ".rst",
        ".rtf",
        ".tar",
        ".tsv",
        ".txt",
        ".url",
        ".webloc",
        ".xls",
        ".xlsx",
        ".xml",
    ),
    *(".yaml", ".yml", ".zip"),
}
DOCUMENT_NAMES = {"authors", "changelog", "citation", "copying", "credits", "licence", "license", "notice", "readme"}

Classes = dict[str, list[ArchivedFile]]


@dataclass
class Arranged:
    """The files of each class, for each part that has a folder; all in "train" where none has."""

    parts: dict[str, Classes]
    skipped: list[Skipped]
    notes: list[str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The names of the classes, sorted."""
        return sorted(self.parts["train"])

    @property
    def entries(self) -> list[ArchivedFile]:
        """All pictures of all parts."""
        return [entry for classes in self.parts.values() for entries in classes.values() for entry in entries]


def arranged(listing: Listing) -> Arranged:
    """Sort the files of a folder or an archive into classes, and into parts where there are folders for them.

    Raises:
        DataError: fewer than two classes, a class without a picture, pictures that lie too deep, or classes that
            differ from part to part.
    """
    pictures = [entry for entry in listing.files if not _is_document(entry)]
    found = Arranged(
        {}, [*listing.skipped, *(_stray(entry, "is no picture") for entry in listing.files if _is_document(entry))]
    )
    folders = _folders_that_count(listing, pictures)
    depth = _common_depth(pictures, folders)
    tops = {entry.parts[depth] for entry in pictures if len(entry.parts) > depth + 1}
    as_parts = {top: PARTS.get(_alike(top)) for top in tops}
    if "train" in as_parts.values() and None not in as_parts.values() and _has_depth(pictures, depth + 3):
        for part in dict.fromkeys(("train", *sorted(filter(None, as_parts.values())))):
            inside = {top for top, name in as_parts.items() if name == part}
            own = [entry for entry in pictures if entry.parts[depth] in inside]
            own_folders = {folder for folder in folders if len(folder) > depth and folder[depth] in inside}
            found.parts[part] = _by_class(own, own_folders, depth + 1, found)
        found.skipped += [
            _stray(entry, "lies beside the folders of the parts") for entry in pictures if len(entry.parts) <= depth + 1
        ]
    else:
        found.parts["train"] = _by_class(pictures, folders, depth, found)
    _name_alike(found)
    _check(found)
    return found


def _is_document(entry: ArchivedFile) -> bool:
    name = PurePosixPath(entry.parts[-1].casefold())
    return name.suffix in DOCUMENTS or name.stem in DOCUMENT_NAMES


def _stray(entry: ArchivedFile, why: str) -> Skipped:
    return Skipped("/".join(entry.parts), why)


def _folders_that_count(listing: Listing, pictures: list[ArchivedFile]) -> set[PathParts]:
    """Return the folders that hold a picture or nothing at all; one with documents alone is no class."""
    holding = {entry.parts[:count] for entry in pictures for count in range(1, len(entry.parts))}
    filled = {entry.parts[:count] for entry in listing.files for count in range(1, len(entry.parts))}
    return holding | (listing.folders - filled)


def _common_depth(pictures: list[ArchivedFile], folders: set[PathParts]) -> int:
    """Return how many folders everything lies in."""
    depth = 0
    while _has_depth(pictures, depth + 3) and len({folder[depth] for folder in folders if len(folder) > depth}) == 1:
        if any(len(entry.parts) == depth + 1 for entry in pictures):
            break
        depth += 1
    return depth


def _has_depth(pictures: list[ArchivedFile], length: int) -> bool:
    return any(len(entry.parts) >= length for entry in pictures)


def _by_class(pictures: list[ArchivedFile], folders: set[PathParts], depth: int, found: Arranged) -> Classes:
    """Return the files of each folder at this depth, both by name."""
    classes: Classes = {name: [] for name in sorted({folder[depth] for folder in folders if len(folder) > depth})}
    for entry in sorted(pictures, key=lambda entry: entry.parts):
        if len(entry.parts) > depth + 2:
            raise DataError("picture_too_deep", "path", entry=entry.quoted)
        if len(entry.parts) < depth + 2:
            found.skipped.append(_stray(entry, "lies beside the folders of the classes"))
        else:
            classes[entry.parts[depth]].append(entry)
    return classes


def _alike(name: str) -> str:
    """Return a name as a person compares it: case, Unicode forms and spaces make no difference."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace("_", " ").split())


def _name_alike(found: Arranged) -> None:
    """Make folders whose names look alike one class, named as most of its pictures have it."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for classes in found.parts.values():
        for name, entries in classes.items():
            counts[_alike(name)][name] += len(entries)
    names = {}
    for key, spelled in counts.items():
        most = max(sorted(spelled), key=lambda name: spelled[name])
        names[key] = unicodedata.normalize("NFC", most.strip())
        if len(spelled) > 1:
            listed = " and ".join(f'"{name}"' for name in sorted(spelled))
            one = {"folders": listed, "name": names[key]}
            found.notes.append(say(Message("sources.folders_of_one_class", one)))
    for part, classes in found.parts.items():
        merged: Classes = {names[_alike(name)]: [] for name in classes}
        for name, entries in classes.items():
            merged[names[_alike(name)]] += entries
        found.parts[part] = merged


def _check(found: Arranged) -> None:
    train = found.parts["train"]
    if len(train) < 2:
        raise DataError("too_few_class_folders", "path", count=len(train))
    for part, classes in found.parts.items():
        if strangers := sorted(set(classes) - set(train)):
            raise DataError("class_not_learned", "path", name=strangers[0], part=part)
    for name, entries in train.items():
        if not entries:
            raise DataError("class_without_picture", "path", name=name)
