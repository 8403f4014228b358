"""The tables of cases that Node runs itself: what takes and gives more than JSON can say."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts.node import find_node

from . import ENGLISH

TABLES = sorted(Path(__file__).parent.glob("*.test.js"))


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name.removesuffix(".test.js"))
def test_every_case_of_a_table_holds(table):
    node, _ = find_node()
    ran = subprocess.run(
        [node, ENGLISH, "--test", str(table)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
