"""In which order each epoch takes the samples; ``shuffle`` and ``steps_per_epoch`` mean what they mean in Keras."""

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Orders"]

Order = NDArray[np.int64]


class Orders:
    """Gives the order of one epoch after the other.

    Without a seed they are drawn from NumPy's global generator, from which Keras draws them and which
    ``keras.utils.set_random_seed`` sets.

    Args:
        samples: How many there are.
        batch_size: Samples in a step.
        shuffle: Whether to mix them anew for each pass; ``"batch"`` mixes within each batch only.
        seed: Decides the order of each pass; may be None.
        steps_per_epoch: Steps after which an epoch ends; the next one goes on with the same pass.
    """

    def __init__(
        self, samples: int, batch_size: int, *, shuffle: bool | str, seed: int | None, steps_per_epoch: int | None
    ) -> None:
        self._samples = samples
        self._batch_size = batch_size
        self._shuffle = shuffle
        self._seed = seed
        self._steps = steps_per_epoch
        self._rest = np.arange(0)
        self._passes = 0

    @property
    def steps(self) -> int:
        """Steps of an epoch."""
        return self._steps or -(-self._samples // self._batch_size)

    @property
    def is_whole(self) -> bool:
        """Whether every epoch is one pass in whole batches."""
        return self._steps is None and self._samples % self._batch_size == 0

    def following(self, epoch: int) -> Order:
        """The order of the next epoch.

        Args:
            epoch: Its number, from 0.
        """
        if self._steps is None:
            return self._pass(epoch)
        if not len(self._rest):
            self._rest = self._pass(self._passes)
            self._passes += 1
        wanted = self._steps * self._batch_size
        order, self._rest = self._rest[:wanted], self._rest[wanted:]
        if -(-len(order) // self._batch_size) < self._steps:
            warnings.warn(
                f"The data end before the epoch's steps do. Received: steps_per_epoch={self._steps} "
                f"for {self._samples} samples in batches of {self._batch_size}. Lower it, or leave it out.",
                stacklevel=5,
            )
        return order

    def _pass(self, number: int) -> Order:
        if not self._shuffle:
            return np.arange(self._samples)
        if self._shuffle != "batch":
            return self._permutation(number)(self._samples)
        permutation, starts = self._permutation(number), range(0, self._samples, self._batch_size)
        return np.concatenate([start + permutation(min(self._batch_size, self._samples - start)) for start in starts])

    def _permutation(self, number: int) -> Callable[[int], Order]:
        if self._seed is None:
            return np.random.permutation
        return np.random.Generator(np.random.Philox(key=[self._seed, number])).permutation
