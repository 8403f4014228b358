"""Sentences of the output page, word by word."""

from __future__ import annotations

import numpy as np
import pytest

import cnn_engine as engine
from cnn_engine.words import say, spans


@pytest.mark.parametrize(
    ("backward", "target"),
    [
        (engine.trace_softmax_cross_entropy_backward, 2),
        (engine.trace_sigmoid_binary_cross_entropy_backward, [1.0, 0.0, 0.25]),
        (engine.trace_mse_backward, [0.5, -1.0, 3.0]),
    ],
)
def test_a_sentence_says_what_a_little_more_would_do(backward, target):
    trace = backward(np.array([0.75, -1.75, 2.0]), target)
    for message, step in zip(trace.messages(), trace, strict=True):
        sentence = say(message)
        assert ("the loss would rise by about" if step.output > 0 else "the loss would fall by about") in sentence
        found = {span.tensor: sentence[span.start : span.start + span.length] for span in spans(message)}
        text = found["output"].lstrip("≈").replace("\N{MINUS SIGN}", "-")
        assert float(text) == pytest.approx(step.output, abs=5e-4)


def test_cross_entropy_in_words():
    trace = engine.trace_softmax_cross_entropy_backward([0.0, 0.0], 0)
    assert trace.descriptions()[0] == (
        "Softmax gives class 1 a share of 0.5. This is the true class, so the share should be 1: less 1 it is the "
        "gradient, −0.5. If this logit grew by 0.01, the loss would fall by about 0.005."
    )
