"""Channels in groups, as an axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ParameterError
from cnn_engine.relations.axes import Given, Indices, MeetingPoints, Progressions


@dataclass(frozen=True)
class Blocks:
    """Channels in groups: each output of a group meets each of the group's inputs, and none of another's.

    Roles: out and in, channels of the whole; kept and depth, the same counted within their group.
    """

    groups: int
    inputs: int
    outputs: int

    @classmethod
    def of(cls, channels: int, filters: int, groups: int = 1, *, of_layer: bool = False) -> Blocks:
        """Return the blocks of so many channels and filters in all.

        Raises:
            ParameterError: the groups do not divide the channels, or the filters: a layer's, or those of weights.
        """
        if channels % groups:
            raise ParameterError("groups_do_not_divide_channels", "groups", groups=groups, channels=channels)
        if filters % groups and of_layer:
            raise ParameterError("groups_do_not_divide_outputs", "groups", groups=groups, out_channels=filters)
        if filters % groups:
            raise ParameterError("groups_do_not_divide_filters", "groups", groups=groups, filters=filters)
        return cls(groups, channels // groups, filters // groups)

    @classmethod
    def same(cls, channels: int) -> Blocks:
        """Return channels that meet themselves alone."""
        return cls(channels, 1, 1)

    def size(self, role: str) -> int:
        """Return how many channels there are, in all or in a group."""
        whole = self.groups if role in ("out", "in") else 1
        return whole * (self.outputs if role in ("out", "kept") else self.inputs)

    def most(self, role: str) -> int:
        """Return how many channels each one meets."""
        return self.inputs if role == "out" else self.outputs

    def read(self, out: Indices) -> Indices:
        """Return (out, depth): the input channels that each output channel reads."""
        return self.span(out)[:, :1] + np.arange(self.inputs)

    def span(self, out: Indices) -> Indices:
        """Return (out, 2): the first and the last of the input channels that each output channel reads."""
        first = out // self.outputs * self.inputs
        return np.stack([first, first + self.inputs - 1], axis=1)

    def first_fed(self, channel: Indices) -> Indices:
        """Return the first of the output channels that each input channel goes to; the group's others follow."""
        return channel // self.inputs * self.outputs

    def by_output(self, weight: NDArray[Any]) -> NDArray[Any]:
        """Return weights (in, kept, ...) of a transposed convolution as (out, depth, ...)."""
        blocks = weight.reshape(self.groups, self.inputs, self.outputs, *weight.shape[2:])
        return blocks.swapaxes(1, 2).reshape(self.size("out"), self.inputs, *weight.shape[2:])

    def by_input(self, weight: NDArray[Any]) -> NDArray[Any]:
        """Return weights (out, depth, ...) of a convolution as (in, kept, ...)."""
        blocks = weight.reshape(self.groups, self.outputs, self.inputs, *weight.shape[2:])
        return blocks.swapaxes(1, 2).reshape(self.size("in"), self.outputs, *weight.shape[2:])

    def progressions(self, given: Given) -> Progressions:
        """Return the points that have a given out or in, or one of a group beside it."""
        out, channel = given.get("out"), given.get("in")
        group = out // self.outputs if out is not None else given["in"] // self.inputs
        kept = out - group * self.outputs if out is not None else given.get("kept")
        depth = channel - group * self.inputs if channel is not None else given.get("depth")
        free = {"kept": kept is None, "depth": depth is None}
        count = (self.outputs if free["kept"] else 1) * (self.inputs if free["depth"] else 1)
        kept = np.zeros_like(group) if kept is None else kept
        depth = np.zeros_like(group) if depth is None else depth
        first = {"kept": kept, "depth": depth, "out": group * self.outputs + kept, "in": group * self.inputs + depth}
        step = {"kept": int(free["kept"]), "depth": int(free["depth"])}
        return Progressions(first, step | {"out": step["kept"], "in": step["depth"]}, np.full_like(group, count))

    def points(self, given: Given) -> MeetingPoints:
        """Return the points of the progressions."""
        return self.progressions(given).points()
