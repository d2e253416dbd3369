"""What scribal must know to use a model, and how it travels inside the model's file.

The same JSON object is kept in each form, at a place that plain Keras does not look at:

- ``.keras``: a member ``scribal.json`` of the archive,
- ``.h5``: an attribute ``scribal`` of the root group,
- ``.json``: a key ``scribal`` beside Keras' own.

It carries the number of its format. Keys that this version does not know are ignored, so that a later version may add
some; a format of a higher number is refused.
"""

import dataclasses
import json
import math
from typing import Any

from scribal.exceptions import ArgumentError, ModelError

__all__ = ["ATTRIBUTE", "MEMBER", "Metadata", "metadata_from_json", "metadata_from_object", "metadata_to_object"]

MEMBER = "scribal.json"
ATTRIBUTE = "scribal"
FORMAT = 1


@dataclasses.dataclass(frozen=True)
class Metadata:
    """How raw pixels enter a model and what its answers are called.

    Attributes:
        scale: Raw pixel values (0 to 255) are multiplied by it before they enter the model; 1.0 or 1/255.
        class_names: The name of each class, in the order of the model's outputs.
        recipe: Name of the recipe the model was built by, if any.
        dataset: Name of the dataset the model was trained on, if any.
        temperature: Reading divides its logits by it before the softmax, so that its probabilities agree with how
            often it is right (C. Guo et al., ICML 2017, arXiv:1706.04599).
        reject_threshold: What has a higher reject score is taken for something that belongs to none of the classes;
            ``None`` where nobody has chosen one.

    Raises:
        ArgumentError: A value is of the wrong type, ``scale`` or ``temperature`` is not a finite number above 0, or
            ``reject_threshold`` is not one from 0 to 1.
    """

    scale: float
    class_names: tuple[str, ...] = ()
    recipe: str | None = None
    dataset: str | None = None
    temperature: float = 1.0
    reject_threshold: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", checked_scale(self.scale))
        object.__setattr__(self, "temperature", _checked_temperature(self.temperature))
        if self.reject_threshold is not None:
            object.__setattr__(self, "reject_threshold", _checked_threshold(self.reject_threshold))
        if isinstance(self.class_names, str) or not all(isinstance(name, str) for name in self.class_names):
            raise ArgumentError(
                "class_names must be a sequence of texts",
                received=f"class_names={self.class_names!r}",
                advice='Give one name a class, such as ("0", "1", "2")',
            )
        object.__setattr__(self, "class_names", tuple(self.class_names))
        for field in ("recipe", "dataset"):
            value = getattr(self, field)
            if value is not None and not isinstance(value, str):
                raise ArgumentError(
                    f"{field} must be a name or None",
                    received=f"{field}={value!r}",
                    advice=f"Give the {field}'s name as text",
                )


def checked_scale(scale: object) -> float:
    """Give ``scale`` back as a float.

    Raises:
        ArgumentError: It is not a finite number above 0.
    """
    return _above_zero("scale", scale, "Use 1.0 for raw pixels or 1/255 for pixels between 0 and 1")


def _checked_temperature(temperature: object) -> float:
    return _above_zero("temperature", temperature, "1 leaves a model's probabilities as they are")


def _above_zero(name: str, value: object, advice: str) -> float:
    number = _number(value)
    if not (math.isfinite(number) and number > 0):
        raise ArgumentError(f"{name} must be a finite number above 0", received=f"{name}={value!r}", advice=advice)
    return number


def _checked_threshold(threshold: object) -> float:
    number = _number(threshold)
    if not 0 <= number <= 1:
        raise ArgumentError(
            "reject_threshold must be a number from 0 to 1",
            received=f"reject_threshold={threshold!r}",
            advice="Leave it out for a model for which none was chosen",
        )
    return number


def _number(value: object) -> float:
    """``value`` as a float; not a number if it is none."""
    # A boolean is an integer to Python, but nobody means scale=1.0 by it.
    if isinstance(value, bool | str | bytes):
        return math.nan
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan


def metadata_to_object(metadata: Metadata) -> dict[str, Any]:
    """Turn metadata into the object that is written as JSON."""
    return {"format": FORMAT, **dataclasses.asdict(metadata)}


def metadata_from_json(text: str | bytes, where: str) -> Metadata:
    """Read metadata from the JSON text found in a model file.

    Args:
        text: The JSON text, as UTF-8 if bytes.
        where: The file it was found in, for the error message.

    Raises:
        ModelError: The metadata is damaged or of a later format.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(where, f"not JSON: {error}") from error
    return metadata_from_object(value, where)


def metadata_from_object(value: object, where: str) -> Metadata:
    """Read metadata from its decoded JSON object; see :func:`metadata_from_json`."""
    if not isinstance(value, dict):
        raise _damaged(where, f"a {type(value).__name__} instead of an object")
    number = value.get("format")
    if type(number) is not int or number < 1:
        raise _damaged(where, f"format={number!r}")
    if number > FORMAT:
        raise ModelError(
            f"scribal's metadata in a model must be of format {FORMAT} or lower",
            received=f"{where}: format {number}",
            advice="The model was saved by a later scribal; update scribal to read it",
        )
    names = value.get("class_names")
    if not isinstance(names, list):
        raise _damaged(where, f"class_names={names!r}")
    if type(value.get("scale")) not in (int, float):
        raise _damaged(where, f"scale={value.get('scale')!r}")
    try:
        return Metadata(
            scale=value["scale"],
            class_names=tuple(names),
            recipe=value.get("recipe"),
            dataset=value.get("dataset"),
            temperature=value.get("temperature", 1.0),
            reject_threshold=value.get("reject_threshold"),
        )
    except ArgumentError as error:
        raise _damaged(where, error.received) from error


def _damaged(where: str, reason: str) -> ModelError:
    return ModelError(
        "scribal's metadata in a model must be whole",
        received=f"{where}: {reason}",
        advice="Save or convert the model again from an undamaged copy",
    )
