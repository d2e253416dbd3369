"""Draw the pictures of docs/reading-measured.md: synthetic pages as they are read, and how touching digits are parted.

    python tools/draw_reads.py [docs/pictures/reading]

All digits are of MNIST's test images.
"""

import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scribal.reading.annotating import annotate
from scribal.reading.candidates import ask
from scribal.reading.reader import PictureReader
from scribal.reading.seams import find_seams
from scribal.reading.touching import split_touching
from tools.measure_synthetic import Read, read_page
from tools.synthetic_pages import KINDS, Hand, make_page, write_touching

Array = np.ndarray[Any, np.dtype[Any]]

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "reading"
GOOD = (
    ("crumpled", 1),
    ("shadow", 3),
    ("squared", 2),
    ("blackboard", 4),
    ("on a table", 2),
    ("form boxes", 2),
    ("telephone's edge", 1),
    ("faint red", 1),
    ("perspective", 2),
)
FIRST = ("telephone's edge", 1)  # what stands at the top of the page about reading
ACROSS, TILE, CAPTION, GAP = 3, (560, 420), 34, 12
SEARCHED, SHOWN_BAD = 1, 6
STRINGS = ("27", "58", "406", "913", "35", "64")
STRING_HEIGHT = 130
SEAM, PAPER, INK = (214, 80, 0), (255, 255, 255), (30, 30, 34)


def caption(text: str) -> Image.Image:
    """Draw a line of text under a tile."""
    strip = Image.new("RGB", (TILE[0], CAPTION), PAPER)
    ImageDraw.Draw(strip).text((2, 4), text, INK, font=ImageFont.load_default(20))
    return strip


def around_digits(read: Read) -> tuple[Array, Array]:
    """Cut a page to what is written, so that it can be seen: the picture as it is, and annotated."""
    pixels = read.page.pixels
    drawn = annotate(pixels, read.reading)
    factor = drawn.shape[0] / pixels.shape[0]
    boxes = np.array([digit.box for digit in read.page.digits])
    rows, columns = pixels.shape[:2]
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    margin = 1.2 * np.median(boxes[:, 3])
    width, height = right - left + 2 * margin, bottom - top + 2 * margin
    width, height = max(width, height * TILE[0] / TILE[1]), max(height, width * TILE[1] / TILE[0])
    middle = (left + right) / 2, (top + bottom) / 2
    x0, x1 = (int(np.clip(middle[0] + side * width / 2, 0, columns)) for side in (-1, 1))
    y0, y1 = (int(np.clip(middle[1] + side * height / 2, 0, rows)) for side in (-1, 1))
    part = drawn[round(y0 * factor) : round(y1 * factor), round(x0 * factor) : round(x1 * factor)]
    return pixels[y0:y1, x0:x1], part


def fitted(picture: Array) -> Image.Image:
    """Fit a picture into a tile."""
    factor = min(TILE[0] / picture.shape[1], TILE[1] / picture.shape[0])
    size = round(picture.shape[1] * factor), round(picture.shape[0] * factor)
    tile = Image.new("RGB", TILE, (236, 236, 238))
    tile.paste(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS), ((TILE[0] - size[0]) // 2, 0))
    return tile


def sheet(reads: list[Read]) -> Image.Image:
    """Put annotated pages side by side, each with a line under it."""
    rows = -(-len(reads) // ACROSS)
    step = TILE[0] + GAP, TILE[1] + CAPTION + GAP
    whole = Image.new("RGB", (ACROSS * step[0] + GAP, rows * step[1] + GAP), PAPER)
    for place, read in enumerate(reads):
        x, y = GAP + place % ACROSS * step[0], GAP + place // ACROSS * step[1]
        whole.paste(fitted(around_digits(read)[1]), (x, y))
        extra = f", {read.score.extra} too many" if read.score.extra else ""
        text = f"{read.page.kind}: {read.score.right} of {read.score.written} digits{extra}"
        whole.paste(caption(text), (x, y + TILE[1]))
    return whole


def before_and_after(read: Read) -> Image.Image:
    """Put a page as it came beside the page with what was read."""
    whole = Image.new("RGB", (2 * TILE[0] + GAP, TILE[1]), PAPER)
    for place, picture in enumerate(around_digits(read)):
        whole.paste(fitted(picture), (place * (TILE[0] + GAP), 0))
    return whole


def touching(reader: PictureReader, hand: Hand) -> Image.Image:
    """Draw touching digits, their seams, and the parts that are read best."""
    generator = np.random.default_rng(8)
    rows = [one_string(write_touching(text, hand, generator), reader) for text in STRINGS]
    width = max(row.width for row in rows)
    whole = Image.new("RGB", (2 * width + 3 * GAP, -(-len(rows) // 2) * (rows[0].height + GAP) + GAP), PAPER)
    for place, row in enumerate(rows):
        whole.paste(row, (GAP + place % 2 * (width + GAP), GAP + place // 2 * (row.height + GAP)))
    return whole


def one_string(ink: Array, reader: PictureReader) -> Image.Image:
    """Draw one string with its seams, and its parts with what each is read as."""
    rows, columns = ink.shape
    factor = STRING_HEIGHT / rows
    parts = split_touching(ask([(0, 0, columns - 2, rows - 2)], [ink], reader.recognise), reader.recognise)
    seen = cv2.resize(np.invert(ink), None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    picture = Image.fromarray(seen).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for seam in find_seams(ink, 0.6):
        points = [((x + 0.5) * factor, (row + 0.5) * factor) for row, x in enumerate(seam.columns)]
        pen.line(points, fill=SEAM, width=2)
    row = Image.new("RGB", (picture.width + 60 + 150 * 3, STRING_HEIGHT + CAPTION), PAPER)
    row.paste(picture, (0, 0))
    pen = ImageDraw.Draw(row)
    tip, level = picture.width + 44, STRING_HEIGHT // 2
    pen.line([(tip - 26, level), (tip, level)], fill=INK, width=2)
    pen.line([(tip - 8, level - 6), (tip, level), (tip - 8, level + 6)], fill=INK, width=2)
    x = picture.width + 60
    for part in parts:
        small = cv2.resize(np.invert(part.strength), None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        row.paste(Image.fromarray(small).convert("RGB"), (x, round(part.box[1] * factor)))
        text = f"{reader.recogniser.class_names[part.answer]}  {100 * part.confidence:.0f} %"
        pen.text((x, STRING_HEIGHT + 4), text, INK, font=ImageFont.load_default(20))
        x += max(small.shape[1], 70) + 24
    return row


def main() -> None:
    """Read the arguments, draw."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    hand, reader = Hand("test"), PictureReader.of()
    reads = [read_page(make_page(kind, seed, hand), reader) for kind, seed in GOOD]
    save(sheet(reads), folder / "measured-pages.jpg")
    save(before_and_after(reads[GOOD.index(FIRST)]), folder / "before-and-after.jpg")
    searched = [read_page(make_page(kind, 20 + seed, hand), reader) for kind in KINDS for seed in range(SEARCHED)]
    worst = sorted((read for read in searched if read.wrong), key=lambda read: -read.wrong / read.score.written)
    save(sheet(worst[:SHOWN_BAD]), folder / "measured-worst.jpg")
    save(touching(reader, hand), folder / "touching.png")


def save(picture: Image.Image, path: Path) -> None:
    """Save photos as JPEG, and drawings with few colours."""
    if path.suffix == ".jpg":
        picture.save(path, quality=85, optimize=True)
    else:
        picture.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
