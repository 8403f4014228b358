"""The operations one step at a time. A trace is a value: ordered steps and the tensors that they read and write."""

from cnn_engine.trace.base import Step, Trace
from cnn_engine.trace.conv2d import trace_conv2d
from cnn_engine.trace.flatten import trace_flatten
from cnn_engine.trace.pool2d import trace_avg_pool2d, trace_max_pool2d

__all__ = ["Step", "Trace", "trace_avg_pool2d", "trace_conv2d", "trace_flatten", "trace_max_pool2d"]
