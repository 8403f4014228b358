"""Calls of functions of static/js, in a Node that stays."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.node import find_node

from . import ENGLISH

CALL = Path(__file__).parent / "call.mjs"


class RefusedError(Exception):
    """What a script threw."""


class Scripts:
    """The functions of static/js."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Speak to this process, a line of JSON for each call."""
        assert process.stdin
        assert process.stdout
        self._ask, self._answers = process.stdin, process.stdout

    def call(self, module: str, name: str, *given: Any) -> Any:
        """What a function gives, or `RefusedError` with the sentence that it throws."""
        self._ask.write(json.dumps({"module": module, "name": name, "given": given}) + "\n")
        self._ask.flush()
        answer = json.loads(self._answers.readline())
        if "error" in answer:
            raise RefusedError(answer["error"])
        return answer["value"]


@contextmanager
def calling() -> Iterator[Scripts]:
    """The scripts that need no page."""
    node, _ = find_node()
    pipe = subprocess.PIPE
    with subprocess.Popen([node, ENGLISH, str(CALL)], stdin=pipe, stdout=pipe, text=True, encoding="utf-8") as process:
        yield Scripts(process)
        assert process.stdin
        process.stdin.close()
