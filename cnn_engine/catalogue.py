"""The operations, with all that follows from how they are declared (`cnn_engine.operations`).

What the parameters are, how far they go and which columns a step holds is in the signature of an operation's trace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from cnn_engine import operations
from cnn_engine.code import BODIES
from cnn_engine.nn.layers import LAYERS
from cnn_engine.nn.layers.base import Layer
from cnn_engine.operations import GROUPS, LINKED, OF_LOSSES
from cnn_engine.parameters import Parameter, describe
from cnn_engine.trace.base import Trace
from cnn_engine.trace.columns import Column
from cnn_engine.words import ENGLISH, Message, say

BACKWARD = "backward"  # the group of gradients


@dataclass(frozen=True)
class Operation:
    """One operation: the name by which the API and a trace's `op` know it, its group, and what follows."""

    name: str
    group: str

    @property
    def trace(self) -> Callable[..., Trace]:
        """What steps through it."""
        traced: Callable[..., Trace] = getattr(operations, f"trace_{self.name}")
        return traced

    @property
    def function(self) -> Callable[..., Any] | None:
        """What computes it whole, where anything does."""
        return getattr(operations, self.name, None)

    @property
    def title(self) -> Message:
        """What people call it."""
        own = self._called("title")
        return Message("operations.backward_title", {"title": own}) if self.group == BACKWARD else own

    @property
    def summary(self) -> Message:
        """What it is, as the first words of a sentence."""
        if self.group != BACKWARD:
            return self._called("summary")
        operands = "_of_operands" if any(parameter.name == "wrt" for parameter in self.parameters) else ""
        return Message(f"operations.backward_summary{operands}", {"called": self.called})

    @property
    def called(self) -> Message:
        """What it is called within a sentence."""
        return self._called("called")

    @property
    def choice(self) -> Message:
        """What it is called where a page lets choose it."""
        return self._called("choice")

    def _called(self, what: str) -> Message:
        return Message(f"operations.{self.name.removesuffix('_backward')}.{what}", {})

    @property
    def identifier(self) -> str:
        """The name as that of a type: MaxPool2d."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What its trace takes."""
        return describe(self.trace)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """What a step of its trace holds."""
        held: tuple[Column, ...] = get_type_hints(self.trace, include_extras=True)["return"].__metadata__[0]
        return held

    @property
    def linked(self) -> str:
        """What links call it."""
        return LINKED.get(self.name, self.name)

    @property
    def gradient(self) -> Operation | None:
        """What steps through its gradients, where anything does."""
        return OPERATIONS.get(OF_LOSSES.get(self.name, f"{self.name}_{BACKWARD}"))

    @property
    def layer(self) -> type[Layer] | None:
        """The layer of a network that does the same."""
        return LAYERS.get(self.name)

    @property
    def programs(self) -> Mapping[str, Callable[[Trace], str]] | None:
        """What writes it as a program, for each framework."""
        return BODIES.get(self.name)

    def as_json(self, code: str = ENGLISH) -> dict[str, Any]:
        """Return the row as the API shows it, its title and summary in the language of this code."""
        head = {"name": self.name, "title": say(self.title, code), "summary": say(self.summary, code)}
        return head | {"group": self.group, **self.takes_and_holds()}

    def takes_and_holds(self) -> dict[str, list[dict[str, Any]]]:
        """Return its parameters and its columns as the API shows them."""
        return {
            "parameters": [parameter.as_json() for parameter in self.parameters],
            "columns": [column.as_json() for column in self.columns],
        }


OPERATIONS = {name: Operation(name, group) for group, listed in GROUPS.items() for name in listed}


def names(group: str) -> list[str]:
    """Return the names of the operations of a group."""
    return list(GROUPS[group])
