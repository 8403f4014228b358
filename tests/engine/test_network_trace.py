"""A network's timeline: worked by hand, against differences of the loss, and against the trainer."""

from __future__ import annotations

from functools import wraps

import numpy as np
import pytest

from cnn_engine import ParameterError, ShapeError, StepRangeError, check_gradient, operations, trace_network
from cnn_engine.catalogue import OPERATIONS
from cnn_engine.nn import OPTIMIZERS, Network, Trainer
from cnn_engine.nn.criteria import Criterion
from cnn_engine.trace.causes import MARKS
from cnn_engine.trace.network_showing import overview
from cnn_engine.words import say

HAND = [
    {"layer": "conv2d", "out_channels": 1, "kernel_size": 1},
    {"layer": "relu"},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 2},
]
HAND_PARAMETERS = {
    "0.weight": [[[[2]]]],
    "0.bias": [-5],
    "3.weight": [[1, 1, 1, 0], [0, 0, 1, 1]],
    "3.bias": [0, 0],
}
MOMENTUM = {"name": "sgd", "learning_rate": 0.5, "momentum": 0.25}


def by_hand(**options):
    """Maps of [[-3, -1], [1, 3]], of which ReLU leaves 1 and 3; answers 1 and 4 where 0 and 2 are wanted."""
    options = {"loss": "mse", "optimizer": {"name": "sgd", "learning_rate": 0.125}} | options
    return trace_network(HAND, HAND_PARAMETERS, [[1, 2], [3, 4]], [0, 2], **options)


def outputs(trace, way, layer, wrt=None):
    """What the steps of one entry come to."""
    index = next(k for k, e in enumerate(trace.timeline) if (e.way, e.layer, e.wrt) == (way, layer, wrt))
    entry = trace.timeline[index]
    columns = trace.columns(entry.start, entry.start + entry.count)
    assert columns["entry"].tolist() == [index] * entry.count
    return columns["output"].tolist()


def test_forward_by_hand():
    trace = by_hand()
    assert outputs(trace, "forward", 0) == [-3, -1, 1, 3]
    assert outputs(trace, "forward", 1) == [0, 0, 1, 3]
    assert outputs(trace, "forward", 2) == [0, 0, 1, 3]
    assert outputs(trace, "forward", 3) == trace.logits.tolist() == [1, 4]
    assert trace.loss == outputs(trace, "loss", None)[-1] == 2.5  # (1² + 2²) / 2


def test_backward_by_hand():
    trace = by_hand()
    assert outputs(trace, "backward", None, "input") == [1, 2]
    assert outputs(trace, "backward", 3, "weight") == [0, 0, 1, 3, 0, 0, 2, 6]
    assert outputs(trace, "backward", 3, "bias") == [1, 2]
    assert outputs(trace, "backward", 3, "input") == [1, 1, 1 + 2, 2]
    assert outputs(trace, "backward", 2, "input") == [1, 1, 3, 2]
    assert outputs(trace, "backward", 1, "input") == [0, 0, 3, 2]  # the gates of −3 and −1 are closed
    assert outputs(trace, "backward", 0, "weight") == [3 * 3 + 4 * 2]
    assert outputs(trace, "backward", 0, "bias") == [3 + 2]
    assert outputs(trace, "backward", 0, "input") == [0, 0, 6, 4]
    assert trace.input_gradient.tolist() == [[[0, 0], [6, 4]]]
    assert {name: gradient.tolist() for name, gradient in trace.gradients.items()} == {
        "0.weight": [[[[17]]]],
        "0.bias": [5],
        "3.weight": [[0, 0, 1, 3], [0, 0, 2, 6]],
        "3.bias": [1, 2],
    }


