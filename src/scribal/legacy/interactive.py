"""The little of IPython that notebooks, and scripts made from notebooks, cannot do without; and imports for nothing.

``display`` and ``get_ipython`` are names every cell has; ``IPython.display`` can be imported where IPython is not
installed. See https://ipython.readthedocs.io/en/stable/api/generated/IPython.display.html.

Courses import ``pydot`` although only Keras uses it, for pictures of models: such an import is no reason to stop.
"""

import contextlib
import functools
import importlib.machinery
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType
from typing import Any

from scribal.legacy.journal import current_journal
from scribal.legacy.magics import LINE_MAGICS, write_cell
from scribal.legacy.program import Part

__all__ = ["found_interactive_modules", "interactive_names"]

_MODULES = (
    *("IPython", "IPython.core", "IPython.core.display", "IPython.core.interactiveshell", "IPython.core.pylabtools"),
    "IPython.display",
)
_DRAWING = ("graphviz", "pydot", "pydot_ng", "pydotplus")
_SHOWN = (
    "Audio",
    "FileLink",
    "HTML",
    "IFrame",
    "Image",
    "JSON",
    "Javascript",
    "Latex",
    "Markdown",
    "Math",
    "SVG",
    "Video",
)


def interactive_names(part: Part) -> Mapping[str, Any]:
    """The names a part of a program finds: in a script only ``get_ipython``, if it was made from a notebook."""
    if part.is_cell:
        return {"display": _display, "get_ipython": _Shell}
    is_made = isinstance(part.source, bytes) and b"get_ipython()." in part.source
    return {"get_ipython": _Shell} if is_made else {}


@contextlib.contextmanager
def found_interactive_modules() -> Iterator[None]:
    """Let ``IPython.display`` be imported where no other finder has it, until the block ends."""
    finder = _Finder()
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in (*_MODULES, *_DRAWING):
            if isinstance(getattr(sys.modules.get(name), "__loader__", None), _Loader):
                del sys.modules[name]


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        # Libraries that look for IPython must not find it.
        is_known = fullname in (*_MODULES, *_DRAWING) and current_journal().is_asked_by_user()
        return importlib.machinery.ModuleSpec(fullname, _Loader(), is_package=True) if is_known else None


class _Loader(Loader):
    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Let Python make it."""

    def exec_module(self, module: ModuleType) -> None:
        """Fill it."""
        current_journal().adapted(module.__name__, "")
        if module.__name__ in _DRAWING:
            vars(module).update(__getattr__=functools.partial(_missing, module.__name__))
            return
        vars(module).update(get_ipython=_shell_of_user, version_info=(8, 24, 0), __version__="8.24.0")
        if module.__name__.endswith("interactiveshell"):
            vars(module).update(InteractiveShell=_Shell)
        if module.__name__.endswith("pylabtools"):
            vars(module).update(figsize=_set_size)
        if module.__name__.endswith("display"):
            vars(module).update(display=_display, clear_output=_clear_output)
            vars(module).update({name: type(name, (_Shown,), {}) for name in _SHOWN})


def _missing(module: str, name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    raise ModuleNotFoundError(f"No module named {module!r}", name=module)


class _Shown:
    """A picture, page or sound for a browser, which nobody looks at."""

    def __init__(self, *contents: object, **options: object) -> None:
        del contents, options

    def __repr__(self) -> str:
        return f"<IPython.core.display.{type(self).__name__} object>"


class _Shell:
    """What ``get_ipython()`` gives: carries out what later statements depend on, and takes all else."""

    def magic(self, command: str, *_: object) -> None:
        """Take a magic, as scripts made from notebooks of IPython 1 to 7 give it."""
        name, rest = [*command.split(" ", 1), ""][:2]
        modern = ""
        if name in LINE_MAGICS:
            try:
                modern = LINE_MAGICS[name](rest)
            except OSError as error:
                print(error)
        current_journal().adapted(f"%{command}", modern)

    def run_line_magic(self, name: str, line: str = "", *_: object, **__: object) -> None:
        """Take a magic."""
        self.magic(f"{name} {line}".rstrip())

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Take a magic and the cell below it."""
        if name == "writefile":
            current_journal().adapted(f"%%writefile {line}", write_cell(line, cell))
            return
        current_journal().refused(f"%%{name} {line}".rstrip(), "the statements themselves")

    def system(self, command: str) -> None:
        """Take a shell command."""
        current_journal().refused(f"!{command}", "run it in a terminal, if it is still needed")

    getoutput = system


def _shell_of_user() -> _Shell | None:
    """A shell for the user's own files; Matplotlib, which asks too, would want more of it."""
    return _Shell() if current_journal().is_asked_by_user() else None


def _set_size(width: float, height: float) -> None:
    """What ``figsize(12, 4)`` of ``IPython.core.pylabtools`` did."""
    import matplotlib.pyplot as plt

    current_journal().adapted("figsize(width, height)", 'plt.rcParams["figure.figsize"] = (width, height)')
    plt.rcParams["figure.figsize"] = (width, height)


def _display(*values: Any, **_: object) -> None:
    for value in values:
        print(value if isinstance(value, str) else repr(value))


def _clear_output(wait: bool = False) -> None:  # noqa: FBT001, FBT002 (IPython's own)
    del wait
