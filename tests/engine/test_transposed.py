"""Transposed convolution against loops over its definition, and both of its traces against it."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import ParameterError, ShapeError, conv2d, conv_transpose2d, limits, trace_conv_transpose2d


def naive(x, w, b, *, stride, padding, output_padding, groups, dilation):
    """Every product, one at a time, added where the definition puts it."""
    channels, height, width = x.shape
    _, per_group, kh, kw = w.shape
    (top, bottom), (left, right) = padding
    reach = [
        (size - 1) * s + d * (k - 1) + 1 + extra
        for size, s, d, k, extra in zip((height, width), stride, dilation, (kh, kw), output_padding, strict=True)
    ]
    canvas = np.zeros((per_group * groups, *reach))
    for c, i, j in np.ndindex(*x.shape):
        for o, u, v in np.ndindex(per_group, kh, kw):
            f = c // (channels // groups) * per_group + o
            canvas[f, i * stride[0] + u * dilation[0], j * stride[1] + v * dilation[1]] += x[c, i, j] * w[c, o, u, v]
    return canvas[:, top : reach[0] - bottom, left : reach[1] - right] + b[:, None, None]


def draw(seed):
    rng = np.random.default_rng(seed)
    groups, per_group = (int(number) for number in rng.integers(1, 3, 2))
    channels = groups * int(rng.integers(1, 3))
    stride, dilation = (tuple(map(int, rng.integers(1, 4, 2))) for _ in range(2))
    x = rng.integers(-5, 6, (channels, *rng.integers(3, 6, 2))).astype(float)
    w = rng.integers(-3, 4, (channels, per_group, *rng.integers(2, 4, 2))).astype(float)
    b = rng.integers(-3, 4, per_group * groups).astype(float)
    return (x, w, b), {
        "stride": stride,
        "padding": tuple(tuple(map(int, rng.integers(0, 2, 2))) for _ in range(2)),
        "output_padding": tuple(int(rng.integers(0, max(pair))) for pair in zip(stride, dilation, strict=True)),
        "groups": groups,
        "dilation": dilation,
    }


def test_by_hand():
    output = conv_transpose2d([[[1, 2], [3, 4]]], [[[[1, 10], [100, 1000]]]], stride=2)
    assert output.tolist() == [
        [[1, 10, 2, 20], [100, 1000, 200, 2000], [3, 30, 4, 40], [300, 3000, 400, 4000]],
    ]
    overlapping = conv_transpose2d([[[1, 2], [3, 4]]], [[[[1, 10], [100, 1000]]]], [5])
    assert overlapping.tolist() == [[[6, 17, 25], [108, 1239, 2045], [305, 3405, 4005]]]


@pytest.mark.parametrize("seed", range(40))
def test_against_loops(seed):
    arrays, options = draw(seed)
    expected = naive(*arrays, **options)
    output = conv_transpose2d(*arrays, **options)
    np.testing.assert_array_equal(output, expected)
    np.testing.assert_array_equal(conv_transpose2d(arrays[0][None], *arrays[1:], **options)[0], expected)


@pytest.mark.parametrize("seed", range(40))
def test_both_traces_come_to_the_output(seed):
    arrays, options = draw(seed)
    output = conv_transpose2d(*arrays, **options)
    gather = trace_conv_transpose2d(*arrays, **options)
    columns = gather.columns()
    assert len(gather) == output.size
    np.testing.assert_array_equal(gather.tensors["output"], output)
    np.testing.assert_array_equal(columns["output"], output.ravel())
    np.testing.assert_array_equal(columns["products"].sum(axis=(1, 2, 3)) + columns["bias"], output.ravel())
    scatter = trace_conv_transpose2d(*arrays, **options, mode="scatter")
    assert len(scatter) == arrays[0].size
    np.testing.assert_array_equal(scatter.tensors["output"], output)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_scattered_lands_where_the_columns_say(seed):
    arrays, options = draw(seed)
    trace = trace_conv_transpose2d(*arrays[:2], **options, mode="scatter")
    canvas = np.zeros(trace.output_shape)
    for step in trace:
        for u, v in np.ndindex(*step.inside.shape):
            row, col = step.position[0] + u * options["dilation"][0], step.position[1] + v * options["dilation"][1]
            within = 0 <= row < canvas.shape[1] and 0 <= col < canvas.shape[2]
            assert step.inside[u, v] == within
            if within:
                canvas[step.channel : step.channel + len(step.products), row, col] += step.products[:, u, v]
        np.testing.assert_array_equal(step.output, canvas)


def test_a_part_of_the_steps_is_that_part_of_all():
    arrays, options = draw(3)
    trace = trace_conv_transpose2d(*arrays, **options, mode="scatter")
    whole, part = trace.columns(), trace.columns(4, 7)
    for name, column in part.items():
        np.testing.assert_array_equal(column, whole[name][4:7], err_msg=name)
    assert trace.descriptions(4, 7) == trace.descriptions()[4:7]


@pytest.mark.parametrize("seed", range(10))
def test_it_is_the_way_back_of_a_convolution(seed):
    """<conv(x), y> = <x, conv_transpose(y)>: the definition of a transpose."""
    rng = np.random.default_rng(seed)
    stride, padding, dilation = 2, 1, int(rng.integers(1, 3))
    w = rng.integers(-3, 4, (3, 2, 3, 3)).astype(float)
    x = rng.integers(-3, 4, (2, 9, 9)).astype(float)
    forward = conv2d(x, w, stride=stride, padding=padding, dilation=dilation)
    y = rng.integers(-3, 4, forward.shape).astype(float)
    extra = 9 - conv_transpose2d(y, w, stride=stride, padding=padding, dilation=dilation).shape[1]
    back = conv_transpose2d(y, w, stride=stride, padding=padding, dilation=dilation, output_padding=extra)
    assert (forward * y).sum() == (x * back).sum()


def test_the_dtype_is_kept():
    x, w = np.ones((1, 2, 2), np.float32), np.ones((1, 1, 2, 2))
    assert conv_transpose2d(x, w).dtype == np.float32
    assert trace_conv_transpose2d(x, w).tensors["output"].dtype == np.float32


X, W = [[[1.0, 2.0]]], [[[[1.0, 1.0]]]]


@pytest.mark.parametrize(
    ("call", "error", "field"),
    [
        (lambda: conv_transpose2d(X, W, output_padding=1), ParameterError, "output_padding"),
        (lambda: conv_transpose2d(X, W, padding="same"), ParameterError, "padding"),
        (lambda: conv_transpose2d(X, W, padding=2), ShapeError, "padding"),
        (lambda: conv_transpose2d(X, [*W, *W]), ShapeError, "weight"),
        (lambda: conv_transpose2d(X, W, [1.0, 2.0]), ShapeError, "bias"),
        (lambda: conv_transpose2d(X, W, groups=2), ParameterError, "groups"),
        (lambda: trace_conv_transpose2d(X, W, mode="both"), ParameterError, "mode"),
    ],
)
def test_refusals_name_the_field(call, error, field):
    with pytest.raises(error) as caught:
        call()
    assert caught.value.field == field


@pytest.mark.parametrize("seed", range(10))
def test_every_limit_can_be_computed_and_the_next_value_cannot(seed):
    arrays, options = draw(seed)
    setting = trace_conv_transpose2d(*arrays, **options).setting
    caps = {"kernel_size": 7, "stride": 4, "padding": 4, "output_padding": 4, "dilation": 4}
    for name, ranges in limits(setting, {**caps, "input_size": 12}).items():
        low, high = ranges["height"]
        assert 0 <= low <= high
        if name not in {"padding", "input_size"}:
            width = setting.values[name][1]
            assert setting.computes(**{name: (high, width)})
            assert high == caps[name] or not setting.computes(**{name: (high + 1, width)})
