"""What becomes of gradients: an update, and what it does to the loss; the parts of a timeline that has all of it."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence

from cnn_engine.pointwise import ACTIVATIONS
from cnn_engine.wording import number, number_or_nan, numbers_that_hold, plural
from cnn_engine.words.en import activations
from cnn_engine.words.en.backward import _weight_at

AGREE = 1e-6  # a relative difference up to which two slopes are the same
CLOSE, ROUGH = 0.1, 0.5  # relative differences up to which a change is close to the predicted one, and roughly it
TEXTS = {  # what the parts of a timeline are called
    "mark_forward": "Forward: layer {layer}, {kind}",
    "mark_loss": "Loss: {kind}",
    "mark_back_from_loss": "Backward: {kind}, gradient of the answers",
    "mark_backward": "Backward: layer {layer}, {kind}, gradient of the {wrt}",
    "mark_update": "Update: layer {layer}, {kind}, {wrt}",
    "part_forward": "{layer}. {kind}",
    "part_loss": "{kind}",
    "part_back_from_loss": "{kind}: answers",
    "part_backward": "{layer}. {kind}: {wrt}",
    "part_update": "{layer}. {kind}: {wrt}",
}
LINES = {  # what the lines of an optimizer's update do, each by its name
    "decayed": "With weight decay that counts as {}.",
    "shrunk": "Weight decay first shrinks the old value to {}.",
    "momentum_buffer": "The velocity becomes {}.",
    "ahead": "Looking ahead, that makes {}.",
    "sum": "The sum of its squares so far is {}.",
    "square_avg": "The running mean of its squares becomes {}.",
    "grad_avg": "The running mean of the gradient becomes {}.",
    "exp_avg": "The running mean of the gradient becomes {}.",
    "exp_avg_sq": "The running mean of its squares becomes {}.",
    "root": "The root of that is {}.",
    "direction": "Divided by the root, the direction is {}.",
}
FIRST_WINS = "of equal values in a window the first one wins"
ENDS = {  # where paths of the chain rule end whose product is 0
    "gate": "at a closed gate of ReLU",
    "winner": "at a value that did not win its window",
    "weight": "at a weight of 0",
    "value": "at a value of 0",
    "slope": "where a curve is flat",
    "loss": "at an answer whose gradient is 0",
}
TEXTS |= {f"end_{why}": text for why, text in ENDS.items()}


def _parameter(index: Sequence[int], shape: Sequence[int]) -> str:
    return f"Bias {index[0] + 1}" if len(index) == 1 else f"The weight{_weight_at(index, shape)}"


def update(
    index: Sequence[int],
    shape: Sequence[int],
    values: float,
    gradient: float,
    rate: float,
    lines: Mapping[str, float],
    output: float,
) -> str:
    """Describe one parameter that an optimizer changes; `lines` has what each line of the update comes to, in order."""
    written = {line: number_or_nan(value) for line, value in lines.items() if line in LINES}
    old, slope, end = number_or_nan(values), number_or_nan(gradient), f"The new value is {number_or_nan(output)}."
    if math.isfinite(output):
        left, taken = numbers_that_hold([lines.get("shrunk", values), lines["step"]], output, operator.sub)
        if "shrunk" in lines:
            written["shrunk"] = left
        else:
            old = left
        if written:
            step = f"At a learning rate of {number(rate)} that makes a step of {taken}"
        else:
            factor, slope = numbers_that_hold([rate, gradient], lines["step"], operator.mul)
            step = f"The step is the learning rate, {factor}, times the gradient: {taken}"
        end = f"{step}. It is taken away, and the new value is {number(output)}."
    begun = f"{_parameter(index, shape)} was {old}, and its gradient is {slope}."
    return " ".join([begun, *(LINES[line].format(text) for line, text in written.items()), end])


def check(
    gradient: float, difference: float, left: float, right: float, layers: Sequence[int], kinds: Sequence[str]
) -> str:
    """Say whether a gradient and the finite difference agree. `layers`, of these kinds, have a corner there."""
    both = f"The gradient is {number_or_nan(gradient)}, the finite difference {number_or_nan(difference)}"
    if not math.isfinite(gradient) or not math.isfinite(difference):
        return f"{both}: where a number is not finite there is nothing to compare."
    if abs(gradient - difference) <= AGREE * max(1, abs(gradient), abs(difference)):
        return f"{both}: they agree."
    if not layers:
        return f"{both}: they differ, because the curve bends too much within the difference."
    where = f"{'layer' if len(layers) == 1 else 'layers'} {_listed([str(layer) for layer in layers])}"
    conventions = _listed(list(dict.fromkeys(_convention(kind) for kind in kinds)))
    slopes = f"its slope is {number(left)} on the left and {number(right)} on the right"
    return (
        f"{both}. They differ because the loss has a corner here, in {where}: {slopes}. "
        f"{conventions[0].upper()}{conventions[1:]}; the finite difference is the mean of both slopes."
    )


def _convention(kind: str) -> str:
    """Return what the gradient takes at a corner of such a layer: an activation, or a pooling that keeps the largest."""
    return activations.CORNERS[kind] if kind in ACTIVATIONS else FIRST_WINS


def _listed(texts: Sequence[str]) -> str:
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last


def crossed(found: Sequence[tuple[int, str, int]]) -> str:
    """Describe the corners of the loss between a number and another value of it: of each layer the kind and how many."""
    parts = [_changed(*own) for own in found]
    several = len(parts) > 1 or found[0][2] > 1
    corners = "Each of them is a corner of the loss" if several else "That is a corner of the loss"
    return f"On the way here {' and '.join(parts)}. {corners}: from there on its slope is another, and the gradient does not predict it."


def _changed(layer: int, kind: str, count: int) -> str:
    """Return what has changed at the corners of one layer, and at how many."""
    if kind not in ACTIVATIONS:
        return f"another value wins in {plural(count, 'window')} of layer {layer}"
    activation = f"{activations.CALLED[kind][1]} in layer {layer}"
    if not ACTIVATIONS[kind].gated:
        return f"the slope of {activation} has changed at {plural(count, 'value')}"
    return f"{plural(count, 'gate')} of {activation} {'has' if count == 1 else 'have'} opened or closed"


def paths(tensor: str, gradient: float, total: int, stopped: Mapping[str, int]) -> str:
    """Say how many paths lead from a number to the loss, where those of no effect end, and what the others come to."""
    _, _, name = tensor.rpartition(".")
    it = "this value" if name == "output" else f"this {name}"
    if not total:
        return f"No path leads from {it} to the loss: nothing reads it, and its gradient is 0."
    begun = f"{plural(total, 'path')} {'leads' if total == 1 else 'lead'} from {it} to the loss."
    ended = sum(stopped.values())
    if ended:
        first, *others = [f"{count} {ENDS[why]}" for why, count in stopped.items()]
        listed = "".join([*(f", {other}" for other in others[:-1]), *(f" and {other}" for other in others[-1:])])
        ends = "ends" if first.startswith("1 ") else "end"
        begun += f" Coming back from the loss, {first.replace(' ', f' {ends} ', 1)}{listed}: each at the first 0 that it meets."
    left, result = total - ended, number_or_nan(gradient)
    if not left:
        return f"{begun} So the gradient is 0."
    if left == 1:
        return f"{begun} The product along {'the one that is left' if ended else 'it'} is the gradient, {result}."
    return f"{begun} The products along the {f'other {left}' if ended else left} add up to the gradient, {result}."


def outcome(loss: float, loss_after: float, predicted: float, closed: Sequence[int] = ()) -> str:
    """Say what an update has done to the loss, what the gradient had predicted, and where ReLU lets nothing pass."""
    done = _outcome(loss, loss_after, predicted)
    if not closed:
        return done
    shut = f"Every gate of ReLU is closed in layer {_listed([str(layer) for layer in closed])}"
    return f"{done} {shut}: no gradient reaches the layers before, and they learn nothing from this input."


def _outcome(loss: float, loss_after: float, predicted: float) -> str:
    if not math.isfinite(loss):
        return "The loss is not a finite number: nothing can be learned from it."
    before = f"The loss was {number(loss)}."
    if not math.isfinite(loss_after):
        return f"{before} After the update it is not a finite number any more: the step was far too large."
    if not predicted:
        return f"{before} The gradient is 0 everywhere, so nothing is learned."
    promise = f"Each gradient times the change of its number, added up, had predicted {number(predicted)}"
    change = loss_after - loss
    error = abs(change - predicted) / abs(predicted)
    if error > ROUGH and abs(predicted) < 8 * math.ulp(max(1.0, loss)):
        return f"{before} {promise}: so little that rounding hides it."
    after = f"After the update it is {number(loss_after)}, a change of {number(change)}"
    if change > 0 > predicted:
        broken = f"{promise}, but the loss went up to {number(loss_after)}, a change of {number(change)}"
        return f"{before} {broken}: the step was too large to keep the promise."
    return f"{before} {promise}. {after}: {_kept(error)}."


def _kept(error: float) -> str:
    """Return how well the prediction held, by its relative error."""
    if error > ROUGH:
        return "the step is too large for the slope to hold that far"
    return (
        "close: over so short a step the loss is nearly straight"
        if error <= CLOSE
        else "roughly as predicted: the slope changes on the way"
    )
