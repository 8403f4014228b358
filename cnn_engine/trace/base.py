"""What every trace is: a length, columns of steps, tensors, and steps that can say themselves.

Nothing is computed until it is asked for: making a trace of a large input is free.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.costs import STEPPED, work
from cnn_engine.errors import StepRangeError
from cnn_engine.geometry import Geometry
from cnn_engine.ranges import Setting
from cnn_engine.relations.links import Links, links, merge
from cnn_engine.relations.operations import Relation
from cnn_engine.trace.showing import Show, in_network
from cnn_engine.words import ENGLISH, Alike, Cells, Message, Messages, sentences_of
from cnn_engine.words.arguments import Called

Array = NDArray[Any]
Columns = dict[str, Array]
Find = Callable[[], Iterable[Cells]]  # of the numbers of each message
Source = Array | Callable[[], Array]
Linked = tuple[Relation, Iterable[tuple[str, str]]]


class Tensors(Mapping[str, Array]):
    """Named tensors, each computed when it is first asked for."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = dict(sources)

    def __getitem__(self, name: str) -> Array:
        source = self._sources[name]
        if callable(source):
            source = self._sources[name] = source()
        return source

    def __contains__(self, name: object) -> bool:
        return name in self._sources  # a mapping's own way would compute it

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


def lists(columns: Columns, **names: str) -> dict[str, list[Any]]:
    """Return columns as lists, each under the name of the argument that it is."""
    return {argument: columns[name].tolist() for argument, name in names.items()}


def indices(column: Array) -> list[tuple[int, ...]]:
    """Return the cells that a column holds, numbers too, as indices of their tensor."""
    return [tuple(cell) if isinstance(cell, list) else (cell,) for cell in column.tolist()]


def found_at(cells: Sequence[Sequence[int]], **tensors: str) -> Find:
    """Return what finds the cells of numbers that stand at the same index in these tensors."""
    return lambda: ({name: (tensor, tuple(cell)) for name, tensor in tensors.items()} for cell in cells)


class Step:
    """One step: every column of the trace as an attribute. Places are tuples, single numbers are numbers."""

    def __init__(self, trace: Trace, index: int) -> None:
        self.trace = trace
        self.index = index
        columns = trace.columns(index, index + 1)
        self.columns = {name: _plain(column[0]) for name, column in columns.items()}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(f"a step of this trace has no {name}") from None

    def __repr__(self) -> str:
        cell = self.columns.get("output_cell", self.columns.get("input_cell"))
        return f"Step({self.index} of {self.trace.op}: cell={cell}, output={self.output})"

    def describe(self) -> str:
        """Return the step as a sentence for a beginner; rows and columns are counted from 1."""
        return self.trace.descriptions(self.index, self.index + 1)[0]


def _plain(value: Any) -> Any:
    if np.ndim(value) == 0:
        return value.item() if isinstance(value, np.generic) else value
    if np.ndim(value) == 1 and value.dtype == np.intp:
        return tuple(value.tolist())
    return value


