"""How well somebody's own handwriting is read: accuracy with its interval, what is taken for what, every mistake."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from scribal.data.dataset import Array
from scribal.exceptions import ModelError
from scribal.reading.limits import Limits
from scribal.reading.recognition import Recogniser, Recognition
from scribal.reading.samples import DIGITS, LabelledSamples, gather_samples
from scribal.runs.report.intervals import Interval, wilson_interval

__all__ = ["Score", "classes_of", "score", "score_samples"]

_DECIMALS = 6


@dataclass(frozen=True)
class Score:
    """What a network takes somebody's digits for.

    Attributes:
        samples: The digits.
        labels: Number of the right class of each, shape (n,).
        recognition: The answers.
        class_names: The names of the network's classes.
        model: What answered: a path, or ``"scribal's own"``.
    """

    samples: LabelledSamples
    labels: Array
    recognition: Recognition
    class_names: tuple[str, ...]
    model: str

    @cached_property
    def answers(self) -> Array:
        """Number of the most probable class of each, shape (n,)."""
        return np.asarray(self.recognition.probabilities.argmax(axis=1))

    @property
    def right(self) -> int:
        """How many answers are right."""
        return int(np.count_nonzero(self.answers == self.labels))

    @property
    def accuracy(self) -> float:
        """Fraction of right answers."""
        return self.right / len(self.samples)

    @property
    def interval(self) -> Interval:
        """Wilson's 95 % interval of the accuracy."""
        return wilson_interval(self.right, len(self.samples))

    @property
    def rejected(self) -> int:
        """How many were taken for something that is no digit; their answers count all the same."""
        return int(np.count_nonzero(self.recognition.rejected))

    @cached_property
    def confusion(self) -> Array:
        """How often each class (row) was taken for each class (column), shape (classes, classes)."""
        counts = np.zeros((len(self.class_names),) * 2, np.int64)
        np.add.at(counts, (self.labels, self.answers), 1)
        return counts

    @cached_property
    def mistakes(self) -> Array:
        """Places of the wrong answers among the samples, most confident first."""
        wrong = np.flatnonzero(self.answers != self.labels)
        confidences = self.recognition.probabilities[wrong, self.answers[wrong]]
        return wrong[np.argsort(-confidences, kind="stable")]

    def confidence(self, place: int) -> float:
        """Probability of the answer to one sample."""
        return float(self.recognition.probabilities[place, self.answers[place]])

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as ``scribal score --json`` prints them."""
        return {
            "model": self.model,
            "samples": len(self.samples),
            "right": self.right,
            "accuracy": self.accuracy,
            "interval": [self.interval.low, self.interval.high],
            "rejected": self.rejected,
            "photos": self.samples.photos,
            "pictures": self.samples.pictures,
            "empty": self.samples.empty,
            "crossed_out": self.samples.crossed_out,
            "skipped": [{"file": file, "reason": reason} for file, reason in self.samples.skipped],
            "class_names": list(self.class_names),
            "confusion": self.confusion.tolist(),
            "mistakes": [self._mistake(int(place)) for place in self.mistakes],
        }

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write a page with the accuracy, the confusion matrix, every mistake and all that was cut from the photos.

        Raises:
            RunError: It cannot be written.
        """
        from scribal.reading.score_page import write_score

        return write_score(self, Path(path))

    def _mistake(self, place: int) -> dict[str, Any]:
        sample = self.samples.samples[place]
        return {
            "file": sample.file,
            "place": sample.place,
            "box": list(sample.box),
            "label": self.class_names[self.labels[place]],
            "answer": self.class_names[self.answers[place]],
            "confidence": round(self.confidence(place), _DECIMALS),
        }


def score(sources: Any, *, model: Any = None, limits: Limits | None = None) -> Score:
    """Tell how well digits of somebody's own are read.

    Args:
        sources: Photos of sheets that were filled in (see :func:`scribal.write_sheet`), folders of such photos, or
            folders of pictures of one digit each: in subfolders named 0 to 9, or with names that begin with the digit,
            such as ``7_3.png``. One or several.
        model: A network of your own, as :func:`scribal.read` takes it; by default the one that comes with scribal.
        limits: What one picture may ask for.

    Raises:
        ImageError: A file is no picture, or there is no sheet on it.
        DataError: There is not one digit in all of them.
        ModelError: The model cannot be used for reading, or does not know all ten digits.
    """
    recogniser = Recogniser.default() if model is None else Recogniser.of(model)
    name = "scribal's own" if model is None else str(recogniser.model.path)
    classes_of(recogniser)
    return score_samples(gather_samples(sources, limits), recogniser, name)


def score_samples(samples: LabelledSamples, recogniser: Recogniser, name: str = "scribal's own") -> Score:
    """Score samples that were found already.

    Raises:
        ModelError: The model does not know all ten digits.
    """
    labels = classes_of(recogniser)[samples.labels]
    return Score(samples, labels, recogniser.recognise(samples.characters), recogniser.class_names, name)


def classes_of(recogniser: Recogniser) -> Array:
    """The number of the class of each digit, shape (10,).

    Raises:
        ModelError: A digit is not among the classes.
    """
    names = recogniser.class_names
    missing = [digit for digit in DIGITS if digit not in names]
    if missing:
        raise ModelError(
            "A model must have a class for each digit, called by it",
            received=f"classes {', '.join(names)}",
            advice="Use one that was trained on digits, or leave it out for scribal's own",
        )
    return np.array([names.index(digit) for digit in DIGITS])
