"""Where ``scribal read --annotate`` draws what was read: one file, or a folder with a file for each picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scribal.exceptions import ArgumentError
from scribal.files import check_writable, whole_file

if TYPE_CHECKING:
    from scribal.reading import Reading
    from scribal.reading.loading import Page

__all__ = ["STANDARD_INPUT", "Annotations"]

STANDARD_INPUT = Path("-")
"""What stands for the picture that comes by standard input."""

_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


class Annotations:
    """Copies of pictures with what was read in them; an earlier copy in their place is replaced, a picture never.

    Args:
        place: A file for one picture, or a folder.
        pictures: The pictures.

    Raises:
        ArgumentError: A file is given for several pictures, its kind is unknown, or a copy would replace a picture.
        RunError: The folder cannot be written.
    """

    def __init__(self, place: Path, pictures: Sequence[Path]) -> None:
        suffix = place.suffix.lower()
        if suffix in _SUFFIXES and not place.is_dir():
            if len(pictures) > 1:
                raise ArgumentError(
                    "Several pictures are annotated into a folder",
                    received=f"--annotate {place} for {len(pictures):,} pictures",
                    advice="Give the name of a folder",
                )
            self._copies = {pictures[0]: place}
        elif suffix and len(pictures) == 1 and not place.is_dir():
            raise ArgumentError(
                f"An annotated picture must be one of {', '.join(_SUFFIXES)}",
                received=f"--annotate {place}",
                advice="Choose one of these endings",
            )
        else:
            self._copies = _names_in(place, pictures)
        originals = {picture.resolve() for picture in pictures if picture != STANDARD_INPUT}
        for copy in self._copies.values():
            if copy.resolve() in originals:
                raise ArgumentError(
                    "An annotated picture must not replace one that is read",
                    received=f"--annotate {place}",
                    advice="Choose another name or folder",
                )
        check_writable(next(iter(self._copies.values())).parent)

    def draw(self, picture: Path, page: "Page", reading: "Reading") -> Path:
        """Write the copy of a page; those after a file's first have their number in the name.

        Raises:
            RunError: It cannot be written.
        """
        from PIL import Image

        from scribal.reading.annotating import annotate

        copy = self._copies[picture]
        if page.number > 1:
            copy = copy.with_stem(f"{copy.stem}-{page.number}")
        with whole_file(copy) as temporary:
            Image.fromarray(annotate(page.pixels, reading)).save(temporary)
        return copy


def _names_in(folder: Path, pictures: Sequence[Path]) -> dict[Path, Path]:
    """Give each picture a name of its own in a folder, also where some in different folders are called the same."""
    copies: dict[Path, Path] = {}
    taken: set[str] = set()
    for picture in pictures:
        stem = "standard-input" if picture == STANDARD_INPUT else picture.stem
        name, number = f"{stem}.png", 2
        while name.casefold() in taken:
            name, number = f"{stem}-{number}.png", number + 1
        taken.add(name.casefold())
        copies[picture] = folder / name
    return copies
