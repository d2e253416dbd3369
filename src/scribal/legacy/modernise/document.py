"""A file with a program, before and after: what ``scribal modernise`` prints, compares and writes."""

import dataclasses
import difflib
import io
import tokenize
from pathlib import Path

from scribal.exceptions import ArgumentError
from scribal.files import read_bytes, whole_file
from scribal.legacy.modernise.notebook import modernise_notebook
from scribal.legacy.modernise.rewriting import Remark
from scribal.legacy.modernise.source import modernise_source

__all__ = ["Document", "modernise_file"]


@dataclasses.dataclass(frozen=True)
class Document:
    """A program's file.

    Attributes:
        path: The file.
        before: Its text.
        after: Its modern text; the same if there is nothing to change.
        remarks: What is left to the reader.
        encoding: In which the text is stored.
    """

    path: Path
    before: str
    after: str
    remarks: tuple[Remark, ...]
    encoding: str

    def diff(self) -> str:
        """The change as a unified diff; empty if there is none."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        lines = difflib.unified_diff(before, after, str(self.path), str(self.path))
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)

    def write(self) -> None:
        """Put the modern text in the file's place, whole or not at all; nothing if it is the same.

        Raises:
            RunError: The folder cannot be written.
        """
        if self.after == self.before:
            return
        place = self.path.resolve()  # a link stays one
        mode = place.stat().st_mode
        with whole_file(place) as temporary:
            temporary.write_bytes(self.after.encode(self.encoding))
        place.chmod(mode)


def modernise_file(path: Path) -> Document:
    """Rewrite a script, or the code cells of a notebook (``.ipynb``); nothing is written yet.

    Raises:
        ArgumentError: There is no such file, it is no text, or no valid Python.
    """
    rule, advice = "A program must be a file that can be read", "Give the path of a Python script or a notebook"
    content = read_bytes(path, rule=rule, advice=advice)
    is_notebook = path.suffix == ".ipynb"
    try:
        encoding = "utf-8" if is_notebook else tokenize.detect_encoding(io.BytesIO(content).readline)[0]
        before = content.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise ArgumentError(
            "A program must be text in the encoding that it names",
            received=f"{path}: {error}",
            advice="Save it as UTF-8",
        ) from error
    modern = modernise_notebook(before) if is_notebook else modernise_source(before)
    return Document(path, before, modern.source, modern.remarks, encoding)
