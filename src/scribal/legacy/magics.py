"""Those commands of IPython that a notebook's later cells depend on, in plain Python.

See https://ipython.readthedocs.io/en/stable/interactive/magics.html. As in IPython, a folder or file that is not there
is told on standard output, and the notebook goes on.
"""

import os
import runpy
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["LINE_MAGICS", "write_cell"]


def _change_folder(rest: str) -> str:
    folder = Path(rest.strip("'\"")).expanduser()
    os.chdir(folder)
    return f"os.chdir({str(folder)!r})"


def _set_variable(rest: str) -> str:
    name, _, value = rest.replace("=", " ", 1).partition(" ")
    if value:
        os.environ[name] = value.strip()
    return f"os.environ[{name!r}] = {value.strip()!r}"


def _run_file(rest: str) -> str:
    """Run a script as itself; the notebook then has its names."""
    file, *arguments = [word for word in shlex.split(rest) if not word.startswith("-")] or [""]
    before, main = sys.argv, sys.modules["__main__"]
    sys.argv = [file, *arguments]
    try:
        names = runpy.run_path(file, run_name="__main__")
    finally:
        sys.argv, sys.modules["__main__"] = before, main
    vars(main).update({name: value for name, value in names.items() if not name.startswith("__")})
    return f"runpy.run_path({file!r})"


LINE_MAGICS: Mapping[str, Callable[[str], str]] = {
    "cd": _change_folder,
    "env": _set_variable,
    "run": _run_file,
    "set_env": _set_variable,
}
"""Commands by name: each takes the rest of its line, carries it out and returns what to write today."""


def write_cell(rest: str, cell: str) -> str:
    """Write a cell to a file, with ``-a`` behind what is there, as ``%%writefile``; returns what to write today."""
    *options, name = shlex.split(rest)
    with Path(name).open("a" if options else "w", encoding="utf-8") as file:
        file.write(cell)
    return f"pathlib.Path({name!r}).write_text(...)"
