"""The clothes: what the file holds, how it is split, and that there is something to learn in it."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.data import load_dataset
from cnn_engine.data.stored import CLOTHES
from cnn_engine.errors import ParameterError
from cnn_engine.nn import Network, Trainer, fit


@pytest.fixture(scope="module")
def clothes():
    return load_dataset("clothes")


def test_there_are_as_many_of_each_kind_in_every_part(clothes):
    for name, count in (("train", 500), ("validation", 100), ("test", 100)):
        assert np.bincount(clothes.parts[name].y).tolist() == [count] * 10


def test_the_pixels_are_whole_levels_of_grey(clothes):
    levels = clothes.test.x * 255
    assert np.abs(levels - np.rint(levels)).max() < 1e-4
    assert (clothes.test.x.min(), clothes.test.x.max()) == (0, 1)


def test_no_picture_is_in_two_parts(clothes):
    seen = [{image.tobytes() for image in part.x} for part in clothes.parts.values()]
    assert sum(map(len, seen)) == len(set.union(*seen))


def test_shapes_are_what_their_names_say(clothes):
    """Trousers are tall and narrow; sneakers and sandals leave the upper rows empty, ankle boots do not."""
    mean = {
        name: clothes.train.x[clothes.train.y == label, 0].mean(axis=0) for label, name in enumerate(clothes.classes)
    }
    assert mean["trousers"][:, :6].mean() < 0.05 < mean["pullover"][:, :6].mean()
    for shoe in ("sneaker", "sandal"):
        assert mean[shoe][:5].mean() < 0.03 < mean["ankle boot"][:5].mean()


def test_fewer_to_learn_from_are_the_first_ones(clothes):
    few = load_dataset("clothes", train=50)
    assert np.array_equal(few.train.x, clothes.train.x[:50])
    assert np.array_equal(few.test.y, clothes.test.y)
    with pytest.raises(ParameterError, match="train 5001 exceeds the 5,000 training samples of clothes"):
        load_dataset("clothes", train=5001)


def test_a_network_of_one_layer_learns_most_of_it(clothes):
    network = Network([{"layer": "flatten"}, {"layer": "linear", "out_features": 10}], input_shape=clothes.input_shape)
    trainer = Trainer(network, optimizer={"name": "adam", "learning_rate": 0.001})
    for _ in fit(trainer, clothes.train, epochs=5):
        pass
    assert trainer.evaluate(*clothes.test).accuracy > 0.75


def test_the_file_is_small_and_its_terms_are_recorded():
    assert CLOTHES.file.stat().st_size < 3_100_000
    notice = (CLOTHES.file.parents[2] / "NOTICE").read_text("utf-8")
    assert "\nclothes.npz, from train-images-idx3-ubyte" in notice
    assert "Copyright (c) 2017 Zalando SE" in notice
    assert "Permission is hereby granted, free of charge" in notice
