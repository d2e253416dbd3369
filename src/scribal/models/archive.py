"""The ``.keras`` form: a zip archive of configuration and weights.

Keras stores ``config.json``, ``metadata.json`` and ``model.weights.h5`` in it uncompressed; scribal adds one member.
See https://keras.io/api/models/model_saving_apis/model_saving_and_loading/.
"""

import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

from scribal.exceptions import ModelError
from scribal.models.contents import Contents, parse_contents
from scribal.models.foreign import kind_of, not_a_model
from scribal.models.forms import ARCHIVE_NAME, WEIGHTS_NAME, shown
from scribal.models.metadata import MEMBER, Metadata, metadata_from_json, metadata_to_object

__all__ = ["archive_bytes", "inspect_archive", "weights_bytes"]

_CONFIG = "config.json"
_WEIGHTS = (WEIGHTS_NAME, "model.weights.npz")
# Keras does not compress; an archive that unpacks to so much more than its size was made to exhaust the machine.
_LARGEST_EXPANSION = 100
_ALWAYS_ALLOWED_BYTES = 256 * 1024 * 1024


class _Buffer(io.BytesIO):
    """Memory that passes for a path: Keras tells the form of a file by the end of its name."""

    def __str__(self) -> str:
        return ARCHIVE_NAME


def archive_bytes(model: Any, metadata: Metadata) -> bytes:
    """Serialise a Keras model as the content of a ``.keras`` file."""
    buffer = _Buffer()
    model.save(buffer)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(MEMBER, json.dumps(metadata_to_object(metadata), ensure_ascii=False))
    return buffer.getvalue()


def weights_bytes(model: Any) -> bytes:
    """Serialise the weights of a Keras model as the content of a ``.weights.h5`` file.

    They are a member of the archive, the same as ``model.save_weights`` writes. Taken from there they are written by
    Python: on a full disk HDF5's own writer leaves its library in a state that crashes the process later.
    """
    buffer = _Buffer()
    model.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return archive.read(WEIGHTS_NAME)


def inspect_archive(path: Path) -> Contents:
    """Check that ``path`` is a whole Keras archive, by the checksum of each member, and read its description.

    Raises:
        ModelError: It is no zip archive, damaged, no Keras archive, or brings code.
    """
    if not zipfile.is_zipfile(path):
        kind = kind_of(path)
        reason = "a truncated zip archive" if kind == "a zip archive" else f"{kind} instead of a Keras archive"
        raise not_a_model(path, reason)
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
            _refuse_bomb(archive, path)
            if _CONFIG not in members:
                raise not_a_model(path, f"a zip archive without {_CONFIG}{_maker(members)}")
            if not members.intersection(_WEIGHTS):
                raise not_a_model(path, "a Keras archive without its weights")
            # Keras would read damaged weights without a word where zipfile's checksum is not consulted.
            if damaged := archive.testzip():
                raise not_a_model(path, f"its member {damaged} is damaged")
            metadata = metadata_from_json(archive.read(MEMBER), shown(path)) if MEMBER in members else None
            return parse_contents(archive.read(_CONFIG), metadata, path)
    except ModelError:
        raise
    # RuntimeError: an encrypted member. NotImplementedError: a compression method that Python does not have.
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        raise not_a_model(path, f"a damaged zip archive ({error})") from error


def _refuse_bomb(archive: zipfile.ZipFile, path: Path) -> None:
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > max(_ALWAYS_ALLOWED_BYTES, _LARGEST_EXPANSION * path.stat().st_size):
        raise not_a_model(path, f"a zip archive that would unpack to {unpacked:,} bytes")


def _maker(members: set[str]) -> str:
    if any(name.endswith("/data.pkl") or name == "data.pkl" for name in members):
        return ", made by PyTorch"
    if any(name.endswith(".npy") for name in members):
        return ", made by NumPy"
    return ""
