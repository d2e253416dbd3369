"""Make the pictures of docs/own-handwriting.md: the sheet, a photo of it that was filled in, and the page of its score.

``.venv/bin/python -m tools.documentation.handwriting`` does it, in the repository; it needs Chromium. The digits are
MNIST's test images, written anew.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

import scribal
from scribal.reading.sheet import PageCode
from tools.synthetic_pages import Hand
from tools.synthetic_pages.sheets import PHOTO, fill_sheet, print_page

__all__ = ["main"]

DESTINATION = Path("docs/pictures/own-handwriting")
EMPTY = ((4, 6), (9, 8), (9, 9))
CROSSED_OUT = ((2, 7),)
SLANT = 0.7  # pixels to the right for each up
WIDEST = 70  # pixels


def slanted(covered: np.ndarray, digit: int) -> np.ndarray:
    """Lean over, as one who writes on the go."""
    del digit
    rows, columns = covered.shape
    reach = SLANT * rows
    lean = np.array([[1, -SLANT, reach], [0, 1, 0]])
    moved = cv2.warpAffine(covered, lean, (round(columns + reach), rows))
    inked = np.flatnonzero(moved.any(axis=0))
    moved = moved[:, inked[0] : inked[-1] + 1]
    smaller = min(1.0, WIDEST / moved.shape[1])
    return cv2.resize(moved, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA)


def main() -> None:
    """Print, fill in, photograph, score, and keep what the page shows."""
    DESTINATION.mkdir(parents=True, exist_ok=True)
    code = PageCode(1, 10)
    page, _ = print_page(code)
    printed = Image.fromarray(page.astype(np.uint8)).resize((760, 1075), Image.Resampling.LANCZOS)
    printed.quantize(64, dither=Image.Dither.NONE).save(DESTINATION / "sheet.png", optimize=True)
    filled = fill_sheet(code, Hand("test"), PHOTO, seed=4, empty=EMPTY, crossed_out=CROSSED_OUT, manner=slanted)
    Image.fromarray(filled.pixels).resize((750, 1000), Image.Resampling.LANCZOS).save(
        DESTINATION / "photo.jpg", quality=75
    )
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        Image.fromarray(filled.pixels).save(photo, quality=90)
        score = scribal.score(photo)
        told = score.as_dict()
        print(
            {key: told[key] for key in ("right", "samples", "accuracy", "interval", "rejected", "empty", "crossed_out")}
        )
        written, picture = score.write(Path(folder) / "score.html"), Path(folder) / "score.png"
        browser = shutil.which("chromium") or "chromium"
        subprocess.run(  # noqa: S603 - the browser that was found
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--hide-scrollbars",
                "--window-size=900,960",
                f"--screenshot={picture}",
                written.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
        Image.open(picture).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(
            DESTINATION / "score.png", optimize=True
        )


if __name__ == "__main__":
    main()
