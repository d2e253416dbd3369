"""Read many damaged and odd pictures, and tell what came of it: how often, how long, how much memory.

    python tools/fuzz_reading.py [--cases 20000] [--first 0] [--slow 2]

Each case is a number, from which everything follows: a picture is made (digits, specks, stripes, noise, letters, blank,
of any size from 1x1 on), written as a file of any kind, and its bytes are changed, cut, doubled or put together with
another's; some go to the segmenter as arrays, whole. Each must be read or refused with an error of scribal's own.
Whatever else is raised counts as a crash and is printed with its number.
"""

import argparse
import collections
import functools
import io
import resource
import sys
import time
import traceback
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from scribal.data import load_dataset
from scribal.exceptions import ScribalError
from scribal.reading import PictureReader
from scribal.reading.loading import Source

Pixels = NDArray[np.uint8]

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")
MODES = ("L", "RGB", "RGBA", "P", "1", "LA", "I;16", "CMYK")
OF_FORMAT = {
    "PNG": {"L", "RGB", "RGBA", "P", "1", "LA", "I;16"},
    "JPEG": {"L", "RGB", "CMYK"},
    "WEBP": {"L", "RGB", "RGBA"},
    "TIFF": set(MODES),
    "GIF": {"L", "P", "1", "RGB"},
    "BMP": {"L", "RGB", "P", "1"},
}
LARGEST = 160  # pixels, both ways; a tenth of the cases are six times as wide or high
_KIB = 1024


@functools.cache
def characters() -> Pixels:
    """Give some of MNIST's training images."""
    return load_dataset("mnist").x_train[-5000:].copy()


def digits(size: tuple[int, int], generator: np.random.Generator) -> Pixels:
    """Write digits of every size anywhere."""
    page = Image.new("L", size[::-1], int(generator.integers(150, 256)))
    images = characters()
    for _ in range(generator.integers(1, 30)):
        side = int(generator.integers(4, 120))
        mask = Image.fromarray(images[generator.integers(len(images))]).resize((side, side))
        place = (int(generator.integers(-side, size[1])), int(generator.integers(-side, size[0])))
        page.paste(int(generator.integers(0, 150)), place, mask)
    return np.asarray(page)


def specks(size: tuple[int, int], generator: np.random.Generator) -> Pixels:
    """Strew black specks."""
    page = np.full(size, 255, np.uint8)
    page[generator.random(size) < generator.random() ** 2] = 0
    return page


def stripes(size: tuple[int, int], generator: np.random.Generator) -> Pixels:
    """Rule the paper, one way or both."""
    wide = generator.integers(1, 30, 2)
    page = np.full(size, 240, np.uint8)
    page[:: wide[0]] = 90
    if generator.random() < 1 / 2:
        page[:, :: wide[1]] = 90
    return page


