"""Callbacks that copy ``logs`` into a dict of their own, and read ``acc`` from that: they are given the old names."""

from collections.abc import Callable
from types import FunctionType
from typing import Any

from scribal.legacy.journal import current_journal
from scribal.legacy.models.measure_names import Measures

__all__ = ["give_old_names"]

_OLD, _TODAY = {"acc", "val_acc"}, {"accuracy", "val_accuracy"}
_COPYING = {"items", "iteritems", "keys", "update"}
_TOLD = ("on_batch_end", "on_train_batch_end", "on_epoch_end")


def give_old_names(callback: Any) -> None:
    """Let a callback of the program find ``acc`` where it goes through what it is told.

    Args:
        callback: Of the training that is about to begin; nothing is done where it speaks of ``accuracy``, or asks
            ``logs`` themselves, which know both names.
    """
    functions = [
        member
        for cls in type(callback).__mro__
        for member in vars(cls).values()
        if isinstance(member, FunctionType) and current_journal().is_own(member.__code__.co_filename)
    ]
    words = {word for function in functions for word in function.__code__.co_consts if isinstance(word, str)}
    asked = {name for function in functions for name in function.__code__.co_names}
    if not (words & _OLD and asked & _COPYING) or words & _TODAY:
        return
    for name in _TOLD:
        if name in {function.__name__ for function in functions}:
            setattr(callback, name, _told_in_old_names(getattr(callback, name)))


def _told_in_old_names(method: Callable[..., Any]) -> Callable[..., Any]:
    def stand_in(number: int, logs: Any = None) -> Any:
        old = {name.replace("accuracy", "acc") if name in _TODAY else name: value for name, value in logs.items()}
        current_journal().adapted("'acc' in what was copied from logs", "'accuracy'")
        return method(number, Measures(old))

    return stand_in
