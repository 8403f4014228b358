"""Why a run does not go on, why it has ended, and what it should be looked at for."""

from __future__ import annotations

from collections.abc import Sequence

TEXTS = {
    "stopped_by_hand": "Stopped by hand after step {step}.",
    "stopped_before_it_began": "Stopped by hand before it began.",
    "workers_lost": "its worker ended {count:plural time} at step {step} without getting on",
    "error_in_worker": "{kind} in the worker",
    "deleted": "The run was deleted.",
    "waits_to_be_written": "{trouble} This run waits, keeps what it has learned, and goes on once it can be written down.",
    "worker_silent": "Nothing has been heard of the worker of this run for a while; another one takes over when it can.",
    "waits_for_memory": "The run waits for memory: it needs about {needed:,} MB, and those that are trained now take {taken:,} of {most:,} MB. It goes on by itself as soon as there is room.",
}


def died(layers: Sequence[int], since_step: int, loss: float) -> str:
    """Return what is wrong with a network of which these layers, counted from 1, give nothing."""
    named = f"layer{'s' if len(layers) > 1 else ''} {' and '.join(map(str, layers))}"
    return (
        f"The network has died: in {named} every ReLU has given 0 for every sample since step {since_step}, "
        f"so no gradient passes it and the loss stays at {loss:.3g}."
    )
