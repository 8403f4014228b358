"""What is drawn by a seed: the same pictures again, more of them, each class in its share, and what is refused."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine.data import DATASETS, load_dataset
from cnn_engine.data.augment import Augmentation
from cnn_engine.errors import ConvoscopeError, ParameterError

DRAWN = [name for name in DATASETS if name not in {"digits", "clothes"}]
SMALL = {"train": 40, "validation": 16, "test": 16}

# Links and stored runs hold a seed, so that a seed must go on meaning the same pictures: CRC-32 of 72 of each.
CHECKSUMS = {
    "shapes": 0x8118450B,
    "shapes-colour": 0x675D339A,
    "strokes": 0xCE264989,
    "orientations": 0xAC0A60A7,
    "angles": 0x607B0B4E,
}


def every_level(dataset):
    """The pixels of all parts as bytes, after checking that they are whole levels."""
    x = np.concatenate([part.x for part in dataset.parts.values()])
    levels = np.rint(x * 255)
    assert np.array_equal(x, levels.astype(np.float32) / np.float32(255))
    assert (levels.min(), levels.max()) == (0, 255)
    return levels.astype(np.uint8)


@pytest.mark.parametrize("name", DATASETS)
def test_a_set_is_what_its_entry_says(name):
    preset, made = DATASETS[name], load_dataset(name)
    assert preset.sizes == made.sizes
    for what in ("name", "input_shape", "classes", "task", "targets", "provenance"):
        assert getattr(preset, what) == getattr(made, what)
    for part in made.parts.values():
        assert part.x.shape == (part.size, *made.input_shape)
        assert part.x.dtype == np.float32
        if made.task == "classification":
            assert part.y.dtype == np.int64
            assert set(part.y) == set(range(made.outputs))
        else:
            assert part.y.dtype == np.float32
            assert part.y.shape == (part.size, made.outputs)


@pytest.mark.parametrize("name", DRAWN)
def test_a_seed_gives_the_same_pictures_for_good(name):
    levels = every_level(load_dataset(name, **SMALL, seed=3))
    assert zlib.crc32(levels.tobytes()) == CHECKSUMS[name]


@pytest.mark.parametrize("name", DRAWN)
def test_more_pictures_begin_with_the_fewer(name):
    few, many = load_dataset(name, **SMALL, seed=1), load_dataset(name, train=300, validation=16, test=16, seed=1)
    assert np.array_equal(many.train.x[:40], few.train.x)
    assert np.array_equal(many.train.y[:40], few.train.y)
    assert np.array_equal(many.test.x, few.test.x)


@pytest.mark.parametrize("name", DRAWN)
def test_no_picture_is_drawn_twice(name):
    sets = [load_dataset(name, **SMALL, seed=seed) for seed in (1, 2)]
    pictures = [image.tobytes() for made in sets for part in made.parts.values() for image in part.x]
    assert len(set(pictures)) == 2 * sum(SMALL.values())


@pytest.mark.parametrize("name", [name for name in DRAWN if DATASETS[name].classes])
@pytest.mark.parametrize("count", [5, 83])
def test_classes_differ_by_one_picture_at_most(name, count):
    made = load_dataset(name, train=count, validation=0, test=0)
    counts = np.bincount(made.train.y, minlength=made.outputs)
    assert counts.max() - counts.min() <= 1
    assert made.sizes == {"train": count, "validation": 0, "test": 0}


@pytest.mark.parametrize("name", DRAWN)
def test_noise_is_what_was_asked_for(name):
    clean, noisy = (load_dataset(name, train=200, noise=noise).train.x for noise in (0.0, 0.1))
    inside = (clean > 0.4) & (clean < 0.6)  # where nothing is cut off at black or white
    difference = (noisy - clean)[inside]
    assert difference.size > 500
    assert abs(difference.mean()) < 0.01
    assert abs(difference.std() - 0.1) < 0.01


@pytest.mark.parametrize("name", DRAWN)
def test_pictures_of_any_size_can_be_asked_for(name):
    assert load_dataset(name, train=20, validation=0, test=0, size=19).train.x.shape[2:] == (19, 19)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"train": 0}, "train 0 is less than 1"),
        ({"train": 2.5}, r"train must be a whole number, not 2\.5"),
        ({"validation": -1}, "validation -1 is less than 0"),
        ({"test": "many"}, "test must be a whole number, not 'many'"),
        ({"train": 10**9}, r"1,000,00\d,\d+ pictures of \d+ × \d+ hold .* where at most 100,000,000 are possible"),
        ({"size": 7}, "size 7 is less than 8"),
        ({"size": 129}, "size 129 is more than 128"),
        ({"noise": -0.1}, r"noise -0\.1 must not be less than 0"),
        ({"noise": 1.5}, r"noise 1\.5 is more than 1"),
        ({"noise": float("nan")}, "noise must be finite, not nan"),
        ({"seed": -1}, "seed -1 is less than 0"),
        ({"seed": None}, "seed must be a whole number, not None"),
        ({"colour": True}, 'has no option "colour"; its options: train, validation, test'),
    ],
)
def test_options_are_checked(name, options, message):
    with pytest.raises(ParameterError, match=message) as caught:
        load_dataset(name, **options)
    assert caught.value.field == next(iter(options))


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("shapes", {"channels": 2}, "channels 2 must be 1 or 3"),
        ("shapes", {"channels": True}, "channels must be a whole number, not True"),
        ("shapes", {"turn": 181}, "turn 181 is more than 180"),
        ("strokes", {"wobble": 6}, "wobble 6 is more than 5"),
        ("angles", {"circular": 1}, "circular must be true or false, not 1"),
    ],
)
def test_options_of_one_set_are_checked(name, options, message):
    with pytest.raises(ParameterError, match=message):
        load_dataset(name, **options)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 40) | st.floats() | st.sampled_from(["", "edge", "zero", "3"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "name"]), inner, max_size=2),
    max_leaves=3,
)
OPTIONS = ["train", "validation", "test", "channels", "size", "turn", "wobble", "circular", "noise", "seed"]


@settings(deadline=None, max_examples=150, derandomize=True)
@given(st.sampled_from(sorted(DATASETS)), st.sampled_from(OPTIONS), anything)
def test_any_value_of_any_option_is_taken_or_refused_in_words(name, option, value):
    few = {} if name not in DRAWN else {"train": 4, "validation": 2, "test": 2}
    try:
        made = load_dataset(name, **(few | {option: value}))
    except ConvoscopeError as refusal:
        assert refusal.field == option  # noqa: PT017  (either way is right)
    else:
        assert all(np.isfinite(part.x).all() for part in made.parts.values())


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.sampled_from(["shift", "rotate", "scale", "noise", "fill"]), anything)
def test_any_value_of_augmentation_is_taken_or_refused_in_words(option, value):
    try:
        augment = Augmentation.from_options({option: value})
    except ConvoscopeError as refusal:
        assert refusal.field == option  # noqa: PT017  (either way is right)
    else:
        x = np.full((2, 1, 5, 5), 0.5, np.float32)
        assert augment(x, np.random.default_rng(0)).shape == x.shape
