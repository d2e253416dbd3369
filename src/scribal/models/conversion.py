"""From one saved form to another."""

import os
from pathlib import Path

from scribal.exceptions import ArgumentError
from scribal.models.forms import FOLDER_FILES, Form, form_of, form_to_write, parse_form, shown, weights_beside
from scribal.models.loading import load_model
from scribal.models.saving import save_folder, save_model
from scribal.models.sources import find_source

__all__ = ["convert"]

_SUFFIX = {Form.KERAS: ".keras", Form.H5: ".h5", Form.JSON: ".json"}


def convert(
    source: str | os.PathLike[str],
    destination: str | os.PathLike[str],
    to: str | None = None,
    *,
    weights: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write a saved model in another form; the model and its metadata stay the same, bit for bit.

    The destination's suffix names the form: ``.keras``, ``.h5``/``.hdf5``, or ``.json`` with its weights beside it. A
    destination without such a suffix is a folder that receives all forms.

    Args:
        source: Whatever :func:`scribal.models.load_model` reads.
        destination: Where to write; files of other names in a destination folder are left alone.
        to: ``"keras"``, ``"h5"``, ``"json"`` or ``"folder"``. It must agree with the destination's suffix; a
            destination without one gets it.
        weights: The weights of a ``.json`` source that do not stand beside it.
        overwrite: Whether files that exist may be replaced.

    Returns:
        The files written.

    Raises:
        ArgumentError: A file exists and ``overwrite`` is false, a file would be both read and written, or ``to``,
            the suffix and what exists contradict each other.
        UnknownNameError: ``to`` names no form.
        ModelError: The source cannot be loaded.
        RunError: The destination cannot be written.
    """
    target, form = _target(Path(destination), to)
    files = _files_of(target, form)
    read = find_source(source, weights).files
    for file in files:
        if any(_same(file, other) for other in read):
            raise ArgumentError(
                "Source and destination of a conversion must differ",
                received=f"{shown(file)} would be read and written",
                advice="Choose another destination",
            )
    if existing := [file for file in files if file.exists()]:
        if special := [file for file in existing if not file.is_file()]:
            raise _occupied(special[0], "a folder" if special[0].is_dir() else "a special file")
        if not overwrite:
            raise ArgumentError(
                "A conversion must not replace what exists",
                received=f"{shown(existing[0])} exists",
                advice="Choose another destination, or replace it with --force (overwrite=True)",
            )
    loaded = load_model(source, weights)
    if form is Form.FOLDER:
        return save_folder(loaded.model, target, loaded.metadata)
    return save_model(loaded.model, target, loaded.metadata)


def _target(destination: Path, to: str | None) -> tuple[Path, Form]:
    """Settle path and form of the destination."""
    asked = None if to is None else parse_form(to)
    named = form_of(destination)
    if named is Form.WEIGHTS:
        form_to_write(destination)
    if named is None and asked in _SUFFIX:
        destination, named = destination.with_name(destination.name + _SUFFIX[asked]), asked
    if named is None and asked is None and destination.suffix and not destination.is_dir():
        # A suffix that no form has is more likely a slip than a folder's name.
        form_to_write(destination)
    form = named or Form.FOLDER
    if asked is not None and asked is not form:
        raise ArgumentError(
            "The form asked for must agree with the destination's suffix",
            received=f"to={to!r} with {shown(destination)}",
            advice="Leave one of them out",
        )
    if form is Form.FOLDER and destination.exists() and not destination.is_dir():
        raise _occupied(destination, "a file")
    return destination, form


def _files_of(target: Path, form: Form) -> tuple[Path, ...]:
    if form is Form.FOLDER:
        return tuple(target / name for name in FOLDER_FILES)
    return (target, weights_beside(target)) if form is Form.JSON else (target,)


def _same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _occupied(path: Path, kind: str) -> ArgumentError:
    return ArgumentError(
        "The destination of a conversion must be free",
        received=f"{shown(path)}: {kind} of that name exists",
        advice="Choose another destination",
    )
