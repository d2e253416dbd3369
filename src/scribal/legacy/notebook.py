"""The code cells of a notebook as plain Python.

Both layouts that notebooks of 2013 and later have are read: a list of cells (format 4), and worksheets of cells
(format 3); see https://nbformat.readthedocs.io/en/latest/format_description.html. IPython's magics and shell commands
become empty statements on the same line, so that line numbers stay.
"""

import ast
import json
import linecache
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scribal.exceptions import ArgumentError
from scribal.legacy.journal import Place, current_journal

__all__ = ["Cell", "is_cell", "keep_lines", "read_cells", "without_magics"]

_IN_CELL = ", cell "
_MAGIC = re.compile(r"(?P<indent>\s*)(?P<command>([%!?]|\w[\w., ]*=\s*[%!]).*|.*\?)$")
_OTHER_LANGUAGE = re.compile(r"%%(bash|sh|html|HTML|javascript|js|latex|markdown|svg|SVG|perl|ruby|script|cmd|R)\b")
_WRITTEN = re.compile(r"%%(writefile|file)\s+(?P<rest>.+)")
_CARRIED_OUT = re.compile(r"%(?P<name>cd|env|run|set_env)\s+(?P<rest>.+)")
_STATEMENT = re.compile(r"%(time|prun|timeit)\s+(?P<statement>[^-\s].*)")
_PYLAB = re.compile(r"%pylab\b")


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes:
        file: What a traceback calls it.
        source: Python, and what IPython takes for itself.
    """

    file: str
    source: str


def is_cell(file: str) -> bool:
    """Whether a name in a traceback is that of a cell."""
    return _IN_CELL in file


def read_cells(content: bytes, name: str) -> list[Cell]:
    """Read the code cells of a notebook, in order.

    Raises:
        ArgumentError: It is no notebook.
    """
    try:
        notebook = json.loads(content)
        sources = [_text(cell) for cell in _cells(notebook) if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArgumentError(
            "A notebook must be JSON with a list of cells",
            received=f"{name}: {type(error).__name__}: {error}",
            advice="Save it again in Jupyter, or export it as a script",
        ) from error
    return [Cell(f"{name}{_IN_CELL}{number}", source) for number, source in enumerate(sources, start=1)]


def without_magics(source: str, file: str) -> str:
    """Replace, one by one, the lines of a cell at which Python stumbles and which IPython would take for itself."""
    if _OTHER_LANGUAGE.match(source.lstrip()):
        _skipped(source.strip().splitlines()[0], Place(file, 1))
        return ""
    if written := _WRITTEN.match(source.lstrip()):
        body = source.lstrip().partition("\n")[2]
        return f"get_ipython().run_cell_magic('writefile', {written['rest'].strip()!r}, {body!r})"
    lines = source.split("\n")
    while True:
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as error:
            index = (error.lineno or 1) - 1
            found = _MAGIC.match(lines[index]) if index < len(lines) else None
            if found is None:
                break
            lines[index] = found["indent"] + _in_python(found["command"], Place(file, index + 1))
        else:
            break
    return "\n".join(lines)


def keep_lines(file: str, source: str) -> None:
    """Let tracebacks find the lines of a cell, which are in no file of that name."""
    # As linecache keeps a file's, each with its end; an entry without a time stays although there is no such file.
    lines = [f"{line}\n" for line in source.splitlines()]
    linecache.cache[file] = (len(source), None, lines, file)


def _cells(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for sheet in notebook.get("worksheets", [notebook]):
        yield from sheet["cells"]


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"] if "source" in cell else cell["input"]
    return source if isinstance(source, str) else "".join(source)


def _in_python(command: str, place: Place) -> str:
    """What stands for an IPython command: the statement in it, or one that does nothing."""
    if timed := _STATEMENT.match(command):
        current_journal().adapted(command, timed["statement"], place=place)
        return timed["statement"]
    if _PYLAB.match(command):
        modern = "from pylab import *; import numpy as np; from matplotlib import pyplot as plt"
        current_journal().adapted(command, modern, place=place)
        return modern
    if carried_out := _CARRIED_OUT.match(command):
        return f"get_ipython().run_line_magic({carried_out['name']!r}, {carried_out['rest'].strip()!r})"
    _skipped(command, place)
    if assigned := re.match(r"(\w+)\s*=", command):
        return f"{assigned[1]} = []"
    return "pass"


def _skipped(command: str, place: Place) -> None:
    if "!" in command or _OTHER_LANGUAGE.match(command):
        current_journal().refused(command, "run it in a terminal, if it is still needed", place=place)
    else:
        current_journal().adapted(command, "", place=place)
