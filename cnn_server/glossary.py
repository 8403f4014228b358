"""Words of the trade: a short definition of each, and the marking of a page where each first stands.

The table is the only place where a word is defined. A page's sentences are marked on the server: the first time that
a word stands there it becomes a button with its definition as a popover, which a browser opens by
mouse, touch and keyboard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from cnn_server.languages import gettext


@dataclass(frozen=True)
class Term:
    """A word, how it is found (a pattern for its forms), and what it means."""

    word: str
    forms: str
    definition: str

    @property
    def id(self) -> str:
        """What the element with its definition is called."""
        return f"term-{self.word.lower().replace(' ', '-')}"


TERMS = (
    Term("activation", "activations?", "A function of one number that bends what a layer gives, such as ReLU."),
    Term(
        "betas", "betas?", "How much Adam keeps of its two running means, at each update: of gradients, and of squares."
    ),
    Term("bias", "bias(?:es)?", "A number that is added after the products are summed: one for each output channel."),
    Term(
        "ceil mode",
        "ceil[_ ]mode",
        "The output's size is rounded up: the last window may reach beyond the input's end.",
    ),
    Term("channel", "channels?", "One of the grids that a picture or a layer's output is made of, such as its red."),
    Term(
        "cross-correlation",
        "cross-correlation",
        "Sliding, multiplying and adding without flipping the kernel first: what frameworks call convolution.",
    ),
    Term("cross-entropy", "cross-entropy", "A loss: minus the logarithm of the share that the true class was given."),
    Term("dense", "dense|fully connected", "A layer in which every output has a weight for every input."),
    Term("depth", "depth", "How many feature maps a layer gives: as many as it has filters."),
    Term("depthwise", "depthwise", "With as many groups as channels: each channel is filtered by itself."),
    Term("dilation", "dilation", "How far apart the cells are that a kernel reads, or its spread. With 1 they touch."),
    Term("edge", "edges?", "A place where values change quickly from one side to the other."),
    Term("feature", "features?", "A pattern worth finding: an edge, a texture, a corner, an eye."),
    Term("feature map", "feature maps?", "The output of one filter: how strongly its pattern is there at each place."),
    Term("filter", "filters?", "The kernels, one for each channel that it reads, that together make one feature map."),
    Term("flatten", "flattening|flatten", "To lay the cells of all channels in one line, without changing any."),
    Term(
        "from above",
        "from above",
        "The gradient of an operation's output, found before, nearer to the loss: how the loss changes with it.",
    ),
    Term("global pooling", "global(?: average)? pooling", "Pooling with the whole map as its one window."),
    Term("gradient", "gradients?", "How much the loss would change for each 1 that a number grows: its slope."),
    Term("groups", "groups?", "Channels that are kept apart: a filter reads those of its own group alone."),
    Term("kernel", "kernels?", "A small grid of weights that slides over one channel of the input."),
    Term("layer", "layers?", "One operation of a network, which reads what the one before it gave."),
    Term(
        "local derivative",
        "local derivatives?",
        "How much an output grows for each 1 that one of the numbers it is made of grows.",
    ),
    Term(
        "learning rate",
        "learning rates?",
        "How large the steps of training are, often written η: what gradients are multiplied by.",
    ),
    Term("logit", "logits?", "A plain number for a class, before softmax or a sigmoid makes a share of it."),
    Term("loss", "loss(?:es)?", "One number that says how far an answer is from the truth."),
    Term("mean squared error", "mean squared error", "A loss for numbers: the average of the squared misses."),
    Term("negative slope", "negative slope", "What leaky ReLU multiplies the values below zero by."),
    Term(
        "output padding",
        "output padding",
        "Cells put on at the end of a transposed output, where a stride leaves its size open.",
    ),
    Term("padding", "padding", "Cells that are put around the input before a kernel slides over it."),
    Term("parameter", "parameters?", "A number that training finds: a weight or a bias."),
    Term("pooling", "pooling", "Keeping one number of each window: the largest value or the average."),
    Term(
        "receptive field",
        "receptive fields?",
        "All the cells of a network's input that one value depends on. It grows from layer to layer.",
    ),
    Term("ReLU", "ReLU", "An activation: negative values become 0, others stay as they are."),
    Term("rounded", "≈", "The number after ≈ is rounded: not all of its digits are printed."),
    Term(
        "same lower", "same lower", "Padding that keeps the size, with the odd cell put before the input, not after it."
    ),
    Term("seed", "seeds?", "A number that random numbers begin from: the same seed gives the same ones again."),
    Term("sigmoid", "sigmoid", "A function that turns any number into one between 0 and 1."),
    Term("softmax", "softmax", "Turns several numbers into shares that are positive and add up to 1."),
    Term("stride", "strides?", "How many cells the window moves from one step to the next."),
    Term("tanh", "tanh", "A function that turns any number into one between −1 and 1."),
    Term("transposed", "transposed", "Convolution the other way round: each input cell adds to several outputs."),
    Term("vector", "vectors?", "Numbers in one line."),
    Term("weight", "weights?", "A number that an input is multiplied by. Training finds it."),
    Term("window", "windows?", "The part of the input that lies under the kernel at one step."),
)

MARKUP = re.compile(r"(<[^>]+>)")
UNMARKED = re.compile(r"<(/?)(h[1-6]|a|button|b|kbd)\b", re.IGNORECASE)  # what is in these stays as it is


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(TERMS, key=lambda term: -len(term.word))
    named = "|".join(f"(?P<t{TERMS.index(term)}>{term.forms})" for term in longest_first)
    return re.compile(rf"(?<![\w-])(?:{named})(?![\w-])", re.IGNORECASE)


# A button and what closes its sentence: a line may break beside a button, and a colon does not begin one.
CLOSED = re.compile(r"(<button [^>]*>[^<]*</button><span popover[^>]*><b>[^<]*</b>[^<]*</span>[.,;:)]+)")


class Glossary:
    """Marks the sentences of one page: each word once, where it first stands."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def mark(self, html: str) -> Markup:
        """Return the same HTML with the words that had not stood before as buttons with their definitions."""
        depth, parts = 0, []
        for part in MARKUP.split(html):
            if tag := UNMARKED.match(part):
                depth += -1 if tag[1] else 1
            parts.append(part if depth or part.startswith("<") else self._marked(part))
        return Markup("".join(parts))

    def _marked(self, text: str) -> str:
        return CLOSED.sub(r'<span class="kept">\1</span>', _pattern().sub(self._button, text))

    def _button(self, found: re.Match[str]) -> str:
        term = TERMS[int((found.lastgroup or "t0")[1:])]
        if term.word in self.seen:
            return found[0]
        self.seen.add(term.word)
        definition = f"<b>{escape(gettext(term.word))}</b> {escape(gettext(term.definition))}"
        return (
            f'<button type="button" class="term" popovertarget="{term.id}">{found[0]}</button>'
            f'<span popover id="{term.id}" class="term-sentence" role="note">{definition}</span>'
        )
