"""The pictures in a folder, told from other files by how they begin."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scribal.data.listing import as_counted
from scribal.data.sources import as_path, kind_of
from scribal.exceptions import ImageError

__all__ = ["Found", "find_pictures"]

# By their formats' documentation; as those that read_image takes.
_BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"GIF8",
    b"BM",
    b"II*\0",  # TIFF
    b"MM\0*",
    b"P1",  # PBM, PGM, PPM
    b"P2",
    b"P3",
    b"P4",
    b"P5",
    b"P6",
)
_SUFFIXES = {
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff"),
    *(".pbm", ".pgm", ".ppm", ".pnm", ".heic", ".heif"),
}
_HEAD = 16


@dataclass(frozen=True)
class Found:
    """What stands in files and folders.

    Attributes:
        pictures: The pictures to read; those of a folder in the order in which people count, 2 before 10.
        skipped: Files of folders that are no pictures.
    """

    pictures: tuple[Path, ...]
    skipped: tuple[Path, ...]


def find_pictures(places: Sequence[str | os.PathLike[str]]) -> Found:
    """Find the pictures among files and folders.

    A file that is named is taken to be a picture, whatever it is. Folders are looked through to the bottom, links to
    folders and hidden files left aside; what ends like a picture or begins like one is taken.

    Args:
        places: Files and folders.

    Raises:
        ImageError: A folder holds no picture at all, or cannot be looked into.
    """
    pictures: list[Path] = []
    skipped: list[Path] = []
    for place in map(as_path, places):
        if kind_of(place) != "folder":
            pictures.append(place)
            continue
        files = _files(place)
        inside = [file for file in files if _is_picture(file)]
        if not inside:
            raise ImageError(
                "A folder must hold a picture",
                received=f"{place}: {len(files):,} other files" if files else f"{place}: nothing",
                advice="Check the path; PNG, JPEG, WebP, BMP, TIFF, GIF, PPM, PGM and HEIC are read",
            )
        pictures += inside
        taken = set(inside)
        skipped += [file for file in files if file not in taken]
    return Found(tuple(dict.fromkeys(pictures)), tuple(dict.fromkeys(skipped)))


def _files(folder: Path) -> list[Path]:
    def refuse(error: OSError) -> None:
        raise ImageError(
            "A folder must be readable",
            received=f"{error.filename}: {error.strerror or error}",
            advice="Check its permissions",
        )

    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in names if not name.startswith(".")]
    return as_counted(found)


def _is_picture(file: Path) -> bool:
    if kind_of(file) != "file":
        return False
    if file.suffix.lower() in _SUFFIXES:
        return True
    try:
        with file.open("rb") as content:
            head = content.read(_HEAD)
    except OSError:
        return False
    if head[4:8] == b"ftyp":
        return head[8:12] in {b"heic", b"heix", b"mif1", b"heif"}
    return head.startswith(_BEGINNINGS) or (head[:4], head[8:12]) == (b"RIFF", b"WEBP")
