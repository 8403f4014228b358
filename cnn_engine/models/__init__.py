"""Models: networks that have learned, kept in files, asked for an answer, and asked why.

model = load("digits.npz")
answer(model, picture).probabilities
why(model, picture, "contribution").values

What they are asked about is called the same in all functions, and a ShapeError or a ParameterError names the argument
that is at fault:

    model     a `Model`
    input     one sample, of the model's input shape
    pictures  samples (N, ...), as the model takes them
    layer     a layer's number, from 0
    channel   which of its maps, or of its features, from 0
    index     (channel, row, column) in what a layer gives, or (feature,)
    off       channels that give 0, such as [{"layer": 0, "channel": 2}]
"""

from cnn_engine.errors import ModelError as ModelError
from cnn_engine.models.answering import Answered as Answered
from cnn_engine.models.answering import answer as answer
from cnn_engine.models.answering import largest_in as largest_in
from cnn_engine.models.bending import BentAnswer as BentAnswer
from cnn_engine.models.bending import bend as bend
from cnn_engine.models.bending import compare as compare
from cnn_engine.models.cells import cell as cell
from cnn_engine.models.cells import leading_channel as leading_channel
from cnn_engine.models.model import Model as Model
from cnn_engine.models.parts import ChannelParts as ChannelParts
from cnn_engine.models.parts import parts as parts
from cnn_engine.models.program import to_torch as to_torch
from cnn_engine.models.reach import Reach as Reach
from cnn_engine.models.reach import reach as reach
from cnn_engine.models.reasons import METHODS as METHODS
from cnn_engine.models.reasons import Why as Why
from cnn_engine.models.reasons import why as why
from cnn_engine.models.reasons import why_cell as why_cell
from cnn_engine.models.smallest import SmallestChange as SmallestChange
from cnn_engine.models.smallest import smallest_change as smallest_change
from cnn_engine.models.storage import SHIPPED as SHIPPED
from cnn_engine.models.storage import load as load
from cnn_engine.models.storage import save as save
from cnn_engine.models.storage import shipped as shipped
from cnn_engine.models.wiring import shares as shares
from cnn_engine.models.wiring import strongest as strongest
from cnn_engine.models.wiring import wiring as wiring
