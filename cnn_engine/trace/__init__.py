"""The operations one step at a time. A trace is a value: ordered steps and the tensors that they read and write."""

from cnn_engine.trace.base import Step, Trace
from cnn_engine.trace.conv2d import trace_conv2d
from cnn_engine.trace.conv_transpose2d import trace_conv_transpose2d
from cnn_engine.trace.flatten import trace_flatten
from cnn_engine.trace.global_pool2d import trace_global_avg_pool2d, trace_global_max_pool2d
from cnn_engine.trace.linear import trace_dense, trace_linear
from cnn_engine.trace.optimizers import trace_optimizers
from cnn_engine.trace.pad2d import trace_pad2d
from cnn_engine.trace.pointwise import (
    trace_leaky_relu,
    trace_relu,
    trace_sigmoid,
    trace_tanh,
)
from cnn_engine.trace.pool2d import trace_avg_pool2d, trace_max_pool2d
from cnn_engine.trace.softmax import (
    trace_binary_cross_entropy,
    trace_binary_cross_entropy_with_logits,
    trace_cross_entropy,
    trace_log_softmax,
    trace_mse,
    trace_softmax,
)

__all__ = [
    "Step",
    "Trace",
    "trace_avg_pool2d",
    "trace_binary_cross_entropy",
    "trace_binary_cross_entropy_with_logits",
    "trace_conv2d",
    "trace_conv_transpose2d",
    "trace_cross_entropy",
    "trace_dense",
    "trace_flatten",
    "trace_global_avg_pool2d",
    "trace_global_max_pool2d",
    "trace_leaky_relu",
    "trace_linear",
    "trace_log_softmax",
    "trace_max_pool2d",
    "trace_mse",
    "trace_optimizers",
    "trace_pad2d",
    "trace_relu",
    "trace_sigmoid",
    "trace_softmax",
    "trace_tanh",
]
