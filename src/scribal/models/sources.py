"""Which files a path stands for."""

import dataclasses
import os
from pathlib import Path

from scribal.exceptions import ArgumentError, ModelError
from scribal.models.foreign import kind_of, require_file
from scribal.models.forms import (
    ARCHITECTURE_NAME,
    ARCHIVE_NAME,
    HDF5_NAME,
    HDF5_SUFFIXES,
    WEIGHTS_NAME,
    Form,
    architecture_candidates,
    form_of,
    shown,
    weights_beside,
)

__all__ = ["Source", "find_source"]


@dataclasses.dataclass(frozen=True)
class Source:
    """The files that a model is read from.

    Attributes:
        form: Their form: ``KERAS``, ``H5`` or ``JSON``.
        file: The archive, the HDF5 file or the architecture.
        weights: The weights that go with an architecture; ``None`` for the other forms.
    """

    form: Form
    file: Path
    weights: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of the model."""
        return (self.file,) if self.weights is None else (self.file, self.weights)


def find_source(path: str | os.PathLike[str], weights: str | os.PathLike[str] | None = None) -> Source:
    """Find the files of a model and check that they are there.

    Args:
        path: A folder, a ``.keras``, ``.h5``, ``.hdf5`` or ``.json`` file, or the ``.weights.h5`` beside its JSON.
        weights: The weights of a ``.json`` that do not lie beside it.

    Raises:
        ArgumentError: ``weights`` is given for a form that holds its own, or is no HDF5 file by its name.
        ModelError: A file is missing, empty or not readable.
    """
    given = Path(path)
    form = Form.FOLDER if given.is_dir() else form_of(given)
    if weights is not None and form is not Form.JSON:
        raise ArgumentError(
            "weights can be given only with an architecture, a .json file",
            received=f"{shown(given)} with weights={shown(weights)}",
            advice="Leave weights out, or give the architecture's .json file",
        )
    if form is Form.FOLDER:
        return _in_folder(given)
    require_file(given)
    if form is Form.WEIGHTS:
        return _by_weights(given)
    if form is Form.JSON:
        return Source(form, given, _weights_of(given, weights))
    if form is None:
        raise ModelError(
            "A model's file name must end in .keras, .h5, .hdf5 or .json",
            received=f"{shown(given)}, {kind_of(given)}",
            advice="Rename it if it is a Keras model of one of these forms; models of other libraries cannot be read",
        )
    return Source(form, given)


def _in_folder(folder: Path) -> Source:
    for name, form in ((ARCHIVE_NAME, Form.KERAS), (HDF5_NAME, Form.H5)):
        file = folder / name
        if file.exists():
            require_file(file)
            return Source(form, file)
    architecture, weights = folder / ARCHITECTURE_NAME, folder / WEIGHTS_NAME
    if architecture.exists() and weights.exists():
        require_file(architecture)
        require_file(weights)
        return Source(Form.JSON, architecture, weights)
    saved_model = (folder / "saved_model.pb").exists()
    raise ModelError(
        f"A model's folder must hold {ARCHIVE_NAME}, {HDF5_NAME}, or {ARCHITECTURE_NAME} with {WEIGHTS_NAME}",
        received=f"{shown(folder)}: {'a TensorFlow SavedModel' if saved_model else 'none of them'}",
        advice="Load it with the TensorFlow that wrote it and save it as .h5 there"
        if saved_model
        else "Give the run folder of a finished training, or the model's file itself",
    )


def _by_weights(weights: Path) -> Source:
    candidates = architecture_candidates(weights)
    for architecture in candidates:
        if architecture.exists():
            require_file(architecture)
            return Source(Form.JSON, architecture, weights)
    raise ModelError(
        "Weights can be loaded only with their architecture",
        received=f"{shown(weights)} without {' or '.join(file.name for file in candidates)} beside it",
        advice=f"Give the architecture's file: load_model('architecture.json', weights='{weights.name}')",
    )


def _weights_of(architecture: Path, weights: str | os.PathLike[str] | None) -> Path:
    if weights is not None:
        given = Path(weights)
        if given.suffix not in HDF5_SUFFIXES:
            raise ArgumentError(
                "weights must be an HDF5 file, ending in .weights.h5, .h5 or .hdf5",
                received=f"weights={shown(given)}",
                advice="Give the file that was saved with the architecture",
            )
        require_file(given)
        return given
    beside = weights_beside(architecture)
    if not beside.exists():
        raise ModelError(
            "An architecture needs its weights",
            received=f"{shown(architecture)} without {beside.name} beside it",
            advice=f"Give the weights: load_model('{architecture.name}', weights='path/to/{WEIGHTS_NAME}')",
        )
    require_file(beside)
    return beside
