"""Training images renewed for every epoch, as other hands, pens and cameras would have made them; a method a file."""

from scribal.data.augmentation.augmenting import augment, check_augmentable, make_negatives
from scribal.data.augmentation.catalogue import AUGMENTATIONS, NO_AUGMENTATION, Augmentation, find_augmentation
from scribal.data.augmentation.negatives import KINDS

__all__ = [
    "AUGMENTATIONS",
    "KINDS",
    "NO_AUGMENTATION",
    "Augmentation",
    "augment",
    "check_augmentable",
    "find_augmentation",
    "make_negatives",
]
