"""The network learns somebody's own hand, and keeps what it knew.

Samples are cut into folds. A network that was tuned on all folds but one is asked about that one, so that every sample
tells how well digits are read that were not trained on. Then one is tuned on all samples. It is kept only if it reads
MNIST as well as before.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scribal.data import Dataset, load_dataset
from scribal.data.dataset import Array
from scribal.exceptions import ArgumentError, DataError, ModelError, ScribalError
from scribal.files import check_writable
from scribal.models import LoadedModel, save_model
from scribal.models.forms import form_to_write
from scribal.reading.limits import Limits
from scribal.reading.recognition import Recogniser
from scribal.reading.rehearsal import VALIDATION
from scribal.reading.retraining import Retraining
from scribal.reading.samples import DIGITS, LabelledSamples, gather_samples
from scribal.runs.progress import SilentProgress, TrainingProgress
from scribal.runs.report.intervals import Interval, wilson_interval

__all__ = ["FOLDS", "Known", "Tuning", "TuningRefusedError", "tune"]

FOLDS = 3
"""Parts that samples are cut into; each is read by a network that was tuned on the others."""

_FEWEST = 10
_MOST_FOLDS = 10
_MOST_FALL = 0.001
_ROUNDING = 1e-9


class TuningRefusedError(ScribalError):
    """The tuned network would read MNIST worse than before; it was not written."""


@dataclass(frozen=True)
class Known:
    """How well a network reads.

    Attributes:
        own_right: Samples that are read right; after tuning, by a network that was not tuned on them.
        own_total: All samples.
        validation: Accuracy on the last 5,000 of MNIST's training images.
        test: Accuracy on MNIST's test images.
    """

    own_right: int
    own_total: int
    validation: float
    test: float

    @property
    def own(self) -> float:
        """Accuracy on the samples."""
        return self.own_right / self.own_total

    @property
    def own_interval(self) -> Interval:
        """Its 95 % interval."""
        return wilson_interval(self.own_right, self.own_total)

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "own_right": self.own_right,
            "own_accuracy": self.own,
            "own_interval": [self.own_interval.low, self.own_interval.high],
            "mnist_validation_accuracy": self.validation,
            "mnist_test_accuracy": self.test,
        }


@dataclass(frozen=True)
class Tuning:
    """A network that was tuned.

    Attributes:
        model: It, with its temperature and threshold.
        samples: What it was tuned on.
        folds: In how many parts they were held out.
        before: How well the network read before.
        after: How well it reads now.
        seconds: What it took.
        files: What was written.
    """

    model: LoadedModel
    samples: LabelledSamples
    folds: int
    before: Known
    after: Known
    seconds: float
    files: tuple[Path, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as ``scribal tune --json`` prints them."""
        return {
            "out": str(self.files[0]) if self.files else None,
            "samples": len(self.samples),
            "folds": self.folds,
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            "temperature": self.model.metadata.temperature,
            "reject_threshold": self.model.metadata.reject_threshold,
            "seconds": round(self.seconds, 2),
        }


def tune(
    sources: Any,
    *,
    model: Any = None,
    out: str | os.PathLike[str] | None = None,
    folds: int = FOLDS,
    seed: int = 0,
    overwrite: bool = False,
    limits: Limits | None = None,
    progress: TrainingProgress | None = None,
) -> Tuning:
    """Tune a network on samples of somebody's own handwriting.

    MNIST's digits are trained on along with them, so that they are not forgotten.

    Args:
        sources: Photos of filled sheets and folders of samples, as :func:`scribal.score` takes them.
        model: A network of your own for the ten digits, as :func:`scribal.read` takes it; by default the one that comes
            with scribal. It is not changed.
        out: Where to save the tuned network: ``.keras``, ``.h5`` or ``.json``. It is not saved by default.
        folds: Parts that the samples are cut into, to see how well digits are read that were not trained on.
        seed: Of what is random.
        overwrite: Whether files that exist may be replaced.
        limits: What one picture may ask for.
        progress: Told what is done next; nothing is told by default.

    Returns:
        The network, with how well it and the one before read the samples and MNIST.

    Raises:
        TuningRefusedError: MNIST's validation or test images would be read worse, by more than 0.1 points. Nothing is
            written.
        DataError: There are too few samples, or none.
        ImageError: A file is no picture, or there is no sheet on it.
        ModelError: The model cannot be used for reading, or has other classes than the ten digits.
        ArgumentError: A file exists, its name tells no form of a model, or an argument is out of range.
        RunError: It cannot be written.
    """
    begun = time.perf_counter()
    progress = progress or SilentProgress()
    target = None if out is None else _free(Path(out), overwrite=overwrite)
    recogniser = Recogniser.default() if model is None else Recogniser.of(model)
    if recogniser.class_names != DIGITS:
        raise ModelError(
            "A network to be tuned must have the ten digits as its classes, in order",
            received=f"classes {', '.join(recogniser.class_names)}",
            advice="Use one that was trained on digits, or leave it out for scribal's own",
        )
    samples = gather_samples(sources, limits)
    _check_enough(samples, folds)
    mnist = load_dataset("mnist")
    progress.note(f"Looking at {len(samples):,} digits, and at MNIST, before tuning.")
    retraining = Retraining(recogniser, mnist, seed)
    before = _known(recogniser, _right(recogniser, samples, np.arange(len(samples))), len(samples), mnist)
    right = 0
    for number, (kept, held_out) in enumerate(_folds(samples, folds, seed), start=1):
        progress.note(f"Part {number} of {folds}: tuning on {len(kept):,} digits to read {len(held_out):,} others.")
        right += _right(Recogniser.of(retraining.tuned(samples, kept)), samples, held_out)
    progress.note(f"Tuning on all {len(samples):,} digits.")
    tuned = retraining.calibrated(retraining.tuned(samples, np.arange(len(samples))))
    after = _known(Recogniser.of(tuned), right, len(samples), mnist)
    _check_kept(before, after)
    files = () if target is None else save_model(tuned.model, target, tuned.metadata)
    return Tuning(tuned, samples, folds, before, after, time.perf_counter() - begun, files)


