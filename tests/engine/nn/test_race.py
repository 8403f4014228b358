"""Races of optimizers: landscapes, ways worked by hand, and what is said of them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from cnn_engine import ParameterError, ShapeError, trace_optimizers
from cnn_engine.nn.arithmetic import digits_that_hold, evaluate
from cnn_engine.nn.landscapes import LANDSCAPES
from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.options import build
from cnn_engine.nn.race import RUNNERS

every_landscape = pytest.mark.parametrize("name", LANDSCAPES)


# ---- landscapes


@every_landscape
def test_gradients_are_those_of_finite_differences(name):
    landscape = LANDSCAPES[name]
    rng = np.random.default_rng(1)
    h = 1e-6
    for _ in range(40):
        x, y = rng.uniform(*landscape.x_range), rng.uniform(*landscape.y_range)
        along = (landscape.height(x + h, y) - landscape.height(x - h, y)) / (2 * h)
        across = (landscape.height(x, y + h) - landscape.height(x, y - h)) / (2 * h)
        assert landscape.gradient(np.array([x, y])) == pytest.approx([along, across], rel=1e-6, abs=1e-6)


@every_landscape
def test_the_lowest_points_are_the_lowest_and_everything_is_in_the_picture(name):
    landscape = LANDSCAPES[name]
    (left, right), (low, high) = landscape.x_range, landscape.y_range
    assert (right - left) / (high - low) == pytest.approx(1.5)  # drawn without distortion
    for point in landscape.lowest:
        assert landscape.loss(np.array(point)) == pytest.approx(0, abs=1e-12)
        assert landscape.gradient(np.array(point)) == pytest.approx([0, 0], abs=1e-12)
    assert landscape.grid(121, 81).min() >= 0
    assert left < landscape.start[0] < right
    assert low < landscape.start[1] < high
    assert set(landscape.rates) == set(RUNNERS)


def test_heights_by_hand():
    at = np.array([1.0, 2.0])
    heights = {name: landscape.loss(at) for name, landscape in LANDSCAPES.items()}
    # bumps: (1 + 4) / 4, and at whole numbers the cosines are 1
    assert heights == pytest.approx({"valley": 16.1, "bowl": 2.5, "saddle": 2.75, "bumps": 1.25, "rosenbrock": 5.0})


@every_landscape
def test_the_relief_and_its_contours(name):
    trace = trace_optimizers(name, updates=1)
    relief, levels, drawn = (trace.tensors[key] for key in ("relief", "levels", "level_relief"))
    assert relief.shape == (81, 121)
    assert (relief.min(), relief.max()) == pytest.approx((0, 1000), abs=25)
    assert (np.diff(levels) > 0).all()
    assert drawn == pytest.approx(np.arange(1, 12) * 1000 / 12)
    landscape = LANDSCAPES[name]
    row, col = 30, 50  # a place of the grid and the same place of the landscape
    x = landscape.x_range[0] + col / 120 * (landscape.x_range[1] - landscape.x_range[0])
    y = landscape.y_range[1] - row / 80 * (landscape.y_range[1] - landscape.y_range[0])
    height = landscape.loss(np.array([x, y]))
    assert (levels < height).sum() == (drawn < relief[row, col]).sum()


# ---- ways


def test_sgd_in_a_bowl_by_hand():
    """Half of what is left, each step: (2, 1), (1, 0.5), (0.5, 0.25)."""
    trace = trace_optimizers("bowl", (2, 1), ["sgd"], 0.5, updates=3)
    assert trace.tensors["output"][:, 0].tolist() == [[1, 0.5], [0.5, 0.25], [0.25, 0.125]]
    assert trace.tensors["loss"][:, 0].tolist() == [2.5, 0.625, 0.15625, 0.0390625]
    step = trace[1]
    assert step.position.tolist() == [[1, 0.5]]
    assert step.gradient.tolist() == [[1, 0.5]]
    assert step.columns["sgd.step"].tolist() == [0.5, 0.25]
    assert step.describe() == "The loss of SGD falls from 0.625 to ≈0.156."


def test_momentum_in_a_bowl_by_hand():
    """v: 2, then 0.5 · 2 + 1 = 2; x: 2, then 2 − 0.5 · 2 = 1, then 1 − 0.5 · 2 = 0."""
    trace = trace_optimizers("bowl", (2, 0), [{"name": "momentum", "momentum": 0.5}], 0.5, updates=2)
    assert trace[0].columns["momentum.momentum_buffer"].tolist() == [2, 0]
    assert trace[1].columns["momentum.momentum_buffer_before"].tolist() == [2, 0]
    assert trace[1].columns["momentum.momentum_buffer"].tolist() == [2, 0]
    assert trace.tensors["output"][:, 0].tolist() == [[1, 0], [0, 0]]


def test_adagrad_first_steps_by_hand():
    """Whatever the gradient, the first step is the rate; then 1 / √(2² + 1²) of it."""
    trace = trace_optimizers("bowl", (2, 1), ["adagrad"], 1.0, updates=2)
    assert trace.tensors["output"][:, 0, 0] == pytest.approx([1, 1 - 1 / np.sqrt(5)])
    assert trace.tensors["output"][:, 0, 1] == pytest.approx([0, 0], abs=1e-9)


@every_landscape
def test_every_runner_goes_where_its_optimizer_goes(name):
    landscape = LANDSCAPES[name]
    trace = trace_optimizers(name, optimizers=list(RUNNERS), noise=0.3, seed=5, updates=25)
    draws = np.random.default_rng(5).standard_normal((25, 2)) * 0.3
    for column, (runner, (_, config)) in enumerate(RUNNERS.items()):
        optimizer = build(OPTIMIZERS, config, "optimizer")
        values = np.array(landscape.start)
        optimizer.prepare(values)
        for step in range(25):
            optimizer.update(values, landscape.gradient(values) + draws[step], landscape.rates[runner])
            assert np.array_equal(trace.tensors["output"][step, column], values)


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_the_steps_make_up_the_race(noise):
    trace = trace_optimizers("rosenbrock", optimizers=list(RUNNERS), noise=noise, schedule="constant", updates=12)
    columns = trace.columns()
    assert np.array_equal(columns["output"], trace.tensors["output"])
    assert np.array_equal(columns["position"][1:], columns["output"][:-1])
    assert np.array_equal(columns["new_loss"], trace.tensors["loss"][1:])
    assert np.array_equal(trace.tensors["path"][1:, :, :2], columns["output"].astype(np.float32))
    assert np.array_equal(trace.tensors["path"][..., 2], trace.tensors["loss"].astype(np.float32))
    assert np.array_equal(columns["gradient"], columns["true_gradient"] + columns["noise"][:, None])
    for column, runner in enumerate(RUNNERS):
        assert np.array_equal(columns[f"{runner}.output"], columns["output"][:, column])
        step = columns[f"{runner}.step"]
        start = columns["adamw.shrunk"] if runner == "adamw" else columns["position"][:, column]
        assert np.array_equal(start - step, columns["output"][:, column])
    part = trace.columns(4, 7)
    assert all(np.array_equal(part[name], column[4:7]) for name, column in columns.items())


def printed(value: float, digits: int) -> float:
    """What a page prints of a number: it whole, where four digits hold it."""
    return value if float(f"{value:.3e}") == value else float(f"{value:.{digits - 1}e}")


def test_digits_of_a_difference_by_hand():
    # −0.571 − (−1.00) is 0.429, −0.5707 − (−1.004) 0.4333; −0.57071 − (−1.0044) is 0.43369, which is printed as 0.434
    known = {"values": np.array([-0.57071]), "step": np.array([-1.00438])}
    assert digits_that_hold("values − step", known, known["values"] - known["step"]).tolist() == [5]


@every_landscape
def test_each_line_holds_as_it_is_printed(name):
    trace = trace_optimizers(name, optimizers=tuple(RUNNERS), noise=0.25, updates=30)
    for step, index in itertools.product((trace[0], trace[1], trace[29]), range(len(RUNNERS))):
        runner = trace.params["runners"][index]
        own = {"rate": step.learning_rate[index], "t": step.index + 1.0, **runner["constants"]}
        for line, axis in np.ndindex(len(runner["lines"]), 2):
            columns = {key.removeprefix(f"{runner['name']}."): column for key, column in step.columns.items()}
            columns |= {"values": step.position[index], "gradient": step.gradient[index]}
            label, formula = runner["lines"][line].values()
            digits = int(step.digits[index][line + 1][axis])
            known = {
                token: own[token] if token in own else columns[token][axis] for token in formula if token[0].isalpha()
            }
            left = evaluate(" ".join(formula), {token: printed(float(value), digits) for token, value in known.items()})
            right = printed(float(columns[label][axis]), 3)
            assert abs(left - right) <= 0.501 * 10.0 ** (math.floor(math.log10(abs(right))) - 2), (label, known)


def test_schedules_count_steps():
    halves = {"name": "step", "step_size": 2, "gamma": 0.5}
    trace = trace_optimizers("bowl", optimizers=["sgd", "adam"], learning_rate=0.4, schedule=halves, updates=5)
    assert trace.columns()["learning_rate"].T.tolist() == [[0.4, 0.4, 0.2, 0.2, 0.1]] * 2
    own = trace_optimizers("bowl", optimizers=[{"name": "sgd", "learning_rate": 0.1}, "adam"], learning_rate=0.4)
    assert own[0].learning_rate.tolist() == [0.1, 0.4]


def test_the_seed_chooses_the_noise():
    first, again, other = (trace_optimizers(noise=1, seed=seed, updates=5).tensors["output"] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    quiet = trace_optimizers(noise=0, seed=1, updates=5).tensors["output"]
    assert not np.array_equal(first, quiet)


# ---- the saddle, overshooting, diverging


def test_on_the_ridge_of_a_saddle_only_noise_helps():
    stuck = trace_optimizers("saddle", (-2, 0), ["sgd", "adam"], updates=200)
    assert stuck.tensors["output"][-1, :, 1].tolist() == [0, 0]
    assert stuck.tensors["loss"][-1] == pytest.approx([0.25, 0.25], abs=1e-3)
    assert "SGD and Adam hardly move: the ground is flat there" in stuck[199].describe()
    freed = trace_optimizers("saddle", (-2, 0), ["sgd", "adam"], noise=0.05, seed=1, updates=200)
    assert (freed.tensors["loss"][-1] < 0.01).all()


def test_gradient_descent_converges_below_two_over_the_curvature():
    """In the valley that is 2 / 8: below it the way across shrinks, above it grows."""
    below, above = (trace_optimizers(optimizers=["sgd"], learning_rate=rate, updates=60) for rate in (0.24, 0.26))
    across = [np.abs(trace.tensors["output"][:, 0, 1]) for trace in (below, above)]
    assert (np.diff(across[0]) < 0).all()
    assert (np.diff(across[1]) > 0).all()
    assert above[0].event.tolist() == ["overshoots"]
    assert (
        "SGD overshoots: it steps past the lowest point ahead, and its loss rises."
        in trace_optimizers(optimizers=["sgd", "adam"], learning_rate=0.26)[0].describe()
    )


def test_who_diverges_stops_and_is_told_of():
    trace = trace_optimizers("valley", optimizers=["sgd", "adam"], learning_rate=1.0, updates=40)
    columns = trace.columns()
    assert all(np.isfinite(column).all() for column in columns.values() if column.dtype.kind == "f")
    last = int(columns["running"][:, 0].sum()) - 1  # the step in which it went
    assert 0 < last < 39
    assert columns["new_loss"][last, 0] > 1e9
    assert columns["event"][last : last + 2, 0].tolist() == ["diverges", "stopped"]
    assert np.array_equal(columns["output"][last:, 0], np.tile(columns["output"][last, 0], (40 - last, 1)))
    assert np.isnan(trace.tensors["loss"][last + 2 :, 0]).all()
    assert "SGD diverges: its steps grew and grew, until its loss passed 10⁹." in trace[last].describe()
    assert f"Having diverged, SGD (at step {last + 1}) is out of the race." in trace[39].describe()
    assert columns["running"][:, 1].all()


@pytest.mark.parametrize("rate", [1e6, 1e150])
def test_what_cannot_be_held_is_no_number_on_a_page(rate):
    trace = trace_optimizers("rosenbrock", optimizers=["sgd"], learning_rate=rate, updates=8)
    assert np.isfinite(trace.tensors["output"]).all()
    assert np.isfinite(trace.columns()["new_loss"]).all()
    assert "diverges" in " ".join(trace.descriptions())


# ---- refusals


@pytest.mark.parametrize(
    ("arguments", "field", "words"),
    [
        ({"landscape": "hill"}, "landscape", '"valley"'),
        ({"start": (9, 0)}, "start", "x 9 is outside the landscape, from −3 to 3"),
        ({"start": (0, -2.5)}, "start", "y −2.5 is outside"),
        ({"start": (0, np.nan)}, "start", "finite"),
        ({"learning_rate": 0}, "learning_rate", "learning_rate 0 must be more than 0"),
        ({"learning_rate": np.nan}, "learning_rate", "finite"),
        ({"optimizers": [{"name": "sgd", "learning_rate": -1}]}, "optimizers[0].learning_rate", "more than 0"),
        ({"optimizers": []}, "optimizers", "at least one"),
        ({"optimizers": ["adam", "adam"]}, "optimizers[1]", "twice"),
        ({"optimizers": ["adam", "lion"]}, "optimizers[1]", "'lion' is none of"),
        ({"optimizers": [{"name": "adam", "momentum": 0.5}]}, "optimizers[0].momentum", "no option"),
        ({"optimizers": [{"name": "momentum", "dampening": 0.5}]}, "optimizers[0].dampening", "dampening"),
        ({"schedule": {"name": "step"}}, "schedule.step_size", 'needs "step_size"'),
        (
            {"schedule": {"name": "exponential", "gamma": 1e200}, "start": (0, 0)},
            "schedule",
            "too large to compute",
        ),
        ({"noise": -1}, "noise", "less than 0"),
        ({"updates": 0}, "updates", "0"),
        ({"seed": -1}, "seed", "-1"),
    ],
)
def test_refusals_name_the_argument(arguments, field, words):
    with pytest.raises(ParameterError) as refusal:
        trace_optimizers(**arguments).tensors["output"]
    assert words in str(refusal.value)
    assert (refusal.value.field or "").startswith(field)


def test_a_start_is_two_numbers():
    with pytest.raises(ShapeError, match="two numbers"):
        trace_optimizers(start=(1, 2, 3))
