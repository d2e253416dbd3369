"""Data in batches, from a generator or a ``PyDataset`` of Keras, gathered into arrays for many native steps."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from types import GeneratorType
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.engine.errors import LoweringError
from scribal.engine.fitting.data import Arrays, arrays_from
from scribal.engine.fitting.orders import Orders
from scribal.exceptions import DataError

__all__ = ["BatchSource", "gives_batches"]


def gives_batches(data: Any) -> bool:
    """Whether data are a generator or a ``PyDataset``, which give a batch at a time."""
    return isinstance(data, GeneratorType | import_keras().utils.PyDataset)


class BatchSource:
    """Gives the batches of one epoch after the other, several in one piece.

    The first batch is looked at here, for its size and shapes. It is the first one of training, too.

    Args:
        data: A generator of ``(x, y)`` or ``(x, y, sample_weight)``, or a ``PyDataset`` of them.
        steps: Batches in an epoch; all there are by default, which a generator does not know.
        shuffle: Whether the batches of a ``PyDataset`` come in another order each time.
        class_weight: A weight for each class number.

    Raises:
        LoweringError: A number of steps is needed, or is not that of the ``PyDataset``.
    """

    def __init__(
        self,
        data: Any,
        steps: int | None,
        *,
        shuffle: bool = False,
        class_weight: Mapping[int, float] | None = None,
    ) -> None:
        self._dataset = None if isinstance(data, GeneratorType) else data
        if self._dataset is not None:
            count = self._dataset.num_batches
            if not count or steps not in (None, count):
                raise LoweringError(
                    "An epoch must be all batches of a PyDataset", received=f"steps {steps} of {count} batches"
                )
            steps = count
        if steps is None:
            raise LoweringError("Data from a generator need a number of steps", received="steps_per_epoch=None")
        self.steps: int = steps
        self._shuffle = shuffle
        self._class_weight = class_weight
        self._rest: Any = data
        self._first: Arrays | None = None

    @property
    def first(self) -> Arrays:
        """The first batch.

        Raises:
            LoweringError: It is no pair of single arrays, or there is none.
        """
        if self._first is None:
            if self._dataset is not None:
                batch = self._dataset[0]
            else:
                batch = next(self._rest, None)
                self._rest = iter(()) if batch is None else chain([batch], self._rest)
            self._first = self._arrays(batch)
        return self._first

    def untouched(self) -> Any:
        """The data as they were given, from the first batch on, for somebody else."""
        return self._rest if self._dataset is not None else (batch for batch in self._rest)

    def epoch(self, samples: int) -> Iterator[Arrays]:
        """The next epoch, in pieces of whole batches; a batch that is shorter than the first one ends its piece.

        Args:
            samples: How many a piece should have, or a few more.

        Yields:
            The pieces; none if a generator has ended.
        """
        size = len(self.first.x)
        parts: list[Arrays] = []
        for batch in self._batches():
            parts.append(self._arrays(batch))
            if len(parts) * size >= samples or len(parts[-1].x) != size:
                yield _joined(parts)
                parts = []
        if parts:
            yield _joined(parts)

    def whole(self) -> Arrays:
        """The next epoch in one piece.

        Raises:
            DataError: The generator has ended.
        """
        parts = list(self.epoch(self.steps * len(self.first.x)))
        if not parts:
            raise DataError("Data must last for every epoch", received="a generator that ended", advice="Let it go on")
        return _joined(parts)

    def _batches(self) -> Iterator[Any]:
        """The batches of one epoch; fewer if a generator ends."""
        if self._dataset is None:
            yield from islice(self._rest, self.steps)
            return
        self._dataset.on_epoch_begin()
        for place in Orders(self.steps, 1, shuffle=self._shuffle, seed=None, steps_per_epoch=None).following(0):
            yield self._dataset[int(place)]
        self._dataset.on_epoch_end()

    def _arrays(self, batch: Any) -> Arrays:
        if not isinstance(batch, tuple) or len(batch) not in (2, 3):
            raise LoweringError("A batch must be (x, y) or (x, y, sample_weight)", received=type(batch).__name__)
        x, y, *weights = batch
        return arrays_from(x, y, weights[0] if weights else None, self._class_weight)


def _joined(parts: list[Arrays]) -> Arrays:
    weights = [part.sample_weight for part in parts if part.sample_weight is not None]
    return Arrays(
        np.concatenate([part.x for part in parts]),
        np.concatenate([part.y for part in parts]),
        np.concatenate(weights) if weights else None,
    )
