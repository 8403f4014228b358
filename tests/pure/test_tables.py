"""The tables of cases that Node runs itself: what takes and gives more than JSON can say. Each has a process."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from scripts.node import find_node

from . import ENGLISH

TABLES = sorted(Path(__file__).parent.glob("*.test.js"))


@pytest.fixture(scope="module")
def node() -> str:
    return find_node()[0]


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name.removesuffix(".test.js"))
def test_every_case_of_a_table_holds(node, table):
    ran = subprocess.run(
        [node, ENGLISH, "--test-reporter=tap", str(table)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"^# pass [1-9]", ran.stdout, re.MULTILINE), ran.stdout
