"""The server of Convoscope: pages and an HTTP API over `cnn_engine`.

>>> from cnn_server import create_app
>>> app = create_app()

The application is loaded when it is asked for: a process that trains is of this package too, and needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnn_server.application import create_app, start_workers

__all__ = ["create_app", "start_workers"]


def __getattr__(name: str) -> Any:
    """Return what `application` has by this name."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cnn_server import application  # noqa: PLC0415

    return getattr(application, name)
