"""From a picture to what is written on it, from top to bottom.

Picture, ink, ruling, marks, candidates, characters, answers, lines: every step is a function of its own module, and
nothing outlives a call but the default network.
"""

import contextlib
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.composing import compose
from scribal.reading.context import out_of_place
from scribal.reading.expecting import Expectation
from scribal.reading.grid import find_grid
from scribal.reading.grouping import each_alone, find_candidates
from scribal.reading.limits import Clock, Limits
from scribal.reading.loading import Page, Source, load_pages
from scribal.reading.marks import find_marks
from scribal.reading.result import Alternative, Box, Digit, Reading
from scribal.reading.ruling import Ruling, find_ruling, without_ruling
from scribal.reading.single import read_singles
from scribal.reading.steps import Steps
from scribal.reading.surroundings import without_surroundings
from scribal.reading.touching import split_touching
from scribal.reading.turned import turned_note

if TYPE_CHECKING:
    from scribal.reading.recognition import Recogniser, Recognition

__all__ = ["PictureReader", "read", "read_pages"]

_LIMITS = Limits()
_STEPS = Steps()
_SMALLEST = 5  # pixels: nobody reads smaller digits


def read(
    image: Source,
    *,
    single: bool = False,
    expect: str | None = None,
    model: Any = None,
    limits: Limits = _LIMITS,
) -> Reading:
    """Read the digits on a picture: a photo, a scan, a drawing, a screenshot.

    Ink is told from paper, whichever of them is darker, in uneven light and on ruled or squared paper. What is no digit
    is rejected. Many threads may read at once.

    Args:
        image: A path, the bytes of a picture's file, a binary file, or an array: uint8 of shape (rows, columns), or
            (rows, columns, 3) for RGB. PNG, JPEG, WebP, BMP, TIFF, GIF, PPM and, with the extra ``heic``, HEIC. Of a
            file of several pages the first is read.
        single: There is one digit on the picture, whatever else there is.
        expect: A regular expression that each number has to fit, such as ``"[0-9]{5}"``. Digits that do not fit are
            replaced by their most probable alternatives that do; ``Digit.read_as`` tells which were.
        model: A network of your own: a run folder, a model file in any form, or a ``keras.Model``, for images of 28x28
            and with ten classes or more. By default the one that comes with scribal.
        limits: How much the picture may ask for.

    Returns:
        Lines of numbers of digits, each with its confidence and its place in the picture.

    Raises:
        ImageError: The file is missing, no picture, or damaged; or a limit is passed, which is an error of its own kind
            for pixels, pages, marks and time (in ``scribal.reading.limits``).
        ModelError: The model cannot be used for reading.
        ArgumentError: ``image`` is of another type, or ``expect`` no regular expression.
    """
    return next(read_pages(image, single=single, expect=expect, model=model, limits=limits))


def read_pages(
    image: Source,
    *,
    single: bool = False,
    expect: str | None = None,
    model: Any = None,
    limits: Limits = _LIMITS,
) -> Iterator[Reading]:
    """Read every page of a file, or every frame of an animation, one after the other; as ``read`` does."""
    reader = PictureReader.of(single=single, expect=expect, model=model, limits=limits)
    return (reading for _, reading in reader.pages(image))


