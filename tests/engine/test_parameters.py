"""What a function's parameters accept is read from its signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import pytest

from cnn_engine import trace_conv_transpose2d
from cnn_engine.geometry import Padding, Size
from cnn_engine.parameters import Accepts, describe, options_of

Rate = Annotated[float, Accepts("number", above=0, below=1)]


def shown(function: Any, skipped: int = 0) -> list[dict[str, Any]]:
    return [parameter.as_json() for parameter in describe(function, skipped)]


def example(
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Padding = 0,
    rate: Rate | None = 0.5,
    mode: Literal["nearest", "bilinear"] = "nearest",
    on: bool = False,
    seed: int = 0,
    betas: Annotated[Sequence[float], Accepts("numbers", length=2, title="β")] = (0.9, 0.99),
) -> None: ...


def test_every_kind_of_parameter_is_described() -> None:
    """Name, title and kind of all; bounds, words and a default where there are any."""
    assert shown(example) == [
        {"name": "kernel_size", "title": "Kernel size", "kind": "size", "minimum": 1, "required": True},
        {"name": "stride", "title": "Stride", "kind": "size", "minimum": 1, "required": False, "default": None},
        {
            "name": "padding",
            "title": "Padding",
            "kind": "padding",
            "minimum": 0,
            "words": ("valid", "same", "same_lower"),
            "required": False,
            "default": 0,
        },
        {
            "name": "rate",
            "title": "Rate",
            "kind": "number",
            "above": 0,
            "below": 1,
            "required": False,
            "default": 0.5,
        },
        {
            "name": "mode",
            "title": "Mode",
            "kind": "word",
            "words": ("nearest", "bilinear"),
            "required": False,
            "default": "nearest",
        },
        {"name": "on", "title": "On", "kind": "flag", "required": False, "default": False},
        {"name": "seed", "title": "Seed", "kind": "whole", "required": False, "default": 0},
        {
            "name": "betas",
            "title": "β",
            "kind": "numbers",
            "length": 2,
            "required": False,
            "default": (0.9, 0.99),
        },
    ]


class Layer:
    """A class whose constructor is described."""

    def __init__(self, input_shape: tuple[int, ...], *, features: Annotated[int, Accepts("whole", minimum=1)]) -> None:
        """Takes a shape, which is not described, and features."""


@pytest.mark.parametrize(
    ("first", "names"), [(False, ["size", "own", "rate", "deep"]), (True, ["size", "rate", "deep", "own"])]
)
def test_options_of_another_function_are_described_as_there(first: bool, names: list[str]) -> None:
    """Its defaults as well; what it takes by position is not taken."""

    def declared(size: Size, *, rate: Rate = 0.5, deep: bool = True) -> None: ...

    @options_of(declared, first=first)
    def taking(size: Size, *, own: int = 1, **options: Any) -> dict[str, Any]:
        return options

    described = {parameter.name: parameter for parameter in describe(taking)}
    assert list(described) == names
    assert (described["rate"], described["deep"]) == describe(declared)[1:]
    assert taking(2, deep=False) == {"deep": False}


def test_an_option_that_there_is_not_is_refused() -> None:
    """It is not accepted and ignored on its way to what reads it."""
    with pytest.raises(TypeError, match="unexpected keyword argument 'strides'"):
        trace_conv_transpose2d([[1.0]], [[1.0]], strides=2)  # type: ignore[call-arg]


def test_a_constructor_is_described_after_its_first_parameters() -> None:
    """`self` is never among them."""
    assert shown(Layer, 1) == [
        {"name": "features", "title": "Features", "kind": "whole", "minimum": 1, "required": True}
    ]


def test_an_annotation_that_does_not_say_what_is_accepted_is_refused() -> None:
    """Nothing is left out in silence."""
    with pytest.raises(TypeError, match="the annotation of input_shape does not say what it accepts"):
        describe(Layer)
