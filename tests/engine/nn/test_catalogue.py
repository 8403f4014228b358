"""What the catalogue says of layers, optimizers, schedules and the like is what their constructors accept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cnn_engine import ConvoscopeError
from cnn_engine.data.augment import Augmentation
from cnn_engine.nn import INITIALISATIONS, LOSSES, OPTIMIZERS, SCHEDULES, Network
from cnn_engine.nn.catalogue import networks
from cnn_engine.nn.layers import make_layers
from cnn_engine.nn.options import build
from cnn_engine.nn.race import RUNNERS

Row = dict[str, Any]
PICTURE, VECTOR = (1, 2060, 2060), (1,)  # larger than any window, and not too large with any padding
MAKE: dict[str, Callable[[Row, Row], object]] = {
    "layers": lambda row, options: make_layers(
        [{"layer": row["names"][0], **options}], VECTOR if row["name"] == "linear" else PICTURE
    ),
    "optimizers": lambda row, options: build(OPTIMIZERS, {"name": row["names"][0], **options}, "optimizer"),
    "schedules": lambda row, options: build(SCHEDULES, {"name": row["names"][0], **options}, "schedule"),
    "initialisations": lambda row, options: build(INITIALISATIONS, {"name": row["name"], **options}, "initialisation"),
    "augmentations": lambda row, options: Augmentation.from_options(options),
}
REQUIRED = {"out_channels": 1, "kernel_size": 2, "out_features": 1, "step_size": 1, "gamma": 0.5, "T_max": 1}
BESIDE: dict[tuple[str, str], Row] = {  # what an option needs beside it
    ("sgd", "nesterov"): {"momentum": 0.9},
    ("nesterov", "momentum"): {"nesterov": False},
    ("nesterov", "dampening"): {"nesterov": False},
    ("conv2d", "padding"): {"kernel_size": 64},
    ("max_pool2d", "padding"): {"kernel_size": 1024, "dilation": 2},
    ("avg_pool2d", "padding"): {"kernel_size": 1024},
}
NEVER = [("avg_pool2d", "padding", 1024)]  # less than the window, which is no larger than that itself
KINDS = [(kind, row) for kind in MAKE for row in networks()[kind]]


def values(parameter: Row) -> Iterator[tuple[Any, bool]]:
    """What a parameter accepts and what it refuses, at its bounds and just beyond."""
    kind = parameter["kind"]
    if kind in {"whole", "size", "padding"}:
        yield 1.5, False
    if kind == "flag":
        yield from [(True, True), (False, True), (1, False), ("true", False)]
    for word in parameter.get("words", ()):
        yield from [(word, True), (f"{word}s", False)]
    if "default" in parameter:
        yield parameter["default"], True
    for value, accepted in numbers(parameter):
        yield ([value] * parameter["length"] if kind == "numbers" else value), accepted


def numbers(parameter: Row) -> Iterator[tuple[float, bool]]:
    """Each bound, and the number next to it on either side."""
    whole = parameter["kind"] in {"whole", "size", "padding"}
    for bound, outside in (("minimum", -1), ("above", -1), ("maximum", 1), ("below", 1)):
        if (at := parameter.get(bound)) is None:
            continue
        beyond, inside = (at + way if whole else math.nextafter(at, way * math.inf) for way in (outside, -outside))
        allowed = bound in {"minimum", "maximum"}
        yield from [(at, allowed), (beyond, False)]
        if not allowed:
            yield inside, True


CASES = [
    pytest.param(kind, row, parameter["name"], value, accepted, id=f"{row['name']}.{parameter['name']}={value!r}")
    for kind, row in KINDS
    for parameter in row["parameters"]
    for value, accepted in values(parameter)
    if (row["name"], parameter["name"], value) not in NEVER
]


@pytest.mark.parametrize(("kind", "row", "option", "value", "accepted"), CASES)
def test_a_constructor_accepts_what_the_catalogue_says_and_no_more(kind, row, option, value, accepted):
    required = {parameter["name"] for parameter in row["parameters"] if parameter["required"]}
    options = {name: value for name, value in REQUIRED.items() if name in required}
    options |= {} if kind == "layers" else row["opens"] | row["fixed"]
    options = {**options, **BESIDE.get((row["name"], option), {}), option: value}
    if accepted:
        MAKE[kind](row, options)
        return
    with pytest.raises(ConvoscopeError) as refused:
        MAKE[kind](row, options)
    assert str(refused.value.field).split(".")[-1] == option


@pytest.mark.parametrize(("kind", "row"), [pytest.param(*each, id=f"{each[0]}-{each[1]['name']}") for each in KINDS])
def test_every_choice_opens_as_something_that_can_be_built(kind, row):
    options = row["opens"] | row["fixed"]
    if kind == "layers":
        make_layers([{"layer": row["name"], **options}], VECTOR if row["name"] == "linear" else (1, 8, 8))
    else:
        MAKE[kind](row, options)
    assert set(options) <= {parameter["name"] for parameter in row["parameters"]}
    for parameter in row["parameters"]:
        if parameter["required"]:
            assert parameter["name"] in options
    assert row["title"]
    assert row["sentence"]


def test_every_name_is_in_the_catalogue_once():
    tables = {"optimizers": OPTIMIZERS, "schedules": SCHEDULES, "initialisations": INITIALISATIONS, "losses": LOSSES}
    for kind, table in tables.items():
        assert {name for row in networks()[kind] for name in row["names"]} == set(table)
    for rows in networks().values():
        assert len({row["name"] for row in rows}) == len(rows)


def test_optimizers_race_as_they_are_chosen():
    assert list(RUNNERS) == [row["name"] for row in networks()["optimizers"]]
    assert RUNNERS["nesterov"] == ("Nesterov", {"name": "sgd", "momentum": 0.9, "nesterov": True})


def test_each_task_has_its_own_loss():
    own = {row["task"]: row["name"] for row in networks()["losses"] if row["task"]}
    assert own == {"classification": "cross_entropy", "regression": "mse"}


def test_an_alias_begins_as_the_name_that_is_shown():
    for row in networks()["initialisations"]:
        drawn = [
            Network(["flatten", {"layer": "linear", "out_features": 2}], input_shape=(1, 2, 2), initialisation=name)
            for name in row["names"]
        ]
        assert len({network.parameters()["1.weight"].tobytes() for network in drawn}) == 1
