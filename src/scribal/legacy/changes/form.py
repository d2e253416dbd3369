"""How the calls of one function, class or method changed: a table row, and what is done with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from scribal.legacy.changes.call import Arguments, Call, NoModernFormError
from scribal.legacy.changes.values import UNKNOWN, Values

__all__ = ["Form", "Gone", "Order", "Step"]

V = TypeVar("V")

Order = Callable[[list[object], set[str]], tuple[str, ...]]
"""Chooses the names of positional arguments by their plain values, or UNKNOWN, and the keywords beside them."""

Step = Callable[[Arguments[Any]], None]
"""A change that concerns several arguments at once, or depends on their values."""


@dataclass(frozen=True)
class Gone:
    """An argument that no longer exists.

    Attributes:
        instead: What it was for, or what does its work today; for the reader of an error.
        harmless: Values without effect; None when the argument never changes a result. Others are refused.
    """

    instead: str = ""
    harmless: tuple[object, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Form:
    """How the calls of one name changed, applied from top to bottom.

    Attributes:
        modern: Today's qualified name.
        order: Today's names of the positional arguments, as far as anyone gives them by position.
        old_order: The old names, where they differ: as a tuple, or chosen by the values.
        steps: What concerns several arguments at once.
        renamed: Old names of arguments and today's.
        spelled: By today's name of an argument, its old values and today's.
        gone: Arguments that no longer exist, by their old names.
        refused: Why there is no modern form at all, and what to do; empty if there is one.
    """

    modern: str
    order: tuple[str, ...] = ()
    old_order: tuple[str, ...] | Order | None = None
    steps: tuple[Step, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    spelled: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    gone: Mapping[str, Gone] = field(default_factory=dict)
    refused: str = ""

    def apply(self, call: Call[V], values: Values[V]) -> Call[V]:
        """Bring a call into modern form.

        Raises:
            NoModernFormError: Keras 3 has no form for it.
        """
        if self.refused:
            raise NoModernFormError(
                f"Keras 3 has no {call.name}", received=f"a call of {call.name}", advice=self.refused
            )
        arguments = Arguments(call, self._order_of(call, values), values)
        for step in self.steps:
            step(arguments)
        for name in arguments.names():
            if name in self.gone:
                _drop(arguments, name, self.gone[name])
            elif name in self.renamed:
                arguments.replace([name], self.renamed[name], arguments.get(name))
        for name, spellings in self.spelled.items():
            if name in arguments:
                _spell(arguments, name, spellings)
        return arguments.modern(self.modern, self.order)

    def _order_of(self, call: Call[V], values: Values[V]) -> tuple[str, ...]:
        if self.old_order is None:
            return self.order
        if isinstance(self.old_order, tuple):
            return self.old_order
        return self.old_order([values.literal(value) for value in call.positional], set(call.keywords))


def _drop(arguments: Arguments[Any], name: str, gone: Gone) -> None:
    value = arguments.literal(name)
    # A value that only the running program knows gets the benefit of the doubt.
    if gone.harmless is not None and value is not UNKNOWN and value not in gone.harmless:
        raise NoModernFormError(
            f"Keras 3 has no argument {name}",
            received=arguments.shown(name),
            advice=gone.instead or f"Leave {name} out",
        )
    arguments.drop(name)


def _spell(arguments: Arguments[Any], name: str, spellings: Mapping[Any, Any]) -> None:
    value = arguments.literal(name)
    if isinstance(value, (str, bool, int, float)) and value in spellings:
        arguments.replace([name], name, arguments.values.constant(spellings[value]))
