"""geometry and limits: what a control may be set to is exactly what can be computed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnn_engine import ConvoscopeError, Setting, avg_pool2d, conv2d, limits, max_pool2d
from cnn_engine.geometry import convolution_geometry, geometry
from cnn_engine.ops import avg_pool_geometry, pool_geometry

from . import naive
from .strategies import MODES, pairs, sides, thorough

CAPS = {"input_size": 9, "kernel_size": 6, "stride": 5, "padding": 5, "dilation": 4}


OWN = {  # what gives the geometry of an operation, and the arguments that it alone has
    conv2d: (convolution_geometry, {"padding_mode": "zeros"}),
    max_pool2d: (pool_geometry, {"ceil_mode": False}),
    avg_pool2d: (avg_pool_geometry, {"ceil_mode": False, "count_include_pad": True}),
}


def setting_of(operation, input_size, kernel_size, stride=(1, 1), padding=0, dilation=(1, 1), **own):
    axes, defaults = OWN[operation]
    sizes = {"input_size": input_size, "kernel_size": kernel_size, "stride": stride, "dilation": dilation}
    return Setting(axes, {**sizes, "padding": padding, **defaults, **own})


@st.composite
def settings(draw):
    """Any setting, possible or not."""
    operation = draw(st.sampled_from(list(OWN)))
    own = {name: draw(st.booleans()) for name in OWN[operation][1] if name != "padding_mode"}
    return setting_of(
        operation,
        draw(st.tuples(st.integers(1, 9), st.integers(1, 9))),
        draw(st.tuples(st.integers(1, 5), st.integers(1, 5))),
        draw(pairs),
        draw(st.one_of(st.sampled_from(["valid", "same", "same_lower"]), sides((3, 3)))),
        draw(pairs),
        **own,
        **({"padding_mode": draw(st.sampled_from(MODES))} if operation is conv2d else {}),
    )


def really_computes(setting, **changed):
    """Whether the operation itself, given these parameters, answers."""
    options = {**setting.values, **changed}
    x, kernel_size = np.zeros((1, *options.pop("input_size"))), options.pop("kernel_size")
    operation = next(operation for operation, (axes, _) in OWN.items() if axes is setting.axes)
    try:
        operation(x, np.zeros((1, 1, *kernel_size)) if operation is conv2d else kernel_size, **options)
    except ConvoscopeError:
        return False
    return True


def changed(setting, name, axis, value):
    """The setting's parameter with this value along one axis."""
    if name != "padding":
        current = setting.values[name]
        return {name: (value, current[1]) if axis == 0 else (current[0], value)}
    plain = {key: value for key, value in setting.values.items() if key not in ("padding_mode", "count_include_pad")}
    axes = geometry(**plain)
    around = [axes["height"].padding, axes["width"].padding]
    around[axis] = (value, value)
    return {"padding": tuple(around)}


@thorough
@given(settings())
def test_every_value_in_a_range_computes_and_those_just_outside_do_not(setting):
    if not really_computes(setting):
        assert not setting.computes()
        return
    for name, ranges in limits(setting, CAPS).items():
        for axis, (low, high) in enumerate((ranges["height"], ranges["width"])):
            least = 0 if name == "padding" else 1
            assert least <= low <= high
            outside = [value for value in (low - 1, high + 1) if least <= value <= CAPS[name]]
            works = {
                value: really_computes(setting, **changed(setting, name, axis, value))
                for value in [*range(low, high + 1), *outside]
            }
            assert works == {value: value not in outside for value in works}, (name, axis)
            if name != "padding":
                assert low <= setting.values[name][axis] <= high


def test_the_lessons_limits():
    """A 3 x 3 input under a 2 x 2 kernel: the kernel can grow to 3, and be spread to 3 cells by dilation 2."""
    ranges = limits(
        setting_of(conv2d, (3, 3), (2, 2)),
        {"input_size": 12, "kernel_size": 7, "stride": 4, "padding": 3, "dilation": 3},
    )
    assert ranges["input_size"]["height"] == (2, 12)
    assert ranges["kernel_size"]["width"] == (1, 3)
    assert ranges["stride"]["height"] == (1, 4)
    assert ranges["padding"]["width"] == (0, 3)
    assert ranges["dilation"]["height"] == (1, 2)


@pytest.mark.parametrize(("mode", "most"), [("zeros", 9), ("reflect", 3), ("replicate", 9), ("circular", 4)])
def test_the_padding_that_a_mode_allows(mode, most):
    setting = setting_of(conv2d, (4, 4), (3, 3), padding_mode=mode)
    assert limits(setting, {"padding": 9})["padding"]["height"] == (0, most)


def test_a_pool_may_be_padded_by_less_than_its_window():
    assert limits(setting_of(max_pool2d, (6, 6), (3, 3)), {"padding": 9})["padding"]["height"] == (0, 2)
    dilated = setting_of(max_pool2d, (6, 6), (3, 3), dilation=(2, 1))
    assert limits(dilated, {"padding": 9})["padding"] == {"height": (0, 4), "width": (0, 2)}


def test_a_range_ends_where_a_gap_begins():
    """10 taps at stride 4, reflecting: "same" pads 4 cells by (3, 3), 6 by (4, 4), but 5 by (4, 5): too much."""
    setting = setting_of(conv2d, (6, 6), (10, 10), (4, 4), "same", padding_mode="reflect")
    assert limits(setting, {"input_size": 6})["input_size"]["height"] == (6, 6)


@thorough
@given(
    st.integers(1, 12),
    st.integers(1, 5),
    st.integers(1, 4),
    st.tuples(*[st.integers(0, 4)] * 2),
    st.integers(1, 3),
    st.booleans(),
)
def test_an_axis_by_counting_its_windows(size, kernel, stride, padding, dilation, ceil_mode):
    assume(not ceil_mode or max(padding) <= dilation * (kernel - 1))  # only pools round up, and they pad less
    indices = naive.starts(size, kernel, stride, padding, dilation, ceil_mode)
    arguments = {"stride": stride, "padding": (padding, padding), "dilation": dilation, "ceil_mode": ceil_mode}
    if not indices:
        with pytest.raises(ConvoscopeError):
            geometry((size, size), kernel, **arguments)
        return
    axis = geometry((size, size), kernel, **arguments)["height"]
    reach = dilation * (kernel - 1) + 1
    end, padded = indices[-1] + reach, size + sum(padding)
    assert axis.output_size == len(indices)
    assert axis.output_size == (math.ceil if ceil_mode else math.floor)(axis.quotient) + 1 - axis.left_out
    assert axis.left_out in {0, int(ceil_mode)}
    assert axis.effective_kernel_size == reach
    assert (axis.span, axis.quotient) == (padded - reach, (padded - reach) / stride)
    assert (axis.unread, axis.overhang) == ((padded - end, 0) if end <= padded else (0, end - padded))
    reads = [[index + tap * dilation for tap in range(kernel)] for index in indices]
    positions = np.arange(len(indices))
    assert axis.window_slide.met(positions).tolist() == reads
    assert axis.input_slide.inside(positions).tolist() == [
        [padding[0] <= tap < padding[0] + size for tap in taps] for taps in reads
    ]