def noise(size: tuple[int, int], generator: np.random.Generator) -> Pixels:
    """Nothing but noise, coarse or fine."""
    coarse = int(generator.integers(1, 20))
    small = generator.integers(0, 256, (-(-size[0] // coarse), -(-size[1] // coarse)), np.uint8)
    return np.asarray(Image.fromarray(small).resize(size[::-1], Image.Resampling.BICUBIC))


def letters(size: tuple[int, int], generator: np.random.Generator) -> Pixels:
    """Print letters."""
    page = Image.new("L", size[::-1], 255)
    font = ImageFont.load_default(int(generator.integers(6, 60)))
    text = "\n".join("".join(map(chr, generator.integers(33, 127, 60))) for _ in range(30))
    ImageDraw.Draw(page).multiline_text((2, 2), text, fill=0, font=font)
    return np.asarray(page)


def even(size: tuple[int, int], generator: np.random.Generator) -> Pixels:
    """Nothing at all, or a slope."""
    ends = generator.integers(0, 256, 2) if generator.random() < 1 / 2 else np.repeat(generator.integers(0, 256), 2)
    return np.tile(np.linspace(ends[0], ends[1], size[1]).astype(np.uint8), (size[0], 1))


DRAWINGS: tuple[Callable[[tuple[int, int], np.random.Generator], Pixels], ...] = (
    digits,
    digits,
    specks,
    stripes,
    noise,
    letters,
    even,
)


def picture(generator: np.random.Generator) -> Image.Image:
    """Draw anything, of any size and mode."""
    rows, columns = (int(LARGEST * generator.random() ** 2) + 1 for _ in range(2))
    if generator.random() < 1 / 10:
        rows, columns = ((6 * rows, columns), (rows, 6 * columns))[generator.integers(2)]
    pixels = DRAWINGS[generator.integers(len(DRAWINGS))]((rows, columns), generator)
    image = Image.fromarray(255 - pixels if generator.random() < 1 / 4 else pixels)
    mode = str(generator.choice(MODES))
    if mode == "I;16":
        return Image.fromarray(np.asarray(image, np.uint16) * 257)
    return image.convert("RGB").convert(mode) if mode == "P" else image.convert(mode)


def encoded(generator: np.random.Generator) -> bytes:
    """Write a picture, or several as pages, as a file of a kind that has its mode."""
    image = picture(generator)
    kind = str(generator.choice([name for name in FORMATS if image.mode in OF_FORMAT[name]]))
    content = io.BytesIO()
    more = [picture(generator) for _ in range(generator.integers(1, 4))] if generator.random() < 1 / 8 else []
    more = [one.convert(image.mode) for one in more if image.mode != "I;16" and one.mode != "I;16"]
    if more and kind in {"TIFF", "GIF", "WEBP", "PNG"}:
        sized = [one.resize(image.size) if kind in {"WEBP", "PNG"} else one for one in more]
        image.save(content, kind, save_all=True, append_images=sized)
    else:
        image.save(content, kind)
    return content.getvalue()


def damaged(content: bytes, generator: np.random.Generator) -> bytes:
    """Change a file: bytes, pieces left out or doubled, its end, or a piece of another file."""
    changed = bytearray(content)
    for _ in range(generator.integers(1, 4)):
        start = int(len(changed) * generator.random() ** (1 + 2 * generator.integers(2)))  # headers more often
        end = start + int(generator.integers(1, 64))
        match generator.integers(6):
            case 0:
                for place in generator.integers(0, max(len(changed), 1), generator.integers(1, 20)):
                    changed[place : place + 1] = generator.bytes(1)
            case 1:
                changed[start:end] = generator.bytes(end - start)
            case 2:
                del changed[start:end]
            case 3:
                changed[start:start] = changed[start:end]
            case 4:
                del changed[start:]
            case _:
                other = encoded(generator)
                changed[start:] = other[int(len(other) * generator.random()) :]
    return bytes(changed)


def source(number: int) -> Source:
    """Make the case of a number."""
    generator = np.random.default_rng(number)
    if generator.random() < 1 / 3:
        image = picture(generator)
        return np.asarray(image.convert("RGB" if generator.random() < 1 / 2 else "L"))
    content = encoded(generator)
    return damaged(content, generator) if generator.random() < 3 / 4 else content


def attempt(reader: PictureReader, number: int) -> str:
    """Read a case; say what came of it in a word."""
    try:
        for _, reading in reader.pages(source(number)):
            assert all(min(digit.box[2:]) > 0 for digit in reading.digits)
            assert reading.text == "\n".join(line.text for line in reading.lines)
    except ScribalError as error:
        return type(error).__name__ if "\n" not in str(error) else "error of several lines"
    return "read"


def main() -> None:
    """Read all cases and print what came of them; exit code 1 if any crashed or took too long."""
    parser = argparse.ArgumentParser(description="Read many damaged and odd pictures.")
    parser.add_argument("--cases", type=int, default=20_000, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first case's number")
    parser.add_argument("--slow", type=float, default=2.0, help="seconds of processor time that are too many")
    arguments = parser.parse_args()
    readers = [PictureReader.of(), PictureReader.of(single=True), PictureReader.of(expect="[0-9]{3,5}")]
    outcomes: collections.Counter[str] = collections.Counter()
    slowest, slow = (0.0, -1), []
    for number in range(arguments.first, arguments.first + arguments.cases):
        start = time.process_time()
        try:
            outcomes[attempt(readers[max(number % 8 - 5, 0)], number)] += 1
        except Exception:  # noqa: BLE001 (a crash is what is looked for)
            outcomes["crash"] += 1
            print(f"case {number}:\n{traceback.format_exc()}", flush=True)
        seconds = time.process_time() - start
        slowest = max(slowest, (seconds, number))
        if seconds > arguments.slow:
            slow.append((number, round(seconds, 2)))
        if number % 1000 == 999:  # noqa: PLR2004 (now and then)
            print(f"{number + 1:,} cases, {outcomes.total():,} read or refused", file=sys.stderr)
    for outcome, count in outcomes.most_common():
        print(f"{outcome:20s}{count:8,}")
    print(f"slowest: case {slowest[1]}, {slowest[0]:.2f} seconds of processor time; over {arguments.slow:g}: {slow}")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB:,.0f} MiB")
    sys.exit(1 if outcomes["crash"] or outcomes["error of several lines"] or slow else 0)


if __name__ == "__main__":
    main()
