"""``scribal modernise``: an old script or notebook, rewritten for today's Keras."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from scribal.exceptions import ArgumentError

__all__ = ["modernise"]


def modernise(
    file: Annotated[Path, typer.Argument(help="A Python script or a notebook (.ipynb).")],
    *,
    diff: Annotated[bool, typer.Option("--diff", help="Print what changes, as a unified diff.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Replace the file, whole or not at all.")] = False,
) -> None:
    """Rewrite an old Keras script or notebook so that it runs on plain Keras 3; by default print the new source."""
    from scribal.legacy.modernise import modernise_file

    if diff and write:
        raise ArgumentError("Output has one form", received="--diff and --write", advice="Give one of the two")
    document = modernise_file(file)
    if write:
        document.write()
    else:
        sys.stdout.write(document.diff() if diff else document.after)
    for remark in document.remarks:
        print(f"{file}, {remark}", file=sys.stderr)
