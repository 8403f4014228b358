"""What stands before the first picture of a GIF file, counted: Pillow goes through it block by block."""

from __future__ import annotations

from cnn_engine.errors import ImageError

MAX_BLOCKS = 20_000
EXTENSION = 0x21


def judge(data: bytes) -> None:
    """Raise an ImageError where more blocks stand before the first picture than any program writes."""
    position = 13 + (3 << (data[10] & 7) + 1 if len(data) > 10 and data[10] & 0x80 else 0)
    blocks = 0
    while position + 1 < len(data) and (data[position] == EXTENSION or data[position] not in b",;"):
        blocks += 1
        if data[position] != EXTENSION:  # a byte that belongs to nothing
            position += 1
        else:
            position += 2
            while position < len(data) and data[position] and blocks <= MAX_BLOCKS:
                position += 1 + data[position]
                blocks += 1
            position += 1
        if blocks > MAX_BLOCKS:
            raise ImageError("gif_too_many_blocks", most=MAX_BLOCKS)