@dataclass(frozen=True)
class PictureReader:
    """Reads pictures, all in one way; for many of them, and from many threads.

    Attributes:
        chosen: A network of the user's own; None for the one that comes with scribal.
        single: Whether there is one digit on every picture.
        expectation: What every number has to fit, if anything.
        limits: How much a picture may ask for.
        steps: Which steps are done.
    """

    chosen: "Recogniser | None" = None
    single: bool = False
    expectation: Expectation | None = None
    limits: Limits = _LIMITS
    steps: Steps = _STEPS

    @classmethod
    def of(
        cls,
        *,
        single: bool = False,
        expect: str | None = None,
        model: Any = None,
        limits: Limits = _LIMITS,
        steps: Steps = _STEPS,
    ) -> "PictureReader":
        """Make one from what ``read`` takes."""
        expectation = None if expect is None else Expectation(expect)
        if model is None:
            return cls(None, single, expectation, limits, steps)
        from scribal.reading.recognition import Recogniser

        return cls(Recogniser.of(model), single, expectation, limits, steps)

    @property
    def recogniser(self) -> "Recogniser":
        """The network; the one that comes with scribal is loaded once."""
        from scribal.reading.recognition import Recogniser

        return self.chosen or Recogniser.default()

    def recognise(self, inks: Sequence[Array]) -> "Recognition":
        """Say what the ink of single characters is: uint8, 0 paper and 255 full ink, of any size; a row for each."""
        return self.recogniser.recognise(self.steps.to_characters(inks))

    def pages(self, image: Source) -> Iterator[tuple[Page, Reading]]:
        """Read a file's pages, each when it is asked for; each page comes along."""
        if self.chosen is None:
            _load_meanwhile()
        for page in load_pages(image, self.limits):
            yield page, self.page(page)

    def page(self, page: Page) -> Reading:
        """Read one page."""
        if self.single:
            return self.singles([page])[0]
        clock = Clock(self.limits.seconds, page.name)
        ink = self.steps.find_ink(page.pixels)
        # A grid goes on to the picture's edge where it is cut off; around it nothing needs to be told from paper.
        grid = find_grid(ink) if self.steps.ruling else None
        ink = without_surroundings(ink) if grid is None else ink
        clock.check("finding the ink")
        cells = None
        if self.steps.ruling:
            ruling = find_ruling(ink) if grid is None else Ruling(grid.lines, grid.cells)
            cells, ink = ruling.cells, without_ruling(ink, ruling)
            clock.check("taking out the ruling")
        marks = find_marks(ink)
        self.limits.check_marks(len(marks), page.name)
        clock.check("finding the marks")
        candidates = (find_candidates if self.steps.joining else each_alone)(marks, self.recognise)
        clock.check("grouping the marks")
        if self.steps.splitting:
            candidates = split_touching(candidates, self.recognise)
            clock.check("parting what touches")
        candidates = [one for one in candidates if max(one.box[2:]) >= _SMALLEST]
        if self.steps.context:
            rejected = out_of_place(candidates, cells)
        else:
            rejected = np.array([one.is_rejected for one in candidates], dtype=np.bool_)
        told = turned_note(candidates, rejected, self.recognise)
        names = self.recogniser.class_names
        digits = [
            self._digit(page, one.box, one.recognition, names, rejected=bool(refused))
            for one, refused in zip(candidates, rejected, strict=True)
        ]
        return self._composed(page, digits, _in_full(page, cells), clock, (*ink.notes, *told))

    def singles(self, pages: Sequence[Page]) -> list[Reading]:
        """Read pages of one digit each, in batches: thousands a second, if they are small.

        Args:
            pages: As ``load_pages`` gives them.

        Raises:
            TimeLimitError: All together take longer than so many pages may.
        """
        if not pages:
            return []
        clock = Clock(self.limits.seconds * len(pages), pages[0].name)
        recogniser = self.recogniser
        marks, recognition = read_singles(
            [page.pixels for page in pages], recogniser, find=self.steps.find_single, draw=self.steps.to_characters
        )
        clock.check("recognising the digits")
        # Who says that there is a digit is believed where the network is in doubt, half the way to certainty.
        none_of_them = recognition.reject_scores > (1 + recogniser.threshold) / 2
        readings = []
        for place, (page, mark) in enumerate(zip(pages, marks, strict=True)):
            row, refused = recognition[place : place + 1], bool(none_of_them[place])
            digits = [self._digit(page, mark.box, row, recogniser.class_names, rejected=refused)] if mark.box[2] else []
            readings.append(self._composed(page, digits, None, clock, mark.ink.notes))
        return readings

    def _digit(
        self, page: Page, box: Box, recognition: "Recognition", names: Sequence[str], *, rejected: bool
    ) -> Digit:
        """Name the answers to one character, and its place on the full picture."""
        (row,) = recognition.probabilities
        answers = [Alternative(names[place], float(row[place])) for place in np.argsort(-row, kind="stable")]
        refused = rejected and self.steps.rejecting
        return Digit(answers[0].digit, answers[0].probability, page.box_in_full(box), refused, tuple(answers[1:]))

    def _composed(
        self, page: Page, digits: Sequence[Digit], cells: Array | None, clock: Clock, notes: Sequence[str]
    ) -> Reading:
        written = compose(digits, cells, self.expectation, clock)
        told = (*notes, *written.notes) if digits else (*notes, "Nothing is written on it")
        lines = written.lines
        fits = None if self.expectation is None else bool(lines) and all(line.is_expected for line in lines)
        return Reading(page.name, page.size, lines, written.digits, told, page.number, page.pages, fits)


def _load_meanwhile() -> None:
    """Load the network while the first picture is decoded and its ink is looked for, which takes as long."""
    if "scribal.reading.recognition" in sys.modules:
        return

    def load() -> None:
        with contextlib.suppress(Exception):  # who needs it meets the error again, and can say so
            from scribal.reading.recognition import SIDE, Recogniser

            Recogniser.default().recognise(np.zeros((1, SIDE, SIDE), np.uint8))

    with contextlib.suppress(RuntimeError):  # the system gives no more threads
        threading.Thread(target=load, name="scribal-network").start()


def _in_full(page: Page, cells: Array | None) -> Array | None:
    return None if cells is None else cells * np.tile(page.scale, 2)
