"""Model files from anywhere: what they really are, whether they carry code, and why Keras refused them.

Each check answers before Keras sees the file, where Keras would raise something obscure, take unbounded memory or wait
for ever. Nothing here imports Keras.
"""

import json
import re
from pathlib import Path
from typing import Any

from scribal.exceptions import ModelError
from scribal.models.forms import shown

__all__ = ["explain", "kind_of", "parse_json", "refuse_code", "require_file"]

_LARGEST_JSON = 64 * 1024 * 1024

# First bytes of what is often found under a model's name.
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"%PDF", "a PDF document"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file it points to"),
)

_CODE_LAYERS = ("Lambda", "TFSMLayer")

_MISSING_CLASS = (
    re.compile(r"Could not locate (?:class|function) '([^']+)'"),
    re.compile(r"Unknown \w+: '([^']+)'"),
    re.compile(r"Could not (?:deserialize|interpret) (?:class|function) '([^']+)'"),
    re.compile(r"Cannot deserialize object of type `([^`]+)`"),
)
_MISFIT = re.compile(
    r"mismatch|objects could not be loaded|expected \d+ variables|Unable to synchronously open object|"
    r"cannot be assigned|must match",
    re.IGNORECASE,
)


def require_file(path: Path) -> None:
    """Check that ``path`` is a regular file with something in it that may be read.

    Raises:
        ModelError: It is missing, empty, a folder, a pipe or a device (which could wait for ever), or unreadable.
    """
    try:
        if not path.exists():
            reason = "no such file"
        elif not path.is_file():
            reason = "a folder" if path.is_dir() else "a pipe or device"
        elif path.stat().st_size == 0:
            reason = "an empty file"
        else:
            with path.open("rb"):
                return
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
    raise ModelError(
        "A model must be read from an existing file with something in it",
        received=f"{shown(path)}: {reason}",
        advice="Check the path, or save the model again",
    )


def kind_of(path: Path) -> str:
    """Say what a file looks like by its first bytes."""
    with path.open("rb") as file:
        head = file.read(512)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.lstrip()[:1] in (b"{", b"["):
        return "JSON text"
    return "binary data" if b"\0" in head else "text"


def parse_json(text: bytes, path: Path) -> dict[str, Any]:
    """Read the configuration of a model from JSON.

    Raises:
        ModelError: It is no JSON object, or describes no Keras model.
    """
    if len(text) > _LARGEST_JSON:
        raise not_a_model(path, f"an architecture of {len(text):,} bytes")
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise not_a_model(path, f"not JSON: {error}") from error
    if not (isinstance(config, dict) and isinstance(config.get("class_name"), str) and "config" in config):
        what = f"keys {', '.join(list(config)[:5])}" if isinstance(config, dict) else f"a {type(config).__name__}"
        raise not_a_model(path, f"JSON without a Keras model ({what})")
    return config


def refuse_code(config: object, path: Path) -> None:
    """Refuse an architecture that brings Python code, which would run when the model is loaded or used.

    Keras' ``safe_mode`` refuses it too, though not in every version for every form; it stays on as well.

    Raises:
        ModelError: The architecture holds a Lambda layer, a pickled function or a TensorFlow SavedModel.
    """
    waiting = [config]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            kind = node.get("class_name")
            if kind in _CODE_LAYERS or kind == "__lambda__":
                raise ModelError(
                    "A model file must not bring code of its own",
                    received=f"{shown(path)}: {'a Lambda function' if kind == '__lambda__' else f'a {kind} layer'}",
                    advice="Replace it by a Keras layer, or by a layer class registered with "
                    "keras.saving.register_keras_serializable, and save the model again",
                )
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def not_a_model(path: Path, reason: str) -> ModelError:
    """Say that a file holds no Keras model."""
    return ModelError(
        "A model file must hold a whole Keras model",
        received=f"{shown(path)}: {reason}",
        advice="Save it again with scribal or with model.save() of Keras",
    )


def explain(error: BaseException, path: Path) -> ModelError:
    """Turn what Keras or h5py raised while reading ``path`` into one line."""
    if isinstance(error, ModelError):
        return error
    text = " ".join(str(error).split())
    for pattern in _MISSING_CLASS:
        if found := pattern.search(text):
            name = found.group(1)
            return ModelError(
                f"Keras must know the class or function {name} to load this model",
                received=f"{shown(path)}: {name} is neither part of Keras nor registered",
                advice=f"Import the module that defines {name}, decorated with "
                "@keras.saving.register_keras_serializable(), before loading the model",
            )
    if _MISFIT.search(text):
        # Keras lists every object; the line after this heading is the one that says what does not fit.
        detail = re.sub(r"^.*?Example error message for object <.*?>: ", "", text)
        return ModelError(
            "Weights must fit the architecture they are loaded into",
            received=f"{shown(path)}: {detail}",
            advice="Use the weights and the architecture that were saved together",
        )
    if isinstance(error, KeyError):
        return not_a_model(path, f"its description lacks {text}")
    # Keras wraps an error in the whole configuration; the reason stands behind or before it.
    text = text.rpartition("Exception encountered: ")[2]
    reason = re.split(r"(?i)full object config|\bconfig=\{", text)[0].strip(" .,:")
    return not_a_model(path, f"Keras cannot read it: {reason or type(error).__name__}")
