"""``scribal read``: the digits in photos, scans and drawings."""

import dataclasses
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from scribal.cli.annotations import STANDARD_INPUT, Annotations
from scribal.cli.model_options import OwnModel, Scale, Weights, load_own
from scribal.cli.single_pictures import Answer, in_order, read_singles
from scribal.exceptions import ArgumentError, ImageError, MissingExtraError, ScribalError

if TYPE_CHECKING:
    from scribal.cli.readings import Output
    from scribal.reading import PictureReader, Reading
    from scribal.reading.loading import Page

__all__ = ["FAILED", "read", "skipped_files", "standard_input"]

_MOST_NAMED = 20
_MOST_THREADS = 8  # a photo takes some hundred megabytes
FAILED = 2
"""The exit code where a picture could not be read."""


def read(
    images: Annotated[list[Path], typer.Argument(help="Pictures, folders of them, or - for standard input.")],
    *,
    single: Annotated[bool, typer.Option("--single", help="There is one digit on each picture.")] = False,
    expect: Annotated[
        str | None, typer.Option(help="A regular expression that every number fits, as [0-9]{5}.")
    ] = None,
    model: OwnModel = None,
    weights: Weights = None,
    scale: Scale = None,
    annotate: Annotated[
        Path | None, typer.Option(help="Draw what was read onto a copy: a .png, or a folder for several pictures.")
    ] = None,
    lines: Annotated[bool, typer.Option("--lines", help="Only what is written, line by line.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line and picture.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, a row for each number.")] = False,
) -> None:
    """Read the digits in photos, scans and drawings."""
    from scribal.cli.readings import output_of
    from scribal.reading.pictures import find_pictures

    if as_json and as_csv:
        raise ArgumentError("Output has one form", received="--json and --csv", advice="Give one of the two")
    found = find_pictures(images)
    if found.skipped:
        print(skipped_files(found.skipped), file=sys.stderr)
    annotations = None if annotate is None else Annotations(annotate, found.pictures)
    make_reader = partial(_reader, single=single, expect=expect, model=model, weights=weights, scale=scale)
    output = output_of(as_json=as_json, as_csv=as_csv, lines=lines, pictures=len(found.pictures))
    errors = _read_all(make_reader, found.pictures, annotations, output)
    if errors:
        if len(found.pictures) == 1:
            raise errors[0]
        raise typer.Exit(FAILED)


def _read_all(
    make_reader: "Callable[[], PictureReader]",
    pictures: Sequence[Path],
    annotations: "Annotations | None",
    output: "Output",
) -> list[ScribalError]:
    """Read picture by picture; one that cannot be read does not keep the others from it."""
    errors: list[ScribalError] = []
    reader = make_reader()

    def read_one(picture: Path) -> "Answer":
        readings: list[Reading] = []
        try:
            for page, reading in _pages(reader, picture):
                if annotations is not None:
                    annotations.draw(picture, page, reading)
                readings.append(reading)
        except (ImageError, MissingExtraError) as error:
            return readings, error
        return readings, None

    with output:
        together = reader.single and annotations is None and STANDARD_INPUT not in pictures
        for readings, error in (
            read_singles(reader, make_reader, pictures) if together else _by_threads(read_one, pictures)
        ):
            for reading in readings:
                output.add(reading)
            if error is not None:
                errors.append(error)
                if len(pictures) > 1:
                    print(f"scribal: {error}", file=sys.stderr)
    return errors


def _by_threads(work: Callable[[Path], "Answer"], pictures: Sequence[Path]) -> "Iterator[Answer]":
    """Read pictures on all processors; no more is read ahead than keeps them busy."""
    from concurrent.futures import ThreadPoolExecutor

    from scribal.engine.threads import usable_threads

    threads = min(usable_threads(), _MOST_THREADS, len(pictures))
    if threads == 1:
        return map(work, pictures)
    return in_order(ThreadPoolExecutor(threads), work, pictures, threads)


def _reader(
    *, single: bool, expect: str | None, model: Path | None, weights: Path | None, scale: float | None
) -> "PictureReader":
    from scribal.reading import PictureReader

    return PictureReader.of(single=single, expect=expect, model=load_own(model, weights, scale))


def _pages(reader: "PictureReader", picture: Path) -> "Iterator[tuple[Page, Reading]]":
    if picture != STANDARD_INPUT:
        yield from reader.pages(picture)
        return
    for page, reading in reader.pages(standard_input("read")):
        yield page, dataclasses.replace(reading, file=str(STANDARD_INPUT))


def standard_input(command: str) -> BinaryIO:
    """Give standard input, which must bring a picture.

    Args:
        command: Who asks, for the advice.

    Raises:
        ImageError: It is closed, or a terminal.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise ImageError(
            "Standard input must bring a picture",
            received="a terminal" if sys.stdin else "closed",
            advice=f"Write: scribal {command} - < photo.jpg",
        )
    return sys.stdin.buffer


def skipped_files(files: Sequence[Path]) -> str:
    """Say which files of folders are no pictures."""
    named = ", ".join(map(str, files[:_MOST_NAMED]))
    more = f" and {len(files) - _MOST_NAMED:,} more" if len(files) > _MOST_NAMED else ""
    what = "1 file that is no picture" if len(files) == 1 else f"{len(files):,} files that are no pictures"
    return f"Skipped {what}: {named}{more}"
