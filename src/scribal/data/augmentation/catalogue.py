"""The named ways in which training images are renewed for every epoch."""

from dataclasses import dataclass

from scribal.exceptions import UnknownNameError

__all__ = ["AUGMENTATIONS", "NO_AUGMENTATION", "Augmentation", "find_augmentation"]


@dataclass(frozen=True)
class Augmentation:
    """What is done to training images, anew for every epoch.

    Attributes:
        name: What it is called on the command line.
        meaning: What it does, in a few words.
        changes: Whether images are changed at all.
        photographs: Whether pens and cameras are varied, not only hands.
        negatives: Pictures that show no digit, for each image.
    """

    name: str
    meaning: str
    changes: bool = True
    photographs: bool = False
    negatives: float = 0.0

    def negatives_for(self, count: int) -> int:
        """How many pictures that show no digit come to so many images."""
        return round(self.negatives * count)


NO_AUGMENTATION = "none"
_ALL = (
    Augmentation(NO_AUGMENTATION, "images as they are", changes=False),
    Augmentation("hands", "other slants, sizes, places and wandering strokes"),
    Augmentation("photos", "the same, with other pens, and as cameras and scanners see them", photographs=True),
    Augmentation(
        "reading", "the same, and one picture in seven that shows no digit", photographs=True, negatives=1 / 6
    ),
)

AUGMENTATIONS: dict[str, Augmentation] = {augmentation.name: augmentation for augmentation in _ALL}
"""What may be asked for by name."""


def find_augmentation(name: str) -> Augmentation:
    """The augmentation of that name.

    Raises:
        UnknownNameError: There is none.
    """
    if name not in AUGMENTATIONS:
        raise UnknownNameError("augmentation", str(name), AUGMENTATIONS)
    return AUGMENTATIONS[name]
