"""Draw what happens to a photo on its way to characters, from a page of MNIST's held-out training digits.

python tools/draw_reading_steps.py [docs/pictures/reading/steps.png]
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from scribal.data.dataset import Array
from scribal.reading.background import of_page
from scribal.reading.characters import to_characters
from scribal.reading.levels import enlarge
from scribal.reading.marks import find_marks
from scribal.reading.paper import find_ink
from scribal.reading.ruling import find_ruling, without_ruling
from tools.synthetic_pages import Hand

TARGET = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "reading" / "steps.png"
TEXT, SEED = "60352", 5
HEIGHT, WIDTH = 420, 900
SHADOW = 0.8  # of the picture, from where it is dark
TILE = 150
INK = (40, 50, 150)
PAPER = (236, 230, 214)
RULE = (150, 175, 205)


def photo() -> Array:
    """Make a photo of five digits on ruled paper, with a shadow."""
    generator, hand = np.random.default_rng(SEED), Hand("train")
    picture = np.empty((HEIGHT, WIDTH, 3))
    picture[:] = PAPER
    for row in range(45, HEIGHT, 120):
        picture[row : row + 2] = RULE
    for place, digit in enumerate(TEXT):
        covered = hand.write(hand.pick(int(digit), generator), 130.0, 0.11)[..., np.newaxis]
        top, left = 130 + int(generator.integers(0, 24)), 60 + 160 * place
        part = picture[top : top + covered.shape[0], left : left + covered.shape[1]]
        part[:] = part * (1 - covered) + np.array(INK) * covered
    row, column = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    light = (1 - 0.25 * row) * np.where(column + 0.35 * row > SHADOW, 0.62, 1.0)
    light = cv2.GaussianBlur(light, (0, 0), 4)[..., np.newaxis]
    noisy = picture * light + generator.normal(0, 3, picture.shape)
    return noisy.clip(0, 255).astype(np.uint8)


def steps(picture: Array) -> list[tuple[str, Array]]:
    """Give the picture after each step, with its title."""
    ink = find_ink(picture)
    ruling = find_ruling(ink)
    strokes = without_ruling(ink, ruling)
    marks = find_marks(strokes)
    order = np.argsort(marks.boxes[:, 0])
    large = [int(mark) for mark in order if marks.boxes[mark, 3] > HEIGHT / 5][: len(TEXT)]
    characters = to_characters([marks.cut([mark]) for mark in large])
    boxed = picture.copy()
    for x, y, width, height in marks.boxes[large].tolist():
        cv2.rectangle(boxed, (x - 4, y - 4), (x + width + 4, y + height + 4), (200, 60, 30), 2)
    row = np.concatenate([cv2.resize(one, (TILE, TILE), interpolation=cv2.INTER_NEAREST) for one in characters], axis=1)
    canvas = np.full((HEIGHT, WIDTH), 0, dtype=np.uint8)
    row = row[:, : WIDTH - 10]
    top, left = (HEIGHT - TILE) // 2, (WIDTH - row.shape[1]) // 2
    canvas[top : top + TILE, left : left + row.shape[1]] = row
    return [
        ("1  the photo", picture),
        ("2  the paper under the ink", enlarge(of_page(picture).level, picture.shape)),
        ("3  ink, with its soft edges", 255 - ink.strength),
        ("4  without the ruling", 255 - strokes.strength),
        ("5  marks", boxed),
        ("6  characters such as MNIST's", canvas),
    ]


def main() -> None:
    """Read the argument, draw."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    parser = argparse.ArgumentParser(description="Draw the steps from a photo to characters.")
    parser.add_argument("target", type=Path, nargs="?", default=TARGET)
    target = parser.parse_args().target
    figure, places = plt.subplots(3, 2, figsize=(9.6, 7.4), layout="constrained")
    for place, (title, image) in zip(places.ravel(), steps(photo()), strict=True):
        place.imshow(image, cmap="gray", vmin=0, vmax=255)
        place.set_title(title, loc="left", fontsize=12)
        place.set_xticks([])
        place.set_yticks([])
    figure.savefig(target, dpi=100)


if __name__ == "__main__":
    main()
