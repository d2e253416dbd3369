"""A call, and its arguments by name while they are brought into modern form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from scribal.exceptions import ScribalError
from scribal.legacy.changes.values import UNKNOWN, Values

__all__ = ["Arguments", "Call", "NoModernFormError", "Note"]

V = TypeVar("V")

_LONGEST_SHOWN = 40


class NoModernFormError(ScribalError, TypeError):
    """Keras 3 has nothing that does what an old call asks for."""


@dataclass(frozen=True)
class Note:
    """One thing that was changed, as text: what was written, and what to write (empty if nothing)."""

    old: str
    modern: str


@dataclass
class Call(Generic[V]):
    """A call of a function, class or method.

    Attributes:
        name: What is called; of a modern call, its qualified name, such as ``"keras.layers.Conv2D"``.
        positional: Arguments by position, without ``self``.
        keywords: Arguments by name.
        notes: What was changed.
        input: What a layer said about its input, as arguments of ``keras.Input``; empty if nothing.
        before: Layers that stand before this one today, in their order, for what is no argument of it any more.
        behind: Layers that stand behind it.
    """

    name: str
    positional: list[V] = field(default_factory=list)
    keywords: dict[str, V] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    input: dict[str, V] = field(default_factory=dict)
    before: list[V] = field(default_factory=list)
    behind: list[V] = field(default_factory=list)


class Arguments(Generic[V]):
    """The arguments of one call, all by name, in the order in which they were written.

    Args:
        call: The call.
        order: Names of the positional arguments.
        values: What the arguments are made of.

    Attributes:
        callee: What is called today, where it depends on the arguments; else empty.
    """

    def __init__(self, call: Call[V], order: Iterable[str], values: Values[V]) -> None:
        self.values = values
        self.callee = ""
        self.notes: list[Note] = []
        self.input: dict[str, V] = {}
        self.before: list[V] = []
        self.behind: list[V] = []
        names = tuple(order)
        self._items = dict(zip(names, call.positional, strict=False))
        self._by_position = set(self._items)
        self._texts: dict[str, str] = {}
        self._written = [self.text(value) for value in call.positional]
        self._rest = call.positional[len(names) :]
        self._items.update(call.keywords)

    def __contains__(self, name: str) -> bool:
        return name in self._items

    def names(self) -> list[str]:
        """The names of all arguments."""
        return list(self._items)

    def get(self, name: str) -> V:
        """The value of an argument that is there."""
        return self._items[name]

    def literal(self, name: str, default: object = None) -> object:
        """An argument's plain value, or UNKNOWN; the default if it is not there."""
        return self.values.literal(self._items[name]) if name in self._items else default

    def take(self, name: str) -> V:
        """Remove an argument and give its value."""
        self._by_position.discard(name)
        return self._items.pop(name)

    def drop(self, name: str, instead: str = "") -> None:
        """Remove an argument that has no place any more, and note what stands in its place, if anything does."""
        if name not in self._by_position:
            self.note(self.shown(name), instead)
        self.take(name)

    def put(self, name: str, value: V) -> None:
        """Set an argument, by keyword if it is new."""
        self._items[name] = value

    def replace(self, old: Iterable[str], name: str, value: V, *, text: str | None = None) -> None:
        """Put one argument in the place of those of `old` that are there, and note it.

        Args:
            old: Names of arguments.
            name: Today's name.
            value: Its value.
            text: The value as text, where that cannot be seen from it.

        Raises:
            NoModernFormError: The argument was given under its modern name too.
        """
        there = [each for each in old if each in self._items]
        if name in self._items and name not in there:
            raise NoModernFormError(
                "An argument is given once",
                received=", ".join([*there, name]),
                advice=f"Keep {name} alone",
            )
        if text is not None:
            self._texts[name] = text
        if self._by_position & set(there):
            self._by_position.add(name)
            # Arguments by position are noted together, once all of them are known.
            self._written += [self.shown(each) for each in there if each not in self._by_position]
        else:
            self.note(", ".join(self.shown(each) for each in there), f"{name}={text or self.text(value)}")
        items: dict[str, V] = {}
        for each, kept in self._items.items():
            if each == there[0]:
                items[name] = value
            elif each not in there:
                items[each] = kept
        self._items = items
        self._by_position -= set(there) - {name}

    def note(self, old: str, modern: str) -> None:
        """Note a change of an argument given by name; a change of what was changed before is one change."""
        if old == modern:
            return
        for place, note in enumerate(self.notes):
            if note.modern == old:
                self.notes[place] = Note(note.old, modern)
                return
        self.notes.append(Note(old, modern))

    def shown(self, name: str) -> str:
        """An argument as text, such as ``nb_epoch=12``; values that are long or unknown are shown as ``…``."""
        return f"{name}={self.text(self._items[name])}"

    def modern(self, name: str, order: Iterable[str]) -> Call[V]:
        """The call that these arguments make now.

        Args:
            name: What is called.
            order: Today's names of the positional arguments.
        """
        keywords = dict(self._items)
        positional: list[V] = []
        for each in order:
            if each not in self._by_position or each not in keywords:
                break
            positional.append(keywords.pop(each))
        self._note_positions(order, positional, keywords)
        called = self.callee or name
        return Call(called, positional + self._rest, keywords, self.notes, self.input, self.before, self.behind)

    def _note_positions(self, order: Iterable[str], positional: list[V], keywords: dict[str, V]) -> None:
        """Note how the arguments by position changed, among them those that are given by name now."""
        texts = [self._texts.get(name) or self.text(value) for name, value in zip(order, positional, strict=False)]
        texts += [self.text(value) for value in self._rest]
        named = [name for name in keywords if name in self._by_position]
        now = texts + [f"{name}={self._texts.get(name) or self.text(keywords[name])}" for name in named]
        if now != self._written:
            self.notes.insert(0, Note(", ".join(self._written), ", ".join(now)))

    def text(self, value: V) -> str:
        """A value as text; ``…`` if it is long or unknown."""
        literal = self.values.literal(value)
        text = "…" if literal is UNKNOWN else repr(literal)
        return text if len(text) <= _LONGEST_SHOWN else "…"
