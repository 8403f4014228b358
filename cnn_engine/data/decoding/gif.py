"""What stands before the first picture of a GIF file, counted: Pillow goes through it block by block."""

from __future__ import annotations

from cnn_engine.errors import ImageError

MAX_BLOCKS = 20_000
EXTENSION = 0x21


def judge(data: bytes) -> None:
    """Raise an ImageError where more blocks stand before the first picture than any program writes."""
    place = 13 + (3 << (data[10] & 7) + 1 if len(data) > 10 and data[10] & 0x80 else 0)
    blocks = 0
    while place + 1 < len(data) and (data[place] == EXTENSION or data[place] not in b",;"):
        blocks += 1
        if data[place] != EXTENSION:  # a byte that belongs to nothing
            place += 1
        else:
            place += 2
            while place < len(data) and data[place] and blocks <= MAX_BLOCKS:
                place += 1 + data[place]
                blocks += 1
            place += 1
        if blocks > MAX_BLOCKS:
            raise ImageError("gif_too_many_blocks", most=MAX_BLOCKS)
