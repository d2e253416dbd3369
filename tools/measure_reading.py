"""Measure how well digits are read in a folder of real pictures, kind by kind.

    python tools/measure_reading.py DATA [--kind KIND]... [--model MODEL] [--failures PICTURE.png]

DATA holds ``manifest.csv`` with the columns file, kind and label. A kind that begins with ``single`` has one digit a
picture, one with ``page`` several: in its labels ``/`` parts rows and ``.`` is an empty cell, and the digits of a
``page_scatter`` have no order. ``sets/*.npz`` hold many small pictures, ``x`` and ``y``. scikit-learn's ``load_digits``
is measured as well. Digits of pages are right by edit distance; a number is right as a whole or not at all.
"""

import argparse
import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.loading import load_pages
from scribal.reading.recognition import Recogniser
from scribal.reading.single import read_singles
from tools.synthetic_pages.scoring import edit_distance

TILE = 96
COLUMNS = 12
MOST_DRAWN = 120


@dataclass
class Tally:
    """What was read of one kind of pictures."""

    pictures: int = 0
    digits: int = 0
    right: int = 0
    numbers: int = 0
    whole: int = 0
    rejected: int = 0
    seconds: float = 0.0
    mistakes: list[str] = field(default_factory=list)

    def line(self, kind: str) -> str:
        """One line of the table."""
        whole = f"{self.whole:4d}/{self.numbers:<4d}{100 * self.whole / self.numbers:6.1f} %" if self.numbers else ""
        per = 1000 * self.seconds / max(self.pictures, 1)
        share = 100 * self.right / max(self.digits, 1)
        return (
            f"{kind:24s}{self.pictures:6d}{self.right:7d}/{self.digits:<6d}{share:6.2f} %"
            f"{self.rejected:6d}{per:9.2f} ms  {whole}"
        )


def measure_singles(
    pictures: list[Array], labels: list[str], names: list[str], recogniser: Recogniser
) -> tuple[Tally, list[Any]]:
    """Read pictures of one digit each, in one batch."""
    start = time.process_time()
    marks, recognition = read_singles(pictures, recogniser)
    tally = Tally(len(labels), len(labels), seconds=time.process_time() - start)
    wrong = []
    for index, label in enumerate(labels):
        order = recognition.probabilities[index].argsort()[::-1]
        answer = recogniser.class_names[order[0]]
        tally.right += answer == label
        tally.rejected += bool(recognition.rejected[index])
        if answer != label:
            sure = recognition.probabilities[index][order[0]]
            tally.mistakes.append(f"{names[index]}: {label} taken for {answer} ({sure:.2f})")
            wrong.append((pictures[index], marks[index], f"{label}>{answer}"))
    return tally, wrong


def measure_page(tally: Tally, path: Path, label: str, kind: str, model: Any) -> None:
    """Read one page and add what was right to the tally."""
    from scribal.reading.reader import read

    start = time.process_time()
    reading = read(path, model=model)
    tally.seconds += time.process_time() - start
    truth = [row.replace(".", "") for row in label.split("/")]
    is_grid = kind == "page_sudoku"
    numbers = [digit for row in truth for digit in row] if is_grid else truth
    found = [number.text for number in reading.numbers]
    if kind == "page_scatter":
        numbers, found = sorted(numbers), sorted(found)
    wanted, got = "".join(numbers), "".join(found)
    right = max(0, len(wanted) - edit_distance(wanted, got))
    whole = sum(block.size for block in SequenceMatcher(None, numbers, found, autojunk=False).get_matching_blocks())
    tally.pictures += 1
    tally.digits += len(wanted)
    tally.right += right
    tally.numbers += len(numbers)
    tally.whole += whole
    tally.rejected += sum(digit.rejected for digit in reading.digits)
    if right < len(wanted) or whole < len(numbers):
        tally.mistakes.append(f"{path.name}: {label} read as {reading.text!r}")


def sets(data: Path) -> Iterator[tuple[str, list[Array], list[str]]]:
    """Give whole collections: their name, pictures and labels."""
    from sklearn.datasets import load_digits

    for path in sorted((data / "sets").glob("*.npz")):
        with np.load(path) as archive:
            yield path.stem, list(archive["x"]), [str(label) for label in archive["y"]]
    digits = load_digits()
    images = np.rint(digits.images * (255 / 16)).astype(np.uint8)
    yield "load_digits", list(images), [str(label) for label in digits.target]


