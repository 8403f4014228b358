"""The arrays that operations take, by how many axes they may have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, get_args

from numpy.typing import ArrayLike

from cnn_engine.parameters import Accepts

Values = Annotated[ArrayLike, Accepts("tensor")]  # of any shape
Vector = Annotated[ArrayLike, Accepts("tensor", axes=(1,))]
Matrix = Annotated[ArrayLike, Accepts("tensor", axes=(2,))]  # (out, in)
Batch = Annotated[ArrayLike, Accepts("tensor", axes=(3, 4))]  # (C, H, W), or (N, C, H, W)
Filters = Annotated[ArrayLike, Accepts("tensor", axes=(4,))]  # (O, C / groups, kH, kW)

# Of one sample, which is what a trace takes.
Maps = Annotated[ArrayLike, Accepts("tensor", axes=(2, 3))]  # (H, W), or (C, H, W)
LineOrMaps = Annotated[ArrayLike, Accepts("tensor", axes=(1, 2, 3))]
Kernels = Annotated[ArrayLike, Accepts("tensor", axes=(2, 4))]  # (kH, kW) for one channel, or (O, C / groups, kH, kW)

# The gradient of an output, whose shape follows from the rest: an array, or a function of the shape such as np.ones.
Incoming = ArrayLike | Callable[[tuple[int, ...]], ArrayLike]
GradientOfVector = Annotated[Incoming, Accepts("tensor", axes=(1,))]
GradientOfMaps = Annotated[Incoming, Accepts("tensor", axes=(2, 3))]
GradientOfLineOrMaps = Annotated[Incoming, Accepts("tensor", axes=(1, 2, 3))]


def layer_and_name(name: str) -> tuple[int, str]:
    """Return whose a tensor of a network is, and what it is called there, by its name as PyTorch has it: "0.weight"."""
    layer, _, own = name.partition(".")
    return int(layer), own


def axes_of(kind: Any) -> tuple[int, ...]:
    """Return how many axes an array of one of these kinds may have."""
    accepts = next(one for one in get_args(kind) if isinstance(one, Accepts))
    return accepts.axes or ()
