"""``scribal run``: an old script or notebook, as it stands."""

import atexit
import contextlib
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["ScriptInterrupted", "run"]


class ScriptInterrupted(BaseException):
    """Ctrl-C ended a user's script, which has shown it; the process ends as Python's would."""


def run(
    file: Annotated[str, typer.Argument(help="A Python script, - for one on standard input, or a notebook (.ipynb).")],
    arguments: Annotated[list[str] | None, typer.Argument(help="What the script finds in sys.argv.")] = None,
    *,
    figures: Annotated[
        Path | None, typer.Option(help="Folder for figures; by default NAME-figures in the working directory.")
    ] = None,
    engine: Annotated[str, typer.Option(help="Who trains: auto, the engine where it can; or keras.")] = "auto",
) -> None:
    """Run an old Keras script or notebook as it stands, offline, on the engine, with its figures saved."""
    from scribal.legacy.script import carried_out

    finishing = contextlib.ExitStack()
    process = os.getpid()
    # Last of all, as Python calls these in reverse: after the script's own, and after its threads have ended.
    atexit.register(lambda: finishing.close() if os.getpid() == process else None)
    ending = finishing.enter_context(carried_out(file, arguments or (), figures=figures, engine=engine))
    if isinstance(ending.error, SystemExit):
        sys.exit(ending.error.code)
    if isinstance(ending.error, KeyboardInterrupt):
        raise ScriptInterrupted
    sys.exit(ending.error is not None)
