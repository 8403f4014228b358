"""What the engine is compared with, where it is installed."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def torch_or_exit() -> Any:
    """PyTorch, or a word that says how to get it."""
    try:
        return import_module("torch")
    except ImportError:
        sys.exit("this benchmark compares with PyTorch: pip install -e '.[bench]'")
