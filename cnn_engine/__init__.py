"""Convolutional networks in NumPy: every operation whole, and one step at a time."""

from cnn_engine.errors import ConvoscopeError, ImageError, ParameterError, ShapeError, StepRangeError
from cnn_engine.feature_maps import explain_pixel, feature_maps
from cnn_engine.geometry import AxisGeometry, output_size
from cnn_engine.limits import Setting, limits
from cnn_engine.ops import (
    avg_pool2d,
    conv2d,
    flatten,
    global_avg_pool2d,
    global_max_pool2d,
    max_pool2d,
    relu,
)
from cnn_engine.trace import Step, Trace, trace_avg_pool2d, trace_conv2d, trace_flatten, trace_max_pool2d
from cnn_engine.windows import pad2d

__all__ = [
    "AxisGeometry",
    "ConvoscopeError",
    "ImageError",
    "ParameterError",
    "Setting",
    "ShapeError",
    "Step",
    "StepRangeError",
    "Trace",
    "avg_pool2d",
    "conv2d",
    "explain_pixel",
    "feature_maps",
    "flatten",
    "global_avg_pool2d",
    "global_max_pool2d",
    "limits",
    "max_pool2d",
    "output_size",
    "pad2d",
    "relu",
    "trace_avg_pool2d",
    "trace_conv2d",
    "trace_flatten",
    "trace_max_pool2d",
]
