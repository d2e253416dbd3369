"""``scribal sheet``, ``score`` and ``tune``: samples of one's own handwriting."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["sheet"]


def sheet(
    out: Annotated[Path, typer.Argument(help="The PDF file.")] = Path("sheet.pdf"),
    *,
    paper: Annotated[str, typer.Option(help="What it is printed on: a4 or letter.")] = "a4",
    samples: Annotated[int, typer.Option(help="How often each digit is written; ten fit on a page.")] = 10,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a sheet to print and fill in by hand, for score and tune."""
    from scribal.reading.sheet import pages_for, write_sheet
    from scribal.runs.counting import counted

    written = write_sheet(out, paper=paper, samples=samples, overwrite=force)
    pages = counted(len(pages_for(samples)), "page")
    print(f"{written}: {pages}. Print it, fill it in, photograph it, then: scribal score PHOTO")