def test_update_by_hand():
    trace = by_hand()
    assert outputs(trace, "update", 0, "weight") == [2 - 17 / 8]
    assert outputs(trace, "update", 3, "weight") == [1, 1, 0.875, -0.375, 0, 0, 0.75, 0.25]
    assert {name: values.tolist() for name, values in trace.parameters_after.items()} == {
        "0.weight": [[[[-0.125]]]],
        "0.bias": [-5.625],
        "3.weight": [[1, 1, 0.875, -0.375], [0, 0, 0.75, 0.25]],
        "3.bias": [-0.125, -0.25],
    }
    assert trace.predicted_change == -(17**2 + 5**2 + 50 + 5) / 8
    assert trace.loss_after == (0.125**2 + 2.25**2) / 2  # every value of the map is negative now
    assert "the loss went up to ≈2.539, a change of ≈0.039: the step was too large to keep the promise" in say(
        trace.outcome()
    )


def test_kernels_that_read_one_channel_are_called_by_their_filter():
    """Of two layers the first reads one channel, and has a kernel a filter; the second has two for each."""
    layers = [{"layer": "conv2d", "out_channels": 2, "kernel_size": 1} for _ in "12"]
    parameters = {
        "0.weight": np.ones((2, 1, 1, 1)),
        "0.bias": [0, 0],
        "1.weight": np.ones((2, 2, 1, 1)),
        "1.bias": [0, 0],
    }
    trace = trace_network([*layers, {"layer": "flatten"}], parameters, [[1]], [0, 2], loss="mse")
    panels = {numbers.of: numbers for group in overview(trace) for numbers in group.numbers}
    for name, filters in (("0.weight", True), ("1.weight", False), ("0.output", False)):
        assert [panel.filters for panel in panels[name][1:] if panel] == [filters] * (3 if "weight" in name else 2), (
            name
        )


def test_momentum_by_hand():
    state = {"updates": 4, "momentum_buffer": {name: np.full(np.shape(v), 2.0) for name, v in HAND_PARAMETERS.items()}}
    step = by_hand(optimizer=MOMENTUM, optimizer_state=state)[-1]
    assert (step.values, step.gradient, step.rate, step.momentum_buffer_before) == (0, 2, 0.5, 2)
    assert (step.momentum_buffer, step.step, step.output) == (2.5, 1.25, -1.25)
    rated = by_hand(optimizer=MOMENTUM, optimizer_state=state | {"learning_rate": 0.25})
    assert (rated[-1].rate, rated[-1].output) == (0.25, -0.625)
    again = by_hand(optimizer=MOMENTUM, optimizer_state=rated.optimizer_state)
    assert again[-1].output == -0.625  # at the same rate, though it is not the optimizer's own
    assert "learning_rate" not in by_hand(optimizer=MOMENTUM, optimizer_state=state).optimizer_state


def test_a_state_that_lacks_a_vector_is_refused_by_that_name():
    with pytest.raises(ParameterError, match='no "exp_avg_sq", which adam keeps'):
        by_hand(optimizer="adam", optimizer_state={"updates": 5, "exp_avg": HAND_PARAMETERS})


def test_the_timeline_by_hand():
    trace = by_hand()
    rows = [(e.way, e.layer, e.op, e.wrt, e.count) for e in trace.timeline]
    assert rows == [
        ("forward", 0, "conv2d", None, 4),
        ("forward", 1, "relu", None, 4),
        ("forward", 2, "flatten", None, 4),
        ("forward", 3, "linear", None, 2),
        ("loss", None, "mse", None, 7),
        ("backward", None, "mse_backward", "input", 2),
        ("backward", 3, "linear_backward", "weight", 8),
        ("backward", 3, "linear_backward", "bias", 2),
        ("backward", 3, "linear_backward", "input", 4),
        ("backward", 2, "flatten_backward", "input", 4),
        ("backward", 1, "relu_backward", "input", 4),
        ("backward", 0, "conv2d_backward", "weight", 1),
        ("backward", 0, "conv2d_backward", "bias", 1),
        ("backward", 0, "conv2d_backward", "input", 4),
        ("update", 0, "sgd", "weight", 1),
        ("update", 0, "sgd", "bias", 1),
        ("update", 3, "sgd", "weight", 8),
        ("update", 3, "sgd", "bias", 2),
    ]
    counts = [row[-1] for row in rows]
    assert [entry.start for entry in trace.timeline] == [sum(counts[:k]) for k in range(len(counts))]
    assert len(trace) == sum(counts)
    assert [start for start, _ in trace.marks] == [entry.start for entry in trace.timeline]
    assert say(trace.marks[6][1]) == "Backward: layer 4, Dense layer, gradient of the weight"


