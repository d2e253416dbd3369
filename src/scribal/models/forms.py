"""The forms in which a Keras model lies on disk, and the names its files have.

==========  =========================================  ==================================================
form        files                                      what it holds
==========  =========================================  ==================================================
``keras``   ``NAME.keras``                             everything; Keras 3's own format
``h5``      ``NAME.h5`` or ``NAME.hdf5``               everything; the format of Keras 1 and 2
``json``    ``NAME.json`` and its weights beside it    the architecture as text, the weights apart
``folder``  ``model.keras``, ``model.h5``,             all of the above, under the names of a run folder
            ``architecture.json``,
            ``model.weights.h5``
==========  =========================================  ==================================================

**Pairing rule.** ``NAME.json`` goes with ``NAME.weights.h5`` of the same folder, except that ``architecture.json``
goes with ``model.weights.h5``, as in a run folder. Read the other way, ``model.weights.h5`` goes with
``architecture.json`` if that exists, else with ``model.json``.

Keras documents its formats at https://keras.io/guides/serialization_and_saving/.
"""

import enum
import os
from pathlib import Path

from scribal.exceptions import ArgumentError, UnknownNameError

__all__ = [
    "FOLDER_FILES",
    "Form",
    "architecture_candidates",
    "form_of",
    "form_to_write",
    "parse_form",
    "shown",
    "weights_beside",
]

ARCHIVE_SUFFIX = ".keras"
HDF5_SUFFIXES = (".h5", ".hdf5")
ARCHITECTURE_SUFFIX = ".json"
WEIGHTS_SUFFIX = ".weights.h5"

ARCHIVE_NAME = "model.keras"
HDF5_NAME = "model.h5"
ARCHITECTURE_NAME = "architecture.json"
WEIGHTS_NAME = "model.weights.h5"
FOLDER_FILES = (ARCHIVE_NAME, HDF5_NAME, ARCHITECTURE_NAME, WEIGHTS_NAME)

_LONGEST_SHOWN = 90


class Form(enum.StrEnum):
    """One of the four forms a model can be written in, and weights alone, which can only be read."""

    KERAS = "keras"
    H5 = "h5"
    JSON = "json"
    FOLDER = "folder"
    WEIGHTS = "weights"


def form_of(path: Path) -> Form | None:
    """Tell a file's form from its name; ``None`` when no form has that suffix."""
    if path.name.endswith(WEIGHTS_SUFFIX):
        return Form.WEIGHTS
    if path.suffix == ARCHIVE_SUFFIX:
        return Form.KERAS
    if path.suffix in HDF5_SUFFIXES:
        return Form.H5
    if path.suffix == ARCHITECTURE_SUFFIX:
        return Form.JSON
    return None


def form_to_write(path: Path) -> Form:
    """Tell the form of a model file that is to be written.

    Raises:
        ArgumentError: The name says no form, or weights without an architecture.
    """
    form = form_of(path)
    if form is Form.WEIGHTS:
        raise ArgumentError(
            "A model is written with its architecture, never as weights alone",
            received=shown(path),
            advice=f"Write {architecture_candidates(path)[-1].name}; its weights then go beside it as {path.name}",
        )
    if form is None:
        raise ArgumentError(
            "A model file's suffix must be .keras, .h5, .hdf5 or .json",
            received=shown(path),
            advice=f"Name it {path.stem or 'model'}.keras unless another program asks for a different form",
        )
    return form


def parse_form(name: str) -> Form:
    """Read a form's name as a user writes it.

    Raises:
        UnknownNameError: No form to write has that name.
    """
    known = [form.value for form in Form if form is not Form.WEIGHTS]
    if name not in known:
        raise UnknownNameError("Form of a saved model", name, known)
    return Form(name)


def weights_beside(architecture: Path) -> Path:
    """Give the weights file that goes with an architecture file."""
    if architecture.name == ARCHITECTURE_NAME:
        return architecture.with_name(WEIGHTS_NAME)
    return architecture.with_name(architecture.stem + WEIGHTS_SUFFIX)


def architecture_candidates(weights: Path) -> tuple[Path, ...]:
    """Give the architecture files that a weights file may go with, the first choice first."""
    own = weights.with_name(weights.name.removesuffix(WEIGHTS_SUFFIX) + ARCHITECTURE_SUFFIX)
    return (weights.with_name(ARCHITECTURE_NAME), own) if weights.name == WEIGHTS_NAME else (own,)


def shown(path: str | os.PathLike[str]) -> str:
    """Write a path for an error message, shortened from the left so that the file's name is seen."""
    text = str(path)
    return text if len(text) <= _LONGEST_SHOWN else "…" + text[1 - _LONGEST_SHOWN :]
