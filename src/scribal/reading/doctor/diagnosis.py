"""What is wrong with a picture for a network that learned MNIST, and what becomes of it when it is prepared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.characters import to_characters
from scribal.reading.doctor.measures import Measures, measure_digit
from scribal.reading.doctor.originals import Original, as_tutorials_do
from scribal.reading.doctor.page_measures import measure_page
from scribal.reading.doctor.rules import Finding, find_faults
from scribal.reading.doctor.shapes import FRAME
from scribal.reading.doctor.tilt import find_tilt
from scribal.reading.limits import Limits, MarkLimitError
from scribal.reading.loading import Page, Source, load_pages
from scribal.reading.margin import inside_margin
from scribal.reading.paper import find_ink
from scribal.reading.reader import PictureReader
from scribal.reading.recognition import Recogniser, Recognition
from scribal.reading.result import Alternative, Digit, Reading
from scribal.reading.ruling import without_ruling
from scribal.reading.single import SingleMark, find_single

__all__ = ["Answer", "Diagnosis", "Doctor", "Sample", "diagnose"]

_LIMITS = Limits()
_ALWAYS_SINGLE = 64  # pixels: smaller pictures show one digit
_FILLS = 0.45  # of a picture's side: a digit as large as that stands alone, ...
_SURE = 0.8  # ... if the network is so sure that it is one, ...
_SQUARE = 1.6  # ... and the picture is no strip
_ALIKE = 0.5  # of the highest digit's height: lower ones do not make a page
_WORST = 6
_DECIMALS = 6


@dataclass(frozen=True)
class Answer:
    """What a network takes an image of 28x28 for.

    Attributes:
        digit: The name of the most probable class.
        confidence: Its probability.
        rejected: Whether the network takes it for no digit at all.
        alternatives: All other classes, most probable first.
    """

    digit: str
    confidence: float
    rejected: bool = False
    alternatives: tuple[Alternative, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "digit": self.digit,
            "confidence": round(self.confidence, _DECIMALS),
            "rejected": self.rejected,
            "alternatives": [[one.digit, round(one.probability, _DECIMALS)] for one in self.alternatives],
        }


@dataclass(frozen=True, eq=False)
class Sample:
    """An image of 28x28 and the network's answer to it.

    Attributes:
        image: uint8 of shape (28, 28).
        answer: What the network says.
    """

    image: Array = field(repr=False)
    answer: Answer


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What is wrong with a picture of a digit or of several, before and after it was prepared.

    Attributes:
        file: The picture's name.
        findings: What is wrong; empty for a picture such as MNIST's.
        measures: What was measured.
        before: The picture as a tutorial gives it to its network, and the answer: grey, resized, as it is.
        after: What reading made of its one digit, and the answer; ``None`` for a page or a blank picture.
        reading: What was read on a page of several digits; ``None`` for a picture of one.
        worst: For a page, the digits the network is least sure of, each as a tutorial would cut it out, and as reading
            did.
        pixels: The upright picture, uint8 of shape (rows, columns, 3), perhaps reduced.
        ink: Its ink, uint8 of shape (rows, columns), 0 paper and 255 full ink, perhaps reduced.
        alone: The ink of the one digit, or all ink without ruling, in the same form.
        page: Which page of the file this is, counted from 1.
        pages: How many the file has.
    """

    file: str
    findings: tuple[Finding, ...]
    measures: Measures
    before: Sample
    after: Sample | None = None
    reading: Reading | None = None
    worst: tuple[tuple[Sample, Sample], ...] = ()
    pixels: Array = field(repr=False, default_factory=lambda: np.zeros((1, 1, 3), np.uint8))
    ink: Array = field(repr=False, default_factory=lambda: np.zeros((1, 1), np.uint8))
    alone: Array = field(repr=False, default_factory=lambda: np.zeros((1, 1), np.uint8))
    page: int = 1
    pages: int = 1

    @property
    def text(self) -> str:
        """What reading reads: one digit, or lines parted by line breaks; empty where nothing is read."""
        if self.reading is not None:
            return self.reading.text
        return self.after.answer.digit if self.after is not None and not self.after.answer.rejected else ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as ``scribal doctor --json`` prints them."""
        plain: dict[str, Any] = {"file": self.file}
        if self.pages > 1:
            plain["page"] = self.page
        plain |= {
            "findings": [finding.as_dict() for finding in self.findings],
            "measures": self.measures.as_dict(),
            "before": self.before.answer.as_dict(),
            "after": None if self.after is None else self.after.answer.as_dict(),
        }
        return plain | ({"text": self.text} if self.reading is not None else {})

    def write(self, path: str | Path, *, force: bool = False) -> Path:
        """Draw before and after, with the answers and the findings, as one PNG file.

        Args:
            path: Where to.
            force: Whether a file there may be replaced.

        Returns:
            The file.

        Raises:
            RunError: There is one already, or it cannot be written.
        """
        from scribal.reading.doctor.drawing import write_picture

        return write_picture(self, Path(path), force=force)


def diagnose(image: Source, *, single: bool = False, model: Any = None, limits: Limits = _LIMITS) -> Diagnosis:
    """Say what is wrong with a picture of a digit, or of several, for a network that learned MNIST.

    Args:
        image: A path, the bytes of a picture's file, an open binary file, or an array, as ``scribal.read`` takes them.
            Of a file of several pages the first is looked at.
        single: There is one digit on the picture; else it is found out whether there are several.
        model: The network that is asked: a run folder, a model file or a ``keras.Model``; scribal's own by default.
        limits: How much the picture may ask for.

    Returns:
        Findings, each with its figure; the network's answers before and after the picture was prepared.

    Raises:
        ImageError: The file is missing, no picture, or damaged, or a limit is passed.
        ModelError: The model cannot be used for reading.
        ArgumentError: ``image`` is of another type.
    """
    return next(Doctor.of(single=single, model=model, limits=limits).pages(image))


@dataclass(frozen=True)
class Doctor:
    """Looks at pictures, all in one way; for many of them.

    Attributes:
        reader: Reads them.
        single: Whether there is one digit on each; else that is found out.
    """

    reader: PictureReader
    single: bool = False

    @classmethod
    def of(cls, *, single: bool = False, model: Any = None, limits: Limits = _LIMITS) -> "Doctor":
        """Make one from what ``diagnose`` takes."""
        return cls(PictureReader.of(model=model, limits=limits), single)

    def pages(self, image: Source) -> Iterator[Diagnosis]:
        """Look at the pages of a file, one after the other."""
        if hasattr(image, "read"):
            image = image.read()
        for page in load_pages(image, self.reader.limits):
            yield self._page(page, as_tutorials_do(image, page.number, self.reader.limits))

    def _page(self, page: Page, original: Original) -> Diagnosis:
        before = Sample(original.image, self._answers(original.image[None])[0])
        diagnosis = self._look(page, before)
        measures = replace(diagnosis.measures, transparency=original.transparency, turn=original.turn)
        return replace(diagnosis, measures=measures, findings=find_faults(measures))

    def _look(self, page: Page, before: Sample) -> Diagnosis:
        """Find out whether there is one digit or several."""
        alone = self._digit(page, before, find_single(page.pixels), inside_margin(page.pixels))
        if self.single or _stands_alone(alone):
            return alone
        try:
            reading = self.reader.page(page)
        except MarkLimitError:  # noise, or a texture: the findings will tell
            return alone
        if _has_several(reading):
            return self._several(page, reading, before)
        digits = [digit for number in reading.numbers for digit in number.digits]
        if digits and (alone.after is None or digits[0].confidence > alone.after.answer.confidence):
            return self._digit(page, before, _as_single(page, digits[0]))
        return alone

    def _digit(
        self, page: Page, before: Sample, mark: SingleMark, inside: tuple[int, int, int, int] | None = None
    ) -> Diagnosis:
        measures = measure_digit(page.pixels, mark, page.scale, inside)
        after = None
        if measures.digits:
            character = to_characters([mark.strength])
            after = Sample(character[0], self._answers(character)[0])
            measures = replace(measures, tilt=find_tilt(mark.strength, self.reader.recogniser))
        return Diagnosis(
            page.name,
            (),
            measures,
            before,
            after,
            pixels=page.pixels,
            ink=mark.ink.strength,
            alone=mark.strength,
            page=page.number,
            pages=page.pages,
        )

    def _several(self, page: Page, reading: Reading, before: Sample) -> Diagnosis:
        ink = find_ink(page.pixels)
        alone = without_ruling(ink).strength
        measures = measure_page(page.pixels, alone, ink.strength, reading.lines, page.scale)
        return Diagnosis(
            page.name,
            (),
            measures,
            before,
            reading=reading,
            worst=self._worst(page, reading, alone),
            pixels=page.pixels,
            ink=ink.strength,
            alone=alone,
            page=page.number,
            pages=page.pages,
        )

    def _worst(self, page: Page, reading: Reading, strength: Array) -> tuple[tuple[Sample, Sample], ...]:
        digits = [digit for number in reading.numbers for digit in number.digits]
        chosen = sorted(digits, key=lambda digit: digit.confidence)[:_WORST]
        plain = [_plainly_cut(page, digit) for digit in chosen]
        characters = to_characters([_cut(strength, _box_in(page, digit), 1) for digit in chosen])
        answers = self._answers(np.stack(plain))
        return tuple(
            (Sample(image, answer), Sample(character, _answer_of(digit)))
            for image, answer, character, digit in zip(plain, answers, characters, chosen, strict=True)
        )

    def _answers(self, images: Array) -> list[Answer]:
        recognition = self.reader.recogniser.recognise(images)
        return _named(recognition, self.reader.recogniser)


def _stands_alone(diagnosis: Diagnosis) -> bool:
    """Tell whether the best mark of a picture is surely its one digit."""
    rows, columns = diagnosis.pixels.shape[:2]
    if max(rows, columns) <= _ALWAYS_SINGLE:
        return True
    after, measures = diagnosis.after, diagnosis.measures
    if after is None or measures.size is None:
        return False
    is_sure = after.answer.confidence >= _SURE and not after.answer.rejected
    return is_sure and measures.size >= _FILLS * FRAME and measures.aspect <= _SQUARE


def _as_single(page: Page, digit: Digit) -> SingleMark:
    """Give the one digit that was found on a page as the one of its picture."""
    ink = without_ruling(find_ink(page.pixels))
    box = _box_in(page, digit)
    return SingleMark(np.ascontiguousarray(_cut(ink.strength, box, 1)), box, ink)


def _has_several(reading: Reading) -> bool:
    heights = [digit.box[3] for number in reading.numbers for digit in number.digits]
    return sum(height >= _ALIKE * max(heights) for height in heights) > 1


def _named(recognition: Recognition, recogniser: Recogniser) -> list[Answer]:
    names = recogniser.class_names
    answers = []
    for row, rejected in zip(recognition.probabilities, recognition.rejected, strict=True):
        ordered = [Alternative(names[place], float(row[place])) for place in np.argsort(-row, kind="stable")]
        answers.append(Answer(ordered[0].digit, ordered[0].probability, bool(rejected), tuple(ordered[1:])))
    return answers


def _answer_of(digit: Digit) -> Answer:
    return Answer(digit.digit, digit.confidence, digit.rejected, digit.alternatives)


def _box_in(page: Page, digit: Digit) -> tuple[int, int, int, int]:
    """Give a digit's box in the pixels of a page."""
    across, down = page.scale
    x, y, width, height = digit.box
    return round(x / across), round(y / down), max(1, round(width / across)), max(1, round(height / down))


def _cut(picture: Array, box: Sequence[int], margin: int) -> Array:
    x, y, width, height = box
    return picture[max(0, y - margin) : y + height + margin, max(0, x - margin) : x + width + margin]


def _plainly_cut(page: Page, digit: Digit) -> Array:
    """Cut a digit out with a little margin, make it grey and resize it to 28x28, as a tutorial does."""
    from PIL import Image

    box = _box_in(page, digit)
    crop = _cut(page.pixels, box, max(1, round(max(box[2:]) / 10)))
    image = Image.fromarray(np.ascontiguousarray(crop)).convert("L")
    return np.asarray(image.resize((FRAME, FRAME)), dtype=np.uint8)
