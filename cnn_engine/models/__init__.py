"""Models: networks that have learned, kept in files, asked for an answer, and asked why.

model = load("digits.npz")
answer(model, picture).probabilities
why(model, picture, "contribution").values
"""

from cnn_engine.errors import ModelError
from cnn_engine.models.answering import Answered, answer, largest_in
from cnn_engine.models.bending import BentAnswer, bend, compare
from cnn_engine.models.cells import cell, leading_channel
from cnn_engine.models.model import Model
from cnn_engine.models.parts import ChannelParts, parts
from cnn_engine.models.program import to_torch
from cnn_engine.models.reach import Reach, reach
from cnn_engine.models.reasons import METHODS, Why, why, why_cell
from cnn_engine.models.smallest import SmallestChange, smallest_change
from cnn_engine.models.storage import SHIPPED, load, save, shipped
from cnn_engine.models.wiring import shares, strongest, wiring

__all__ = [
    "METHODS",
    "SHIPPED",
    "Answered",
    "BentAnswer",
    "ChannelParts",
    "Model",
    "ModelError",
    "Reach",
    "SmallestChange",
    "Why",
    "answer",
    "bend",
    "cell",
    "compare",
    "largest_in",
    "leading_channel",
    "load",
    "parts",
    "reach",
    "save",
    "shares",
    "shipped",
    "smallest_change",
    "strongest",
    "to_torch",
    "why",
    "why_cell",
    "wiring",
]
