"""The chain rule as paths: every way from one number of a network to the loss, and what each adds to its gradient.

Along a path the local derivatives are multiplied, from the loss down to the number; where paths meet, their products
are added. There are more paths than anybody could count in all but the smallest networks, so the strongest are kept,
layer by layer from the loss down: the strongest paths of a cell are among those that go on with the strongest ones of
the cells that it reached.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cnn_engine.catalogue import OPERATIONS
from cnn_engine.errors import ParameterError
from cnn_engine.nn.options import one_of
from cnn_engine.tensors import layer_and_name
from cnn_engine.trace.backward import BackwardTrace
from cnn_engine.trace.base import Array
from cnn_engine.trace.network import NetworkTrace
from cnn_engine.trace.passes import LOSSES
from cnn_engine.trace.strongest_paths import Edges, edges_of, of_answers, of_cells
from cnn_engine.words import Message

MOST = 12  # paths that are told one by one
MANY = 2**53  # as many and more are given as so many: float64 holds every whole number up to here


@dataclass(frozen=True)
class Path:
    """One way from the loss down to a number.

    Attributes:
        cells: an index in each tensor on the way.
        local: the local derivatives in the same order: the loss by the first cell, that by the next, and so on.
        product: of all of them, multiplied from the first to the last.
    """

    cells: tuple[tuple[int, ...], ...]
    local: tuple[float, ...]
    product: float


@dataclass(frozen=True)
class Paths:
    """All the paths of one number.

    Attributes:
        tensor, index: the number.
        along: the tensors on the way, from the network's answer to that of the number itself, called as in the
            network's trace: "4.output" is what layer 4, from 0, gives.
        made_by: what makes the loss of the first of them, that of the next one, and so on.
        gradient: of the loss by the number, as the backward pass has it.
        sum: the products of all paths, added up layer by layer.
        paths: the strongest, strongest first; of equal ones that whose steps come first in the traces. Those whose
            product is 0 are not among them.
        total: how many there are, up to `MANY`.
        rest: how many more than `paths` have a product that is not 0, and `rest_sum` what they add up to.
        stopped: why the product of the others is 0, by the first local derivative of 0 on the way from the loss down
            -> how many: "gate" (one of ReLU is closed), "winner" (another value won its window), "weight" and "value"
            (of 0, where they met), "slope" (an activation is flat), "loss" (so it is of one of the answers).
        reached: the cells that the number reaches on its way to the loss: tensor -> (cells, axes).
    """

    tensor: str
    index: tuple[int, ...]
    along: tuple[str, ...]
    made_by: tuple[Message, ...]
    gradient: float
    sum: float
    paths: tuple[Path, ...]
    total: int
    rest: int
    rest_sum: float
    stopped: Mapping[str, int]
    reached: Mapping[str, Array]

    def finding(self) -> Message:
        """Return how many paths there are, where the others end, and what they add up to."""
        own = {"tensor": self.tensor, "gradient": self.gradient, "total": self.total, "stopped": dict(self.stopped)}
        return Message("learning.paths", own)


def gradient_paths(trace: NetworkTrace, tensor: str, index: Sequence[int], most: int = MOST) -> Paths:
    """Return the paths of one number of a network, the strongest of them one by one.

    Args:
        trace: the network and its sample.
        tensor: "input", a parameter's name, or what a layer gives: "0.output".
        index: of the number, from 0, as long as the tensor has axes.
        most: how many paths are told one by one.

    Raises:
        ParameterError: no such tensor or number.
    """
    shapes = shapes_of(trace)
    shape, where = shapes[one_of(tensor, "paths.tensor", tuple(shapes))], tuple(index)
    if len(where) != len(shape) or not all(0 <= at < size for at, size in zip(where, shape, strict=True)):
        raise ParameterError("number_outside_parameter", "paths.index", where="paths.index", name=tensor, shape=shape)
    with np.errstate(all="ignore"):
        return _Search(trace, tensor, where, shapes, most).result()


def shapes_of(trace: NetworkTrace) -> dict[str, tuple[int, ...]]:
    """Return the tensors whose numbers have paths to the loss, with their shapes."""
    outputs = {f"{at}.output": part.layer.output_shape for at, part in enumerate(trace.forward.parts)}
    return {
        "input": trace.forward.first.shape,
        **{name: own.shape for name, own in trace.parameters.items()},
        **outputs,
    }


class _Search:
    """The cells that a number reaches, layer by layer, and from the loss down the strongest paths of each."""

    def __init__(
        self,
        trace: NetworkTrace,
        tensor: str,
        index: tuple[int, ...],
        shapes: Mapping[str, tuple[int, ...]],
        most: int,
    ) -> None:
        self.trace, self.tensor, self.index, self.shapes, self.most = trace, tensor, index, shapes, most
        self.names, self.ways = [tensor], list[Edges]()
        self.cells = [np.array([np.ravel_multi_index(index, shapes[tensor])], np.intp)]
        for layer, way in self._levels():
            self.ways.append(edges_of(way, self.cells[-1]))
            self.cells.append(self.ways[-1].reached)
            self.names.append(f"{layer}.output")
        self.above = trace.backward.above(len(trace.forward.parts) - 1).reshape(-1)[self.cells[-1]]
        self.found = [of_answers(self.above)]
        for edges in reversed(self.ways):
            self.found.insert(0, of_cells(edges, self.found[0], most))

    def _levels(self) -> Iterator[tuple[int, BackwardTrace]]:
        """Yield the layers that the number goes through, each with the trace of the gradient by what it comes from."""
        first, name = self._own()
        first += name == "output"
        for layer in range(first, len(self.trace.forward.parts)):
            is_own = layer == first and name not in {"", "output"}
            way = self.trace.backward.trace(layer, name if is_own else "input")
            assert isinstance(way, BackwardTrace)  # as those of all layers are
            yield layer, way

    def _own(self) -> tuple[int, str]:
        """Return the layer of the number's tensor, and the name in it; none of the input."""
        return (0, "") if self.tensor == "input" else layer_and_name(self.tensor)

    def result(self) -> Paths:
        """Return what was found of the number."""
        own = self.found[0]
        found = [self._path(rank) for rank in range(own.products.shape[1])]
        paths = tuple(path for path in found if path is not None)
        total, passing = (int(min(count, MANY)) for count in (own.total[0], own.passing[0]))
        rest, whole = passing - len(paths), float(own.sums[0])
        return Paths(
            tensor=self.tensor,
            index=self.index,
            along=tuple(reversed(self.names)),
            made_by=tuple(self._made_by()),
            gradient=float(self._gradient()[self.index]),
            sum=whole,
            paths=paths,
            total=total,
            rest=rest,
            rest_sum=whole - math.fsum(path.product for path in paths) if rest else 0.0,
            stopped=self._stopped(),
            reached={
                name: np.stack(np.unravel_index(cells, self.shapes[name]), axis=-1)
                for name, cells in zip(self.names[1:], self.cells[1:], strict=True)
            },
        )

    def _made_by(self) -> Iterator[Message]:
        """Yield the titles of the operations on the way, the loss first."""
        forward = self.trace.forward
        yield OPERATIONS[LOSSES[forward.loss].forward].title
        for name in reversed(self.names[1:]):
            yield OPERATIONS[forward.parts[layer_and_name(name)[0]].layer.kind].title

    def _gradient(self) -> Array:
        if self.tensor == "input":
            return self.trace.input_gradient
        layer, name = self._own()
        return self.trace.backward.above(layer) if name == "output" else self.trace.gradients[self.tensor]

    def _path(self, rank: int) -> Path | None:
        """Return the path of this rank of the number; none where it has fewer."""
        product, at = float(self.found[0].products[0, rank]), 0
        cells: list[tuple[int, ...]] = []
        local: list[float] = []
        for level, (name, numbers, found) in enumerate(zip(self.names, self.cells, self.found, strict=True)):
            if not len(numbers) or found.choices[at, rank] < 0:
                return None
            index = np.unravel_index(int(numbers[at]), self.shapes[name])
            cells.append(tuple(map(int, index)))
            if level == len(self.ways):
                local.append(float(self.above[at]))
                continue
            edges = self.ways[level]
            term, rank = divmod(int(found.choices[at, rank]), self.found[level + 1].products.shape[1])
            local.append(float(edges.local[at, term]))
            at = int(edges.at[at, term])
        return Path(tuple(reversed(cells)), tuple(reversed(local)), product)

    def _stopped(self) -> dict[str, int]:
        """Return where paths end whose product is 0, on the way from the loss down."""
        counts: dict[str, int] = {}
        ways: Array = np.ones(1)  # from the number to each cell of a level
        for edges, after in zip(self.ways, self.found[1:], strict=True):
            ended = float((ways * edges.added(after.passing, edges.real & ~edges.passing)).sum())
            counts[edges.why] = counts.get(edges.why, 0) + int(min(ended, MANY))
            each = np.broadcast_to(ways[:, None], edges.real.shape)[edges.real]
            ways = np.bincount(edges.at[edges.real], each, len(edges.reached))
        counts["loss"] = int(min(ways[self.above == 0].sum(), MANY))
        return {why: count for why, count in counts.items() if count}
