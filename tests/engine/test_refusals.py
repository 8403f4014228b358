"""Bad input: each is refused in a sentence that names the value and the rule, and the argument by `field`."""

from __future__ import annotations

import numpy as np
import pytest

import cnn_engine as engine
from cnn_engine import ConvoscopeError, ParameterError, ShapeError, StepRangeError
from cnn_engine.data.presets import input_values, kernel_values

X = np.arange(16.0).reshape(1, 4, 4)
W = np.ones((1, 1, 3, 3))


def conv(x=X, w=W, b=None, **options):
    """Both the operation and its trace: they refuse alike."""
    with pytest.raises(ConvoscopeError) as whole:
        engine.conv2d(x, w, b, **options)
    with pytest.raises(ConvoscopeError) as traced:
        engine.trace_conv2d(x, w, b, **options)
    assert (type(traced.value), str(traced.value)) == (type(whole.value), str(whole.value))
    raise whole.value


def pool(kind="max", x=X, kernel_size=2, **options):
    """Both a pool and its trace."""
    with pytest.raises(ConvoscopeError) as whole:
        getattr(engine, f"{kind}_pool2d")(x, kernel_size, **options)
    with pytest.raises(ConvoscopeError) as traced:
        getattr(engine, f"trace_{kind}_pool2d")(x, kernel_size, **options)
    assert (type(traced.value), str(traced.value)) == (type(whole.value), str(whole.value))
    raise whole.value


CONVOLUTIONS = [
    ({"w": np.ones((1, 1, 5, 3))}, ShapeError, "kernel_size", "kernel_size 5 exceeds the padded input height 4"),
    (
        {"w": np.ones((1, 1, 3, 9)), "padding": (0, 2)},
        ShapeError,
        "kernel_size",
        "kernel_size 9 exceeds the padded input width 8",
    ),
    (
        {"dilation": 2},
        ShapeError,
        "kernel_size",
        "kernel_size 3 with dilation 2 spans 5 cells and exceeds the padded input height 4",
    ),
    ({"stride": 0}, ParameterError, "stride", "stride 0 is less than 1"),
    ({"stride": (1, -2)}, ParameterError, "stride", "stride -2 is less than 1"),
    ({"stride": 1.5}, ParameterError, "stride", "stride must be a whole number, not 1.5"),
    ({"stride": True}, ParameterError, "stride", "stride must be a whole number, not True"),
    ({"stride": "2"}, ParameterError, "stride", "stride must be a whole number, not '2'"),
    (
        {"stride": (1, 2, 3)},
        ParameterError,
        "stride",
        "stride [1, 2, 3] must be one number or a pair (height, width)",
    ),
    ({"dilation": 0}, ParameterError, "dilation", "dilation 0 is less than 1"),
    ({"padding": -1}, ParameterError, "padding", "padding -1 is less than 0"),
    ({"padding": ((0, 1), (2, -3))}, ParameterError, "padding", "padding -3 is less than 0"),
    ({"padding": "full"}, ParameterError, "padding", 'padding "full" is none of "valid", "same", "same_lower"'),
    (
        {"padding_mode": "mirror"},
        ParameterError,
        "padding_mode",
        'padding_mode "mirror" is none of "zeros", "reflect", "replicate", "circular"',
    ),
    (
        {"padding": 4, "padding_mode": "reflect"},
        ParameterError,
        "padding",
        "padding 4 with reflect must be smaller than the input height 4",
    ),
    (
        {"padding": (0, 5), "padding_mode": "circular"},
        ParameterError,
        "padding",
        "padding 5 with circular must be at most the input width 4",
    ),
    ({"groups": 2}, ParameterError, "groups", "groups 2 does not divide the 1 input channel"),
    ({"groups": 0}, ParameterError, "groups", "groups 0 is less than 1"),
    (
        {"x": np.ones((4, 4, 4)), "w": np.ones((3, 2, 1, 1)), "groups": 2},
        ParameterError,
        "groups",
        "groups 2 does not divide the 3 filters of weight",
    ),
    (
        {"w": np.ones((1, 2, 3, 3))},
        ShapeError,
        "weight",
        "weight has 2 channels where the input has 1 in 1 group",
    ),
    (
        {"x": np.ones((4, 4, 4)), "w": np.ones((2, 4, 1, 1)), "groups": 2},
        ShapeError,
        "weight",
        "weight has 4 channels where the input has 4 in 2 groups",
    ),
    ({"w": np.ones((0, 1, 3, 3))}, ShapeError, "weight", "weight of shape (0, 1, 3, 3) is empty"),
    (
        {"b": [1, 2]},
        ShapeError,
        "bias",
        "bias of shape (2,) must have 1 value, one for each filter",
    ),
    ({"x": np.ones((1, 0, 4))}, ShapeError, "input", "input of shape (1, 0, 4) is empty"),
    ({"x": [[[1, 2], [3]]]}, ShapeError, "input", "input is ragged: its rows have different lengths"),
    ({"x": [[["a", "b"]]]}, ParameterError, "input", "input must hold real numbers, not <U1"),
    ({"x": np.ones((1, 4, 4), complex)}, ParameterError, "input", "input must hold real numbers, not complex128"),
    ({"x": np.ones((1, 4, 4), bool)}, ParameterError, "input", "input must hold real numbers, not bool"),
]

