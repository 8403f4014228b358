"""What is counted, against loops that count."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import ParameterError, conv2d, multiplications, parameters, receptive_field, trace_conv2d, visit_counts
from cnn_engine.geometry import geometry
from cnn_engine.relations.counts import dense_counts


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, ((0, 2), (1, 0))])
@pytest.mark.parametrize("dilation", [1, 2])
def test_visits_against_a_loop(stride, padding, dilation):
    trace = trace_conv2d(np.zeros((7, 8)), np.ones((3, 2)), stride=stride, padding=padding, dilation=dilation)
    (top, _), (left, _) = trace.params["padding"]
    expected = np.zeros((7, 8), int)
    for step in trace:
        for i, j in np.ndindex(3, 2):
            row, col = step.position[0] + i * dilation - top, step.position[1] + j * dilation - left
            if 0 <= row < 7 and 0 <= col < 8:
                expected[row, col] += 1
    axes = geometry((7, 8), (3, 2), stride=stride, padding=padding, dilation=dilation)
    np.testing.assert_array_equal(visit_counts(axes), expected)
    np.testing.assert_array_equal(trace.tensors["visit_counts"], expected)


def test_a_corner_is_read_less_often_and_never_not_at_all():
    counts = visit_counts(geometry((5, 5), 3))
    assert (counts[0, 0], counts[2, 2]) == (1, 9)
    assert visit_counts(geometry((5, 5), 3, padding=1))[0, 0] == 4


def test_multiplications_and_parameters():
    trace = trace_conv2d(np.zeros((4, 6, 6)), np.zeros((6, 2, 3, 3)), np.zeros(6), groups=2)
    assert multiplications(trace.output_shape, (6, 2, 3, 3)) == sum(step.products.size for step in trace)
    assert parameters((6, 2, 3, 3)) == 6 * 2 * 9 + 6
    assert parameters((6, 2, 3, 3), bias=False) == 108


@pytest.mark.parametrize(
    "layers",
    [
        [{"kernel_size": 3}],
        [{"kernel_size": 3}, {"kernel_size": 3}],
        [{"kernel_size": (3, 2), "stride": 2}, {"kernel_size": 2, "dilation": 3}],
        [{"kernel_size": 2, "stride": 2}, {"kernel_size": 3, "stride": (1, 2)}, {"kernel_size": 2}],
    ],
)
def test_the_receptive_field_is_what_a_value_depends_on(layers):
    found = receptive_field(layers)
    size = 40
    marked = np.zeros((size, size))
    for row, col in np.ndindex(size, size):
        x = np.zeros((1, size, size))
        x[0, row, col] = 1
        for layer in layers:
            kernel = np.broadcast_to(layer["kernel_size"], 2)
            options = {name: layer[name] for name in ("stride", "dilation") if name in layer}
            x = conv2d(x, np.ones((1, 1, *kernel)), **options)
        marked[row, col] = x[0, 0, 0] != 0
    rows, cols = np.nonzero(marked.any(axis=1))[0], np.nonzero(marked.any(axis=0))[0]
    assert (rows.max() + 1, cols.max() + 1) == found["size"]


def test_jumps_multiply():
    assert receptive_field([{"kernel_size": 2, "stride": 2}, {"kernel_size": 2, "stride": (2, 3)}])["jump"] == (4, 6)
    assert receptive_field([]) == {"size": (1, 1), "jump": (1, 1)}


def test_a_layer_without_a_kernel_is_refused():
    with pytest.raises(ParameterError, match="kernel_size"):
        receptive_field([{"stride": 2}])


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_padding_says_where_it_came_from(mode):
    x = np.arange(1.0, 13.0).reshape(3, 4)
    trace = trace_conv2d(x, [[1.0]], padding=((1, 2), (2, 0)), padding_mode=mode)
    rows, cols = trace.tensors["source_rows"], trace.tensors["source_cols"]
    for (row, col), value in np.ndenumerate(trace.tensors["padded_input"][0]):
        if rows[row] < 0 or cols[col] < 0:
            assert (mode, value) == ("zeros", 0)
        else:
            assert value == x[rows[row], cols[col]]


@pytest.mark.parametrize("groups", [1, 2])
def test_partial_maps_make_up_the_output_bit_for_bit(groups):
    rng = np.random.default_rng(groups)
    x, w, b = rng.normal(size=(4, 6, 5)), rng.normal(size=(2, 4 // groups, 3, 2)), rng.normal(size=2)
    trace = trace_conv2d(x, w, b, stride=(2, 1), padding=1, groups=groups)
    partial, columns = trace.tensors["partial"], trace.columns()
    sums = columns["channel_sums"].reshape(*trace.output_shape, -1)
    np.testing.assert_array_equal(partial, np.moveaxis(sums, -1, 1))
    total = partial[:, 0]
    for c in range(1, partial.shape[1]):
        total = total + partial[:, c]
    np.testing.assert_array_equal(total + b[:, None, None], trace.tensors["output"])


def test_dense_layers_beside_convolutions_by_hand():
    """Layers 6 -> 4 -> 3; the second without a bias."""
    counts = dense_counts([(4, 6), (3, 4)], [True, False])
    assert counts == {
        "parameters": 4 * 6 + 4 + 3 * 4,
        "multiplications": 24 + 12,
        "parameters_28x28": 4 * 784 + 4 + 12,
        "parameters_224x224": 4 * 50_176 + 4 + 12,
        "convolution_parameters": 4 * 9 + 4 + 3 * 4 * 9,
    }
