"""How NumPy behaves while a network is trained."""

from __future__ import annotations

from contextvars import Context, copy_context

import numpy as np

BUFFER = 2048  # numbers that a call on strided arrays puts aside at once; NumPy's own 8192 is slower here


def settle() -> None:
    """Let numbers that are not finite pass without a warning, since they are reported, and keep buffers small.

    Both hold in the present context.
    """
    np.seterr(all="ignore")
    np.setbufsize(BUFFER)


def quiet() -> Context:
    """Return a context so settled. Running in it costs a fifth of `np.errstate`, which a small step notices."""
    context = copy_context()
    context.run(settle)
    return context
