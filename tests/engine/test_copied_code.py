"""The code that pages offer: the NumPy programs are run by themselves and compared; the others are read."""

from __future__ import annotations

import ast
import doctest
import subprocess
import sys

import numpy as np
import pytest

from cnn_engine import code, trace_conv2d, trace_flatten, trace_network
from cnn_engine.catalogue import OPERATIONS
from cnn_engine.code import FRAMEWORKS, programs
from cnn_engine.code import network as network_code
from cnn_engine.code.network import programs_of_network
from scripts.copied_code import CASES, NETWORKS
from scripts.run_copied_code import RESULT, TOLERANCE, difference, numbers_of_update, run, run_network


def traced(operation, arguments):
    return OPERATIONS[operation].trace(**arguments)


def test_every_operation_is_in_the_table():
    training = {"optimizers", "depth"}  # which are no operations of a layer
    assert {operation for operation, _ in CASES} == set(code.BODIES) == set(OPERATIONS) - training


@pytest.mark.parametrize("index", range(len(CASES)), ids=lambda index: f"{index}-{CASES[index][0]}")
def test_the_numpy_program_gives_what_the_engine_gives(index):
    trace = traced(*CASES[index])
    assert difference(run(programs(trace)["numpy"]), trace.tensors["output"]) <= TOLERANCE


@pytest.mark.parametrize("arguments", NETWORKS, ids=lambda given: f"{given['loss']}-{given['optimizer']}")
def test_the_numpy_program_of_a_network_gives_what_the_engine_gives(arguments):
    trace = trace_network(**arguments)
    expected = numbers_of_update(
        trace.loss, trace.loss_after, trace.gradients, trace.input_gradient, trace.parameters_after
    )
    assert difference(run_network(programs_of_network(trace)["numpy"]), expected) <= TOLERANCE


def test_a_program_runs_by_itself_and_prints_its_output():
    lesson = trace_conv2d([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])  # by hand: 19, 25, 37, 43
    found = subprocess.run(
        [sys.executable, "-I", "-c", programs(lesson)["numpy"]], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["[[[19.", "25.]", "[37.", "43.]]]"]
    assert found.stderr == ""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_programs_are_python_and_import_their_framework_alone(framework):
    allowed = {"torch": {"torch", "torch.nn.functional"}, "keras": {"os", "keras"}, "numpy": {"numpy"}}[framework]
    for operation, arguments in CASES:
        text = programs(traced(operation, arguments))[framework]
        imported = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert {alias.name for node in imported for alias in node.names} <= allowed, operation
        assert "\n\n\n\n" not in text


def testnumbers_of_update_are_written_as_they_are():
    value = 0.1 + 0.2
    text = programs(trace_flatten([[value, -1e-7, 3.0]]))["numpy"]
    assert f"{value!r}, -1e-07, 3]" in text
    assert np.array_equal(run(text), [value, -1e-7, 3.0])


def test_what_is_no_number_is_written_so_that_it_reads_back():
    layer = [{"layer": "linear", "out_features": 1, "bias": False}]
    trace = trace_network(layer, {"0.weight": [[np.nan]]}, [3], [4], loss="mse")
    assert np.isnan(run_network(programs_of_network(trace)["numpy"])).all()


def test_what_a_framework_lacks_is_said():
    sentence = [
        ({"padding": ((2, 0), (0, 1))}, "torch", "pads both sides alike"),
        ({"dilation": 2, "stride": 2}, "keras", "a stride or a dilation, not both"),
        ({"padding": 1, "padding_mode": "replicate"}, "keras", "some of them again"),
    ]
    x, w = np.arange(36.0).reshape(6, 6), np.ones((2, 2))
    for options, framework, words in sentence:
        assert words in programs(trace_conv2d(x, w, **options))[framework]
    plain = programs(trace_conv2d(x, w, padding=1))["torch"]
    assert "output = F.conv2d(input, weight, padding=(1, 1))\n" in plain


def test_the_example_in_the_documentation():
    assert doctest.testmod(code, extraglobs={"trace_conv2d": trace_conv2d}).failed == 0
    assert doctest.testmod(network_code).failed == 0


def test_every_setting_of_the_recorded_run_was_right():
    """docs/copied-code.md, which is written at a release: what is newer than that is not in it."""
    lines = RESULT.read_text("utf-8").splitlines()
    rows = [line.split("|")[1:-1] for line in lines if line.startswith(("| `", "| an"))]
    assert len(rows) > 40
    assert {row[0].strip(" `") for row in rows if "`" in row[0]} <= {operation for operation, _ in CASES}
    for row in rows:
        assert all(cell.strip().startswith(f"{row[1].strip()} of {row[1].strip()},") for cell in row[2:])
