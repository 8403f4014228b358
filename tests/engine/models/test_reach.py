"""How far a cell reaches, by hand and against what really changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_engine import ParameterError
from cnn_engine.models import answer, reach, shipped
from cnn_engine.models.passes import INPUT, Pass
from tests.engine.models.cases import PAPER, PAPER_INPUT, any_model
from tests.engine.nn.strategies import architectures, thorough

networks, seeds = architectures(), st.integers(0, 2**32 - 1)


def test_a_cell_on_paper():
    found = reach(PAPER, PAPER_INPUT, 1, (0, 1, 0))
    assert found.boxes == {
        INPUT: ((0, 0), (1, 1), (0, 0)),
        0: ((0, 0), (1, 1), (0, 0)),
        1: ((0, 0), (1, 1), (0, 0)),
        2: ((0, 0), (0, 0), (0, 0)),
        3: ((0, 0),),
        4: ((0, 1),),
    }
    assert found.logits.tolist() == [16, -7]
    assert found.without.tolist() == [3 + 2 * 2 + 5, -3 + 0.5 * 2 - 1]  # then 3 is the largest
    assert found.change.tolist() == [4, -4]


def test_the_field_of_a_cell_of_the_second_convolution():
    model = shipped("digits")
    found = reach(model, np.zeros((1, 28, 28)), 3, (2, 5, 5)).boxes
    rows = {layer: box[1] for layer, box in found.items() if layer < 6}
    assert rows == {INPUT: (7, 14), 0: (8, 13), 1: (8, 13), 2: (4, 6), 3: (5, 5), 4: (5, 5), 5: (2, 2)}
    assert [found[layer][0] for layer in (0, 3, 4)] == [(0, 7), (2, 2), (2, 2)]
    assert found[7] == ((0, 9),)


def test_at_the_edge_it_is_smaller():
    found = reach(shipped("digits"), np.zeros((1, 28, 28)), 0, (0, 0, 27)).boxes
    assert found[INPUT] == ((0, 0), (0, 1), (26, 27))


def inside(box, shape):
    mask = np.zeros(shape, bool)
    mask[tuple(slice(first, last + 1) for first, last in box)] = True
    return mask


@thorough
@given(networks, seeds)
def test_nothing_outside_its_boxes_has_to_do_with_a_cell(network, seed):
    model, sample = any_model(*network[:2], seed)
    random = np.random.default_rng(seed)
    layer = int(random.integers(len(model.layers)))
    index = tuple(int(random.integers(size)) for size in model.layers[layer].output_shape)
    boxes = reach(model, sample, layer, index).boxes
    before = answer(model, sample)
    if INPUT in boxes:
        noise = np.where(inside(boxes[INPUT], sample.shape), 0, random.standard_normal(sample.shape))
        assert answer(model, sample + noise).maps[layer][index] == pytest.approx(before.maps[layer][index], abs=1e-12)
    cell = tuple(np.array([one]) for one in index)
    silent = Pass(model, sample[None], {layer: [cell]})
    for later in range(layer + 1, len(model.layers)):
        changed = silent.outputs[later][0] != before.maps[later]
        assert not changed[~inside(boxes[later], changed.shape)].any() if later in boxes else not changed.any()


def test_a_cell_that_is_not_there_is_refused():
    with pytest.raises(ParameterError) as refused:
        reach(PAPER, PAPER_INPUT, 1, (0, 2, 0))
    assert refused.value.field == "index.1"
