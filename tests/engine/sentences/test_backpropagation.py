"""Sentences of the backpropagation page, word by word: paths, steps, checks and what an update brings."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import gradient_paths, trace_network
from cnn_engine.catalogue import OPERATIONS
from cnn_engine.pointwise import ACTIVATIONS
from cnn_engine.trace.paths import shapes_of
from cnn_engine.words import Message, say, spans
from cnn_engine.words.en.activations import CORNERS
from tests.engine.test_network_trace import NETWORKS, UPDATES, at_the_corner, by_hand, network_and_sample
from tests.engine.test_paths import TIED, TINY


def test_the_paths_of_a_number_say_where_they_end():
    found = gradient_paths(by_hand(), "0.weight", (0, 0, 0, 0))
    assert say(found.finding()) == (
        "8 paths lead from this weight to the loss. Coming back from the loss, 2 end at a closed gate of ReLU and 3 at "
        "a weight of 0: each at the first 0 that it meets. The products along the other 3 add up to the gradient, 17."
    )
    own = {"tensor": "0.weight", "gradient": 1.0, "total": 9, "stopped": {"value": 1, "gate": 2}}
    ends = "1 ends at a value of 0 and 2 at a closed gate of ReLU: each at the first 0 that it meets."
    assert ends in say(Message("learning.paths", own))
    trace = trace_network(TINY, {"3.weight": [[3], [-1]]}, TIED, [0, 0], loss="mse")
    second = gradient_paths(trace, "input", (0, 1, 1))
    assert say(second.finding()) == (
        "2 paths lead from this input to the loss. Coming back from the loss, 2 end at a value that did not win its "
        "window: each at the first 0 that it meets. So the gradient is 0."
    )
    found = gradient_paths(by_hand(), "3.output", (1,))
    assert say(found.finding()) == (
        "1 path leads from this value to the loss. The product along it is the gradient, 2."
    )
    architecture = [{"layer": "max_pool2d", "kernel_size": 2}, {"layer": "flatten"}]
    trace = trace_network(architecture, {}, [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [0], loss="mse")
    found = gradient_paths(trace, "input", (0, 2, 2))
    assert "No path leads from this input to the loss" in say(found.finding())


def described(trace, layer, wrt, index):
    """What the step of one cell of a gradient says."""
    entry = next(e for e in trace.timeline if (e.way, e.layer, e.wrt) == ("backward", layer, wrt))
    cell = int(np.ravel_multi_index(index, shapes_of(trace)[entry.tensor]))
    return trace.descriptions(entry.start + cell, entry.start + cell + 1)[0]


def test_a_step_says_which_of_its_products_are_0_and_why():
    assert "gradient there. 2 of the products are 0, because a gate of ReLU is closed." in (
        described(by_hand(), 0, "weight", (0, 0, 0, 0))
    )
    assert "2 of the gradients are 0, because a gate of ReLU is closed." in described(by_hand(), 0, "bias", (0,))
    assert "The product is 0, because a gate of ReLU is closed." in described(by_hand(), 0, "input", (0, 0, 1))
    assert "The product is 0, because the value is 0." in described(by_hand(), 3, "weight", (1, 0))
    assert "1 of the products is 0, because the weight is 0." in described(by_hand(), 3, "input", (3,))
    one = {"layer": "conv2d", "out_channels": 1, "kernel_size": 1}
    weights = {"0.weight": [[[[1]]]], "0.bias": [0], "4.weight": [[3], [-1]]}
    trace = trace_network([one, *TINY], weights, TIED, [0, 0], loss="mse")
    assert (
        "3 of the products are 0: 2 because a gate of ReLU is closed, 1 because max pooling took another value."
    ) in described(trace, 0, "weight", (0, 0, 0, 0))


def test_a_prediction_is_close_within_a_tenth_and_rough_within_a_half():
    """The gradient predicts a change of -1."""
    for change, words in [
        (-0.91, "close: over so short a step the loss is nearly straight."),
        (-0.8, "roughly as predicted: the slope changes on the way."),
        (-0.4, "the step is too large for the slope to hold that far."),
        (0.5, "a change of 0.5: the step was too large to keep the promise."),
    ]:
        outcome = Message("learning.outcome", {"loss": 4.0, "loss_after": 4.0 + change, "predicted": -1.0})
        assert say(outcome).endswith(words)


@pytest.mark.parametrize(("bias", "closed"), [(-9.0, True), (9.0, False)])
def test_a_network_that_learns_no_more_says_where_its_gates_are_closed(bias, closed):
    shape, architecture = NETWORKS["convolution, ReLU, max pooling"]
    network, x = network_and_sample(shape, architecture)
    parameters = network.state()
    parameters = {**parameters, "0.bias": np.full_like(parameters["0.bias"], bias)}
    spoken = say(trace_network(architecture, parameters, x, 1).outcome())
    shut = "Every gate of ReLU is closed in layer 2: no gradient reaches the layers before, and they learn nothing"
    assert spoken.endswith(f"{shut} from this input.") is closed


@pytest.mark.parametrize("change", [0, 2**-52])
def test_a_change_that_rounding_hides_breaks_no_promise(change):
    outcome = Message("learning.outcome", {"loss": 1.0, "loss_after": 1.0 + change, "predicted": -1e-17})
    assert say(outcome).endswith(": so little that rounding hides it.")


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_what_the_gradient_takes_at_each_corner_of_an_activation_is_said(name):
    activation = ACTIVATIONS[name]
    options = {option.name: option.default for option in OPERATIONS[name].parameters if not option.required}
    corners = activation.corners(**options)
    assert (name in CORNERS) is bool(corners)
    for corner in corners:
        check = at_the_corner({"layer": name} | options, corner, apart=10)  # no other value is near a corner
        assert any(check.gradient == pytest.approx(side, rel=1e-3, abs=1e-3) for side in (check.left, check.right))
        assert CORNERS[name][1:] in say(check.finding())
        assert " wins" not in say(check.finding()) + say(check.crossings()[-1])
        assert f" of {say(Message(f'operations.{name}.called', {}))} in layer 2 " in say(check.crossings()[-1])


def test_a_corner_in_words():
    leaky = at_the_corner({"layer": "leaky_relu", "negative_slope": 0.5})
    assert leaky.gradient == pytest.approx(leaky.left, rel=1e-3)
    assert abs(leaky.right - leaky.left) > 0.4
    assert "At 0 leaky ReLU has the slope of its negative side; the" in say(leaky.finding())
    assert "the slope of leaky ReLU in layer 2 has changed at 1 value." in say(leaky.crossings()[-1])
    hard = at_the_corner({"layer": "hardtanh", "min_val": -10, "max_val": 2})
    assert hard.gradient == pytest.approx(hard.right, rel=1e-3)
    assert "At its bounds hardtanh counts as closed; the" in say(hard.finding())
    assert "1 gate of hardtanh in layer 2 has opened or closed." in say(hard.crossings()[-1])
    for smooth in ("sigmoid", "tanh"):
        check = at_the_corner(smooth)
        assert (check.corners, check.kinds, set(check.crossings())) == ((), (), {None})
        assert say(check.finding()).endswith(": they agree.")


def test_an_absurd_rate_is_said():
    trace = by_hand(optimizer={"name": "sgd", "learning_rate": 1e300})
    assert not np.isfinite(trace.loss_after)
    assert "the step was far too large" in say(trace.outcome())


@pytest.mark.parametrize("optimizer", UPDATES, ids=str)
def test_an_update_in_words_says_its_own_numbers(optimizer):
    trace = by_hand(optimizer=optimizer)
    part = trace.part(len(trace.timeline) - 2)
    for message, step in zip(part.messages(), part, strict=True):
        sentence = say(message)
        found = {span.tensor: sentence[span.start : span.start + span.length] for span in spans(message)}
        for tensor in ("values", "gradient", "output"):
            text = found[tensor].lstrip("≈").replace("\N{MINUS SIGN}", "-")
            assert float(text) == pytest.approx(getattr(step, tensor), abs=5e-4)


def test_gradient_descent_in_words():
    assert by_hand().descriptions()[-1] == (
        "Bias 2 was 0, and its gradient is 2. The step is the learning rate, 0.125, times the gradient: "
        "0.25. It is taken away, and the new value is −0.25."
    )
