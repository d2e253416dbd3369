"""One set of samples divided into training and test data, every class in both."""

import math

import numpy as np

from scribal.data.dataset import Array
from scribal.exceptions import DataError

__all__ = ["TEST_SHARE", "stratified_split"]

TEST_SHARE = 0.2
_SEED = 0


def stratified_split(labels: Array, class_names: tuple[str, ...], where: object) -> tuple[Array, Array]:
    """Choose a fifth of each class for the test, always the same ones.

    Args:
        labels: Class numbers of shape (n,).
        class_names: The name of each class, for the message.
        where: The file or folder, for the message.

    Returns:
        The positions of the training samples and of the test samples.

    Raises:
        DataError: A class has a single sample, which cannot be in both parts.
    """
    from sklearn.model_selection import train_test_split

    present, counts = np.unique(labels, return_counts=True)
    if counts.min() == 1:
        single = class_names[int(present[counts.argmin()])]
        raise DataError(
            "Each class must have at least 2 samples, one to train with and one to test with",
            received=f"{where}: class {single!r} has 1",
            advice="Add samples to it, or give training and test data apart, as train and test",
        )
    # The smallest sets need one test sample of each class even where that is more than a fifth.
    test_count = max(math.ceil(TEST_SHARE * len(labels)), len(present))
    train, test = train_test_split(np.arange(len(labels)), test_size=test_count, stratify=labels, random_state=_SEED)
    return train, test
