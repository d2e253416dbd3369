"""Digits whose labels are known: from photos of filled sheets, and from pictures of one digit each."""

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from scribal.data.dataset import Array
from scribal.data.listing import visible
from scribal.data.sources import as_path
from scribal.exceptions import DataError, ImageError
from scribal.reading.characters import to_characters
from scribal.reading.limits import Limits
from scribal.reading.loading import Page, load_pages
from scribal.reading.result import Box
from scribal.reading.sheet.cutting import CellState, cut_cells
from scribal.reading.sheet.finding import find_pages, marks_seen
from scribal.reading.single import find_single

__all__ = ["LabelledSamples", "Sample", "gather_samples"]

DIGITS = tuple("0123456789")
# A digit that is not the beginning of a number or of a word: 7.png, 7_3.png, 7 (2).jpg; not 2026-01-07.jpg.
_LABEL = re.compile(r"([0-9])(?![0-9A-Za-z])")
_MARKS = 4


@dataclass(frozen=True)
class Sample:
    """One digit that somebody wrote.

    Attributes:
        label: What it is, 0 to 9.
        strength: Its ink, uint8 of shape (rows, columns), 0 paper and 255 full ink.
        file: The picture it was on.
        place: Where in the file, in words, such as ``"page 1, row 3"``; empty for a picture of its own.
        box: Where on the picture, in pixels.
    """

    label: int
    strength: Array = field(repr=False)
    file: str
    place: str
    box: Box


@dataclass(frozen=True)
class LabelledSamples:
    """All samples that were found.

    Attributes:
        samples: One for each digit.
        photos: How many photos of sheets they are from.
        pictures: How many pictures of one digit.
        empty: Boxes and pictures without a digit.
        crossed_out: Boxes that were crossed out.
        skipped: Files of folders that hold no sample, each with the reason.
    """

    samples: tuple[Sample, ...]
    photos: int = 0
    pictures: int = 0
    empty: int = 0
    crossed_out: int = 0
    skipped: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.samples)

    @cached_property
    def characters(self) -> Array:
        """uint8 of shape (n, 28, 28): as MNIST's digits are."""
        return to_characters([sample.strength for sample in self.samples])

    @cached_property
    def labels(self) -> Array:
        """int64 of shape (n,), 0 to 9."""
        return np.array([sample.label for sample in self.samples], np.int64)


def gather_samples(sources: Any, limits: Limits | None = None) -> LabelledSamples:
    """Find the labelled digits on photos of filled sheets and in folders.

    In a folder, what is in subfolders named 0 to 9 are pictures of one such digit each. So are pictures whose name
    begins with their digit, such as ``7_3.png``. All others are looked at as photos of sheets.

    Args:
        sources: A photo or a folder, or several: paths; for photos also the bytes of a file or an array, as
            ``scribal.read`` takes them.
        limits: What one picture may ask for.

    Raises:
        ImageError: A file that was named is no picture, or there is no sheet on it.
        DataError: There is not one digit in all of them.
    """
    finder = _Finder(limits or Limits())
    given = sources if isinstance(sources, list | tuple) else [sources]
    for source in given:
        if isinstance(source, str | os.PathLike) and as_path(source).is_dir():
            finder.look_through(as_path(source))
        else:
            finder.look_at(source)
    if not finder.samples:
        what = ", ".join(str(source) if isinstance(source, str | os.PathLike) else "a picture" for source in given)
        raise DataError(
            "Samples must hold at least one digit",
            received=f"{what}: {finder.found_instead()}",
            advice="Give photos of a sheet that was filled in (scribal sheet), or a folder with subfolders 0 to 9",
        )
    return finder.result()


class _Finder:
    """Collects samples from one source after the other."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.samples: list[Sample] = []
        self.skipped: list[tuple[str, str]] = []
        self.photos = self.pictures = self.empty = self.crossed_out = 0

    def result(self) -> LabelledSamples:
        """All that was found."""
        return LabelledSamples(
            tuple(self.samples), self.photos, self.pictures, self.empty, self.crossed_out, tuple(self.skipped)
        )

    def found_instead(self) -> str:
        """What there was where there is no digit."""
        if self.empty or self.crossed_out:
            return f"{self.empty} empty and {self.crossed_out} crossed out"
        return f"{len(self.skipped)} other files, such as {self.skipped[0][0]}" if self.skipped else "no pictures"

    def look_through(self, folder: Path) -> None:
        """Take all samples of a folder; what is none is skipped, with the reason."""
        for path in visible(folder, "samples"):
            try:
                if not path.is_dir():
                    self.look_at(path)
                elif path.name in DIGITS:
                    self._look_into(path)
                else:
                    self.skipped.append((str(path), "A folder whose name is no digit"))
            except ImageError as error:
                self.skipped.append((str(path), f"{error.rule}. Received: {error.received}"))

    def _look_into(self, folder: Path) -> None:
        """Take the pictures of one digit, whose name the folder has."""
        for path in visible(folder, "samples"):
            try:
                self._take_single(next(load_pages(path, self.limits)), int(folder.name))
            except ImageError as error:
                self.skipped.append((str(path), f"{error.rule}. Received: {error.received}"))

    def look_at(self, source: Any) -> None:
        """Take the samples of a file: of a sheet or, by its name, of one digit."""
        seen = 0
        for page in load_pages(source, self.limits):
            found = find_pages(page.pixels)
            for sheet_page in found:
                self.photos += 1
                self._take_sheet(page, sheet_page)
            seen += len(found)
            if not found and page.pages == 1:
                label = _label_in(Path(page.name).name)
                if label is None:
                    raise _no_sheet(page)
                self._take_single(page, label)
                return
        if not seen:
            raise _no_sheet(page)

    def _take_sheet(self, page: Page, sheet_page: Any) -> None:
        for cut in cut_cells(page.pixels, sheet_page):
            if cut.state is CellState.EMPTY:
                self.empty += 1
            elif cut.state is CellState.CROSSED_OUT:
                self.crossed_out += 1
            else:
                place = f"page {sheet_page.code.page}, row {cut.cell.row + 1}"
                box = page.box_in_full(cut.box)
                self.samples.append(Sample(cut.cell.digit, cut.strength, page.name, place, box))

    def _take_single(self, page: Page, label: int) -> None:
        mark = find_single(page.pixels)
        self.pictures += 1
        if mark.box[2] == 0:
            self.empty += 1
        else:
            self.samples.append(Sample(label, mark.strength, page.name, "", page.box_in_full(mark.box)))


def _label_in(name: str) -> int | None:
    found = _LABEL.match(name)
    return int(found[1]) if found else None


def _no_sheet(page: Page) -> ImageError:
    seen = marks_seen(page.pixels)
    return ImageError(
        "A photo of a filled sheet must show at least 3 of the 4 black squares of a page",
        received=f"{page.name}: {f'{seen} of them' if 0 < seen <= _MARKS else 'none of them'}",
        advice="Photograph the whole page of scribal sheet, flat, sharp and with its corners; pictures of one digit go "
        "into a folder with subfolders 0 to 9",
    )
