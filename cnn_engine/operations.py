"""Every operation, declared once: a module that exports it (`__all__`), and its name in a group.

`trace_` and its name is what steps through it; the name alone, where it is a function, computes it whole; a trace with
`_backward` behind its name steps through its gradients. `cnn_engine` exports all of these from here, and
`cnn_engine.catalogue` says what follows.
"""

from cnn_engine.interpolation import *
from cnn_engine.losses import *
from cnn_engine.ops import *
from cnn_engine.pointwise import *
from cnn_engine.pointwise import ACTIVATIONS as _ACTIVATIONS
from cnn_engine.trace.average_or_dense import *
from cnn_engine.trace.backward_pools import *
from cnn_engine.trace.backward_values import *
from cnn_engine.trace.backward_windows import *
from cnn_engine.trace.conv2d import *
from cnn_engine.trace.conv_transpose2d import *
from cnn_engine.trace.depth import *
from cnn_engine.trace.flatten import *
from cnn_engine.trace.global_pool2d import *
from cnn_engine.trace.interpolate2d import *
from cnn_engine.trace.linear import *
from cnn_engine.trace.loss_backward import *
from cnn_engine.trace.optimizers import *
from cnn_engine.trace.pad2d import *
from cnn_engine.trace.pointwise import *
from cnn_engine.trace.pool2d import *
from cnn_engine.trace.softmax import *
from cnn_engine.trace.stacked_conv2d import *
from cnn_engine.transposed import *
from cnn_engine.windows import *

GROUPS = {
    "convolution": ["conv2d", "conv_transpose2d", "stacked_conv2d", "interpolate2d"],
    "pooling": ["max_pool2d", "avg_pool2d", "global_max_pool2d", "global_avg_pool2d"],
    "padding": ["pad2d"],
    "flatten": ["flatten"],
    "dense": ["linear", "dense", "average_or_dense"],
    "activation": [*_ACTIVATIONS],
    "answer": [
        *("softmax", "log_softmax", "cross_entropy"),
        *("binary_cross_entropy", "binary_cross_entropy_with_logits", "mse"),
    ],
    "optimizers": ["optimizers"],
    "depth": ["depth"],
}
# What links call an operation, where not by its name.
LINKED = {"interpolate2d": "upsample"} | {_name: _name.removesuffix("_pool2d") for _name in GROUPS["pooling"]}
# What steps through the gradient of each loss.
OF_LOSSES = {
    "cross_entropy": "softmax_cross_entropy_backward",
    "binary_cross_entropy_with_logits": "sigmoid_binary_cross_entropy_backward",
    "mse": "mse_backward",
}
_GRADIENTS = [f"{_name}_backward" for _names in GROUPS.values() for _name in _names]
GROUPS["backward"] = [
    *(_name for _name in _GRADIENTS if f"trace_{_name}" in globals() and _name not in OF_LOSSES.values()),
    *OF_LOSSES.values(),
]
