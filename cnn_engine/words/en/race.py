"""What happens in a race of optimizers."""

from __future__ import annotations

from collections.abc import Sequence

from cnn_engine.wording import number

# An event in a sentence about one runner, and about several.
EVENTS = {
    "overshoots": (
        "{names} overshoots: it steps past the lowest point ahead, and its loss rises.",
        "{names} overshoot: they step past the lowest point ahead, and their loss rises.",
    ),
    "misled": (
        "The noise leads {names} uphill: its loss rises.",
        "The noise leads {names} uphill: their loss rises.",
    ),
    "leaves": ("{names} leaves the picture.", "{names} leave the picture."),
    "still": (
        "{names} hardly moves: the ground is flat there, though elsewhere it is lower.",
        "{names} hardly move: the ground is flat there, though elsewhere it is lower.",
    ),
    "arrives": (
        "{names} has all but arrived: its loss is below 0.001.",
        "{names} have all but arrived: their loss is below 0.001.",
    ),
}


def step(
    leader: str,
    alone: bool,
    loss: float,
    new_loss: float,
    diverged: Sequence[tuple[str, bool, bool]],
    events: Sequence[tuple[str, Sequence[str]]],
    out: Sequence[tuple[str, int]],
) -> str:
    """Say who leads, and what happens to whom.

    `diverged` has (who, whether the loss grew, whether momentum is at fault), `events` (what, who), `out` (who, since
    which update, counted from 0).
    """
    sentences = [_lead(leader, alone, loss, new_loss), *(_end(*runner) for runner in diverged)]
    sentences += [EVENTS[event][len(names) > 1].format(names=_listed(names)) for event, names in events]
    if out:
        gone = _listed([f"{name} (at step {update + 1})" for name, update in out])
        sentences.append(f"Having diverged, {gone} {'is' if len(out) == 1 else 'are'} out of the race.")
    return " ".join(sentences)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lead(leader: str, alone: bool, loss: float, new_loss: float) -> str:
    if not leader:
        return "Nobody is left in the race."
    if not alone:
        return f"{leader} is lowest: its loss is {number(new_loss)}."
    if loss == new_loss:
        return f"The loss of {leader} stays at {number(loss)}."
    verb = "falls" if new_loss < loss else "rises"
    return f"The loss of {leader} {verb} from {number(loss)} to {number(new_loss)}."


def _end(name: str, grew: bool, momentum: bool) -> str:
    """Say how one knows that a runner will not come back, and why it went."""
    how = "its numbers grew until a computer could not hold them"
    if grew:
        how = "its steps grew and grew, until its loss passed 10⁹"
    remedy = "a momentum below 1" if momentum else "a smaller learning rate"
    return f"{name} diverges: {how}. It needs {remedy} here."