class Trace(ABC):
    """The ordered steps of an operation, one for each output cell, with the tensors they read and write.

    Attributes:
        op: the operation's name.
        params: its parameters, brought to one form.
        tensors: "input", "output" and the operation's own, computed when asked for.
        geometry: {"height", "width"} for operations with windows, else None.
        outer: the same of a second layer, which reads what the first gives.
        counts: {"multiplications", "parameters"} where an operation has weights, else None.
        acts: what two numbers are that a step brings together, among a language's `amounts`.
        called: what its channels and numbers are called where it is a layer of a network.
        on_request: the tensors that explain rather than compute: given when they are asked for by name.
        setting: a `Setting`, for asking what else could be chosen; None without windows.
    """

    op: str
    params: dict[str, Any]
    tensors: Tensors
    geometry: Geometry | None = None
    outer: Geometry | None = None
    setting: Setting | None = None
    counts: dict[str, int] | None = None
    acts = "multiplications"
    called: Called | None = None
    on_request: tuple[str, ...] = ()

    @cached_property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of the output, known without computing it."""
        return self._output_shape()

    @abstractmethod
    def _output_shape(self) -> tuple[int, ...]: ...

    @abstractmethod
    def _columns(self, cells: Array) -> Columns:
        """Return the columns of the steps with these numbers."""

    def _messages(self, columns: Columns) -> Messages:
        """Return what each of these steps does; not asked for where `page` says it in a way of its own."""
        raise NotImplementedError

    def _linked(self) -> Iterable[Linked]:
        """Return the relations of the operation, each with the pairs of tensors of which it links one to the other."""
        return ()

    def links(self, names: Collection[str]) -> Links:
        """Return which cells of one of these tensors have to do with which cells of another, as rules to look up."""
        kept = ((relation, [pair for pair in pairs if set(pair) <= set(names)]) for relation, pairs in self._linked())
        return merge(links(relation, pairs) for relation, pairs in kept)

    def __len__(self) -> int:
        return math.prod(self.output_shape)

    def __getitem__(self, index: int) -> Step:
        from_start = index + len(self) if index < 0 else index
        if not 0 <= from_start < len(self):
            raise StepRangeError("step_outside_the_trace", "steps", index=index, count=len(self))
        return Step(self, from_start)

    def __iter__(self) -> Iterator[Step]:
        return (self[index] for index in range(len(self)))

    def columns(self, start: int = 0, stop: int | None = None) -> Columns:
        """Return the steps from `start` up to `stop`, a column each: arrays whose first axis is the step.

        Raises:
            StepRangeError: a range that is not inside the trace.
        """
        end = len(self) if stop is None else stop
        self._check_range(start, end)
        return self._columns(np.arange(start, end))

    def _check_range(self, start: int, end: int) -> None:
        if not 0 <= start <= end <= len(self):
            raise StepRangeError("steps_outside_the_trace", "steps", start=start, end=end, count=len(self))

    @property
    def has_largest(self) -> bool:
        """Whether its largest output says something: where a pattern is found, or which class is answered."""
        return bool(self.geometry)

    def largest(self) -> tuple[int, ...]:
        """Return the cell with the output's largest value, the first if several have it; or the first that is NaN."""
        output = self.tensors["output"]
        return tuple(int(index) for index in np.unravel_index(output.argmax(), output.shape))

    def _by_steps(self, together: int) -> Array:
        """Return the whole output as its steps have it, so many of them computed at once."""
        ends = [*range(0, len(self), together), len(self)]
        parts = [self._columns(np.arange(*part))["output"] for part in pairwise(ends)]
        return np.concatenate(parts).reshape(self.output_shape)

    @property
    def first_work(self) -> int:
        """What has to be computed before any step, in nanoseconds of one core."""
        return 0

    @property
    def window_size(self) -> int:
        """How many values one step reads."""
        if "weight" in self.tensors:
            return int(self.tensors["weight"][0].size)
        return math.prod(axis.kernel_size for axis in (self.geometry or {}).values())

    def sizes(self) -> dict[str, int]:
        """Return how many numbers each of the large tensors holds, known without computing it."""
        sizes = {name: self.tensors[name].size for name in ("input", "weight") if name in self.tensors}
        sizes["output"] = math.prod(self.output_shape)
        if self.geometry:
            cells = math.prod(axis.padded_size for axis in self.geometry.values())
            sizes["padded_input"] = cells * len(self.tensors["input"])
        return sizes

    def work(self) -> int:
        """Return what the whole output costs, in nanoseconds of one core, counted before it is computed."""
        return work(f"{STEPPED}value", values=math.prod(self.output_shape))

    def steps_work(self, start: int, stop: int) -> int:
        """Return what a range of steps costs where that is much: their sources, long sums, winners to be found."""
        return 0

    def show(self) -> Show | None:
        """Return how the steps are shown; None for a trace that no page shows in this way."""
        return None

    def shown(self) -> Show | None:
        """Return the same, with channels and numbers called as in the network that it is a layer of."""
        show = self.show()
        return in_network(show, self.called) if show and self.called else show

    def correlation(self) -> Show | None:
        """Return the same steps as those of a correlation; None for what is none, or is shown so anyway."""
        return None

    def page(self, start: int = 0, stop: int | None = None) -> tuple[Columns, list[Messages]]:
        """Return the columns of some steps, and what each of them does: messages that are alike together."""
        columns = self.columns(start, stop)
        return columns, [self._messages(columns)]

    def messages(self, start: int = 0, stop: int | None = None) -> list[Message]:
        """Return what each of these steps does, for any language."""
        return [message for messages in self.page(start, stop)[1] for message in messages]

    def descriptions(self, start: int = 0, stop: int | None = None, *, code: str = ENGLISH) -> list[str]:
        """Return what each of these steps does, as a sentence in the language of this code."""
        return [sentence for messages in self.page(start, stop)[1] for sentence in sentences_of(messages, code)]

    def _alike(self, id: str, shared: Mapping[str, Any], own: Mapping[str, Sequence[Any]], find: Find) -> Alike:
        """Return what steps do that do alike, with what channels and numbers are called."""
        return Alike(id, shared if self.called is None else {**shared, "called": self.called}, own, find)
