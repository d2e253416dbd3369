"""Notebooks: the code cells go through the passes as one program, since a cell uses what those before it import.

Between the cells stand comments that say where each begins. Lines of IPython's own, magics and shell commands, are
statements without effect meanwhile. Everything else in the file stays as it is.
"""

import ast
import dataclasses
import json
import re
from typing import Any

from scribal.exceptions import ArgumentError
from scribal.legacy.modernise.rewriting import Remark
from scribal.legacy.modernise.source import Modernised, modernise_source

__all__ = ["modernise_notebook"]

_CELL = "# scribal: cell "
_COMMAND = "  # scribal: command "
_STATEMENT = re.compile(r"(?P<indent>\s*)(?P<name>\w[\w., ]*=\s*)?(?:[%!?].*|.*\?)$")
_OTHER_LANGUAGE = re.compile(r"\s*%%(?!time|capture|prun)\w+")
_LAYOUT = re.compile(r'^( *)"', re.MULTILINE)


def modernise_notebook(content: str) -> Modernised:
    """Rewrite the code cells of a notebook.

    Args:
        content: The ``.ipynb`` file as text.

    Returns:
        The file as text, the same if there was nothing to change; remarks name the cell, counted among those with code,
        and the line in it.

    Raises:
        ArgumentError: It is no notebook, or a cell is no valid Python.
    """
    notebook, cells = _read(content)
    commands: list[str] = []
    sources = [_as_python(_text(cell), number, commands) for number, cell in enumerate(cells, start=1)]
    joined = "".join(f"{_CELL}{number}\n{source}\n" for number, source in enumerate(sources, start=1))
    modern = modernise_source(joined)
    found = re.split(rf"^{_CELL}\d+\n", modern.source, flags=re.MULTILINE)[1:]
    if len(found) != len(cells):
        raise ArgumentError(
            "A notebook's cells must be separate programs",
            received="a statement that goes over the end of a cell",
            advice="End every statement in the cell in which it begins",
        )
    remarks = tuple(_in_its_cell(remark, joined) for remark in modern.remarks)
    for cell, source, new in zip(cells, sources, found, strict=True):
        if new.strip("\n") != source.strip("\n"):
            _replace(cell, _with_commands(new, commands), like=_text(cell))
    if modern.source == joined:
        return Modernised(content, remarks)
    indent = _LAYOUT.search(content)
    written = json.dumps(notebook, indent=len(indent[1]) if indent else None, ensure_ascii=False)
    return Modernised(written + content[len(content.rstrip()) :], remarks)


def _read(content: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    try:
        notebook = json.loads(content)
        sheets = notebook.get("worksheets", [notebook])
        return notebook, [cell for sheet in sheets for cell in sheet["cells"] if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArgumentError(
            "A notebook must be JSON with a list of cells",
            received=f"{type(error).__name__}: {error}",
            advice="Save it again in Jupyter, or export it as a script",
        ) from error


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"] if "source" in cell else cell["input"]
    return source if isinstance(source, str) else "".join(source)


def _replace(cell: dict[str, Any], source: str, *, like: str) -> None:
    """Put new source into a cell, as text or as lines, whichever it had, with as many line breaks at its end."""
    key = "source" if "source" in cell else "input"
    text = source.strip("\n") + like[len(like.rstrip("\n")) :]
    cell[key] = text if isinstance(cell[key], str) else text.splitlines(keepends=True)


def _as_python(source: str, number: int, commands: list[str]) -> str:
    """A cell in which IPython's lines are statements without effect; their text is kept in ``commands``."""
    if _OTHER_LANGUAGE.match(source):
        commands.append(source)
        return f"pass{_COMMAND}{len(commands) - 1}"
    lines = source.split("\n")
    while True:
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as error:
            index = min((error.lineno or 1) - 1, len(lines) - 1)
            command = _STATEMENT.match(lines[index])
            if command is None or _COMMAND in lines[index]:
                raise ArgumentError(
                    "A program must be valid Python 3",
                    received=f"cell {number}, line {index + 1}: {error.msg}",
                    advice="Make it run under Python 3 first",
                ) from error
            commands.append(lines[index])
            name = command["name"]
            lines[index] = f"{command['indent']}{name + '[]' if name else 'pass'}{_COMMAND}{len(commands) - 1}"
        else:
            return "\n".join(lines)


def _with_commands(source: str, commands: list[str]) -> str:
    pattern = re.compile(rf"^.*{_COMMAND}(\d+)$", re.MULTILINE)
    return pattern.sub(lambda found: commands[int(found[1])], source)


def _in_its_cell(remark: Remark, joined: str) -> Remark:
    before = joined.splitlines()[: remark.line]
    starts = [number for number, line in enumerate(before, start=1) if line.startswith(_CELL)]
    return dataclasses.replace(remark, line=max(remark.line - starts[-1], 1), cell=len(starts))
