"""``scribal read``: the digits in photos, scans and drawings."""

import dataclasses
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, TypeVar

import typer

from scribal.cli.annotations import STANDARD_INPUT, Annotations
from scribal.cli.using import load_own
from scribal.exceptions import ArgumentError, ImageError, MissingExtraError, ScribalError

if TYPE_CHECKING:
    from scribal.cli.readings import Output
    from scribal.reading import PictureReader, Reading
    from scribal.reading.loading import Page

__all__ = ["FAILED", "read", "skipped_files", "standard_input"]

_MOST_NAMED = 20
_MOST_THREADS = 8  # a photo takes some hundred megabytes
_BATCH, _BATCH_SIZE = 256, 100_000_000  # pictures, and bytes of them
FAILED = 2
"""The exit code where a picture could not be read."""

Result = TypeVar("Result")


def read(
    images: Annotated[list[Path], typer.Argument(help="Pictures, folders of them, or - for standard input.")],
    *,
    single: Annotated[bool, typer.Option("--single", help="There is one digit on each picture.")] = False,
    expect: Annotated[
        str | None, typer.Option(help="A regular expression that every number fits, as [0-9]{5}.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="A network of your own: a run folder, .keras, .h5, or .json with its weights.")
    ] = None,
    weights: Annotated[Path | None, typer.Option(help="The .weights.h5 that goes with a .json elsewhere.")] = None,
    scale: Annotated[
        float | None, typer.Option(help="Factor on pixel values 0..255, for a model of other origin: 1 or 0.00392.")
    ] = None,
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
    reader = _reader(single=single, expect=expect, model=model, weights=weights, scale=scale)
    output = output_of(as_json=as_json, as_csv=as_csv, lines=lines, pictures=len(found.pictures))
    errors = _read_all(reader, found.pictures, annotations, output)
    if errors:
        if len(found.pictures) == 1:
            raise errors[0]
        raise typer.Exit(FAILED)


def _read_all(
    reader: "PictureReader", pictures: Sequence[Path], annotations: "Annotations | None", output: "Output"
) -> list[ScribalError]:
    """Read picture by picture; one that cannot be read does not keep the others from it."""
    errors: list[ScribalError] = []

    def read_one(picture: Path) -> "tuple[list[Reading], ScribalError | None]":
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
        for readings, error in _in_batches(reader, pictures) if together else _in_order(read_one, pictures):
            for reading in readings:
                output.add(reading)
            if error is not None:
                errors.append(error)
                if len(pictures) > 1:
                    print(f"scribal: {error}", file=sys.stderr)
    return errors


def _in_batches(
    reader: "PictureReader", pictures: Sequence[Path]
) -> "Iterator[tuple[list[Reading], ScribalError | None]]":
    """Read pictures of one digit each, many at a time: the network answers to all of a batch at once."""
    from scribal.reading.loading import load_pages

    pages: list[Page] = []
    ends: list[tuple[int, ScribalError | None]] = []
    size = 0
    for place, picture in enumerate(pictures):
        error: ScribalError | None = None
        try:
            for page in load_pages(picture, reader.limits):
                pages.append(page)
                size += page.pixels.size
        except (ImageError, MissingExtraError) as met:
            error = met
        ends.append((len(pages), error))
        is_last = place == len(pictures) - 1
        if is_last or len(ends) == _BATCH or size > _BATCH_SIZE:
            readings, start = reader.singles(pages), 0
            for end, met_before in ends:
                yield readings[start:end], met_before
                start = end
            pages, ends, size = [], [], 0


def _in_order(work: Callable[[Path], Result], pictures: Sequence[Path]) -> Iterator[Result]:
    """Do work for pictures on all processors, and give the results in the pictures' order."""
    from scribal.engine.threads import usable_threads

    threads = min(usable_threads(), _MOST_THREADS, len(pictures))
    if threads == 1:
        yield from map(work, pictures)
        return
    from concurrent.futures import Future, ThreadPoolExecutor

    pool = ThreadPoolExecutor(threads)
    waiting: deque[Future[Result]] = deque()
    try:
        for picture in pictures:
            waiting.append(pool.submit(work, picture))
            if len(waiting) > threads:  # no more is read ahead than keeps the processors busy
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


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
