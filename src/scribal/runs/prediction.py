"""A network's answers to pictures: the digit, how sure it is, and the probabilities of all classes."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scribal.data import fit_image, read_image
from scribal.exceptions import ArgumentError, ModelError
from scribal.models import prepare
from scribal.runs.answering import answered_by, by_keras, natively
from scribal.runs.labels import probabilities
from scribal.runs.loading import as_loaded

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Predictions", "predict"]

_SIDES = 2  # an image has height and width


@dataclass(frozen=True)
class Predictions:
    """Answers to n samples; ``numpy.asarray`` of it gives the probabilities, as Keras' ``predict`` does.

    Attributes:
        probabilities: Shape (n, classes), float32.
        class_names: Names of the classes.
        names: What each sample is called: its file's path, or its number.
        notes: What has to be known of each sample beside the answer; empty for most.
        engine: What answered: ``"native"`` or ``"keras"``.
        reason: Why Keras answered although the engine might have; empty otherwise.
    """

    probabilities: np.ndarray
    class_names: tuple[str, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...]
    engine: str = "keras"
    reason: str = ""

    def __len__(self) -> int:
        return len(self.probabilities)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:  # noqa: FBT001 (NumPy's protocol)
        return np.array(self.probabilities, dtype=dtype, copy=copy)

    @property
    def classes(self) -> np.ndarray:
        """Number of the most probable class of each sample, shape (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def digits(self) -> list[str]:
        """Name of the most probable class of each sample: the digit itself for a network of digits."""
        return [self.class_names[number] for number in self.classes]

    @property
    def confidences(self) -> np.ndarray:
        """Probability of that class, shape (n,)."""
        return np.asarray(self.probabilities.max(axis=1, initial=0))

    def table(self) -> "pd.DataFrame":
        """One row a sample: ``file``, ``digit``, ``confidence``, ``note``, and each class's probability."""
        import pandas as pd

        table = pd.DataFrame({"file": self.names, "digit": self.digits, "confidence": self.confidences})
        table["note"] = self.notes
        return table.join(pd.DataFrame(self.probabilities, columns=[f"p({name})" for name in self.class_names]))

    def records(self) -> list[dict[str, Any]]:
        """One mapping a sample, as plain values for JSON."""
        return [
            {
                "file": name,
                "digit": digit,
                "confidence": float(confidence),
                "note": note,
                "probabilities": {
                    class_name: float(value) for class_name, value in zip(self.class_names, row, strict=True)
                },
            }
            for name, digit, confidence, note, row in zip(
                self.names, self.digits, self.confidences, self.notes, self.probabilities, strict=True
            )
        ]


def predict(model: Any, images: Any, *, scale: float | None = None, engine: str = "auto") -> Predictions:
    """Ask a network for the digits on images.

    Args:
        model: A run folder, a model file in any of the four forms, or a ``keras.Model``.
        images: Paths of image files, each of one digit, which are made as MNIST's are (light on dark, centred, 28x28);
            or an array of raw samples, shape (n, height, width) or one of shape (height, width), used as they are.
        scale: Factor on raw pixel values, for a model that does not carry its own.
        engine: What answers: ``"native"``, ``"keras"``, or ``"auto"``: the engine where it can.

    Raises:
        LoweringError: The engine is to answer, and has no form for the model.
        ImageError: A file is no image.
        ModelError: The model cannot be loaded or does not take images of that shape.
    """
    loaded = as_loaded(model)
    shape = loaded.input_shape
    # A length that the network leaves open says nothing about a picture's.
    sizes = tuple(length or 0 for length in shape)
    if isinstance(images, str | Path):
        images = [images]
    if isinstance(images, Iterable) and not isinstance(images, np.ndarray):
        images = list(images)
    if isinstance(images, list) and any(isinstance(image, str | Path) for image in images):
        names = tuple(str(image) for image in images)
        pixels = _pictures(images, sizes)
    else:
        pixels = _array(images)
        if pixels.ndim == _SIDES and pixels.size == math.prod(sizes):
            pixels = pixels[np.newaxis]
        names = tuple(str(number) for number in range(len(pixels)))
    if not len(pixels):
        raise ArgumentError("There must be an image to predict", received="none", advice="Give one image file or more")
    factor = loaded.metadata.scale if scale is None else scale
    inputs = prepare(pixels, shape, factor)
    answer = answered_by(engine, lambda: natively(loaded, inputs), lambda: by_keras(loaded, inputs))
    is_blank = pixels.reshape(len(pixels), -1).max(axis=1) == 0
    notes = tuple("nothing is written on it" if blank else "" for blank in is_blank)
    given = probabilities(*answer.value)
    return Predictions(given, loaded.metadata.class_names, names, notes, answer.engine, answer.reason)


def _array(images: Any) -> np.ndarray:
    try:
        array = np.asarray(images)
    except ValueError:
        array = np.asarray(None)
    if array.dtype.kind not in "buif" or array.ndim < 1:
        raise ArgumentError(
            "Images are given as paths of files, or as one array of numbers",
            received=f"{type(images).__name__}",
            advice="Give a list of paths, or an array of shape (n, height, width)",
        )
    return array


def _pictures(paths: list[Any], shape: tuple[int, ...]) -> np.ndarray:
    """Read image files and fit them onto the model's pixels; uint8, shape (n, height, width)."""
    side = round(math.prod(shape) ** 0.5)
    height, width = shape[:2] if len(shape) > 1 else (side, side)
    is_grey = 0 < height * width == math.prod(shape)
    if not is_grey:
        raise ModelError(
            "Pictures are read for networks of one grey value a pixel",
            received=f"a network with input shape {shape}",
            advice="Give an array of prepared samples to scribal.predict instead",
        )
    if not all(isinstance(path, str | Path) for path in paths):
        raise ArgumentError(
            "Images are given as paths of files, or as one array of numbers",
            received="paths and other things in one list",
            advice="Ask for them in two calls",
        )
    return np.stack([fit_image(read_image(path), height, width) for path in paths])
