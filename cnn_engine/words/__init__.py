"""What people read: messages by id with typed arguments, and languages, each a package of functions by these ids."""

from cnn_engine.words.message import ENGLISH as ENGLISH
from cnn_engine.words.message import Alike as Alike
from cnn_engine.words.message import Cell as Cell
from cnn_engine.words.message import Cells as Cells
from cnn_engine.words.message import Language as Language
from cnn_engine.words.message import Message as Message
from cnn_engine.words.message import Messages as Messages
from cnn_engine.words.message import NumberSpan as NumberSpan
from cnn_engine.words.message import add_package as add_package
from cnn_engine.words.message import amount as amount
from cnn_engine.words.message import either as either
from cnn_engine.words.message import lacking as lacking
from cnn_engine.words.message import language as language
from cnn_engine.words.message import part as part
from cnn_engine.words.message import say as say
from cnn_engine.words.message import sentences_of as sentences_of
from cnn_engine.words.message import spans as spans
