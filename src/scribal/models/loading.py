"""Reading a Keras model in any of its forms."""

import dataclasses
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from scribal.backend import import_keras
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph
from scribal.engine.operations import Rescaling
from scribal.models.architecture import build_and_fill, inspect_architecture
from scribal.models.archive import inspect_archive
from scribal.models.contents import Contents
from scribal.models.foreign import explain, not_a_model
from scribal.models.forms import Form
from scribal.models.hdf5 import inspect_hdf5
from scribal.models.metadata import Metadata, checked_scale
from scribal.models.network import Network, network_of, read_network
from scribal.models.optimizer_state import restore_optimizer
from scribal.models.quiet import quiet_keras
from scribal.models.sources import Source, find_source

__all__ = ["LoadedModel", "assume_metadata", "load_model"]

# Layers that bring raw pixels to their range inside the model.
_SCALING_LAYERS = ("Rescaling", "Normalization")


@dataclasses.dataclass(frozen=True)
class LoadedModel:
    """A model and what scribal must know to use it.

    Reading a file loads neither Keras nor JAX where the engine can run the model; Keras builds it when ``model`` is
    first asked for.

    Attributes:
        metadata: How raw pixels enter the model and what its answers are called.
        path: The file or folder it was loaded from, as it was given.
        metadata_assumed: Whether ``metadata.scale`` is a guess, because the file was not written by scribal and no
            scale was given.
    """

    metadata: Metadata
    path: Path
    metadata_assumed: bool
    _build: Callable[[], Any] = dataclasses.field(repr=False)
    _read_network: Callable[[], Network] = dataclasses.field(repr=False)

    @classmethod
    def of(
        cls, model: Any, metadata: Metadata | None = None, path: Path | None = None, *, metadata_assumed: bool = False
    ) -> "LoadedModel":
        """Wrap a ``keras.Model``; without metadata, what is most likely true of it is assumed."""
        if metadata is None:
            metadata, metadata_assumed = assume_metadata(model), True
        return cls(metadata, path or Path(), metadata_assumed, lambda: model, lambda: network_of(model))

    @cached_property
    def model(self) -> Any:
        """The ``keras.Model``, compiled if it was saved so and Keras could restore that.

        Raises:
            ModelError: Keras cannot build it.
        """
        return self._build()

    @cached_property
    def network(self) -> Network:
        """The model as the engine sees it.

        Raises:
            LoweringError: It has no form in the engine.
        """
        return self._read_network()

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """Shape of one sample; ``None`` stands for any length."""
        try:
            return self.network.graph.input_shape
        except LoweringError:
            return tuple(self.model.input_shape[1:])


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
    contents = _inspect(source)
    network = _network(source, contents)
    if network is None:
        # Keras reads it now, or says what is wrong with it.
        model = _read(source, contents)
        likely, build, read = assume_metadata(model), (lambda: model), (lambda: network_of(model))
    else:
        found = network
        likely, build, read = _likely(network.graph), (lambda: _read(source, contents)), (lambda: found)
    metadata = contents.metadata or likely
    if factor is not None:
        metadata = dataclasses.replace(metadata, scale=factor)
    if not metadata.class_names:
        metadata = dataclasses.replace(metadata, class_names=likely.class_names)
    return LoadedModel(metadata, Path(path), contents.metadata is None and factor is None, build, read)


def assume_metadata(model: Any) -> Metadata:
    """What is most likely true of a model that does not say: pixels scaled by 1/255, classes called by number."""
    return Metadata(scale=_assumed_scale(model), class_names=_numbered_classes(model))


def _inspect(source: Source) -> Contents:
    """Look into a model's file, without Keras."""
    if source.weights is not None:
        return inspect_architecture(source.file)
    return inspect_archive(source.file) if source.form is Form.KERAS else inspect_hdf5(source.file)


def _network(source: Source, contents: Contents) -> Network | None:
    """Read a model for the engine; nothing if only Keras can read it."""
    try:
        return read_network(source, contents)
    # Damaged and foreign files raise errors of every kind; Keras then reads them, or tells what is wrong.
    except Exception:  # noqa: BLE001
        return None


def _likely(graph: Graph) -> Metadata:
    """What :func:`assume_metadata` says, of a model that Keras has not built."""
    scales_itself = len(graph.nodes) > 1 and isinstance(graph.nodes[1].operation, Rescaling)
    return Metadata(1.0 if scales_itself else 1 / 255, _numbered(graph.output_shape[-1]))


def _read(source: Source, contents: Contents) -> Any:
    file, weights = source.file, source.weights
    if weights is not None:
        return _revive(lambda compiled: build_and_fill(contents.config, file, weights, compiled=compiled), file)
    if source.form is Form.KERAS:
        return _revive(lambda compiled: _load_whole(file, compiled=compiled), file)
    return _revive(lambda compiled: _load_hdf5(file, compiled=compiled), file)


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
    return _numbered(shape[-1])


def _numbered(outputs: int) -> tuple[str, ...]:
    # A single output is a sigmoid's, which tells two classes apart.
    return tuple(str(number) for number in range(max(outputs, 2)))
