"""Models and weights in files of any name: ``save``, ``load_model``, ``save_weights``, ``load_weights``.

Keras 2 wrote HDF5 under whatever name it was given, and so does this; what a file is, its first bytes say. Keras 3 goes
by the suffix: ``.keras`` or ``.h5`` for a model, ``.weights.h5`` for weights. TensorFlow's Keras made a folder
(SavedModel) of a name without suffix; that is now one HDF5 file of this name.
"""

# ruff: noqa: A002, FBT001, FBT002 - the signatures are Keras'

import errno
import functools
import io
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scribal.backend import import_keras
from scribal.exceptions import ModelError
from scribal.files import whole_file
from scribal.legacy.constructors.adapting import called_by_keras
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal
from scribal.legacy.models.stored_configurations import load_hdf5
from scribal.models.hdf5 import hdf5_bytes
from scribal.models.quiet import quiet_keras

__all__ = ["adapt_storage"]

_HDF5 = b"\x89HDF\r\n\x1a\n"
_ZIP = b"PK\x03\x04"
_IN_FOLDER = "model.h5"


def adapt_storage(patches: Patches) -> None:
    """Let models and weights be saved and loaded under any name.

    Args:
        patches: Where the changes are kept.
    """
    keras = import_keras()
    model = keras.Model
    patches.put(model, "save", _save(model.save))
    patches.put(model, "save_weights", _save_weights(model.save_weights))
    patches.put(model, "load_weights", _load_weights(model.load_weights))
    load = _load_model(keras.models.load_model)
    for module in (keras.models, keras.saving):
        patches.put(module, "load_model", load)
        patches.put(module, "save_model", _save_model)


def _save(method: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(method)
    def stand_in(
        self: Any,
        filepath: Any,
        overwrite: bool = True,
        include_optimizer: bool = True,
        **options: Any,
    ) -> None:
        if not isinstance(filepath, str | os.PathLike):
            method(self, filepath, overwrite=overwrite, include_optimizer=include_optimizer, **options)
            return
        for gone in ("save_format", "signatures", "options", "save_traces"):
            if gone in options:
                current_journal().adapted(f"save(..., {gone}={options.pop(gone)!r})", "save(name + '.keras')")
        path = _place(filepath)
        if path.suffix == ".keras" or not options.get("zipped", True):
            path.parent.mkdir(parents=True, exist_ok=True)
            method(self, filepath, overwrite=overwrite, **options)
        elif overwrite or not path.exists():
            # A checkpoint's name has been noted where it was given.
            if path.suffix not in (".h5", ".hdf5") and not called_by_keras(2):
                current_journal().adapted(f"save({str(filepath)!r})", f"save({str(filepath) + '.keras'!r})")
            with quiet_keras():
                content = hdf5_bytes(self, include_optimizer=include_optimizer)
            with whole_file(path) as temporary:
                temporary.write_bytes(content)
        current_journal().wrote(path)

    return stand_in


def _save_model(
    model: Any, filepath: Any, overwrite: bool = True, include_optimizer: bool = True, **options: Any
) -> None:
    """``model.save`` as a function."""
    model.save(filepath, overwrite, include_optimizer, **options)


def _load_model(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def stand_in(
        filepath: Any,
        custom_objects: Any = None,
        compile: bool = True,
        safe_mode: bool = True,
        **_: Any,
    ) -> Any:
        options = {"custom_objects": custom_objects, "compile": compile, "safe_mode": safe_mode}
        if not isinstance(filepath, str | os.PathLike):
            return function(filepath, **options)
        path = _place(filepath)
        kind = _kind(path)
        if kind is None and (path / "saved_model.pb").exists():
            raise _saved_model(path)
        if kind == _HDF5:
            return load_hdf5(path, **options)
        if kind == _ZIP and path.suffix != ".keras":
            current_journal().adapted(f"load_model({str(filepath)!r})", f"load_model({str(filepath) + '.keras'!r})")
            with tempfile.TemporaryDirectory() as folder:
                return function(shutil.copy(path, Path(folder) / "model.keras"), **options)
        return function(filepath, **options)

    return stand_in


def _save_weights(method: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(method)
    def stand_in(self: Any, filepath: Any, overwrite: bool = True, *args: Any, **options: Any) -> None:
        path = Path(filepath)
        if path.name.endswith((".weights.h5", ".weights.json")):
            path.parent.mkdir(parents=True, exist_ok=True)
            method(self, filepath, overwrite, *args, **options)
        elif overwrite or not path.exists():
            modern = f"{str(filepath).removesuffix(path.suffix)}.weights.h5"
            if not called_by_keras(2):
                current_journal().adapted(f"save_weights({str(filepath)!r})", f"save_weights({modern!r})")
            with whole_file(path) as temporary:
                temporary.write_bytes(_weights(self))
        current_journal().wrote(path)

    return stand_in


def _load_weights(method: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(method)
    def stand_in(
        self: Any,
        filepath: Any,
        by_name: bool = False,
        skip_mismatch: bool = False,
        **options: Any,
    ) -> None:
        path = Path(filepath)
        if _kind(path) != _HDF5 or not _fill(self, path, by_name=by_name, skip_mismatch=skip_mismatch):
            if path.with_name(path.name + ".index").exists():
                raise _saved_model(path)
            with warnings.catch_warnings():
                # Weights are asked for, and the optimizer's state is no part of them in Keras 2.
                warnings.filterwarnings("ignore", "Skipping variable loading for optimizer")
                method(self, filepath, skip_mismatch=skip_mismatch, **options)

    return stand_in


def _weights(model: Any) -> bytes:
    """The content of an HDF5 file with weights alone, as Keras 2 laid them out and Keras 3 still reads them."""
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    return buffer.getvalue()


def _fill(model: Any, path: Path, *, by_name: bool, skip_mismatch: bool) -> bool:
    """Load weights in the layout of Keras 1 and 2, alone or of a whole model; says whether the file held such."""
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    with h5py.File(path, "r") as file:
        group = file["model_weights"] if "layer_names" not in file.attrs and "model_weights" in file else file
        if "layer_names" not in group.attrs and "layer_names0" not in group.attrs:
            return False
        if by_name:
            legacy_h5_format.load_weights_from_hdf5_group_by_name(group, model, skip_mismatch)
        else:
            legacy_h5_format.load_weights_from_hdf5_group(group, model, skip_mismatch)
    return True


def _place(filepath: Any) -> Path:
    """Where a model lies: in the file of its name, or in a folder that is there already."""
    path = Path(filepath)
    is_folder = path.is_dir() and not ((path / "saved_model.pb").exists() or (path / "config.json").exists())
    return path / _IN_FOLDER if is_folder or str(filepath).endswith(("/", os.sep)) else path


def _kind(path: Path) -> bytes | None:
    """Which of the known kinds a file is of; None for others and for folders.

    Raises:
        FileNotFoundError: Nothing has that name, as in Keras 2.
    """
    if path.is_dir() or "://" in str(path) or path.with_name(path.name + ".index").exists():
        return None
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    with path.open("rb") as file:
        head = file.read(8)
    return next((kind for kind in (_HDF5, _ZIP) if head.startswith(kind)), None)


def _saved_model(path: Path) -> ModelError:
    current_journal().refused(f"load {path}", "load a model saved as .h5 or .keras")
    return ModelError(
        "Only TensorFlow reads its SavedModel folders and checkpoints",
        received=path,
        advice="Load it where it was made, with TensorFlow 2, and save it with model.save('name.h5')",
    )
