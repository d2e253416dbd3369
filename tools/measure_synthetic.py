"""Measure how well synthetic pages are read, kind by kind.

    python tools/measure_synthetic.py [--kind KIND]... [--seeds 3] [--part train|test] [--mistakes P.png] [--write PAGE]

Every kind of ``tools.synthetic_pages`` is read in as many pages as there are seeds. A digit is right when it is read as
what it is in its place; ``text`` is right by edit distance. For developing, digits of the training images are taken;
``--part test`` is for what is told.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from scribal.exceptions import ScribalError
from scribal.reading.limits import Limits
from scribal.reading.loading import load_pages
from scribal.reading.reader import PictureReader
from scribal.reading.result import Reading
from tools.synthetic_pages import KINDS, Hand, Score, SyntheticPage, make_page, score_reading

__all__ = ["Read", "draw", "read_page"]

_TILE, _COLUMNS, _MOST_TILES = 620, 4, 16
_WRITTEN, _READ, _REJECTED = (0, 150, 0), (0, 0, 230), (230, 0, 0)


class Read(NamedTuple):
    """A page, what was read on it, and how right that is."""

    page: SyntheticPage
    reading: Reading
    score: Score

    @property
    def wrong(self) -> int:
        """Digits that were missed, misread or invented."""
        return self.score.written - self.score.right + self.score.extra


def read_page(page: SyntheticPage, reader: PictureReader) -> Read:
    """Read a page and compare."""
    name = f"{page.kind} {page.seed}"
    try:
        reading = reader.page(next(load_pages(page.pixels, Limits())))
    except ScribalError as error:
        reading = Reading(name, page.pixels.shape[1::-1], notes=(str(error),))
    digits = [(int(digit.digit), digit.box) for digit in reading.digits if not digit.rejected]
    return Read(page, reading, score_reading(page, reading.text, digits))


def draw(one: Read) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Draw a page with the boxes that were written (green), read (blue) and rejected (red)."""
    picture = one.page.pixels.copy()
    width = max(1, max(picture.shape) // 500)
    for written in one.page.digits:
        x, y, across, down = written.box
        cv2.rectangle(picture, (x, y), (x + across, y + down), _WRITTEN, width)
    for digit in one.reading.digits:
        x, y, across, down = digit.box
        colour = _REJECTED if digit.rejected else _READ
        corner = (x + across + 2 * width, y + down + 2 * width)
        cv2.rectangle(picture, (x - 2 * width, y - 2 * width), corner, colour, width)
        cv2.putText(picture, digit.digit, (x, y - 3 * width), cv2.FONT_HERSHEY_SIMPLEX, 0.8 * width, colour, width)
    factor = _TILE / max(picture.shape)
    picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    tile = np.full((_TILE + 24, _TILE, 3), 90, np.uint8)
    tile[: picture.shape[0], : picture.shape[1]] = picture
    text = f"{one.page.kind} {one.page.seed}: {one.score.right} of {one.score.written}, {one.score.extra} too many"
    cv2.putText(tile, text, (4, _TILE + 17), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1)
    return tile


def line(name: str, score: Score, seconds: float) -> str:
    """One line of the table."""
    return (
        f"{name:18s}{score.written:8d}{100 * score.right / score.written:8.2f} %{score.missed:8d}{score.extra:7d}"
        f"{100 * (1 - score.edits / score.written):9.2f} %{100 * score.whole / score.numbers:8.1f} %{seconds:8.2f} s"
    )


def table(scores: dict[str, Score], pages: int) -> str:
    """Write the scores of all kinds in Markdown."""
    rows = ["| kind | digits | right | too many | numbers right |", "| --- | ---: | ---: | ---: | ---: |"]
    for kind, score in [*scores.items(), ("**all**", sum(scores.values(), Score()))]:
        right, whole = 100 * score.right / score.written, 100 * score.whole / score.numbers
        rows.append(f"| {kind} | {score.written:,} | {right:.1f} % | {score.extra} | {whole:.1f} % |")
    return f"{pages} pages:\n\n" + "\n".join(rows) + "\n"


def put_into(page: Path, mark: str, written: str) -> None:
    """Put text between the lines ``<!-- mark -->`` and ``<!-- /mark -->`` of a page."""
    before, start, rest = page.read_text(encoding="utf-8").partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    if not start or not end:
        sys.exit(f"{page} must have the lines <!-- {mark} --> and <!-- /{mark} -->, which the table goes between")
    page.write_text(f"{before}{start}\n{written}\n{end}{after}", encoding="utf-8")


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Measure how well synthetic pages are read.")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="only this kind; may be given again")
    parser.add_argument("--seeds", type=int, default=3, help="pages of each kind")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--part", choices=["train", "test"], default="train", help="whose digits are written")
    parser.add_argument("--model", help="a model to ask instead of scribal's own")
    parser.add_argument("--mistakes", type=Path, help="draw the pages that were read worst into this file")
    parser.add_argument("--write", type=Path, help="write the table into this page, between its two marks")
    arguments = parser.parse_args()
    hand = Hand(arguments.part)
    reader = PictureReader.of(model=arguments.model)
    reads: list[Read] = []
    print("kind                digits     right  missed  extra       text   numbers    a page")
    scores: dict[str, Score] = {}
    total = 0.0
    for kind in arguments.kind or KINDS:
        pages = [make_page(kind, seed, hand) for seed in range(arguments.first, arguments.first + arguments.seeds)]
        started = time.process_time()
        these = [read_page(page, reader) for page in pages]
        seconds = time.process_time() - started
        score = scores[kind] = sum((one.score for one in these), Score())
        print(line(kind, score, seconds / len(pages)))
        sys.stdout.flush()
        reads += these
        total += seconds
    print(line("all", sum(scores.values(), Score()), total / len(reads)))
    if arguments.write:
        put_into(arguments.write, "kinds", table(scores, len(reads)))
    if arguments.mistakes:
        worst = sorted((one for one in reads if one.wrong), key=lambda one: -one.wrong)[:_MOST_TILES]
        tiles = [draw(one) for one in worst]
        tiles += [np.zeros((_TILE + 24, _TILE, 3), np.uint8)] * (-len(tiles) % _COLUMNS)
        rows = [np.hstack(tiles[start : start + _COLUMNS]) for start in range(0, len(tiles), _COLUMNS)]
        if rows:
            cv2.imwrite(str(arguments.mistakes), np.vstack(rows)[:, :, ::-1])


if __name__ == "__main__":
    main()
