"""Ending with the process above: some servers answer from a child that would go on when its parent is killed."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Callable

_following = threading.Lock()


def end_with_parent(finish: Callable[[], None]) -> None:
    """End this process once its parent has ended, where it is a child made by `multiprocessing` (as Granian's are).

    `finish` is called before. A process that was started by a shell or a service manager may outlive that.
    """
    parent = multiprocessing.parent_process()
    if parent is None or not _following.acquire(blocking=False):
        return

    def follow() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        try:
            finish()
        finally:
            os._exit(1)

    threading.Thread(target=follow, name="parent", daemon=True).start()