def _free(path: Path, *, overwrite: bool) -> Path:
    """Make sure, before long work, that a model can be written there."""
    form_to_write(path)
    if path.exists() and not overwrite:
        raise ArgumentError(
            "A tuned network must not replace what exists",
            received=f"{path} exists",
            advice="Choose another name, or replace it with --force (overwrite=True)",
        )
    check_writable(path.parent)
    return path


def _check_enough(samples: LabelledSamples, folds: int) -> None:
    if not 2 <= folds <= _MOST_FOLDS:  # noqa: PLR2004 - one to tune on, one to read
        raise ArgumentError(
            f"folds must be from 2 to {_MOST_FOLDS}", received=f"folds={folds}", advice=f"Leave it out for {FOLDS}"
        )
    counts = np.bincount(samples.labels, minlength=len(DIGITS))
    few = [f"{count} of digit {digit}" for digit, count in zip(DIGITS, counts, strict=True) if 0 < count < folds]
    if few or len(samples) < _FEWEST:
        raise DataError(
            f"Tuning needs at least {_FEWEST} samples, and {folds} of each digit that is among them",
            received=f"{len(samples)} samples{', ' if few else ''}{', '.join(few)}",
            advice="Fill in more rows of the sheet (scribal sheet); a page of 100 boxes is a good beginning",
        )


def _folds(samples: LabelledSamples, folds: int, seed: int) -> Iterator[tuple[Array, Array]]:
    """Places to tune on and places held out; each part has its share of each digit."""
    from sklearn.model_selection import StratifiedKFold

    cut = StratifiedKFold(folds, shuffle=True, random_state=seed)
    yield from cut.split(samples.labels, samples.labels)


def _right(recogniser: Recogniser, samples: LabelledSamples, chosen: Array) -> int:
    """How many of some samples are read right."""
    answers = recogniser.recognise(samples.characters[chosen]).probabilities.argmax(axis=1)
    return int(np.count_nonzero(answers == samples.labels[chosen]))


def _known(recogniser: Recogniser, right: int, total: int, mnist: Dataset) -> Known:
    def accuracy(images: Array, labels: Array) -> float:
        return float((recogniser.recognise(images).probabilities.argmax(axis=1) == labels).mean())

    validation = accuracy(mnist.x_train[-VALIDATION:], mnist.y_train[-VALIDATION:])
    return Known(right, total, validation, accuracy(mnist.x_test, mnist.y_test))


def _check_kept(before: Known, after: Known) -> None:
    """Refuse a network that has forgotten too much."""
    falls = (before.validation - after.validation, before.test - after.test)
    # Accuracies are fractions of whole numbers; their difference is not exact.
    if max(falls) > _MOST_FALL + _ROUNDING:
        raise TuningRefusedError(
            "A tuned network must read MNIST as well as before, to within 0.1 points",
            received=f"MNIST validation {before.validation:.2%} to {after.validation:.2%}, test {before.test:.2%} to "
            f"{after.test:.2%}; own digits {before.own:.1%} to {after.own:.1%}",
            advice="Nothing is written. See with scribal score whether the labels are right, and give more samples",
        )