def draw(wrong: list[Any], path: Path) -> None:
    """Draw each picture that was misread beside the character it became."""
    from PIL import Image, ImageDraw

    from scribal.reading.characters import to_characters

    rows = -(-len(wrong) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (2 * TILE + 8), max(rows, 1) * (TILE + 16)), "grey")
    pen = ImageDraw.Draw(sheet)
    for place, (picture, mark, text) in enumerate(wrong):
        x, y = place % COLUMNS * (2 * TILE + 8), place // COLUMNS * (TILE + 16)
        shown = Image.fromarray(picture).convert("RGB")
        shown.thumbnail((TILE, TILE))
        factor = TILE / max(shown.size)
        shown = shown.resize((round(shown.width * factor), round(shown.height * factor)))
        sheet.paste(shown, (x, y + 16))
        character = to_characters([mark.strength])[0]
        sheet.paste(Image.fromarray(character).resize((TILE, TILE), Image.Resampling.NEAREST), (x + TILE, y + 16))
        pen.text((x, y + 2), text)
    sheet.save(path)


def measure(arguments: argparse.Namespace) -> tuple[dict[str, Tally], list[Any]]:
    """Measure the kinds that are asked for; gives a tally for each, and the single digits that were misread."""
    recogniser = Recogniser.of(arguments.model) if arguments.model else Recogniser.default()
    recogniser.recognise(np.zeros((2, 28, 28), dtype=np.uint8))  # compiled once, and not measured
    with (arguments.data / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    def wanted(kind: str) -> bool:
        return not arguments.kind or any(kind.startswith(start) for start in arguments.kind)

    tallies: dict[str, Tally] = {}
    wrong: list[Any] = []
    for kind in sorted({row["kind"] for row in rows if row["kind"].startswith(("single", "page"))}):
        chosen = [row for row in rows if row["kind"] == kind and wanted(kind)]
        labels, files = [row["label"] for row in chosen], [arguments.data / row["file"] for row in chosen]
        if chosen and kind.startswith("single"):
            pictures = [next(load_pages(path)).pixels for path in files]
            tallies[kind], misread = measure_singles(pictures, labels, [row["file"] for row in chosen], recogniser)
            wrong += misread
        elif chosen:
            tallies[kind] = Tally()
            for path, label in zip(files, labels, strict=True):
                measure_page(tallies[kind], path, label, kind, arguments.model)
    for name, pictures, labels in sets(arguments.data):
        if wanted(name):
            names = [f"{name} {index}" for index in range(len(labels))]
            tallies[name], misread = measure_singles(pictures, labels, names, recogniser)
            wrong += misread
    return tallies, wrong


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Measure how well digits are read in a folder of real pictures.")
    parser.add_argument("data", type=Path, help="the folder with manifest.csv")
    parser.add_argument("--kind", action="append", help="only kinds that begin so; may be given again")
    parser.add_argument("--model", help="a model to ask instead of scribal's own")
    parser.add_argument("--failures", type=Path, help="draw the single digits that were misread into this file")
    parser.add_argument("--mistakes", action="store_true", help="list what was misread")
    arguments = parser.parse_args()
    tallies, wrong = measure(arguments)
    print(f"{'kind':24s}{'files':>6s}{'digits right':>23s}{'rejected':>9s}{'a picture':>10s}  whole numbers")
    for kind, tally in tallies.items():
        print(tally.line(kind))
    for start in ("single", "page"):
        parts = [tally for kind, tally in tallies.items() if kind.startswith(start)]
        if len(parts) > 1:
            names = ("pictures", "digits", "right", "numbers", "whole", "rejected", "seconds")
            total = Tally(**{name: sum(getattr(part, name) for part in parts) for name in names})
            print(total.line(f"all of {start}"))
    if arguments.mistakes:
        print(*[mistake for tally in tallies.values() for mistake in tally.mistakes], sep="\n")
    if arguments.failures:
        draw(wrong[:MOST_DRAWN], arguments.failures)


if __name__ == "__main__":
    main()
