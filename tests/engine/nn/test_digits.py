"""Networks that learn to read: the lesson's on the handwritten digits, and one without a dense layer."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.data import Augmentation, load_dataset
from cnn_engine.nn import Network, Trainer, Validated, fit


def block(filters):
    return [{"layer": "conv2d", "out_channels": filters, "kernel_size": 3, "padding": 1}, {"layer": "relu"}]


POOL = {"layer": "max_pool2d", "kernel_size": 2}
DENSE = [*block(16), POOL, *block(32), POOL, {"layer": "flatten"}, {"layer": "linear", "out_features": 10}]
GLOBAL = [
    *block(16),
    POOL,
    *block(32),
    {"layer": "conv2d", "out_channels": 10, "kernel_size": 1},
    {"layer": "global_avg_pool2d"},
]


def learned_from(data):
    """Everything but the fifth that is held out."""
    return tuple(np.concatenate(both) for both in zip(data.train, data.validation, strict=True))


@pytest.mark.parametrize(("architecture", "rate", "least"), [(DENSE, 0.003, 0.97), (GLOBAL, 0.01, 0.94)])
def test_it_reads_digits_that_it_has_never_seen(architecture, rate, least):
    """PyTorch's networks come to 97 to 99 % with dense layers; a network that guesses comes to 10 %."""
    data = load_dataset("digits")
    learned = learned_from(data)
    assert len(data.test.x) >= (len(learned[0]) + len(data.test.x)) // 5
    trainer = Trainer(
        Network(architecture, input_shape=data.input_shape), optimizer={"name": "adam", "learning_rate": rate}
    )
    seen = [event for event in fit(trainer, learned, epochs=15, validation=data.test) if isinstance(event, Validated)]
    assert len(seen) == 15
    assert seen[-1].accuracy >= least
    assert seen[0].accuracy > 0.2
    assert seen[-1].loss < seen[0].loss / 4


def test_augmentation_and_a_schedule_read_more_of_them():
    data = load_dataset("digits")

    def share(rate, schedule, augment):
        trainer = Trainer(
            Network(DENSE, input_shape=data.input_shape, seed=2),
            optimizer={"name": "adam", "learning_rate": rate},
            schedule=schedule,
            seed=2,
        )
        for _ in fit(trainer, learned_from(data), epochs=30, augment=augment):
            pass
        return trainer.evaluate(*data.test).accuracy

    more = share(0.006, {"name": "cosine", "T_max": 30}, Augmentation(shift=0.1, rotate=10, scale=0.1))
    assert more > share(0.003, "constant", None)
    assert more > 0.985