POOLS = [
    ({"kernel_size": 5}, ShapeError, "kernel_size", "kernel_size 5 exceeds the padded input height 4"),
    ({"kernel_size": 0}, ParameterError, "kernel_size", "kernel_size 0 is less than 1"),
    ({"stride": 0}, ParameterError, "stride", "stride 0 is less than 1"),
    (
        {"padding": 2},
        ParameterError,
        "padding",
        "padding 2 must be smaller than the effective kernel height 2",
    ),
    (
        {"padding": ((0, 0), (0, 3)), "dilation": (1, 2)},
        ParameterError,
        "padding",
        "padding 3 must be smaller than the effective kernel width 3",
    ),
    ({"ceil_mode": 1}, ParameterError, "ceil_mode", "ceil_mode must be true or false, not 1"),
    ({"x": [[[]]]}, ShapeError, "input", "input of shape (1, 1, 0) is empty"),
]


def refused(call, error, field, message):
    with pytest.raises(error) as refusal:
        call()
    assert str(refusal.value) == message
    assert refusal.value.field == field
    assert isinstance(refusal.value, ConvoscopeError)


@pytest.mark.parametrize(("arguments", "error", "field", "message"), CONVOLUTIONS)
def test_a_convolution_that_cannot_be(arguments, error, field, message):
    refused(lambda: conv(**arguments), error, field, message)


@pytest.mark.parametrize("kind", ["max", "avg"])
@pytest.mark.parametrize(("arguments", "error", "field", "message"), POOLS)
def test_a_pool_that_cannot_be(kind, arguments, error, field, message):
    refused(lambda: pool(kind, **arguments), error, field, message)


def test_windows_with_nothing_in_them():
    gap = {"x": np.ones((1, 1, 2)), "kernel_size": (1, 2), "stride": 1, "padding": (0, 3), "dilation": (1, 4)}
    message = "dilation 4 lets window 2 of the width hold padding alone: "
    refused(
        lambda: pool("avg", **gap, count_include_pad=False),
        ParameterError,
        "dilation",
        message + "there is nothing to average",
    )
    gap["x"] = np.ones((1, 1, 2), np.int32)
    refused(lambda: pool("max", **gap), ParameterError, "dilation", message + "int32 has nothing to say so with")


def test_count_include_pad_is_true_or_false():
    message = "count_include_pad must be true or false, not 'no'"
    refused(lambda: pool("avg", count_include_pad="no"), ParameterError, "count_include_pad", message)


@pytest.mark.parametrize(
    ("call", "error", "field", "message"),
    [
        (lambda: engine.conv2d(X[0], W), ShapeError, "input", "input has 2 axes where 3 or 4 are needed"),
        (lambda: engine.conv2d(X, W[0, 0]), ShapeError, "weight", "weight has 2 axes where 4 are needed"),
        (lambda: engine.trace_conv2d(X[None], W), ShapeError, "input", "input has 4 axes where 2 or 3 are needed"),
        (lambda: engine.trace_flatten([1, 2]), ShapeError, "input", "input has 1 axis where 2 or 3 are needed"),
        (
            lambda: engine.flatten(X, 3),
            ParameterError,
            "start_dim",
            "start_dim 3 is not an axis of an input with 3 axes",
        ),
        (
            lambda: engine.pad2d(X, "same"),
            ParameterError,
            "padding",
            'padding "same" needs a kernel; give numbers here',
        ),
        (
            lambda: engine.pad2d(X, 1, mode="reflect", value=2),
            ParameterError,
            "value",
            'value 2 is for "zeros" alone; reflect takes its values from the input',
        ),
        (
            lambda: engine.pad2d([[1, 2]], 1, value=0.5),
            ParameterError,
            "value",
            "value 0.5 cannot be held by int64",
        ),
        (
            lambda: engine.output_size(4, 5),
            ShapeError,
            "kernel_size",
            "kernel_size 5 exceeds the padded input height 4",
        ),
        (lambda: engine.output_size(0, 1), ParameterError, "input_size", "input_size 0 is less than 1"),
    ],
)
def test_other_operations_that_cannot_be(call, error, field, message):
    refused(call, error, field, message)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda trace: trace[4], "step 4 is outside the trace of 4 steps"),
        (lambda trace: trace[-5], "step -5 is outside the trace of 4 steps"),
        (lambda trace: trace.columns(0, 5), "steps 0 to 5 are outside the trace of 4 steps"),
        (lambda trace: trace.columns(-1, 2), "steps -1 to 2 are outside the trace of 4 steps"),
        (lambda trace: trace.columns(3, 2), "steps 3 to 2 are outside the trace of 4 steps"),
        (lambda trace: trace.descriptions(4, 6), "steps 4 to 6 are outside the trace of 4 steps"),
    ],
)
def test_steps_outside_the_trace(call, message):
    trace = engine.trace_conv2d(X, W)
    refused(lambda: call(trace), StepRangeError, "steps", message)
    with pytest.raises(IndexError):
        call(trace)


def test_a_step_has_its_columns_and_no_others():
    with pytest.raises(AttributeError, match="a step of this trace has no divisor"):
        _ = engine.trace_conv2d(X, W)[0].divisor


@pytest.mark.parametrize(
    ("call", "field", "message"),
    [
        (lambda: input_values("lesson", (33, 1)), "size", "size 33 × 1 must be from 1 × 1 to 32 × 32"),
        (lambda: kernel_values("outline", (0, 3)), "size", "size 0 × 3 must be from 1 × 1 to 32 × 32"),
        (lambda: input_values("lesson", channels=0), "channels", "channels 0 must be at least 1"),
        (lambda: input_values("random", seed=-1), "seed", "seed -1 must not be negative"),
    ],
)
def test_presets_that_cannot_be(call, field, message):
    refused(call, ParameterError, field, message)


@pytest.mark.parametrize("values", [input_values, kernel_values])
def test_a_preset_that_is_not_there(values):
    with pytest.raises(ParameterError, match=r'^there is no (input|kernel) "tiger"; there are .*\blesson\b') as refusal:
        values("tiger")
    assert refusal.value.field == "name"
