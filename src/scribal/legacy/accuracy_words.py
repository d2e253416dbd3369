"""By which word a program reads its accuracy: ``acc``, as Keras called it until 2.2, or ``accuracy``.

A history answers to both. But a program may copy it, key by key, or make a table of it, and the copy has only the keys
that were written. So a program that says ``"acc"`` or ``"val_acc"``, and never the other word but to ``compile``, gets
a history with the keys it was written for.
"""

import ast
import contextlib
from collections.abc import Iterator

from scribal.legacy.journal import Place, current_journal

__all__ = ["is_called_acc", "note_accuracy_words", "noted_accuracy_words"]

_OLD = {"acc": "accuracy", "val_acc": "val_accuracy"}

_said: set[str] = set()
_read: dict[str, list[Place]] = {}


@contextlib.contextmanager
def noted_accuracy_words() -> Iterator[None]:
    """Begin with no words, until the block ends."""
    _forget()
    try:
        yield
    finally:
        _forget()


def note_accuracy_words(tree: ast.AST, file: str) -> None:
    """Keep the words for accuracy in a file of the user's, but for those that tell ``compile`` what to measure.

    Args:
        tree: Of the whole file, or a cell.
        file: What a traceback calls it.
    """
    _said.update(word for word, _ in _words(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(slice=key) | ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
                for word, line in _words(key):
                    _read.setdefault(word, []).append(Place(file, line))


def is_called_acc() -> bool:
    """Whether the program knows its accuracy by the old word alone; the journal is told where."""
    if not _said & _OLD.keys() or _said & set(_OLD.values()):
        return False
    for place, word in sorted((place, word) for word, places in _read.items() for place in places):
        current_journal().adapted(repr(word), repr(_OLD[word]), place=place)
    return True


def _forget() -> None:
    _said.clear()
    _read.clear()


def _words(node: ast.AST) -> Iterator[tuple[str, int]]:
    match node:
        case ast.Constant(value=str(word)) if word in _OLD or word in _OLD.values():
            yield word, node.lineno
        case ast.Call(func=ast.Attribute(attr="compile")):
            return
    for child in ast.iter_child_nodes(node):
        yield from _words(child)
