"""Reading a Keras model in any of its forms."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scribal.backend import import_keras
from scribal.models.architecture import build_and_fill, inspect_architecture
from scribal.models.archive import inspect_archive
from scribal.models.foreign import explain, not_a_model
from scribal.models.forms import Form
from scribal.models.hdf5 import inspect_hdf5
from scribal.models.metadata import Metadata, checked_scale
from scribal.models.optimizer_state import restore_optimizer
from scribal.models.quiet import quiet_keras
from scribal.models.sources import Source, find_source

__all__ = ["LoadedModel", "assume_metadata", "load_model"]

# Layers that bring raw pixels to their range inside the model.
_SCALING_LAYERS = ("Rescaling", "Normalization")


@dataclasses.dataclass(frozen=True)
class LoadedModel:
    """A Keras model and what scribal must know to use it.

    Attributes:
        model: The ``keras.Model``, compiled if it was saved so and Keras could restore that.
        metadata: How raw pixels enter the model and what its answers are called.
        path: The file or folder it was loaded from, as it was given.
        metadata_assumed: Whether ``metadata.scale`` is a guess, because the file was not written by scribal and no
            scale was given.
    """

    model: Any
    metadata: Metadata
    path: Path
    metadata_assumed: bool


def load_model(
    path: str | os.PathLike[str],
    weights: str | os.PathLike[str] | None = None,
    scale: float | None = None,
) -> LoadedModel:
    """Load a Keras model from a run folder, an archive, an HDF5 file, or an architecture with its weights.

    A folder gives its ``model.keras``, else its ``model.h5``, else ``architecture.json`` with ``model.weights.h5``.
    A ``.json`` is paired with the weights beside it (see :mod:`scribal.models.forms`), and so is a ``.weights.h5``
    with its architecture. Files of plain Keras load too, including ``.h5`` files of Keras 2 as far as Keras 3 reads
    them; their scale is assumed to be 1/255, or 1.0 if the model begins with a scaling layer of its own.

    Loading runs no code from the file: Keras' ``safe_mode`` stays on, and Lambda layers are refused. Custom layers
    have to be registered with ``keras.saving.register_keras_serializable`` beforehand. If only the optimizer, loss or
    metrics cannot be restored, the model loads without them, not compiled.

    ``.keras`` archives carry checksums; damage to the weights of the other forms that leaves the file readable cannot
    be seen. See https://keras.io/guides/serialization_and_saving/.

    Args:
        path: Folder or file of the model.
        weights: Weights of a ``.json`` architecture that do not lie beside it: ``.weights.h5``, or ``.h5`` of Keras 2.
        scale: Factor of raw pixel values, instead of the one in the file or the assumed one.

    Raises:
        ModelError: A file is missing, empty, damaged, foreign or brings code; the weights do not fit; or Keras does
            not know a class that the model uses.
        ArgumentError: ``weights`` is given for another form than JSON, or ``scale`` is not a finite number above 0.
    """
    factor = None if scale is None else checked_scale(scale)
    source = find_source(path, weights)
    model, metadata = _read(source)
    assumed = metadata is None and factor is None
    if metadata is None:
        metadata = assume_metadata(model)
    if factor is not None:
        metadata = dataclasses.replace(metadata, scale=factor)
    if not metadata.class_names:
        metadata = dataclasses.replace(metadata, class_names=_numbered_classes(model))
    return LoadedModel(model, metadata, Path(path), assumed)


def assume_metadata(model: Any) -> Metadata:
    """What is most likely true of a model that does not say: pixels scaled by 1/255, classes called by number."""
    return Metadata(scale=_assumed_scale(model), class_names=_numbered_classes(model))


def _read(source: Source) -> tuple[Any, Metadata | None]:
    file, weights = source.file, source.weights
    if weights is not None:
        contents = inspect_architecture(file)
        model = _revive(
            lambda compiled: build_and_fill(contents.config, file, weights, compiled=compiled),
            file,
        )
    elif source.form is Form.KERAS:
        contents = inspect_archive(file)
        model = _revive(lambda compiled: _load_whole(file, compiled=compiled), file)
    else:
        contents = inspect_hdf5(file)
        model = _revive(lambda compiled: _load_hdf5(file, compiled=compiled), file)
    return model, contents.metadata


def _load_whole(file: Path, *, compiled: bool) -> Any:
    return import_keras().models.load_model(file, compile=compiled, safe_mode=True)


def _load_hdf5(file: Path, *, compiled: bool) -> Any:
    model = _load_whole(file, compiled=compiled)
    if compiled:
        restore_optimizer(model, file)
    return model


def _revive(load: Callable[..., Any], file: Path) -> Any:
    """Load compiled if possible, else without optimizer, loss and metrics."""
    with quiet_keras():
        try:
            model = load(compiled=True)
        # Keras, and the layers it builds, raise errors of every kind for foreign and damaged files.
        except Exception:  # noqa: BLE001
            try:
                model = load(compiled=False)
            except Exception as error:
                raise explain(error, file) from error
        if not isinstance(model, import_keras().Model):
            raise not_a_model(file, f"a {type(model).__name__} instead of a model")
        return model


def _assumed_scale(model: Any) -> float:
    first = _first_layer(model)
    return 1.0 if type(first).__name__ in _SCALING_LAYERS else 1 / 255


def _first_layer(model: Any) -> Any:
    keras = import_keras()
    layers = [layer for layer in getattr(model, "layers", []) if not isinstance(layer, keras.layers.InputLayer)]
    if not layers:
        return model
    return _first_layer(layers[0]) if isinstance(layers[0], keras.Model) else layers[0]


def _numbered_classes(model: Any) -> tuple[str, ...]:
    try:
        shape = model.output_shape
    except AttributeError:
        # A model class of the user's own may not know its output before it is called.
        return ()
    if not isinstance(shape, tuple) or not shape or not isinstance(shape[-1], int):
        return ()
    # A single output is a sigmoid's, which tells two classes apart.
    return tuple(str(number) for number in range(max(shape[-1], 2)))
