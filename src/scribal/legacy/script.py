"""A script or a notebook, run as plain Python would run it, in a process that is adapted to old code.

::

    read_program      the file       -> parts with source              program.py, notebook.py
    installed         this process   -> one that old code finds itself in   installed.py
    compiled          source         -> code                           compiling.py
    executed          code           -> as the module __main__
    show              an error       -> a traceback without scribal's frames   tracebacks.py
    write_summary     the journal    -> what was adapted, ran, written  summary.py
"""

import contextlib
import importlib.machinery
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from scribal.exceptions import ArgumentError
from scribal.legacy.album import Album
from scribal.legacy.compiling import compiled
from scribal.legacy.installed import installed
from scribal.legacy.interactive import interactive_names
from scribal.legacy.journal import Journal
from scribal.legacy.notebook import keep_lines
from scribal.legacy.pictures import save_open_figures
from scribal.legacy.program import Program, read_program
from scribal.legacy.summary import write_summary
from scribal.legacy.tracebacks import show, shown_without_frames_of_scribal

__all__ = ["ENGINES", "Ending", "carried_out", "run_file"]

ENGINES = ("auto", "keras")


@dataclass(frozen=True)
class Ending:
    """How a program ended.

    Attributes:
        error: What ended it early, shown already where Python shows it; ``SystemExit`` if it left by itself.
        journal: What happened.
    """

    error: BaseException | None
    journal: Journal


def run_file(file: str, arguments: Sequence[str] = (), *, figures: Path | None = None, engine: str = "auto") -> Ending:
    """Run an old script or notebook in this process; the arguments are those of `carried_out`."""
    with carried_out(file, arguments, figures=figures, engine=engine) as ending:
        return ending


@contextlib.contextmanager
def carried_out(
    file: str, arguments: Sequence[str] = (), *, figures: Path | None = None, engine: str = "auto"
) -> Iterator[Ending]:
    """Run a program, and keep everything in place for what it leaves behind: threads, functions for the exit.

    Figures that are open when the program ends are saved. When the block ends, the summary is written to standard
    error.

    Args:
        file: A Python script, or a notebook (``.ipynb``).
        arguments: Its ``sys.argv`` after its own name.
        figures: Folder for figures; by default ``NAME-figures`` in the working directory.
        engine: ``auto``: the engine under Keras' methods where it can; ``keras``: never.

    Raises:
        ArgumentError: There is no such file, or it is no notebook inside, or no such engine.
    """
    if engine not in ENGINES:
        raise ArgumentError("engine must be known", received=engine, advice=f"Choose one of {', '.join(ENGINES)}")
    program = read_program(file)
    journal = Journal(program.owns)
    album = Album(figures or Path(f"{program.path.stem if file != '-' else 'stdin'}-figures"))
    here, began = Path.cwd(), time.perf_counter()
    try:
        with (
            installed(program, journal, album, engine=engine),
            shown_without_frames_of_scribal(),
            _as_main(program, arguments) as main,
        ):
            yield Ending(_error_of(program, main), journal)
    finally:
        write_summary(journal, program.name, time.perf_counter() - began, here)


def _error_of(program: Program, main: ModuleType) -> BaseException | None:
    try:
        for part in program.parts:
            _keep_cells(program)
            code, shown = compiled(part)
            vars(main).update(interactive_names(part))
            exec(code, vars(main))  # noqa: S102 (what this module is for)
            if shown is not None:
                sys.displayhook(eval(shown, vars(main)))  # noqa: S307
            if part.is_cell:
                save_open_figures()
    except SystemExit as error:
        return error
    except BaseException as error:  # noqa: BLE001 (whatever the program raises ends it, and only it)
        _keep_cells(program)  # a library may have cleared what Python keeps of lines
        show(error)
        return error
    finally:
        save_open_figures()  # before the exit, at which Matplotlib throws them away
    return None


def _keep_cells(program: Program) -> None:
    for part in program.parts:
        if part.is_cell:
            keep_lines(part.file, str(part.source))


@contextlib.contextmanager
def _as_main(program: Program, arguments: Sequence[str]) -> Iterator[ModuleType]:
    """A fresh module ``__main__`` in the place of this program's own, with the path and arguments Python would set."""
    is_piped = program.name == "-"
    path = program.parts[0].file if is_piped else str(program.path)
    main = ModuleType("__main__")
    vars(main).update(
        __annotations__={},
        __builtins__=sys.modules["builtins"],
        __cached__=None,
        __file__=path,
        __loader__=importlib.machinery.SourceFileLoader("__main__", path),
    )
    before = sys.modules["__main__"], sys.argv, list(sys.path), sys.excepthook, sys.displayhook
    sys.modules["__main__"] = main
    sys.excepthook = sys.__excepthook__  # Typer has set one of its own
    sys.argv = [program.name, *arguments]
    sys.path[:1] = ["" if is_piped else str(program.folder)]
    limit = sys.getrecursionlimit()
    # As deep as Python lets it go by itself: the frames below its first are not the program's.
    sys.setrecursionlimit(2 * limit - _depth_left() - 1)
    try:
        yield main
    finally:
        sys.setrecursionlimit(limit)
        sys.modules["__main__"], sys.argv, sys.path[:], sys.excepthook, sys.displayhook = before


def _depth_left(calls: int = 0) -> int:
    """How many calls can still be made within each other; Python counts some that have no frame."""
    try:
        return _depth_left(calls + 1)
    except RecursionError:
        return calls
