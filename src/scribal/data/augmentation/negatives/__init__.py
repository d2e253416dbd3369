"""Pictures that show no digit, made from digits and by drawing; a kind a file."""

from scribal.data.augmentation.negatives.catalogue import KINDS, negatives

__all__ = ["KINDS", "negatives"]
