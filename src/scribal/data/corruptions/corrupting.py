"""One corruption applied to a batch of images."""

import numpy as np

from scribal.data.corruptions.catalogue import CORRUPTIONS, Corruption
from scribal.data.dataset import Array
from scribal.data.transforms import check_batch
from scribal.exceptions import ArgumentError, UnknownNameError

__all__ = ["corrupt"]

_COLOUR_AXES = 4
_WHITE = 255


def corrupt(images: Array, name: str, severity: int | None = None, seed: int = 0) -> Array:
    """Corrupt every image of a batch in one of the fifteen ways of MNIST-C.

    What is random is drawn anew for each image; channels of one image share it. Lengths are in pixels and meant for
    images of 28x28, with light ink on dark ground.

    Args:
        images: uint8 of shape (n, height, width) or (n, height, width, channels).
        name: One of ``CORRUPTIONS``.
        severity: From 1, the mildest, to as many as the corruption has; by default the one that MNIST-C is made with.
        seed: The same seed gives the same images.

    Returns:
        uint8 of the same shape.

    Raises:
        UnknownNameError: There is no such corruption.
        ArgumentError: The images are no batch of uint8, or the severity is not among the corruption's.
    """
    if name not in CORRUPTIONS:
        raise UnknownNameError("A corruption", str(name), CORRUPTIONS)
    corruption = CORRUPTIONS[name]
    check_batch(images)
    if images.dtype != np.uint8:
        raise ArgumentError("Images must be uint8", received=str(images.dtype), advice="Give raw pixels from 0 to 255")
    amount = corruption.amounts[_severity(corruption, severity) - 1]
    if not len(images):
        return images.copy()
    if images.ndim == _COLOUR_AXES:
        channels = [corrupt(images[..., channel], name, severity, seed) for channel in range(images.shape[-1])]
        return np.stack(channels, axis=-1)
    generator = np.random.default_rng(seed)
    changed = corruption.change(images.astype(np.float32) / _WHITE, amount, generator)
    corrupted: Array = np.rint(changed.clip(0, 1) * _WHITE).astype(np.uint8)
    return corrupted


def _severity(corruption: Corruption, severity: int | None) -> int:
    if severity is None:
        return corruption.severity
    known = isinstance(severity, int | np.integer) and not isinstance(severity, bool)
    if not known or not 1 <= severity <= len(corruption.amounts):
        among = f"a whole number from 1 to {len(corruption.amounts)}" if len(corruption.amounts) > 1 else "1"
        raise ArgumentError(
            f"The severity of {corruption.name} must be {among}",
            received=f"severity={severity!r}",
            advice=f"MNIST-C is made with {corruption.severity}",
        )
    return int(severity)
