"""A step in slow motion: what each of its phases leaves to be looked at, and what it found out about the batch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.nn import SubStep, Trainer
from cnn_server.runs.record import MOST_FOLLOWED, finite


class SlowMotion:
    """The arrays of the step that is shown, gathered phase by phase: "backward/0.weight", "update/0.weight"."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self.arrays: dict[str, NDArray[Any]] = {}

    def add(self, part: SubStep) -> dict[str, Any]:
        """Keep what a phase leaves, and return the run's `phase`."""
        if part.phase == "forward":
            self.arrays = {}
        else:
            self.arrays |= {f"{part.phase}/{name}": array for name, array in part.arrays.items()}
        if part.phase == "backward" and self._trainer.store.flat.size <= MOST_FOLLOWED:
            self.arrays |= self._before_the_update()
        return {"step": part.step, "phase": part.phase, **self._numbers(part)}

    def clear(self) -> None:
        """Keep nothing: the step is over, and the next one is not slow."""
        self.arrays = {}

    def _before_the_update(self) -> dict[str, NDArray[Any]]:
        """Return what the update that comes next begins with: parameters, and what the optimizer has kept."""
        kept = self._trainer.optimizer_state() | {"values": self._trainer.network.parameters()}
        named = {name: own if isinstance(own, dict) else {"": own} for name, own in kept.items()}
        return {f"before/{name}/{of}": np.array(part) for name, own in named.items() for of, part in own.items()}

    def _numbers(self, part: SubStep) -> dict[str, float | None]:
        """Return what a phase found out about the whole batch."""
        if part.phase == "loss":
            return {"loss": finite(float(part.arrays["loss"]))}
        return {"gradient_norm": finite(self._trainer.gradient_norm)} if part.phase == "backward" else {}
