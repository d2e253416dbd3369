"""Where a study goes: a folder with a page, the numbers as CSV and the pictures as PNG, every file whole."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scribal.exceptions import RunError
from scribal.files import TEMPORARY_PREFIX, check_writable, unwritable, whole_file, write_json
from scribal.runs import RunFolder

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DEFAULT_PARENT", "Study", "choose_folder", "clear_folder", "write_numbers"]

DEFAULT_PARENT = Path("studies")
_PAGE = "study.html"
_RECORD = "study.json"


@dataclass(frozen=True)
class Study:
    """A finished study.

    Attributes:
        folder: Where everything of it was written; ``study.html`` is the page.
        findings: What is seen, in sentences made from the numbers.
        tables: The numbers, a data frame for each CSV file, by the file's name without its suffix.
        settings: How it was made.
    """

    folder: Path
    findings: tuple[str, ...]
    tables: "Mapping[str, pd.DataFrame]"
    settings: Mapping[str, Any]

    @property
    def page(self) -> Path:
        """The page."""
        return self.folder / _PAGE


def choose_folder(name: str, out: str | Path | None, *, force: bool) -> Path:
    """Choose the folder of a study; nothing is written yet.

    Args:
        name: Of the study.
        out: Where the user wants it; by default ``studies/NAME``, or ``studies/NAME-2`` and so on.
        force: Whether an earlier study there may be replaced.

    Raises:
        RunError: Something is there already.
    """
    path = RunFolder.next_free(DEFAULT_PARENT, name, force=force) if out is None else Path(out)
    if path.exists() and not path.is_dir():
        raise RunError(
            "A study is written to a folder", received=f"{path}, a file", advice="Choose another place with --out"
        )
    left = sorted(file.name for file in path.glob("*") if not file.name.startswith(TEMPORARY_PREFIX))
    if left and not (force and _RECORD in left):
        raise RunError(
            "A study goes into a new or empty folder",
            received=f"{path}, which holds {left[0]}",
            advice="Choose another --out; --force replaces an earlier study, not other people's files",
        )
    check_writable(path)
    return path


def clear_folder(folder: Path) -> None:
    """Remove what an earlier study left in its folder, so that nothing of it stands beside the new one.

    Raises:
        RunError: The folder cannot be written.
    """
    if not (folder / _RECORD).is_file():
        return
    try:
        for name in (*_files_of(folder / _RECORD), _PAGE, _RECORD):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error


def _files_of(record: Path) -> list[str]:
    """The pictures and tables that an earlier study says are its own."""
    try:
        names = json.loads(record.read_text(encoding="utf-8"))["files"]
    except (ValueError, KeyError, TypeError):
        return []
    return [name for name in names if isinstance(name, str) and name == Path(name).name]


def write_numbers(study: Study, kind: str, command: str, pictures: Iterable[str]) -> None:
    """Write the tables as CSV and what describes the study as JSON.

    Args:
        study: What is written.
        kind: Of the study, such as ``"shift"``.
        command: Repeats it.
        pictures: Names of the files that were drawn into its folder.
    """
    for name, table in study.tables.items():
        with whole_file(study.folder / f"{name}.csv") as temporary:
            table.to_csv(temporary, index=False, float_format="%.6g")
    record = {
        "study": kind,
        "command": command,
        "settings": dict(study.settings),
        "findings": list(study.findings),
        "files": [*pictures, *(f"{name}.csv" for name in study.tables)],
    }
    write_json(study.folder / _RECORD, record)
