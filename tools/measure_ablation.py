"""Measure what each step of reading is worth: leave it out, and read the same pictures again.

    python tools/measure_ablation.py [DATA] [--seeds 2] [--plain MODEL] [--write docs/ablation.md]

Synthetic pages of every kind, written with MNIST's test digits, are read with all steps, without one after the other,
with a network that was trained without augmentation (``--plain``, a model or run folder; by default the recipe
``dropout-cnn`` is trained for it), and as tutorials do. DATA is a folder of real pictures as ``measure_reading.py``
takes it.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from scribal.exceptions import ScribalError
from scribal.reading.limits import Limits
from scribal.reading.loading import load_pages
from scribal.reading.reader import PictureReader
from tools.measure_synthetic import put_into, read_page
from tools.simpler_steps import ABLATIONS, TUTORIAL
from tools.synthetic_pages import KINDS, Hand, Score, SyntheticPage, make_page
from tools.synthetic_pages.scoring import edit_distance

_NAMED_KINDS = 3  # whose loss is told
_CLEAR_LOSS = 0.05  # of a kind's digits
_UNIFORM_LOSS = 0.6  # of all kinds: there is none to be named


@dataclass
class Row:
    """What was right with one way of reading, as digits right and digits written."""

    name: str
    synthetic: Score = field(default_factory=Score)
    kinds: dict[str, Score] = field(default_factory=dict)
    singles: tuple[int, int] = (0, 0)
    pages: tuple[int, int] = (0, 0)


def ways(plain: str) -> Iterator[tuple[str, PictureReader]]:
    """Give every way of reading: its name and a reader."""
    usual = PictureReader.of()
    for name, steps in ABLATIONS.items():
        yield name, replace(usual, steps=steps)
    other = PictureReader.of(model=plain)
    yield "`dropout-cnn`, trained without augmentation", other
    yield "as tutorials do: invert, cut out, resize; `dropout-cnn`", replace(other, steps=TUTORIAL)


def read_synthetic(pages: list[SyntheticPage], reader: PictureReader, row: Row) -> None:
    """Read the synthetic pages."""
    for page in pages:
        score = read_page(page, reader).score
        row.synthetic += score
        row.kinds[page.kind] = row.kinds.get(page.kind, Score()) + score


def read_real(data: Path, reader: PictureReader, row: Row) -> None:
    """Read a folder of real pictures: singles, and pages by edit distance."""
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        entries = list(csv.DictReader(lines))
    for entry in entries:
        single = entry["kind"].startswith("single")
        if not single and not entry["kind"].startswith("page"):
            continue
        page = next(load_pages(data / entry["file"], Limits()))
        try:
            reading = replace(reader, single=single).page(page)
        except ScribalError:
            reading = None
        if single:
            answer = reading.digits[0].digit if reading and reading.digits else ""
            row.singles = row.singles[0] + (answer == entry["label"]), row.singles[1] + 1
        else:
            wanted = "".join(character for character in entry["label"] if character.isdigit())
            found = "".join(reading.text.split()) if reading else ""
            right = max(0, len(wanted) - edit_distance(wanted, found))
            row.pages = row.pages[0] + right, row.pages[1] + len(wanted)


def right(score: Score) -> float:
    """Share of digits that are right by edit distance."""
    return max(0.0, 1 - score.edits / score.written)


def losses(row: Row, best: Row) -> str:
    """Name the kinds of pages that lose most."""
    lost = {kind: right(best.kinds[kind]) - right(score) for kind, score in row.kinds.items()}
    clear = sorted((kind for kind in lost if lost[kind] >= _CLEAR_LOSS), key=lambda kind: -lost[kind])
    if len(clear) > _UNIFORM_LOSS * len(lost):
        return "nearly all kinds"
    return ", ".join(clear[:_NAMED_KINDS])


def table(rows: list[Row], *, real: bool) -> str:
    """Write the table in Markdown."""
    titles = ["without", "digits", "numbers", "loses most"]
    if real:
        titles[3:3] = ["real singles", "digits on real pages"]
    lines = [f"| {' | '.join(titles)} |", f"| --- |{' ---: |' * (len(titles) - 2)} --- |"]
    for row in rows:
        cells = [f"{100 * right(row.synthetic):.1f} %", f"{100 * row.synthetic.whole / row.synthetic.numbers:.1f} %"]
        if real:
            cells += [f"{100 * one / max(count, 1):.1f} %" for one, count in (row.singles, row.pages)]
        lines.append(f"| {row.name} | {' | '.join(cells)} | {losses(row, rows[0])} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the arguments, measure, print or write."""
    parser = argparse.ArgumentParser(description="Measure what each step of reading is worth.")
    parser.add_argument("data", type=Path, nargs="?", help="a folder of real pictures with manifest.csv")
    parser.add_argument("--seeds", type=int, default=2, help="pages of each kind")
    parser.add_argument("--plain", help="a model that was trained without augmentation")
    parser.add_argument("--write", type=Path, help="write the table into this page, between its two marks")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plain = arguments.plain or train_plain(Path(folder) / "plain")
        hand = Hand("test")
        pages = [make_page(kind, seed, hand) for kind in KINDS for seed in range(arguments.seeds)]
        rows = []
        for name, reader in ways(plain):
            row = Row(name)
            read_synthetic(pages, reader, row)
            if arguments.data:
                read_real(arguments.data, reader, row)
            rows.append(row)
            print(f"{name}: {100 * right(row.synthetic):.2f} %", row.singles, row.pages, file=sys.stderr, flush=True)
    written = table(rows, real=arguments.data is not None)
    count = f"{len(pages)} pages, {rows[0].synthetic.written:,} digits"
    if arguments.write:
        put_into(arguments.write, "ablation", f"{count}:\n\n{written}")
    else:
        print(count, written, sep="\n\n")


def train_plain(out: Path) -> str:
    """Train the recipe ``dropout-cnn`` as it stands."""
    import scribal

    scribal.train("dropout-cnn", out=out)
    return str(out)


if __name__ == "__main__":
    main()