CONV = {"layer": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": 1}
FLATTEN, LINEAR = {"layer": "flatten"}, {"layer": "linear", "out_features": 3}
NETWORKS = {
    "convolution, ReLU, max pooling": (
        (1, 6, 6),
        [CONV, "relu", {"layer": "max_pool2d", "kernel_size": 2}, FLATTEN, LINEAR],
    ),
    "groups, stride, reflection, average pooling": (
        (2, 6, 5),
        [
            {**CONV, "groups": 2, "stride": 2, "padding_mode": "reflect", "bias": False},
            {"layer": "leaky_relu", "negative_slope": 0.2},
            {"layer": "avg_pool2d", "kernel_size": 2, "padding": 1, "stride": 2, "count_include_pad": False},
            FLATTEN,
            LINEAR,
        ],
    ),
    "dilation, tanh, global average": (
        (1, 7, 6),
        [{**CONV, "dilation": 2}, "tanh", "global_avg_pool2d", FLATTEN, LINEAR],
    ),
    "overlapping maxima, ending in global maxima": (
        (2, 6, 6),
        [
            {**CONV, "out_channels": 3},
            {"layer": "max_pool2d", "kernel_size": 3, "stride": 2, "padding": 1},
            "global_max_pool2d",
        ],
    ),
    "a line of features": ((5,), [LINEAR, "sigmoid", FLATTEN, {"layer": "linear", "out_features": 3, "bias": False}]),
}
TARGETS = {"cross_entropy": 1, "binary_cross_entropy": [1.0, 0.25, 0.0], "mse": [0.5, -2.0, 1.0]}


def network_and_sample(shape, architecture, dtype="float64", seed=3):
    network = Network(architecture, input_shape=shape, seed=seed, dtype=dtype)
    rng = np.random.default_rng(seed)
    for values in network.parameters().values():
        values[...] += 0.1 * rng.standard_normal(values.shape).astype(dtype)  # no bias is 0
    return network, rng.standard_normal(shape).astype(dtype)


def slopes(loss_of, values, nudge=1e-6):
    """By how much the loss changes with each of these values, by differences."""
    found = np.zeros_like(values)
    for index in np.ndindex(values.shape):
        kept = values[index]
        values[index] = kept + nudge
        above = loss_of()
        values[index] = kept - nudge
        found[index] = (above - loss_of()) / (2 * nudge)
        values[index] = kept
    return found


@pytest.mark.parametrize("loss", TARGETS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_gradient_is_a_slope_of_the_loss(name, loss):
    shape, architecture = NETWORKS[name]
    network, x = network_and_sample(shape, architecture)
    trace = trace_network(architecture, network.state(), x, TARGETS[loss], loss=loss)
    criterion = Criterion(loss, 3)

    def loss_of():
        return criterion.value(network(x[None]).reshape(1, 3), np.array([TARGETS[loss]]))

    assert trace.loss == pytest.approx(loss_of(), rel=1e-12)
    for parameter, values in network.parameters().items():
        np.testing.assert_allclose(trace.gradients[parameter], slopes(loss_of, values), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(trace.input_gradient, slopes(loss_of, x), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("loss", TARGETS)
@pytest.mark.parametrize("name", NETWORKS)
def test_the_trainer_has_the_same_gradients(name, loss):
    shape, architecture = NETWORKS[name]
    network, x = network_and_sample(shape, architecture, "float32")
    trace = trace_network(architecture, network.state(), x, TARGETS[loss], loss=loss)
    expected = Trainer(network, loss=loss).gradients(x[None], np.array([TARGETS[loss]]))
    assert set(expected) == set(trace.gradients)
    for parameter, gradient in expected.items():
        np.testing.assert_allclose(trace.gradients[parameter], gradient, rtol=1e-4, atol=1e-5)


UPDATES = [
    *OPTIMIZERS,
    {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    {"name": "sgd", "momentum": 0.5, "dampening": 0.3},
    {"name": "rmsprop", "centered": True, "momentum": 0.5},
    {"name": "adam", "betas": (0.5, 0.7), "weight_decay": 0.1},
]


@pytest.mark.parametrize("before", [0, 3])
@pytest.mark.parametrize("optimizer", UPDATES, ids=str)
def test_a_step_of_the_trainer_has_the_same_update(optimizer, before):
    shape, architecture = NETWORKS["convolution, ReLU, max pooling"]
    network, x = network_and_sample(shape, architecture)
    trainer = Trainer(network, optimizer=optimizer, schedule={"name": "exponential", "gamma": 0.5})
    for _ in range(before):
        trainer.step(x[None], [1])
    state = trainer.optimizer_state()
    trace = trace_network(architecture, network.state(), x, 1, optimizer=optimizer, optimizer_state=state)
    after = trace.parameters_after
    assert trainer.step(x[None], [1]) == pytest.approx(trace.loss, rel=1e-12)
    for name, values in network.parameters().items():
        np.testing.assert_allclose(after[name], values, rtol=1e-9, atol=1e-12)
    assert Criterion("cross_entropy", 3).value(network(x[None]), [1]) == pytest.approx(trace.loss_after, rel=1e-9)


@pytest.mark.parametrize("optimizer", UPDATES, ids=str)
def test_updates_before_are_those_of_the_trainer(optimizer):
    shape, architecture = NETWORKS["convolution, ReLU, max pooling"]
    network, x = network_and_sample(shape, architecture)
    trace = trace_network(architecture, network.state(), x, 1, optimizer=optimizer, updates=3)
    trainer = Trainer(network, optimizer=optimizer)
    for _ in range(3):
        trainer.step(x[None], [1])
    for name, values in network.parameters().items():
        np.testing.assert_allclose(trace.parameters[name], values, rtol=1e-9, atol=1e-12)
    kept = trainer.optimizer_state()
    assert trace.optimizer_state["updates"] == kept["updates"] == 3
    for vector in set(trace.optimizer_state) - {"updates"}:
        for name, values in trace.optimizer_state[vector].items():
            np.testing.assert_allclose(values, kept[vector][name], rtol=1e-9, atol=1e-12)


def test_a_small_step_keeps_what_the_gradient_predicts():
    shape, architecture = NETWORKS["dilation, tanh, global average"]
    network, x = network_and_sample(shape, architecture)
    trace = trace_network(architecture, network.state(), x, 1, optimizer={"name": "sgd", "learning_rate": 1e-4})
    assert trace.predicted_change < 0
    assert trace.loss_after - trace.loss == pytest.approx(trace.predicted_change, rel=1e-3)
    assert "close: over so short a step the loss is nearly straight" in say(trace.outcome())


def test_the_loss_over_one_weight_by_hand():
    check = check_gradient(by_hand(), "3.weight", (0, 2), 2)  # the loss is (w ** 2 + 2 ** 2) / 2, w being 1
    assert (check.value, check.gradient, check.corners) == (1, 1, ())
    assert check.values.tolist() == pytest.approx([k / 10 - 1 for k in range(41)])
    assert check.values[20] == check.value
    assert (check_gradient(by_hand(), "3.weight", (0, 2), 0.01).values[:3] == [0.99, 0.9905, 0.991]).all()
    assert check.losses.tolist() == pytest.approx([((k / 10 - 1) ** 2 + 4) / 2 for k in range(41)])
    assert check.tangent.tolist() == pytest.approx([2.5 + (k / 10 - 2) for k in range(41)])
    assert check.difference == pytest.approx(1, rel=1e-9)
    assert "they agree" in say(check.finding())


def at_the_corner(activation, corner=0, apart=1):
    parameters = HAND_PARAMETERS | {"0.bias": [corner - 6 * apart]}  # at 0: maps of -4, -2, 0, 2
    layers = [HAND[0], activation, *HAND[2:]]
    trace = trace_network(layers, parameters, np.multiply([[1, 2], [3, 4]], apart), [0, 0], loss="mse")
    return check_gradient(trace, "0.bias", (0,), 1)


def test_at_the_corner_of_relu_the_gradient_is_one_slope_of_two():
    check = at_the_corner("relu")
    assert check.gradient == 2
    assert (check.left, check.difference, check.right) == pytest.approx((2, 3, 4), abs=1e-3)
    assert (check.corners, check.kinds) == ((1,), ("relu",))
    assert "a corner here, in layer 2" in say(check.finding())
    assert say(check.finding()).endswith(
        ". At 0 ReLU counts as closed; the finite difference is the mean of both slopes."
    )


def test_the_corners_between_a_number_and_its_nudge_are_named():
    check = check_gradient(by_hand(), "0.bias", (0,), 2)  # maps of -3, -1, 1, 3, all moved by as much as the bias
    assert [[tuple(found) for found in crossed] for crossed in check.crossed] == (
        [[(1, "relu", 1)]] * 11
        + [[]] * 20
        + [[(1, "relu", 1)]] * 10  # at 1 less the third is 0, at more than 1 more the second
    )
    crossings = check.crossings()
    assert crossings[20] is None
    assert say(crossings[0]) == (
        "On the way here 1 gate of ReLU in layer 2 has opened or closed. That is a corner of the loss: from there on "
        "its slope is another, and the gradient does not predict it."
    )
    layers = [{"layer": "max_pool2d", "kernel_size": [1, 2]}, "flatten", {"layer": "linear", "out_features": 1}]
    pooled = trace_network(layers, {"2.weight": [[1]], "2.bias": [0]}, [[1, 3]], [0], loss="mse")
    beyond = check_gradient(pooled, "input", (0, 0, 0), 4).crossings()  # from 3 on it wins, or ties and comes first
    assert [crossing is not None for crossing in beyond] == [False] * 30 + [True] * 11
    assert "another value wins in 1 window of layer 1." in say(beyond[-1])


def test_at_a_tie_of_a_window_the_gradient_is_the_first_ones():
    layers = [{"layer": "max_pool2d", "kernel_size": [1, 2]}, "flatten", {"layer": "linear", "out_features": 1}]
    trace = trace_network(layers, {"2.weight": [[1]], "2.bias": [0]}, [[1, 1]], [0], loss="mse")
    first, second = (check_gradient(trace, "input", (0, 0, col), 1) for col in (0, 1))
    assert (first.gradient, second.gradient) == (2, 0)
    for check in (first, second):
        assert (check.left, check.difference, check.right) == pytest.approx((0, 1, 2), abs=1e-3)
        assert check.corners == (0,)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_finite_difference_of_every_network_is_its_gradient(name):
    shape, architecture = NETWORKS[name]
    network, x = network_and_sample(shape, architecture)
    trace = trace_network(architecture, network.state(), x, 1)
    for parameter, values in {"input": x, **trace.parameters}.items():
        check = check_gradient(trace, parameter, [size // 2 for size in values.shape], 1)
        assert check.corners == ()
        assert check.gradient == pytest.approx(check.difference, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("3.weigh", (0, 0), 1), "check.parameter"),
        (("3.weight", (0,), 1), "check.index"),
        (("3.weight", (0, 4), 1), "check.index"),
        (("3.weight", (0, -1), 1), "check.index"),
        (("3.weight", (0, 0), 0), "check.reach"),
        (("3.weight", (0, 0), float("nan")), "check.reach"),
        (("3.weight", (0, 0), float("inf")), "check.reach"),
    ],
)
def test_what_cannot_be_checked_is_refused_by_name(arguments, field):
    with pytest.raises(ParameterError) as refused:
        check_gradient(by_hand(), *arguments)
    assert refused.value.field == field


# ---- as a trace


@pytest.mark.parametrize("name", NETWORKS)
def test_every_entry_is_a_trace_of_its_own(name):
    shape, architecture = NETWORKS[name]
    network, x = network_and_sample(shape, architecture)
    trace = trace_network(architecture, network.state(), x, 1, optimizer="adam")
    for index, entry in enumerate(trace.timeline):
        part = trace.part(index)
        assert (part.op, len(part)) == (entry.op, entry.count)
        columns, own = trace.columns(entry.start, entry.start + entry.count), part.columns()
        assert set(columns) == {"entry", "sign", "size", *own}
        for column, values in own.items():
            if column not in {"zero", "why"}:
                np.testing.assert_array_equal(columns[column], values)
        if entry.way == "backward" and entry.layer is not None:  # what comes from above is followed up
            stopped = own["zero"] == "above"
            np.testing.assert_array_equal(columns["zero"][~stopped], own["zero"][~stopped])
            assert set(columns["zero"][stopped].tolist()) <= set(MARKS) - {"above", "tiny", "several"}
            np.testing.assert_array_equal(columns["why"] == "", own["output"] != 0)
        if entry.way != "loss":
            np.testing.assert_array_equal(own["output"], part.tensors["output"].ravel())
    last = len(network.layers) - 1
    np.testing.assert_array_equal(trace.tensors[f"{last}.output"].ravel(), trace.logits)
    assert trace.tensors["0.gradient"].shape == network.layers[0].output_shape
    assert len(list(trace.messages())) == len(trace)


def test_steps_of_several_entries_have_none_for_what_their_entry_lacks():
    trace = by_hand()
    columns = trace.columns(2, 10)  # two of the convolution, ReLU, two of flattening
    assert columns["entry"].tolist() == [0, 0, 1, 1, 1, 1, 2, 2]
    assert columns["output"].tolist() == [1, 3, 0, 0, 1, 3, 0, 0]
    assert columns["products"][0].tolist() == [[[6]]]
    assert columns["products"][2:].tolist() == [None] * 6
    assert [np.shape(cell) for cell in columns["output_cell"]] == [(3,)] * 6 + [()] * 2
    assert [step.output for step in (trace[2], trace[-1])] == [1, -0.25]


@pytest.mark.parametrize(("start", "stop"), [(0, 0), (2, 10), (9, 31)])
def test_a_page_is_the_columns_and_the_messages_of_its_steps(start, stop):
    trace = by_hand()
    columns, messages = trace.page(start, stop)
    assert [message for own in messages for message in own] == trace.messages(start, stop)
    assert {name: repr(own.tolist()) for name, own in columns.items()} == {
        name: repr(own.tolist()) for name, own in trace.columns(start, stop).items()
    }


def test_nothing_is_computed_before_it_is_asked_for(monkeypatch):
    made = []

    def counted(name):
        own = OPERATIONS[name].trace

        @wraps(own)
        def trace(**arguments):
            made.append(name)
            return own(**arguments)

        monkeypatch.setattr(operations, f"trace_{name}", trace)

    for name in ("conv2d", "relu", "flatten", "linear", "linear_backward", "flatten_backward", "conv2d_backward"):
        counted(name)
    trace = by_hand()
    assert len(trace) > 0
    assert made == []
    trace.columns(0, 4)
    assert made == ["conv2d"]
    trace.columns(4, 5)
    assert made == ["conv2d", "relu"]
    trace.columns(trace.timeline[6].start, trace.timeline[6].start + 1)
    assert made == ["conv2d", "relu", "flatten", "linear", "linear_backward"]


def test_what_is_no_number_spreads_and_is_shown():
    parameters = HAND_PARAMETERS | {"3.weight": [[1, 1, float("nan"), 0], [0, 0, 1, float("inf")]]}
    trace = trace_network(HAND, parameters, [[1, 2], [3, 4]], 1)
    assert np.isnan(trace.logits[0])
    assert np.isinf(trace.logits[1])
    assert np.isnan(trace.loss)
    assert np.isnan(trace.loss_after)
    assert np.isnan(trace.gradients["0.weight"]).all()
    assert "not a finite number" in say(trace.outcome())
    assert all(trace.descriptions())


def network(**given):
    arguments = {"architecture": HAND, "parameters": HAND_PARAMETERS, "input": [[1, 2], [3, 4]], "target": 1} | given
    return trace_network(**arguments)


@pytest.mark.parametrize(
    ("given", "error", "field"),
    [
        ({"target": 2}, ParameterError, "target"),
        ({"target": [0, 1]}, ShapeError, "target"),
        ({"loss": "mse"}, ShapeError, "target"),
        ({"loss": "hinge"}, ParameterError, "loss"),
        ({"architecture": [*HAND, {"layer": "dropout"}]}, ParameterError, "architecture.4"),
        ({"architecture": [HAND[0], {"layer": "batch_norm2d"}, *HAND[1:]]}, ParameterError, "architecture.1"),
        ({"architecture": HAND[:2]}, ShapeError, "architecture"),
        ({"architecture": [{"layer": "conv2d", "kernel_size": 1}]}, ParameterError, "architecture.0.out_channels"),
        ({"parameters": {}}, ParameterError, "parameters.0.weight"),
        ({"parameters": HAND_PARAMETERS | {"3.bias": [0, 0, 0]}}, ShapeError, "parameters.3.bias"),
        ({"parameters": HAND_PARAMETERS | {"1.weight": [1]}}, ParameterError, "parameters.1.weight"),
        ({"optimizer": {"name": "sgd", "learning_rate": 0}}, ParameterError, "optimizer.learning_rate"),
        ({"optimizer": {"name": "sgd", "learning_rate": -1}}, ParameterError, "optimizer.learning_rate"),
        ({"optimizer": {"name": "lion"}}, ParameterError, "optimizer"),
        ({"updates": -1}, ParameterError, "updates"),
        ({"optimizer_state": {"updates": -1}}, ParameterError, "optimizer_state.updates"),
        ({"optimizer_state": {"momentum_buffer": {}}}, ShapeError, "optimizer_state.momentum_buffer.0.weight"),
        ({"optimizer": "adam", "optimizer_state": {"exp_avg": HAND_PARAMETERS}}, ParameterError, "optimizer_state"),
        ({"optimizer": "adam", "optimizer_state": {"updates": 5}}, ParameterError, "optimizer_state"),
        ({"optimizer_state": 5}, ParameterError, "optimizer_state"),
        ({"optimizer_state": {"updates": 10**400}}, ParameterError, "optimizer_state.updates"),
        ({"optimizer_state": {"exp_avg": 5}}, ParameterError, "optimizer_state.exp_avg"),
        (
            {"optimizer_state": {"exp_avg": HAND_PARAMETERS | {"3.bias": ["a", "b"]}}},
            ParameterError,
            "optimizer_state.exp_avg.3.bias",
        ),
        (
            {"optimizer": MOMENTUM, "optimizer_state": {"momentum_buffer": HAND_PARAMETERS | {"9.bias": [1]}}},
            ParameterError,
            "optimizer_state.momentum_buffer.9.bias",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_name(given, error, field):
    with pytest.raises(error) as refused:
        network(**given)
    assert refused.value.field == field
    assert str(refused.value)


def test_steps_outside_are_refused():
    trace = by_hand()
    with pytest.raises(StepRangeError):
        trace.columns(0, len(trace) + 1)
    with pytest.raises(StepRangeError):
        trace.messages(-1, 2)


def test_of_one_sample_class_weights_change_nothing_as_in_the_trainers_mean():
    network, x = network_and_sample(*NETWORKS["convolution, ReLU, max pooling"])
    trace = trace_network(network.architecture, network.state(), x, 1)
    weights = np.linspace(0.2, 3, len(trace.logits)).tolist()
    trainer = Trainer(network, class_weights=weights, batch_size=1)
    for name, gradient in trainer.gradients(x[None].astype(np.float32), np.array([1])).items():
        np.testing.assert_allclose(trace.gradients[name], gradient, rtol=1e-4, atol=1e-6)
