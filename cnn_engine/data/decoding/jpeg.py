"""The parts of a JPEG file, found by its markers: nothing is decoded.

A JPEG is a list of segments, each with a marker (FF and a byte) and a length, and after each start of a scan the
scan's data, in which FF stands only before 0 or a restart marker. (ITU-T T.81, annex B.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from cnn_engine.data.decoding.extras import MAX_PROFILE, Extras
from cnn_engine.errors import ImageError

START = b"\xff\xd8"
END = b"\xff\xd9"
EXIF, XMP, PROFILE = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"ICC_PROFILE\0"
SCAN, END_MARKER = 0xDA, 0xD9
FRAMES = (0xC0, 0xC1, 0xC2)  # sequential and progressive, with Huffman codes: what cameras and programs write
ALL_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = 0xC2
KEPT = {*FRAMES, 0xC4, 0xDB, 0xDD, 0xE0, 0xEE}  # tables, restarts, JFIF and Adobe's word on colours
NEXT_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
BARE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
MAX_SEGMENTS = 10_000
MAX_JUNK = 65_536  # bytes between segments that belong to none


@dataclass(frozen=True)
class Component:
    """A colour component: its identifier, and how often it is sampled across and down."""

    id: int
    across: int
    down: int


@dataclass(frozen=True)
class Jpeg:
    """A JPEG file in parts.

    `head` is what a decoder needs before the first scan, `body` all from there up to the end marker or, where that is
    missing, as far as the file goes. `scans` lists the identifiers of the components of each scan.
    """

    head: bytes
    body: bytes
    width: int
    height: int
    progressive: bool
    components: tuple[Component, ...]
    scans: tuple[tuple[int, ...], ...]
    ended: bool
    extras: Extras

    @property
    def data(self) -> bytes:
        """The file as a decoder is to have it, its end marker in place."""
        return self.head + self.body + END

    @property
    def buffered(self) -> bool:
        """Whether a decoder keeps all the coefficients: it must, where one scan does not have everything."""
        return self.progressive or len(self.scans[0]) < len(self.components)

    @cached_property
    def blocks(self) -> dict[int, int]:
        """How many blocks of 8 × 8 samples each component has."""
        across = max(component.across for component in self.components)
        down = max(component.down for component in self.components)
        rows, cols = -(-self.height // (8 * down)), -(-self.width // (8 * across))
        return {item.id: rows * item.down * cols * item.across for item in self.components}

    @property
    def rows_together(self) -> int:
        """How many rows of pixels are stored together."""
        return 8 * max(component.down for component in self.components)

    @property
    def visits(self) -> int:
        """How many blocks all scans together go through."""
        return sum(self.blocks.get(component, 0) for scan in self.scans for component in scan)

    @property
    def first_rows_whole(self) -> bool:
        """Whether the first component, the brightness, has been in a scan before the one in which the file ends."""
        return any(self.components[0].id in scan for scan in self.scans[:-1])


def parse(data: bytes, max_scans: int) -> Jpeg | None:
    """Return the parts of a JPEG; None where there is no scan in it, which a decoder may then say in its own words.

    Raises:
        ImageError: a kind of JPEG that is not read here; more segments or scans than anybody writes.
    """
    reader = _Reader(data)
    head, frames, extras = _head(reader)
    if not reader.in_scan or not frames:
        return None
    marker, frame = frames[0]
    if len(frames) > 1 or marker not in FRAMES:
        raise ImageError("rare_jpeg")
    components = _components(frame)
    if not components:
        return None
    start = reader.segment_start
    scans, stop, ended = _scans(reader, max_scans)
    return Jpeg(
        head,
        data[start:stop],
        int.from_bytes(frame[3:5], "big"),
        int.from_bytes(frame[1:3], "big"),
        marker == PROGRESSIVE,
        components,
        tuple(scans),
        ended,
        extras,
    )


class _Reader:
    """Goes from segment to segment; counts them and what lies between."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = len(START)
        self.segment_start = self.position
        self.marker = 0
        self._segments = 0
        self._junk = 0

    @property
    def in_scan(self) -> bool:
        return self.marker == SCAN

    def next(self) -> bytes | None:
        """Return the content of the next segment, whose marker is then `marker`; None if the file ends within it."""
        found = NEXT_MARKER.search(self.data, self.position)
        if found is None:
            self.marker = 0
            return None
        self._segments += 1
        self._junk += found.start() - self.position
        if self._segments > MAX_SEGMENTS or self._junk > MAX_JUNK:
            raise ImageError("jpeg_damaged_segments")
        self.segment_start = found.end() - 2
        self.marker = found[1][0]
        if self.marker in BARE or self.marker == END_MARKER:
            self.position = found.end()
            return b""
        stop = found.end() + int.from_bytes(self.data[found.end() : found.end() + 2], "big")
        if stop > len(self.data) or stop < found.end() + 2:
            self.marker = 0
            return None
        self.position = stop
        return self.data[found.end() + 2 : stop]

    def skip_scan(self) -> None:
        """Go on behind the data of a scan."""
        found = NEXT_MARKER.search(self.data, self.position)
        self.position = found.start() if found else len(self.data)


def _head(reader: _Reader) -> tuple[bytes, list[tuple[int, bytes]], Extras]:
    """Return the segments that a decoder needs, the frames among them, and what is beside the pixels."""
    kept, frames, profile = [START], [], list[bytes]()
    exif = xmp = b""
    while (content := reader.next()) is not None and reader.marker not in {SCAN, END_MARKER}:
        if reader.marker in ALL_FRAMES:
            frames.append((reader.marker, content))
        if reader.marker in KEPT:
            kept += [bytes((0xFF, reader.marker)), (len(content) + 2).to_bytes(2, "big"), content]
        elif reader.marker == 0xE1 and content.startswith(EXIF):
            exif = exif or content
        elif reader.marker == 0xE1 and content.startswith(XMP):
            xmp = xmp or content
        elif reader.marker == 0xE2 and content.startswith(PROFILE):
            profile.append(content)
    whole = b"".join(part[len(PROFILE) + 2 :] for part in sorted(profile, key=lambda part: part[len(PROFILE) :][:1]))
    return b"".join(kept), frames, Extras(whole[: MAX_PROFILE + 1], exif, xmp)


def _components(frame: bytes) -> tuple[Component, ...]:
    parts = [frame[6 + 3 * index : 9 + 3 * index] for index in range(frame[5] if len(frame) > 5 else 0)]
    if not all(len(part) == 3 and part[1] >> 4 and part[1] & 15 for part in parts):
        return ()
    return tuple(Component(part[0], part[1] >> 4, part[1] & 15) for part in parts)


def _scans(reader: _Reader, most: int) -> tuple[list[tuple[int, ...]], int, bool]:
    """Return the scans from the one just met on, where the data to decode stops, and whether the end is there."""
    scans: list[tuple[int, ...]] = []
    content: bytes | None = reader.data[reader.segment_start + 4 : reader.position]
    while True:
        if content is not None and reader.in_scan:
            scans.append(tuple(content[1 : 1 + 2 * content[0] : 2]) if content else ())
            if len(scans) > most:
                raise ImageError("jpeg_too_many_scans", most=most)
            reader.skip_scan()
        stop = reader.position
        content = reader.next()
        if content is None:
            return scans, stop, False
        if reader.marker == END_MARKER:
            return scans, reader.segment_start, True
