"""Who says what a character is: a trained network, with how sure it is and whether it is a digit at all.

Probabilities are calibrated: the network's logits are divided by a temperature that was fitted on validation data
(C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, arXiv:1706.04599). The reject score is what is
missing from the highest of them to certainty; networks that were shown what is no digit, with even targets, give it a
high one (D. Hendrycks, M. Mazeika and T. Dietterich, "Deep Anomaly Detection with Outlier Exposure", ICLR 2019,
arXiv:1812.04606). Temperature and threshold travel in the model's file.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribal.data.dataset import Array
from scribal.exceptions import ArgumentError, ModelError
from scribal.models import LoadedModel, prepare
from scribal.runs.answering import answered_by, by_keras, natively
from scribal.runs.loading import as_loaded

__all__ = ["DEFAULT_MODEL", "SIDE", "Recogniser", "Recognition"]

DEFAULT_MODEL = Path(__file__).parent / "reader.keras"
SIDE = 28  # pixels, both ways
_FEWEST_CLASSES = 10
_USUAL_THRESHOLD = 0.5  # where a model brings none: nothing is more likely than all the rest
_LEAST_CHANCE = 1e-30
_AXES = 3
_FEW, _SOON_DONE = 4, 200  # characters: what the engine takes one by one, and what takes it some hundredths of a second

_loading = threading.Lock()
_default: "Recogniser | None" = None


@dataclass(frozen=True)
class Recognition:
    """What characters were taken for.

    Attributes:
        probabilities: float32 of shape (n, classes), calibrated; each row sums to 1.
        reject_scores: float32 of shape (n,), 0 for certainly one of the classes to nearly 1 for none of them.
        rejected: bool of shape (n,): whose score is above the recogniser's threshold.
    """

    probabilities: NDArray[np.float32] = field(repr=False)
    reject_scores: NDArray[np.float32] = field(repr=False)
    rejected: NDArray[np.bool_] = field(repr=False)

    def __len__(self) -> int:
        """Number of characters."""
        return len(self.rejected)

    def __getitem__(self, part: slice | Array) -> "Recognition":
        """Give the rows of some of the characters, by their places or as a slice."""
        return Recognition(self.probabilities[part], self.reject_scores[part], self.rejected[part])

    @classmethod
    def together(cls, parts: Sequence["Recognition"]) -> "Recognition":
        """Put the answers to several batches one below the other."""
        return cls(
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate([part.reject_scores for part in parts]),
            np.concatenate([part.rejected for part in parts]),
        )


@dataclass(frozen=True)
class Recogniser:
    """A network that recognises characters; many threads may ask it at once.

    Attributes:
        model: The network, with its temperature and its threshold.
    """

    model: LoadedModel

    @classmethod
    def default(cls) -> "Recogniser":
        """The one that comes with scribal; loaded once, without Keras."""
        global _default  # noqa: PLW0603 (the one thing that reading keeps)
        with _loading:
            if _default is None:
                _default = cls.of(DEFAULT_MODEL)
            return _default

    @classmethod
    def of(cls, model: Any) -> "Recogniser":
        """One with a model of the user's own.

        Args:
            model: A run or its folder, a model's file, a ``keras.Model``, or what ``scribal.load_model`` returned.

        Raises:
            ModelError: There is no usable model, or it does not take 28x28 pixels or has fewer than 10 classes.
        """
        loaded = as_loaded(model)
        shape = loaded.input_shape
        if None in shape or int(np.prod(np.array(shape, dtype=np.int64))) != SIDE * SIDE:
            raise ModelError(
                f"A model that reads must take images of {SIDE}x{SIDE} grey pixels",
                received=f"a model for {shape}",
                advice="Use one that was trained on MNIST or images like its own, or leave it out for scribal's own",
            )
        if len(loaded.metadata.class_names) < _FEWEST_CLASSES:
            raise ModelError(
                "A model that reads must have at least ten classes",
                received=f"{len(loaded.metadata.class_names)} classes",
                advice="Use one that was trained on all ten digits",
            )
        return cls(loaded)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The name of each class, in the order of the probabilities."""
        return self.model.metadata.class_names

    @property
    def threshold(self) -> float:
        """The reject score above which a character is rejected."""
        chosen = self.model.metadata.reject_threshold
        return _USUAL_THRESHOLD if chosen is None else chosen

    def recognise(self, characters: Array) -> Recognition:
        """Say what characters are.

        Args:
            characters: uint8 of shape (n, 28, 28), as MNIST's: light ink, in a box of 20x20, centred by mass. ``n`` may
                be 0.

        Returns:
            A row for each.

        Raises:
            ArgumentError: ``characters`` is no such array.
        """
        logits = self.logits(characters) / self.model.metadata.temperature
        powers = np.exp(logits - logits.max(axis=1, initial=-np.inf, keepdims=True))
        probabilities = powers / powers.sum(axis=1, keepdims=True)
        # The sum of all but the highest keeps the differences between scores that are next to nothing.
        scores = np.sort(probabilities, axis=1)[:, :-1].sum(axis=1).astype(np.float32)
        return Recognition(probabilities.astype(np.float32), scores, scores > self.threshold)

    def logits(self, characters: Array) -> NDArray[np.float64]:
        """What the network answers, before temperature and softmax; arguments and errors as of :meth:`recognise`."""
        if (
            not isinstance(characters, np.ndarray)
            or characters.dtype != np.uint8
            or characters.ndim != _AXES
            or characters.shape[1:] != (SIDE, SIDE)
        ):
            found = (
                f"{characters.dtype} of shape {characters.shape}"
                if isinstance(characters, np.ndarray)
                else type(characters).__name__
            )
            raise ArgumentError(
                f"Characters must be uint8 of shape (n, {SIDE}, {SIDE})",
                received=found,
                advice="Give one character as characters[None]",
            )
        x = prepare(characters, self.model.input_shape, self.model.metadata.scale)
        outputs, activation = answered_by("auto", lambda: self._natively(x), lambda: by_keras(self.model, x)).value
        # Logarithms of probabilities are logits as well.
        logits = outputs if activation == "linear" else np.log(np.maximum(outputs, _LEAST_CHANCE))
        return logits.astype(np.float64)

    def _natively(self, x: NDArray[np.float32]) -> tuple[NDArray[np.float32], str]:
        """What the engine answers: few by few where that takes less time than loading its form for many."""
        if not 0 < len(x) <= _SOON_DONE:
            return natively(self.model, x)
        parts = [natively(self.model, x[first : first + _FEW]) for first in range(0, len(x), _FEW)]
        return np.concatenate([outputs for outputs, _ in parts]), parts[0][1]
