"""Batches from generators, as ``fit_generator`` took them.

Keras 2 went round such data for ever, as many steps an epoch as it was told; Keras 3 ends where they end. It also wants
each batch as a tuple. Keras 1 counted samples instead of steps, for which the size of a batch must be known.
"""

from collections.abc import Iterator
from itertools import chain
from types import GeneratorType
from typing import Any, Self

from scribal.backend import import_keras
from scribal.legacy.models.training_data import without_word

__all__ = ["Batches", "counts_samples", "endless", "with_known_size", "with_plain_targets"]


class Batches(Iterator[Any]):
    """The batches of an iterator, each a tuple.

    Args:
        source: Gives ``(x, y)``, ``(x, y, sample_weight)``, or ``x`` alone.

    Attributes:
        batch_size: Samples in the first batch; 1 if there is none.
    """

    def __init__(self, source: Iterator[Any]) -> None:
        first = next(source, None)
        self.batch_size = 1 if first is None else _size(first)
        self._batches: Iterator[Any] = iter(()) if first is None else chain([first], source)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        return _as_tuple(next(self._batches))


def with_known_size(source: Any) -> Any:
    """Make :class:`Batches` of an iterator that does not say how large its batches are; other data stay as they are."""
    is_iterator = hasattr(source, "__next__") and not hasattr(source, "__array__")
    return source if not is_iterator or hasattr(source, "batch_size") else Batches(source)


def counts_samples(source: Any, number: Any) -> bool:
    """Whether a number beside a generator is one of samples, as in Keras 1: more than batches, no more than samples."""
    batches, samples = getattr(source, "num_batches", None), getattr(source, "n", None)
    return isinstance(batches, int) and isinstance(samples, int) and batches < number <= samples


def endless(source: Any, steps: int | None) -> Any:
    """Make data in batches last for any number of steps.

    Args:
        source: What was given as data.
        steps: Steps an epoch; None if an epoch ends with the data.

    Returns:
        A generator for a ``PyDataset`` that would end too early or too late and for :class:`Batches`; else the source.
    """
    if isinstance(source, import_keras().utils.PyDataset):
        return source if steps is None or steps == source.num_batches else _around(source)
    # Keras takes generators, but no other iterators.
    return (batch for batch in source) if isinstance(source, Batches) else source


def with_plain_targets(source: Any, outputs: int) -> Any:
    """Let a generator for one output give ``(x, y)`` where it gives ``(x, {"output": y})``; other data stay."""
    is_for_one = outputs == 1 and isinstance(source, GeneratorType)
    return (_without_words(batch) for batch in source) if is_for_one else source


def _without_words(batch: Any) -> Any:
    if not isinstance(batch, list | tuple) or len(batch) < 2:  # noqa: PLR2004 (inputs and targets)
        return batch
    return batch[0], without_word(batch[1]), *batch[2:]


def _around(dataset: Any) -> Iterator[Any]:
    """The batches of a dataset, again and again."""
    if dataset.num_batches is None:
        yield from map(_as_tuple, dataset)
    while True:
        for place in range(dataset.num_batches):
            yield _as_tuple(dataset[place])
        dataset.on_epoch_end()


def _as_tuple(batch: Any) -> tuple[Any, ...]:
    return tuple(batch) if isinstance(batch, list | tuple) else (batch,)


def _size(batch: Any) -> int:
    part = batch
    while isinstance(part, list | tuple | dict):
        part = next(iter(part.values())) if isinstance(part, dict) else part[0]
    return len(part)
