"""Training images renewed for an epoch: the same bits for the same seed and epoch, whatever was drawn before.

Images are taken in groups, each with a generator of its own, a counter-based one (Philox; J. K. Salmon et al., SC 2011)
that is keyed by seed, epoch and group.
"""

from collections.abc import Callable

import numpy as np

from scribal.data.augmentation.catalogue import Augmentation
from scribal.data.augmentation.geometry import redraw
from scribal.data.augmentation.light import photograph
from scribal.data.augmentation.negatives import negatives
from scribal.data.augmentation.placement import SIDE, coarsen, put
from scribal.data.augmentation.residue import leave_residue
from scribal.data.augmentation.strokes import change_pen
from scribal.data.augmentation.variants import add_variants
from scribal.data.dataset import Array
from scribal.exceptions import ArgumentError

__all__ = ["augment", "check_augmentable", "make_negatives"]

_GROUP = 64
_ORDER, _IMAGES, _NEGATIVES = range(3)  # what a generator is for
_PLAIN_SHARE = 0.12  # of groups: only moved by a pixel or not at all
_DRAWN_SHARE = 0.5  # of the groups of negatives that are drawn by other hands, as digits are
_PLACED_SHARE = 0.6  # of the others that are placed and photographed at least
_DIGITS = tuple(str(digit) for digit in range(10))


def check_augmentable(images: Array, class_names: tuple[str, ...], augmentation: Augmentation) -> None:
    """Make sure that images can be augmented.

    Raises:
        ArgumentError: They are not uint8 of 28x28 pixels, or what shows no digit is to be added to something else than
            digits.
    """
    if augmentation.changes and (images.dtype != np.uint8 or images.shape[1:] not in {(SIDE, SIDE), (SIDE, SIDE, 1)}):
        raise ArgumentError(
            f"Augmentation is for grey images of {SIDE}x{SIDE} pixels",
            received=f"{images.dtype} of shape {images.shape[1:]}",
            advice="Train with --augment none, or on images like MNIST's",
        )
    if augmentation.negatives and tuple(class_names) != _DIGITS:
        raise ArgumentError(
            f"--augment {augmentation.name} adds pictures that show no digit, for the ten digits alone",
            received=f"classes {', '.join(class_names[:12])}",
            advice="Train with --augment photos",
        )


def augment(
    images: Array,
    labels: Array,
    augmentation: Augmentation,
    *,
    seed: int,
    epoch: int,
    are_digits: bool = True,
    between: Callable[[], None] = lambda: None,
) -> Array:
    """Renew training images for an epoch.

    Args:
        images: uint8 of shape (n, 28, 28), light ink on dark ground.
        labels: Their classes, of shape (n,).
        augmentation: What to do.
        seed: The training's.
        epoch: Its number.
        are_digits: Whether class 7 is a seven, which may get a bar, and so on.
        between: Called between two groups; what it raises ends the work.

    Returns:
        uint8 of the same shape and in the same order.
    """
    if not augmentation.changes:
        return images
    # Other images share a group in every epoch.
    order = _generator(seed, epoch, _ORDER, 0).permutation(len(images))
    renewed = np.empty_like(images)
    for number, first in enumerate(range(0, len(images), _GROUP)):
        between()
        group = order[first : first + _GROUP]
        generator = _generator(seed, epoch, _IMAGES, number)
        shown = images[group]
        if augmentation.photographs and are_digits:
            shown = add_variants(shown, labels[group], generator)
        renewed[group] = _changed(shown, augmentation, generator)
    return renewed


def make_negatives(images: Array, labels: Array, count: int, *, seed: int, epoch: int) -> tuple[Array, Array]:
    """Make pictures for an epoch that show no digit.

    Args:
        images: Digits, uint8 of shape (n, 28, 28), of which some are made.
        labels: Which digits, of shape (n,).
        count: How many to make.
        seed: The training's.
        epoch: Its number.

    Returns:
        The pictures, uint8 of shape (count, 28, 28), and the number of each one's kind in ``KINDS``.
    """
    made, kinds = np.empty((count, SIDE, SIDE), np.uint8), np.empty(count, np.int64)
    for number, first in enumerate(range(0, count, _GROUP)):
        group = slice(first, min(first + _GROUP, count))
        generator = _generator(seed, epoch, _NEGATIVES, number)
        pictures, kinds[group] = negatives(images, labels, group.stop - first, generator)
        mixed = generator.permutation(len(pictures))
        pictures, kinds[group] = pictures[mixed], kinds[group][mixed]
        if generator.random() < _DRAWN_SHARE:
            pictures = change_pen(redraw(pictures, generator), generator)
            pictures = photograph(coarsen(put(pictures, generator), generator), generator)
        elif generator.random() < _PLACED_SHARE:
            pictures = photograph(put(redraw(pictures, generator, amount=0), generator), generator)
        made[group] = pictures
    return made, kinds


def _changed(shown: Array, augmentation: Augmentation, generator: np.random.Generator) -> Array:
    """A group by other hands and, if so wished, other pens and cameras."""
    if generator.random() < _PLAIN_SHARE:
        rows, columns = generator.integers(-1, 2, 2)
        return np.roll(shown, (int(rows), int(columns)), axis=(1, 2))
    large = redraw(shown, generator)
    if not augmentation.photographs:
        return put(large, generator)
    small = coarsen(put(change_pen(large, generator), generator), generator)
    return photograph(leave_residue(small, generator), generator)


def _generator(seed: int, epoch: int, use: int, group: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=[seed, (epoch << 34) | (use << 32) | group]))
