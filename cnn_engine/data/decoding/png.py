"""The chunks of a PNG file: those that make up its pixels are given to the decoder, and no others."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from cnn_engine.data.decoding.extras import MAX_PROFILE, Extras
from cnn_engine.errors import ImageError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
MAX_CHUNKS = 20_000  # the smallest that programs write have some kB each
MAX_TEXT = 262_144  # bytes of a text that are unpacked
RAW_EXIF = (b"Raw profile type exif\0", b"Raw profile type APP1\0")  # how ImageMagick once wrote EXIF
XMP = b"XML:com.adobe.xmp\0"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # colour type -> numbers of a pixel
GREY, COLOUR = 0, 2  # the colour types of which one colour may be transparent


@dataclass(frozen=True)
class Png:
    """A PNG file: `data` has only what makes up its first picture.

    `key` is the one level, or the one red, green and blue, that is transparent, as large as `depth` bits make it.
    """

    data: bytes
    depth: int
    channels: int
    width: int
    height: int
    key: tuple[int, ...] | None
    extras: Extras
    profile_is_damaged: bool

    @property
    def unpacked_bytes(self) -> int:
        """How many bytes the decoder unpacks and filters."""
        return self.height * (1 + -(-self.width * self.channels * self.depth // 8))


def parse(data: bytes) -> Png | None:
    """Return the parts of a PNG; None where it does not even begin as one.

    Raises:
        ImageError: a chunk that is damaged, or more chunks than anybody writes.
    """
    header = data[16:29]
    if data[12:16] != b"IHDR" or len(header) < 13:
        return None
    depth, kind = header[8], header[9]
    kept, found, key = [SIGNATURE], dict[str, bytes](), None
    for name, content, whole in _chunks(data):
        if name == b"tRNS" and kind in {GREY, COLOUR}:
            if len(content) < (2 if kind == GREY else 6):
                raise ImageError("png_transparency_cut_off")
            key = tuple(int.from_bytes(content[at : at + 2], "big") for at in range(0, 2 if kind == GREY else 6, 2))
        elif name in PIXELS:
            kept.append(whole)
        else:
            _extra(name, content, found)
    profile, damaged = _profile(found.get("packed", b""))
    return Png(
        b"".join(kept),
        depth,
        CHANNELS.get(kind, 4),
        int.from_bytes(header[:4], "big"),
        int.from_bytes(header[4:8], "big"),
        key,
        Extras(profile, found.get("exif", b""), found.get("xmp", b"")),
        damaged,
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield each chunk's name, content, and the whole of it; what is cut off last goes to the decoder as it is."""
    position, view = len(SIGNATURE), memoryview(data)
    for _ in range(MAX_CHUNKS):
        length = int.from_bytes(data[position : position + 4], "big")
        name, stop = data[position + 4 : position + 8], position + 12 + length
        if stop > len(data):
            yield b"IDAT", b"", data[position:]  # the decoder says what is missing
            return
        if zlib.crc32(view[position + 4 : stop - 4]) != int.from_bytes(data[stop - 4 : stop], "big"):
            raise ImageError("png_wrong_checksum")
        yield name, b"" if name == b"IDAT" else data[position + 8 : stop - 4], data[position:stop]
        position = stop
        if name == b"IEND":
            return
    raise ImageError("png_too_many_chunks", most=MAX_CHUNKS)


def _extra(name: bytes, content: bytes, found: dict[str, bytes]) -> None:
    if name == b"iCCP":
        found.setdefault("packed", content)
    elif name == b"eXIf":
        found.setdefault("exif", content)
    elif name == b"zTXt" and content.startswith(RAW_EXIF):
        found.setdefault("exif", _raw_exif(content))
    elif name == b"iTXt" and content.startswith(XMP):
        found.setdefault("xmp", content[:MAX_TEXT])


def _raw_exif(content: bytes) -> bytes:
    """Return EXIF written as a text of hexadecimal digits, after a line with its name and one with its length."""
    try:
        text = zlib.decompressobj().decompress(content[content.index(b"\0") + 2 :], MAX_TEXT)
        return bytes.fromhex(b"".join(text.split(b"\n")[3:]).decode("ascii"))
    except (zlib.error, ValueError):
        return b""


def _profile(content: bytes) -> tuple[bytes, bool]:
    """Return a colour profile, unpacked no further than one is taken, and whether it is damaged."""
    if not content:
        return b"", False
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(content[content.index(b"\0") + 2 :], MAX_PROFILE + 1)
    except (zlib.error, ValueError):
        return b"", True
    return profile, not unpacker.eof and len(profile) <= MAX_PROFILE
