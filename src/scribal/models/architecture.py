"""The ``.json`` form: the architecture as text, its weights apart in HDF5.

Keras 3 reads architectures of Keras 3 and of Keras 2.12 and later by ``model_from_json``. Older ones it still reads
inside a whole ``.h5`` model only; so an old architecture and its weights are put together into one such file first.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from scribal.backend import import_keras
from scribal.exceptions import ModelError
from scribal.models.contents import Contents, parse_contents
from scribal.models.foreign import explain, kind_of, not_a_model
from scribal.models.forms import HDF5_NAME, shown
from scribal.models.hdf5 import is_keras2_weights, open_hdf5, stored_parameters
from scribal.models.metadata import ATTRIBUTE, Metadata, metadata_from_object, metadata_to_object

__all__ = ["architecture_bytes", "build_and_fill", "inspect_architecture"]

_LARGEST_BYTES = 64 * 1024 * 1024


def architecture_bytes(model: Any, metadata: Metadata) -> bytes:
    """Serialise a Keras model's architecture as the content of a ``.json`` file."""
    config = json.loads(model.to_json())
    config[ATTRIBUTE] = metadata_to_object(metadata)
    return (json.dumps(config, indent=2, ensure_ascii=False) + "\n").encode()


def inspect_architecture(path: Path) -> Contents:
    """Check that ``path`` holds the architecture of a Keras model and read it.

    Raises:
        ModelError: It is no JSON, describes no Keras model, or brings code.
    """
    size = path.stat().st_size
    if size > _LARGEST_BYTES:
        raise not_a_model(path, f"{size:,} bytes, too many for an architecture")
    text = path.read_bytes()
    kind = kind_of(path)
    if kind not in {"JSON text", "text"}:
        raise not_a_model(path, f"{kind} instead of JSON")
    contents = parse_contents(text, None, path)
    note = contents.config.pop(ATTRIBUTE, None)
    return contents if note is None else Contents(contents.config, metadata_from_object(note, shown(path)))


def build_and_fill(config: dict[str, Any], architecture: Path, weights: Path, *, compiled: bool) -> Any:
    """Build the model that an architecture describes and load its weights.

    Args:
        config: The architecture as read from ``architecture``.
        architecture: Where it was read from, for error messages.
        weights: Weights of Keras 3 (``.weights.h5``) or Keras 2 (``.h5``).
        compiled: Whether to restore optimizer, loss and metrics if the architecture names them.

    Raises:
        ModelError: The architecture cannot be built, or the weights are damaged or do not fit.
    """
    with open_hdf5(weights) as file:
        keras2 = is_keras2_weights(file)
        available = 0 if keras2 else stored_parameters(file)
    if "module" not in config and keras2:
        return _build_keras2(config, weights, compiled=compiled)
    wanted = config if compiled else {key: value for key, value in config.items() if key != "compile_config"}
    keras = import_keras()
    try:
        model = keras.models.model_from_json(json.dumps(wanted))
        expected = model.count_params() if isinstance(model, keras.Model) else 0
    # The architecture may be foreign: Keras raises whatever its layers raise for arguments that make no sense.
    except Exception as error:
        raise explain(error, architecture) from error
    if not isinstance(model, keras.Model):
        raise not_a_model(architecture, f"a {type(model).__name__} instead of a model")
    # Keras leaves weights aside for which the model has no layer, so that a wrong file would load without a word.
    if available > expected:
        raise ModelError(
            "Weights must fit the architecture they are loaded into",
            received=f"{shown(weights)}: {available:,} parameters for a model of {expected:,}",
            advice="Use the weights and the architecture that were saved together",
        )
    try:
        model.load_weights(weights)
    # A damaged or foreign HDF5 file makes h5py and Keras raise errors of many kinds.
    except Exception as error:
        raise explain(error, weights) from error
    return model


def _build_keras2(config: dict[str, Any], weights: Path, *, compiled: bool) -> Any:
    import h5py

    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / HDF5_NAME
        with open_hdf5(weights) as source, h5py.File(whole, "w") as target:
            target.attrs["model_config"] = json.dumps({key: config[key] for key in ("class_name", "config")})
            group = source if "layer_names" in source.attrs else source["model_weights"]
            source.copy(group, target, name="model_weights")
        try:
            return import_keras().models.load_model(whole, compile=compiled)
        # As above: old files are foreign files.
        except Exception as error:
            raise explain(error, weights) from error
