"""``sklearn.cross_validation``: splits that were made for a known number of samples and were iterated themselves."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from scribal.data.dataset import Array

__all__ = ["KFold", "StratifiedKFold"]

MODERN = {name: f"sklearn.model_selection.{name}(n_splits=...).split(X, y)" for name in __all__}


class KFold:
    """``for train, test in KFold(n, n_folds=3)``.

    Args:
        n: The number of samples.
        n_folds: The number of parts.
        shuffle: Whether samples are mixed first.
        random_state: Of the mixing.
    """

    def __init__(
        self,
        n: int,
        n_folds: int = 3,
        shuffle: bool = False,  # noqa: FBT001, FBT002
        random_state: Any = None,
    ) -> None:
        self._begin("KFold", np.zeros(n), n_folds, shuffle=shuffle, random_state=random_state)

    def _begin(self, today: str, samples: Array, n_folds: int, *, shuffle: bool, random_state: Any) -> None:
        from sklearn import model_selection

        self.n_folds = n_folds
        self._samples = samples
        seed = random_state if shuffle else None
        self._splits: Any = getattr(model_selection, today)(n_folds, shuffle=shuffle, random_state=seed)

    def __iter__(self) -> Iterator[tuple[Array, Array]]:
        yield from self._splits.split(self._samples, self._samples)

    def __len__(self) -> int:
        return self.n_folds


class StratifiedKFold(KFold):
    """``for train, test in StratifiedKFold(y, n_folds=3)``: each part has all classes in the same shares.

    Args:
        y: The label of each sample; or, as ``n_folds`` or ``n_splits`` of today's class, the number of parts.
        n_folds: The number of parts.
        shuffle: Whether samples are mixed first.
        random_state: Of the mixing.
    """

    def __init__(
        self,
        y: Any,
        n_folds: int = 3,
        shuffle: bool = False,  # noqa: FBT001, FBT002
        random_state: Any = None,
    ) -> None:
        self._begin("StratifiedKFold", np.asarray(y), n_folds, shuffle=shuffle, random_state=random_state)
