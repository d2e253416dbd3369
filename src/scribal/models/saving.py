"""Writing a Keras model, with what scribal must know to use it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scribal.backend import import_keras
from scribal.exceptions import ArgumentError, ModelError
from scribal.files import whole_file
from scribal.models.architecture import architecture_bytes
from scribal.models.archive import archive_bytes, weights_bytes
from scribal.models.forms import (
    ARCHITECTURE_NAME,
    ARCHIVE_NAME,
    HDF5_NAME,
    WEIGHTS_NAME,
    Form,
    form_to_write,
    shown,
    weights_beside,
)
from scribal.models.hdf5 import hdf5_bytes
from scribal.models.metadata import Metadata
from scribal.models.quiet import quiet_keras

__all__ = ["save_folder", "save_model"]


def save_model(model: Any, path: str | os.PathLike[str], metadata: Metadata) -> tuple[Path, ...]:
    """Save a Keras model in the form that the path's suffix names.

    ``.keras`` and ``.h5``/``.hdf5`` hold everything. ``.json`` holds the architecture, and the weights go beside it:
    ``NAME.weights.h5`` for ``NAME.json``, ``model.weights.h5`` for ``architecture.json``. A compiled model keeps its
    optimizer, loss and metrics in each form. Files that exist are replaced, whole or not at all. Plain Keras loads
    each form; see https://keras.io/guides/serialization_and_saving/.

    Args:
        model: A built ``keras.Model``.
        path: Where to save it; missing folders are made.
        metadata: How raw pixels enter the model and what its answers are called.

    Returns:
        The files written.

    Raises:
        ArgumentError: The suffix names no form, or ``model`` is no Keras model.
        ModelError: The model is not built, or a part of it cannot be serialised.
        RunError: The folder cannot be written or the disk is full.
    """
    target = Path(path)
    form = form_to_write(target)
    _require_built(model)
    with _serialising(target):
        if form is Form.JSON:
            contents = {weights_beside(target): weights_bytes(model), target: architecture_bytes(model, metadata)}
        elif form is Form.KERAS:
            contents = {target: archive_bytes(model, metadata)}
        else:
            contents = {target: hdf5_bytes(model, metadata)}
    return _write_together(contents)


def save_folder(model: Any, folder: str | os.PathLike[str], metadata: Metadata) -> tuple[Path, ...]:
    """Save a Keras model in all forms into a folder, under the names that a run folder uses.

    The four files are ``model.keras``, ``model.h5``, ``architecture.json`` and ``model.weights.h5``. Other files of
    the folder are left alone.

    Args:
        model: A built ``keras.Model``.
        folder: Where to save it; made if missing.
        metadata: How raw pixels enter the model and what its answers are called.

    Returns:
        The files written.

    Raises:
        ArgumentError: ``model`` is no Keras model.
        ModelError: The model is not built, or a part of it cannot be serialised.
        RunError: The folder cannot be written or the disk is full.
    """
    _require_built(model)
    place = Path(folder)
    with _serialising(place):
        contents = {
            place / ARCHIVE_NAME: archive_bytes(model, metadata),
            place / HDF5_NAME: hdf5_bytes(model, metadata),
            place / WEIGHTS_NAME: weights_bytes(model),
            place / ARCHITECTURE_NAME: architecture_bytes(model, metadata),
        }
    return _write_together(contents)


def _write_together(contents: dict[Path, bytes]) -> tuple[Path, ...]:
    """Write files that belong together: all are complete before the first is renamed to its place."""
    with contextlib.ExitStack() as stack:
        for path, content in contents.items():
            stack.enter_context(whole_file(path)).write_bytes(content)
    return tuple(contents)


@contextlib.contextmanager
def _serialising(path: Path) -> Iterator[None]:
    """Silence Keras, and say in one line what it could not serialise."""
    with quiet_keras():
        try:
            yield
        # A user's own layers serialise themselves and may raise anything while they do.
        except Exception as error:
            reason = str(error).strip().partition("\n")[0] or type(error).__name__
            raise ModelError(
                "Each layer of a model must be serialisable to save it",
                received=f"{shown(path)}: {reason}",
                advice="Give own layers and models a get_config() that returns their constructor's arguments",
            ) from error


def _require_built(model: Any) -> None:
    if not isinstance(model, import_keras().Model):
        raise ArgumentError(
            "model must be a keras.Model",
            received=f"an object of type {type(model).__name__}",
            advice="Give the model itself, not a layer, a recipe or a path",
        )
    if not model.built:
        raise ModelError(
            "A model must know its input shape before it is saved",
            received=f"the model {model.name}, not built",
            advice="Begin it with keras.Input((28, 28, 1)), or call model.build((None, 28, 28, 1))",
        )
