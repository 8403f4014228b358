"""What a file of a picture holds beside its pixels, and the way up that it names."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

MAX_PROFILE = 4 * 1024 * 1024  # bytes of a colour profile; those for printing have 1 to 3 million
ORIENTATION_TAG = 0x0112
SHORT = 3
XMP_ORIENTATION = re.compile(rb'tiff:Orientation(?:="|>)([1-8])')
XMP_READ = 65_536  # bytes of XMP that are looked through


@dataclass(frozen=True)
class Extras:
    """The colour profile, the EXIF block and the XMP text of a file; empty where it has none."""

    profile: bytes = b""
    exif: bytes = b""
    xmp: bytes = b""

    @property
    def orientation(self) -> int:
        """The EXIF orientation, 1 to 8; 1, upright, where nothing says otherwise or what says it is damaged."""
        found = _in_exif(self.exif)
        if found is None and (match := XMP_ORIENTATION.search(self.xmp[:XMP_READ])):
            found = int(match[1])
        return found or 1


def _in_exif(block: bytes) -> int | None:
    """Return the orientation in the first directory of an EXIF block.

    Pillow would read every entry with all that it points to, and a block of 64 kB can point at 350 MB.
    """
    block = block.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    try:
        if order is None:
            return None
        (start,) = struct.unpack_from(f"{order}L", block, 4)
        (count,) = struct.unpack_from(f"{order}H", block, start)
        for index in range(count):
            tag, kind, values, value = struct.unpack_from(f"{order}HHLH", block, start + 2 + 12 * index)
            if (tag, kind, values) == (ORIENTATION_TAG, SHORT, 1):
                return int(value)
    except struct.error:  # it ends too early, or points beyond its end
        return None
    return None
