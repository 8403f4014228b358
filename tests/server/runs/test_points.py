"""Steps as they are written into the log."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from cnn_engine.nn import StepDone
from cnn_server.runs.points import Unwritten, as_json, as_lists, read, thinned


def test_what_is_written_and_what_is_not_a_number():
    points = Unwritten()
    assert not points
    points.add_steps([])
    assert not points
    points.add_steps([StepDone(7, 1, 0.1, None, 0.25, 1e300, 32)])
    points.add_steps([StepDone(100_000_001, 2, float("nan"), 0.5, 1e-5, 3.0, 32)])
    assert points.last is not None
    assert points.last.step == 100_000_001
    rows = [[7, 0.1, None, 0.25, None], [100_000_001, None, 0.5, 1e-5, 3.0]]
    assert json.loads(as_json(read([points.stored()]))) == rows
    assert as_lists(read([points.stored()], after=7)) == rows[1:]
    assert as_lists(read([json.dumps(rows).encode(), points.stored()])) == rows * 2  # JSON, as logs had it once
    assert as_lists(read([])) == as_lists(read([points.stored()], after=10**9)) == []


@pytest.mark.parametrize("count", [1, 500])
def test_every_step_has_a_row_of_its_own(count):
    points = Unwritten()
    steps = [StepDone(step, 1, step / 4, 0.0, 0.5, 2.0, 32) for step in range(1, count + 1)]
    points.add_steps(steps[:7])
    points.add_steps(steps[7:])
    assert json.loads(as_json(read([points.stored()]))) == [
        [step, step / 4, 0.0, 0.5, 2.0] for step in range(1, count + 1)
    ]


@pytest.mark.parametrize("stride", [1, 3, 7, 50])
def test_of_each_stretch_the_least_and_the_greatest_loss_stay(stride):
    losses = [math.nan if step % 11 == 0 else math.sin(step * 1.7) for step in range(40)]
    points = np.array([[step, loss, 0.0, 0.1, 1.0] for step, loss in enumerate(losses)])
    kept = {39}
    for start in range(0, 40, stride):
        steps = sorted(range(start, min(start + stride, 40)), key=lambda step: (math.isnan(losses[step]), losses[step]))
        kept |= {steps[0], steps[-1]} if stride > 2 else set(steps)
    assert thinned(points, stride)[:, 0].tolist() == sorted(kept)
    assert len(thinned(points[:0], stride)) == 0
