"""What is stored of a run beside its record and its log: checkpoints, and the parameters for those who look."""

from __future__ import annotations

import io
import time

from cnn_engine.nn import Trainer, save
from cnn_server.runs.record import Blob, Run
from cnn_server.runs.slow_motion import SlowMotion
from cnn_server.runs.snapshots import stored

CHECKPOINT = 3.0  # seconds between two checkpoints at least, and as long as 30 of them take
LOOK = 0.25  # seconds between two sets of parameters for those who look
WATCHED = 6.0  # seconds for which somebody who asked counts as looking


class Blobs:
    """When each kind is due, and how it is made. Times are those of `time.monotonic`."""

    def __init__(self, trainer: Trainer, slow_motion: SlowMotion, now: float) -> None:
        self._trainer, self._slow_motion = trainer, slow_motion
        self.look_due = True  # whoever looks next is to see the network as it is now
        self._looked, self._checkpoint_at = now, now + CHECKPOINT

    def hurry(self) -> None:
        """Let both be due at once."""
        self.look_due, self._checkpoint_at = True, 0.0

    def checkpoint_due(self, now: float) -> bool:
        """Return whether it is time for a checkpoint."""
        return now >= self._checkpoint_at

    def parameters_due(self, run: Run, now: float) -> bool:
        """Return whether there is something new to look at, and somebody who looks."""
        return self.look_due or (run.watched > time.time() - WATCHED and now >= self._looked + LOOK)

    def checkpoint(self, now: float) -> Blob:
        """Return the trainer as it can go on; the next one is due by how long this took."""
        started, stream = time.monotonic(), io.BytesIO()
        save(self._trainer, stream)
        blob = Blob("checkpoint", self._trainer.progress.step, stream.getvalue())
        self._checkpoint_at = now + max(CHECKPOINT, 30 * (time.monotonic() - started))
        return blob

    def parameters(self, run: Run, now: float) -> Blob:
        """Return the network as it is, and what slow motion shows of it."""
        phase = run.phase["phase"] if run.phase else None
        self._looked, self.look_due = now, False
        return Blob("parameters", self._trainer.progress.step, stored(self._trainer, phase, self._slow_motion.arrays))
