"""Pictures that show no digit, made by other procedures than those the model was trained with: what it is judged by.

Letters come from fonts, printed and hand-like ones, of Matplotlib, of the system and of a folder that is named;
photos from scikit-learn's two samples.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from scribal.data.dataset import Array
from scribal.data.normalise import fit_image

__all__ = ["LOOK_ALIKES", "OTHERS", "find_fonts", "letters", "others"]

SIDE = 28
# Letters that many people write as they write a digit; nobody can tell them apart without the rest of the word.
LOOK_ALIKES = "BDGIJOQSZbgijloqsyz"
LETTERS = "".join(
    letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if letter not in LOOK_ALIKES
)
_SYMBOLS = ("dingbats", "symbol", "STIXSiz", "STIXNonUni", "cmex", "cmsy", "cmmi", "LastResort")


def find_fonts(folder: Path | None = None) -> list[Path]:
    """Fonts that have letters: Matplotlib's, the system's, and those under ``folder``, in order of their names."""
    import matplotlib as mpl

    places = [Path(mpl.get_data_path()) / "fonts" / "ttf", Path("/usr/share/fonts"), *([folder] if folder else [])]
    found = {path.name: path for place in places for path in sorted(place.rglob("*.[ot]tf"))}
    return [path for name, path in sorted(found.items()) if not name.startswith(_SYMBOLS) and "Display" not in name]


def letters(count: int, generator: np.random.Generator, fonts: Sequence[Path], alphabet: str = LETTERS) -> Array:
    """Letters of fonts, a little turned, made to look like MNIST's digits."""
    pictures = []
    for _ in range(count):
        font = ImageFont.truetype(str(fonts[int(generator.integers(len(fonts)))]), 80)
        picture = Image.new("L", (200, 200))
        letter = alphabet[int(generator.integers(len(alphabet)))]
        ImageDraw.Draw(picture).text((100, 100), letter, font=font, fill=255, anchor="mm")
        picture = picture.rotate(float(generator.normal(0, 6)), Image.Resampling.BILINEAR)
        if generator.random() < 0.5:  # noqa: PLR2004 (a half with other strokes)
            picture = picture.filter(ImageFilter.MaxFilter(5) if generator.random() < 0.5 else ImageFilter.MinFilter(3))  # noqa: PLR2004
        pictures.append(fit_image(np.asarray(picture)))
    return np.stack(pictures)


def _scribbles(count: int, generator: np.random.Generator) -> Array:
    """A pen that walks at random: its speed drifts, and it jumps now and then."""
    pictures = []
    for _ in range(count):
        picture = Image.new("L", (160, 160))
        pen = ImageDraw.Draw(picture)
        place, speed, width = generator.uniform(40, 120, 2), generator.normal(0, 4, 2), int(generator.integers(4, 14))
        for _ in range(int(generator.integers(60, 260))):
            speed = 0.9 * speed + generator.normal(0, 2.5, 2) - 0.01 * (place - 80)
            after = np.clip(place + speed, 5, 155)
            if generator.random() > 0.02:  # noqa: PLR2004 (else it jumps)
                pen.line([*place, *after], fill=255, width=width)
            place = after
        pictures.append(fit_image(np.asarray(picture)))
    return np.stack(pictures)


def _blanks(count: int, generator: np.random.Generator) -> Array:
    """Paper: one level, its grain, its light."""
    slope = np.linspace(-1, 1, SIDE)
    pictures = generator.uniform(0, 255, (count, 1, 1)) * (generator.random((count, 1, 1)) < 0.7)  # noqa: PLR2004
    pictures = pictures + generator.uniform(-40, 40, (count, 1, 1)) * slope
    pictures = pictures + generator.uniform(-40, 40, (count, 1, 1)) * slope[:, None]
    return _levels(pictures + generator.uniform(0, 8, (count, 1, 1)) * generator.standard_normal((count, SIDE, SIDE)))


def _noise(count: int, generator: np.random.Generator) -> Array:
    even = generator.uniform(0, 255, (count, SIDE, SIDE)) * generator.uniform(0.2, 1, (count, 1, 1))
    normal = 128 + generator.uniform(20, 90, (count, 1, 1)) * generator.standard_normal((count, SIDE, SIDE))
    coarse = generator.uniform(0, 255, (count, 7, 7)).repeat(4, 1).repeat(4, 2)
    kinds = generator.integers(0, 3, (count, 1, 1))
    return _levels(np.choose(kinds, [even, normal, coarse]))


_OUTLINES = (
    "20-80-95-45-80-50-75-45-75-95-25-95-25-45-20-50-5-45",  # a shirt: columns and rows of its outline
    "30-5-70-5-80-95-58-95-50-35-42-95-20-95",  # trousers
    "38-5-62-5-60-40-85-95-15-95-40-40",  # a dress
    "5-60-35-60-60-30-75-35-70-70-95-75-95-88-5-88",  # a shoe
    "15-40-30-40-30-15-70-15-70-40-85-40-85-90-15-90",  # a bag
    "25-10-60-10-62-55-95-75-95-92-25-92",  # a boot
)


def _clothes(count: int, generator: np.random.Generator) -> Array:
    """Shirts, trousers, dresses, shoes and bags as filled outlines with folds."""
    pictures = []
    for _ in range(count):
        numbers = [int(number) for number in _OUTLINES[int(generator.integers(len(_OUTLINES)))].split("-")]
        points = np.array(numbers).reshape(-1, 2) * 1.12 + generator.normal(0, 3, (len(numbers) // 2, 2))
        picture = Image.new("L", (112, 112))
        ImageDraw.Draw(picture).polygon([tuple(point) for point in points], fill=int(generator.integers(90, 256)))
        cloth = np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BOX)).astype(float)
        folds = 1 + generator.uniform(0, 0.35) * np.sin(
            np.arange(SIDE)[None, :] * generator.uniform(0.2, 2) + generator.uniform(0, 6)
        )
        pictures.append(cloth * folds + (cloth > 0) * generator.normal(0, 12, (SIDE, SIDE)))
    return _levels(np.stack(pictures))


def _photos(count: int, generator: np.random.Generator) -> Array:
    """Pieces of a photo of a temple and one of a flower, of several sizes."""
    from sklearn.datasets import load_sample_images

    photos = [Image.fromarray(photo).convert("L") for photo in load_sample_images().images]
    pictures = []
    for _ in range(count):
        photo, side = photos[int(generator.integers(len(photos)))], int(generator.integers(28, 300))
        left, top = (int(generator.integers(0, size - side)) for size in photo.size)
        pictures.append(np.asarray(photo.crop((left, top, left + side, top + side)).resize((SIDE, SIDE))))
    return np.stack(pictures)


def _levels(values: Array) -> Array:
    return np.rint(np.clip(values, 0, 255)).astype(np.uint8)


OTHERS: dict[str, Callable[[int, np.random.Generator], Array]] = {
    "scribbles": _scribbles,
    "blanks": _blanks,
    "noise": _noise,
    "clothes": _clothes,
    "photos": _photos,
}


def others(count: int, seed: int, fonts: Sequence[Path]) -> dict[str, Array]:
    """So many pictures of each kind, letters first, uint8 of shape (count, 28, 28)."""
    made = {"letters": letters(count, np.random.default_rng([seed, 0]), fonts)}
    made["look-alikes"] = letters(count, np.random.default_rng([seed, 99]), fonts, LOOK_ALIKES)
    for number, (name, make) in enumerate(OTHERS.items()):
        made[name] = make(count, np.random.default_rng([seed, number + 1]))
    return made
