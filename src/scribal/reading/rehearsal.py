"""What a network is trained on when it is tuned: a few samples of one's own, and much of what it knew before.

A network that goes on training on new samples alone forgets what it knew. It is therefore shown MNIST's digits again,
plain and as cameras and pens change them, and pictures that are no digit; what it is to answer to them is what it
answered before, with its doubts: Z. Li and D. Hoiem, "Learning without Forgetting", IEEE TPAMI 40 (2018), on replayed
samples as P. Buzzega et al., "Dark Experience for General Continual Learning", NeurIPS 2020.
"""

from dataclasses import dataclass, field

import numpy as np

from scribal.data import Dataset
from scribal.data.augmentation import augment, find_augmentation, make_negatives
from scribal.data.dataset import Array
from scribal.reading.recognition import Recogniser

__all__ = ["VALIDATION", "Rehearsal", "rehearse", "with_rehearsal"]

VALIDATION = 5_000
"""Of MNIST's training images, from the end: they choose and check, and are not trained on here."""

_DIGITS = 4_500
_PLAIN = 3  # one in so many is not changed
_NEGATIVES = 750
_MOST_COPIES = 40  # of a sample
_OWN_SHARE = 1 / 3  # of the rehearsed, at most
_PLAIN_COPIES = 4  # one in so many is not changed
_DOUBT = 0.02  # that a label is not what was written


@dataclass(frozen=True)
class Rehearsal:
    """Pictures with the answers of a network before it is tuned.

    Attributes:
        images: uint8 of shape (n, 28, 28).
        answers: float32 of shape (n, classes).
    """

    images: Array = field(repr=False)
    answers: Array = field(repr=False)


def rehearse(recogniser: Recogniser, mnist: Dataset, seed: int) -> Rehearsal:
    """Choose pictures, the same for the same seed, and ask the network about them."""
    from scipy import special

    generator = np.random.default_rng(seed)
    chosen = generator.choice(len(mnist.x_train) - VALIDATION, _DIGITS, replace=False)
    images, labels = mnist.x_train[chosen].copy(), mnist.y_train[chosen]
    changed = np.arange(len(images)) % _PLAIN > 0
    images[changed] = augment(images[changed], labels[changed], find_augmentation("reading"), seed=seed, epoch=0)
    negatives, _ = make_negatives(mnist.x_train[chosen], labels, _NEGATIVES, seed=seed, epoch=0)
    shown = np.concatenate([images, negatives])
    # Not calibrated: the answers that the network learned to give.
    return Rehearsal(shown, special.softmax(recogniser.logits(shown), axis=1).astype(np.float32))


def with_rehearsal(characters: Array, digits: Array, rehearsal: Rehearsal, seed: int) -> tuple[Array, Array]:
    """Put one's own samples, many times and by a varying hand, among what is rehearsed.

    Args:
        characters: uint8 of shape (n, 28, 28).
        digits: What each is, shape (n,).
        rehearsal: What is rehearsed.
        seed: Of what is random.

    Returns:
        Images, uint8 of shape (m, 28, 28), and the answers to them, float32 of shape (m, classes).
    """
    copies = int(np.clip(_OWN_SHARE * len(rehearsal.images) / len(characters), 1, _MOST_COPIES))
    hands = find_augmentation("hands")
    images = [
        characters if copy % _PLAIN_COPIES == 0 else augment(characters, digits, hands, seed=seed, epoch=copy)
        for copy in range(copies)
    ]
    count = rehearsal.answers.shape[1]
    answers = np.full((len(characters), count), _DOUBT / (count - 1), np.float32)
    answers[np.arange(len(characters)), digits] = 1 - _DOUBT
    return (
        np.concatenate([*images, rehearsal.images]),
        np.concatenate([*[answers] * copies, rehearsal.answers]),
    )
