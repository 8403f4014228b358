"""Convolutional networks in NumPy: every operation whole, and one step at a time."""

from cnn_engine.errors import ConvoscopeError as ConvoscopeError
from cnn_engine.errors import ImageError as ImageError
from cnn_engine.errors import ParameterError as ParameterError
from cnn_engine.errors import ShapeError as ShapeError
from cnn_engine.errors import StepRangeError as StepRangeError
from cnn_engine.feature_maps import explain_pixel as explain_pixel
from cnn_engine.feature_maps import feature_maps as feature_maps
from cnn_engine.geometry import AxisGeometry as AxisGeometry
from cnn_engine.geometry import output_size as output_size
from cnn_engine.operations import *
from cnn_engine.ranges import Setting as Setting
from cnn_engine.ranges import limits as limits
from cnn_engine.relations.counts import multiplications as multiplications
from cnn_engine.relations.counts import parameters as parameters
from cnn_engine.relations.counts import receptive_field as receptive_field
from cnn_engine.relations.counts import visit_counts as visit_counts
from cnn_engine.trace.base import Step as Step
from cnn_engine.trace.base import Trace as Trace
from cnn_engine.trace.checking import check_gradient as check_gradient
from cnn_engine.trace.network import trace_network as trace_network
from cnn_engine.trace.paths import gradient_paths as gradient_paths
from cnn_engine.variations import flip_kernel as flip_kernel
from cnn_engine.variations import shift2d as shift2d
