"""How much it takes to ask a model: counted, so that what takes long is known before it is begun.

Nanoseconds of one core and bytes, by the table of `cnn_engine.costs`.
"""

from __future__ import annotations

import math

from cnn_engine.models.explaining import AT_ONCE, read_which
from cnn_engine.models.model import Model
from cnn_engine.nn.work import answer_bytes, answer_work, step_work

SLOWER = 3  # times as long as in float32 and by the fast plan, for which the table is
ITEM = 8  # bytes of a number
HELD = 3  # what each layer gives: in the layout, its gradient there, and a copy to be looked at


def model_answer_work(model: Model, samples: int = 1) -> int:
    """Return what the answers to so many samples cost."""
    return SLOWER * answer_work(model.layers, samples)


def why_work(model: Model, method: str, layer: int | None = None) -> int:
    """Return what a reason costs: of occlusion an answer for each cell that is covered.

    Raises:
        ParameterError: the method is not for this layer.
    """
    read_which(model, method, layer)
    if method == "occlusion":
        at_once = 1 if model.network.together else AT_ONCE
        count = math.prod(model.input_shape[-2:]) if len(model.input_shape) == 3 else model.input_shape[0]
        rounds, rest = divmod(count, at_once)
        return (
            rounds * model_answer_work(model, at_once) + model_answer_work(model, rest or 1) + model_answer_work(model)
        )
    return model_answer_work(model) + SLOWER * step_work(model.layers, 1)


def asking_bytes(model: Model, method: str | None = None) -> int:
    """Return how many bytes an answer or a reason takes at once, beside the parameters."""
    samples = AT_ONCE if method == "occlusion" and not model.network.together else 1
    return HELD * answer_bytes(model.layers, samples, ITEM)
