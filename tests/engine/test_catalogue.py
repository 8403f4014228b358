"""The catalogue: all operations are in it, and what it says of them is so."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import cnn_engine
from cnn_engine import trace, trace_network
from cnn_engine.catalogue import OPERATIONS, names
from cnn_engine.trace.columns import forms
from cnn_engine.words import say
from cnn_engine.words.message import language
from scripts.copied_code import CASES

KINDS = {"whole": "iu", "number": "iuf", "flag": "b", "word": "U"}
OF_ONE_SAMPLE = {"flatten": {"start_dim"}}  # arguments that a trace, which is of one sample, has no use for
MODES = {  # which form a trace has by default
    name: option.default
    for name, row in OPERATIONS.items()
    for option in row.parameters
    if option.name == "mode" and option.default in forms(row.columns)
}
ACTIVATIONS = names("activation")
OWN = {"conv_transpose2d": {"mode"}}  # and those that a trace alone has
TRACED = [
    *CASES,
    ("conv_transpose2d", {"input": [[1, 2]], "weight": [[1]], "mode": "scatter"}),
    *((name, {"input": [1.0, -2.0]}) for name in ACTIVATIONS),
    *((name, {"input": [[1.0, -2.0]]}) for name in ACTIVATIONS),
    ("optimizers", {"updates": 3}),
    ("depth", {"updates": 3}),
    *((f"{name}_backward", {"input": [1.0, -2.0], "grad_output": [1.0, 1.0]}) for name in ACTIVATIONS),
]


def test_every_operation_is_in_the_catalogue():
    modules = [
        importlib.import_module(f"cnn_engine.trace.{found.name}") for found in pkgutil.iter_modules(trace.__path__)
    ]
    traces = {name: made for module in modules for name, made in vars(module).items() if name.startswith("trace_")}
    assert len(traces) > 40
    assert {row.trace for row in OPERATIONS.values()} == set(traces.values()) - {trace_network}
    assert {name for name, _ in TRACED} == set(OPERATIONS)


def test_a_trace_of_two_forms_has_one_by_default():
    assert {"conv_transpose2d": "gather", "interpolate2d": "nearest"}.items() <= MODES.items()


def test_every_operation_has_a_title_and_a_summary_in_words():
    titles = {id.removeprefix("operations.").removesuffix(".title") for id in language() if id.endswith(".title")}
    assert titles == {name.removesuffix("_backward") for name in OPERATIONS}
    assert all(say(row.title) and say(row.summary) for row in OPERATIONS.values())
    assert (say(OPERATIONS["linear"].summary), say(OPERATIONS["linear_backward"].title)) == (
        "A dense layer",
        "Dense layer, backward",
    )
    assert say(OPERATIONS["conv2d_backward"].summary) == (
        "The gradient of a convolution by its weight, its input or its bias"
    )


@pytest.mark.parametrize("row", OPERATIONS.values(), ids=OPERATIONS)
def test_functions_and_traces_are_exported_by_their_names(row):
    assert getattr(cnn_engine, f"trace_{row.name}") is row.trace
    if row.function:
        assert getattr(cnn_engine, row.name) is row.function


@pytest.mark.parametrize("row", OPERATIONS.values(), ids=OPERATIONS)
def test_a_trace_takes_what_its_function_takes(row):
    traced = inspect.signature(row.trace).parameters
    function = inspect.signature(row.function).parameters if row.function else traced
    assert set(function) - set(traced) == OF_ONE_SAMPLE.get(row.name, set())
    assert set(traced) - set(function) == OWN.get(row.name, set())
    for name in set(traced) & set(function):
        assert traced[name].default == function[name].default
        assert traced[name].kind == function[name].kind


def form_of(row, arguments):
    if "wrt" in arguments:
        return arguments["wrt"]
    if row.name.removesuffix("_backward") in ACTIVATIONS:
        return "maps" if np.ndim(arguments["input"]) > 1 else "line"
    return arguments.get("mode", MODES[row.name]) if row.name in MODES else None


def has(columns, name, column):
    """Whether a column is one of those that are declared."""
    names = {declared.name: declared for declared in columns}
    declared = names.get(name) or names["runner.line"]
    if column.dtype == object and all(isinstance(one, str) for one in column.flat):  # words from a table
        column = column.astype(str)
    return column.dtype.kind in KINDS[declared.kind] and column.ndim == 1 + len(declared.axes)


@pytest.mark.parametrize(("operation", "arguments"), TRACED, ids=[f"{i}-{name}" for i, (name, _) in enumerate(TRACED)])
def test_a_trace_has_the_columns_that_are_declared(operation, arguments):
    row = OPERATIONS[operation]
    traced = row.trace(**arguments)
    declared = forms(row.columns)[form_of(row, arguments)]
    columns = traced.columns(0, min(3, len(traced)))
    assert traced.op == operation
    assert {name for name in columns if "." not in name} == {c.name for c in declared if "." not in c.name}
    assert [name for name, column in columns.items() if not has(declared, name, column)] == []
    for column in declared:
        if len(column.axes) == 1 and "," in column.axes[0]:  # the parts of one place, by name
            assert columns.get(column.name, np.zeros((1, 2))).shape[-1] == len(column.axes[0].split(","))


def test_a_value_of_padding_needs_zeros():
    """Another mode has no value, and refuses one: the catalogue says so of the operation and of its gradient."""
    for name in ("pad2d", "pad2d_backward"):
        value = next(part for part in OPERATIONS[name].parameters if part.name == "value")
        assert value.accepts.needs == ("mode", "zeros")
