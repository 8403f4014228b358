"""What a network has to do, counted: with weights or without, and in proportion to what it takes."""

from __future__ import annotations

import pytest

from cnn_engine.costs import COSTS, work
from cnn_engine.nn.layers import LAYERS, fast_groups, make_layers
from cnn_engine.nn.work import answer_work, cost_of, long_pass, step_work

SECOND = 1_000_000_000
TAIL = [{"layer": "flatten"}, {"layer": "linear", "out_features": 8}]


def layers(*entries: dict, side: int = 128, channels: int = 1) -> list:
    return make_layers([*entries, *TAIL], (channels, side, side))


def pool(size: int, kind: str = "max_pool2d") -> dict:
    return {"layer": kind, "kernel_size": size, "stride": 1, "padding": size // 2}


def test_every_layer_has_a_cost():
    kinds = {cost_of(layer) for layer in LAYERS.values()}
    assert kinds <= set(COSTS)
    assert all(work(kind, calls=1, values=1) > 0 for kind in kinds)


@pytest.mark.parametrize("kind", ["max_pool2d", "avg_pool2d"])
def test_pools_are_counted(kind):
    """127 · 127 taps for each of 128 · 128 places are 264 million comparisons; three times as many take a second."""
    assert answer_work(layers(*[pool(127, kind)] * 3)) > SECOND
    assert answer_work(layers(pool(31, kind)), 400) > 5 * SECOND
    assert answer_work(layers(pool(3, kind)), 400) < SECOND


def test_a_pool_of_one_window_is_counted_by_its_taps():
    """2 · 2 windows of 127 · 127 taps: few comparisons, and 16,129 operations on arrays."""
    assert answer_work(layers({"layer": "max_pool2d", "kernel_size": 127, "stride": 1})) > SECOND // 20


def test_padding_is_counted():
    wide = {"layer": "max_pool2d", "kernel_size": 1000, "stride": 1000, "padding": 500}
    assert answer_work(layers({"layer": "conv2d", "out_channels": 1, "kernel_size": 3, "padding": 900})) > SECOND // 50
    assert answer_work(layers(wide)) > SECOND


def test_a_convolution_of_one_filter_is_counted_by_what_it_unfolds():
    """Copying 225 values for each of 128 · 128 places takes longer than multiplying each by one weight."""
    one = answer_work(layers({"layer": "conv2d", "out_channels": 1, "kernel_size": 15, "padding": 7}))
    many = answer_work(layers({"layer": "conv2d", "out_channels": 8, "kernel_size": 15, "padding": 7}))
    assert one < many < 2 * one


def test_samples_add_up_and_calls_are_made_once_for_many():
    network = layers(pool(5), side=8)
    assert answer_work(network, 64) < 64 * answer_work(network)
    assert answer_work(network, 640) == 10 * answer_work(network, 64)
    assert step_work(network, 32) > 3 * answer_work(network, 32)


def test_a_long_pass_is_one_of_a_tenth_of_a_second():
    network = layers(pool(5))
    count = 100_000_000 // (answer_work(network, 6400) // 6400)
    assert not long_pass(network, count * 9 // 10)
    assert long_pass(network, count * 11 // 10)


def test_what_layers_are_laid_out_together_is_looked_for_once(monkeypatch):
    """Each group depends on the next, so that 250 of them once took 250 · 250 / 2 looks for each question."""
    looked, look = [], fast_groups._group
    monkeypatch.setattr(fast_groups, "_group", lambda *arguments: looked.append(1) or look(*arguments))
    network = layers(*[{"layer": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": 1}] * 250, side=8)
    found = fast_groups.groups(network)
    assert sorted(found) == list(range(250))
    assert len(looked) == len(network)
