"""A user's program: the parts of its source, in order, and which files belong to it."""

import io
import site
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

import scribal
from scribal.files import read_bytes
from scribal.legacy.notebook import read_cells

__all__ = ["Part", "Program", "read_program"]


@dataclass(frozen=True)
class Part:
    """Source that is executed in one go: a whole script, or a cell of a notebook.

    Attributes:
        file: What a traceback calls it.
        source: As in the file; bytes say their encoding themselves.
        is_cell: Whether the value of its last expression is shown, as a notebook does.
    """

    file: str
    source: bytes | str
    is_cell: bool = False


@dataclass(frozen=True)
class Program:
    """A script or a notebook.

    Attributes:
        name: As it was given; ``sys.argv[0]``.
        path: Its absolute path; ``__file__``. Of standard input, a path in the working directory.
        parts: What to execute, in order.
        known: The entries of ``sys.path`` before it began.
    """

    name: str
    path: Path
    parts: tuple[Part, ...]
    known: frozenset[str] = field(default_factory=lambda: frozenset(sys.path))

    @property
    def folder(self) -> Path:
        """Where the modules beside it are found; links are followed, as Python does."""
        return self.path.resolve().parent

    def owns(self, file: str) -> bool:
        """Whether a file, named as in a traceback, is part of the program or a module of the user's.

        Such a module lies beside the program, or in a folder that the program has put into ``sys.path``.
        """
        if any(part.file == file for part in self.parts):
            return True
        path = Path(file)
        if not path.is_absolute() or path.is_relative_to(_SCRIBAL):
            return False
        # An environment may lie inside such a folder, and the folder inside the environment's.
        return any(
            path.is_relative_to(folder)
            and not any(path.is_relative_to(library) and not folder.is_relative_to(library) for library in _LIBRARIES)
            for folder in (self.folder, *(Path(added).absolute() for added in sys.path if added not in self.known))
        )


_SCRIBAL = Path(scribal.__file__).parent
_LIBRARIES = {
    Path(folder)
    for folder in (
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *site.getsitepackages(),
        sys.prefix,
        sys.base_prefix,
    )
}


def read_program(name: str) -> Program:
    """Read a script, or a notebook by its suffix ``.ipynb``; ``-`` is a script on standard input, as under Python.

    Raises:
        ArgumentError: There is no such file, or it is no notebook inside.
    """
    if name == "-":
        piped = sys.stdin.buffer.read() if isinstance(sys.stdin, io.TextIOWrapper) else sys.stdin.read().encode()
        return Program(name, Path(name).absolute(), (Part("<stdin>", piped),))
    path = Path(name).absolute()
    rule, advice = (
        "FILE must be a Python script or a notebook that can be read",
        "Give the path of a .py or .ipynb file",
    )
    source = read_bytes(Path(name), rule=rule, advice=advice)
    if path.suffix.lower() == ".ipynb":
        cells = read_cells(source, str(path))
        return Program(name, path, tuple(Part(cell.file, cell.source, is_cell=True) for cell in cells))
    return Program(name, path, (Part(str(path), source),))
