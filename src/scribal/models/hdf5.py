"""The ``.h5`` form: a whole model in HDF5, as Keras 1 and 2 wrote it and Keras 3 still reads and writes it.

The root group carries ``model_config`` and, for a compiled model, ``training_config`` as attributes; the weights lie
in the group ``model_weights``. See https://keras.io/guides/serialization_and_saving/.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scribal.exceptions import ModelError
from scribal.models.contents import Contents, parse_contents
from scribal.models.foreign import kind_of, not_a_model
from scribal.models.forms import ARCHIVE_SUFFIX, HDF5_NAME, shown
from scribal.models.metadata import ATTRIBUTE, Metadata, metadata_from_json, metadata_to_object

__all__ = ["hdf5_bytes", "inspect_hdf5", "is_keras2_weights", "open_hdf5", "stored_parameters"]


def hdf5_bytes(model: Any, metadata: Metadata | None = None, *, include_optimizer: bool = True) -> bytes:
    """Serialise a Keras model as the content of an ``.h5`` file.

    It is made in memory and written by Python: on a full disk HDF5's own writer leaves its library in a state that
    crashes the process later.

    Args:
        model: A ``keras.Model``.
        metadata: What scribal keeps beside it; without any, the file is as Keras writes it.
        include_optimizer: Whether optimizer, loss and metrics are saved as well.
    """
    import h5py

    class InMemory(h5py.File):  # type: ignore[misc]
        """A file that passes for a path: Keras tells the form of a file by the end of its name."""

        def __str__(self) -> str:
            return HDF5_NAME

    with InMemory(HDF5_NAME, "w", driver="core", backing_store=False) as file:
        with _kept_compile_arguments(model):
            model.save(file, include_optimizer=include_optimizer)
        if metadata is not None:
            file.attrs[ATTRIBUTE] = json.dumps(metadata_to_object(metadata), ensure_ascii=False)
        file.flush()
        image: bytes = file.id.get_file_image()
    return image


def inspect_hdf5(path: Path) -> Contents:
    """Check that ``path`` holds a whole Keras model in HDF5 and read its description.

    Raises:
        ModelError: It is no HDF5 file, damaged, holds weights alone or no Keras model, or brings code.
    """
    with open_hdf5(path) as file:
        config = _text(file.attrs.get("model_config"))
        if config is None:
            if _holds_weights(file):
                raise ModelError(
                    "A whole model needs its architecture as well as its weights",
                    received=f"{shown(path)}: weights alone",
                    advice="Give the architecture's JSON file and these weights: "
                    f"load_model('architecture.json', weights='{path.name}')",
                )
            raise not_a_model(path, "an HDF5 file without a Keras model")
        if "model_weights" not in file:
            raise not_a_model(path, "an HDF5 model without its weights")
        note = _text(file.attrs.get(ATTRIBUTE))
        metadata = None if note is None else metadata_from_json(note, shown(path))
        return parse_contents(config, metadata, path)


@contextlib.contextmanager
def open_hdf5(path: Path) -> Iterator[Any]:
    """Open an HDF5 file to read.

    Raises:
        ModelError: It is no HDF5 file, or is damaged; also for what the block finds damaged while it reads.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            yield file
    except ModelError:
        raise
    # h5py raises OSError, RuntimeError, KeyError, ValueError, TypeError and more, by which byte is damaged.
    except Exception as error:
        kind = kind_of(path)
        if kind == "an HDF5 file":
            reason = f"a damaged or truncated HDF5 file ({error})"
        elif kind == "a zip archive":
            reason = f"{kind}, perhaps a Keras archive whose name should end in {ARCHIVE_SUFFIX}"
        else:
            reason = f"{kind} instead of an HDF5 file"
        raise not_a_model(path, reason) from error


def is_keras2_weights(file: Any) -> bool:
    """Tell whether an open HDF5 file holds weights in the layout of Keras 1 and 2, with or without the model."""
    return "layer_names" in file.attrs or "model_weights" in file


def stored_parameters(file: Any) -> int:
    """Count the numbers in an open ``.weights.h5`` that belong to layers.

    The state of the optimizer, the metrics and the random generators is stored there too and does not count.
    """
    import h5py

    total = 0

    def count(name: str, item: Any) -> None:
        nonlocal total
        parts = name.split("/")
        extra = parts[0] in {"optimizer", "metrics", "_metrics", "_compile_metrics", "_loss_tracker"}
        if isinstance(item, h5py.Dataset) and not extra and "seed_generator" not in parts:
            total += item.size or 0

    file.visititems(count)
    return total


def _holds_weights(file: Any) -> bool:
    return "layer_names" in file.attrs or "layers" in file or "vars" in file


def _text(value: object) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    raise TypeError(f"an attribute is a {type(value).__name__} instead of text")


@contextlib.contextmanager
def _kept_compile_arguments(model: Any) -> Iterator[None]:
    """Give the model its compile arguments back after an HDF5 save.

    Keras 3.15 removes the optimizer from them while it writes ``.h5``; a ``.keras`` of the same model saved later would
    come back with RMSprop, Keras' default.
    """
    arguments = getattr(getattr(model, "_compile_config", None), "config", None)
    saved = dict(arguments) if isinstance(arguments, dict) else None
    try:
        yield
    finally:
        if saved is not None and isinstance(arguments, dict):
            arguments.clear()
            arguments.update(saved)
