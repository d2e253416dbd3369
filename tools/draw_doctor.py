"""Draw the pictures of the photo doctor's page in the documentation, from photos that are made of MNIST's test digits.

python -m tools.draw_doctor docs/pictures/doctor
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from scribal.reading.doctor import Doctor
from tools.synthetic_pages.cameras import expose
from tools.synthetic_pages.kinds import Style
from tools.synthetic_pages.lights import make_light
from tools.synthetic_pages.pages import make_page
from tools.synthetic_pages.papers import make_paper
from tools.synthetic_pages.pens import PENS
from tools.synthetic_pages.writing import Hand

__all__ = ["photo_of_digit"]

_SIZE = (900, 1200)  # rows and columns
_HEIGHT = 300  # pixels of the digit
_LEFT, _TOP = 620, 390  # of the digit
_PAGE = ("shadow", 3)


def photo_of_digit(digit: int, seed: int) -> np.ndarray:
    """Take a photo of a digit in blue ink on yellow paper, to the right, in uneven light.

    Args:
        digit: Which.
        seed: Of its form, the paper and the light.

    Returns:
        uint8 of shape (900, 1200, 3).
    """
    generator = np.random.default_rng(seed)
    sheet = make_paper("coloured", _SIZE, _HEIGHT, generator)
    hand = Hand("test")
    covered = hand.write(hand.pick(digit, generator), _HEIGHT, stroke=0.05)
    pen = PENS["blue"]
    rows, columns = covered.shape
    part = sheet[_TOP : _TOP + rows, _LEFT : _LEFT + columns]
    part += (np.array(pen.colour, np.float32) - part) * (pen.cover * covered)[..., None]
    sheet *= make_light("shadow", _SIZE, generator)[..., None]
    return expose(sheet, Style(size=_SIZE, blur=1.2, noise=4.0, quality=80), generator)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    doctor = Doctor.of()
    page = make_page(*_PAGE, Hand("test")).pixels
    for name, pixels in (("three", photo_of_digit(3, 7)), ("page", page)):
        photo = folder / f"{name}.jpg"
        Image.fromarray(pixels).save(photo, quality=88)
        diagnosis = next(doctor.pages(photo))
        drawn = folder / f"{name}-doctor.png"
        diagnosis.write(drawn, force=True)
        # 256 colours are enough on a page, and a third of the file.
        with Image.open(drawn) as picture:
            few = picture.convert("RGB").quantize(256)
        few.save(drawn, optimize=True)
        photo.unlink()
        print(name, [finding.name for finding in diagnosis.findings], diagnosis.before.answer, repr(diagnosis.text))


if __name__ == "__main__":
    main()
