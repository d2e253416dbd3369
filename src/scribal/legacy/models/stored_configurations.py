"""Whole models in HDF5 and architectures in JSON, of any Keras: ``load_hdf5`` and ``model_from_json``."""

import contextlib
import functools
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scribal.backend import import_keras
from scribal.exceptions import ModelError
from scribal.legacy.changes.spellings import WHOLE_LOSSES
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal
from scribal.legacy.models.old_configurations import is_old, modern_model, modern_training
from scribal.models.optimizer_state import restore_optimizer
from scribal.models.quiet import quiet_keras

__all__ = ["adapt_configurations", "load_hdf5"]


def adapt_configurations(patches: Patches) -> None:
    """Let ``model_from_json`` and ``model_from_config`` read what any Keras wrote.

    Args:
        patches: Where the changes are kept.
    """
    models = import_keras().models
    patches.put(models, "model_from_json", _model_from_json(models.model_from_json))
    patches.put(models, "model_from_config", _model_from_config)
    patches.put(models, "model_from_yaml", _model_from_yaml)


def load_hdf5(path: Path, *, custom_objects: Any, compile: bool, safe_mode: bool) -> Any:  # noqa: A002 - Keras' name
    """Load a whole model that any Keras wrote to HDF5.

    The optimizer of a model of Keras 1 or 2 begins anew. Where its training cannot be restored at all, the model comes
    back not compiled, and the journal says so.

    Args:
        path: The file.
        custom_objects: Classes and functions of the user's, by name.
        compile: Whether to restore optimizer, loss and metrics.
        safe_mode: Whether to refuse functions that the file brings.
    """
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    # In memory, so that the configuration can be made modern without touching the file.
    with h5py.File(io.BytesIO(path.read_bytes()), "r+") as file:
        version = _text(file.attrs.get("keras_version", ""))
        if not version.startswith("3."):
            _modernise(file)
        _write_losses_out(file)
        load = functools.partial(
            legacy_h5_format.load_model_from_hdf5, file, custom_objects=custom_objects, safe_mode=safe_mode
        )
        with quiet_keras():
            if not compile:
                return load(compile=False)
            try:
                model = load(compile=True)
                restore_optimizer(model, path)
            # Whatever the configuration of an optimizer, loss or metric of old may hold.
            except Exception as error:  # noqa: BLE001
                model = load(compile=False)
                reason = str(error).strip().partition("\n")[0]
                current_journal().refused(f"the training of {path.name} ({reason})", "model.compile(...)")
    return model


def _modernise(file: Any) -> None:
    """Rewrite the configurations in an open HDF5 file."""
    if "model_config" in file.attrs:
        config = json.loads(_text(file.attrs["model_config"]))
        file.attrs["model_config"] = json.dumps(modern_model(config)).encode()
    if "training_config" in file.attrs:
        training = json.loads(_text(file.attrs["training_config"]))
        file.attrs["training_config"] = json.dumps(modern_training(training)).encode()


def _write_losses_out(file: Any) -> None:
    """Give the losses in an open HDF5 file their whole names: Keras 3 writes short ones and does not find them."""
    if "training_config" not in file.attrs:
        return
    training = json.loads(_text(file.attrs["training_config"]))
    known = import_keras().tree.map_structure(
        lambda loss: WHOLE_LOSSES.get(loss.lower(), loss) if isinstance(loss, str) else loss, training.get("loss")
    )
    file.attrs["training_config"] = json.dumps({**training, "loss": known}).encode()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _model_from_json(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def stand_in(json_string: str, custom_objects: Any = None) -> Any:
        config = json.loads(json_string)
        if not is_old(config):
            return function(json_string, custom_objects=custom_objects)
        return _model_from_config(config, custom_objects)

    return stand_in


def _model_from_config(config: Any, custom_objects: Any = None) -> Any:
    """Build a model from its configuration; Keras 1 and 2 had this in ``keras.models``."""
    from keras.src.legacy.saving import saving_options, saving_utils

    if not is_old(config):
        return import_keras().saving.deserialize_keras_object(config, custom_objects=custom_objects)
    with saving_options.keras_option_scope(use_legacy_config=True):
        return saving_utils.model_from_config(modern_model(config), custom_objects=custom_objects)


def _model_from_yaml(yaml_string: str, custom_objects: Any = None) -> Any:
    """Build a model from what ``to_yaml`` gives here, which is JSON; YAML proper could bring code, and is refused."""
    with contextlib.suppress(ValueError):
        json.loads(yaml_string)
        current_journal().adapted("model_from_yaml()", "model_from_json()")
        return import_keras().models.model_from_json(yaml_string, custom_objects=custom_objects)
    current_journal().refused("model_from_yaml()", "model_from_json()")
    raise ModelError(
        "Keras reads architectures from JSON; YAML is gone since TensorFlow 2.6, as it could bring code",
        received="a text that is no JSON",
        advice="Write to_json() and model_from_json()",
    )
