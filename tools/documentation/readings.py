"""Make the pictures of docs/reading.md: synthetic pages as they were read, one read well and one badly of each kind.

``.venv/bin/python -m tools.documentation.readings`` does it, in the repository.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from scribal.data.dataset import Array
from scribal.reading import PictureReader
from scribal.reading.annotating import annotate
from tools.measure_synthetic import read_page
from tools.synthetic_pages import Hand, SyntheticPage, make_page

DESTINATION = Path("docs/pictures/reading")
GOOD = ("shadow", "squared", "blackboard", "form boxes")
KINDS_IN_QUESTION = ("faint red", "touching", "crumpled", "noisy")
SEEDS = 4
TILE = (560, 420)
MARGIN = 1.5  # times the writing's size
BAD_PICTURES = 4


def tiles(pictures: list[Array]) -> Image.Image:
    """Put pictures side by side, two in a row."""
    width, height = TILE
    rows = -(-len(pictures) // 2)
    sheet = Image.new("RGB", (2 * width + 8, rows * (height + 8) - 8), "white")
    for place, pixels in enumerate(pictures):
        image = ImageOps.contain(Image.fromarray(pixels), TILE, Image.Resampling.LANCZOS)
        x, y = place % 2 * (width + 8), place // 2 * (height + 8)
        sheet.paste(image, (x + (width - image.width) // 2, y + (height - image.height) // 2))
    return sheet


def main() -> None:
    """Read pages and draw the best of the usual kinds and the worst of the hard ones."""
    hand, reader = Hand("test"), PictureReader.of()
    DESTINATION.mkdir(parents=True, exist_ok=True)
    tiles([shown(make_page(kind, 0, hand), reader) for kind in GOOD]).save(DESTINATION / "good.jpg", quality=82)
    worst = []
    for kind in KINDS_IN_QUESTION:
        pages = [make_page(kind, seed, hand) for seed in range(SEEDS)]
        worst.append(min(pages, key=lambda page: share(page, reader)))
    worst.sort(key=lambda page: share(page, reader))
    tiles([shown(page, reader) for page in worst[:BAD_PICTURES]]).save(DESTINATION / "bad.jpg", quality=82)


def share(page: SyntheticPage, reader: PictureReader) -> float:
    """Tell how much of a page is read right."""
    score = read_page(page, reader).score
    return score.right / score.written


def shown(page: SyntheticPage, reader: PictureReader) -> Array:
    """Read a page and draw what was read."""
    read, reading = next(reader.pages(page.pixels))
    print(f"{page.kind}, seed {page.seed}: {page.text!r} read as {reading.text!r}")
    drawn = annotate(read.pixels, reading)
    boxes = np.array([digit.box for digit in page.digits])
    low, high = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    # As much as the writing and some of the paper need, in the shape of a tile.
    size = np.max((high - low) * MARGIN / TILE) * np.array(TILE)
    left, top = np.clip((low + high - size) / 2, 0, None).astype(int)
    right, bottom = np.ceil((low + high + size) / 2).astype(int)
    return drawn[top:bottom, left:right]


if __name__ == "__main__":
    main()
