"""Pictures of numbers written with MNIST's test digits, as simply as it goes: dark on even paper."""

import functools

import numpy as np
from PIL import Image

from scribal.data import load_dataset

SIDE = 56  # pixels of a digit


@functools.cache
def _typical(digit):
    """The test images of a digit, first those that differ least from their mean."""
    mnist = load_dataset("mnist")
    images = mnist.x_test[mnist.y_test == digit]
    apart = np.square(images - images.mean(axis=0)).sum(axis=(1, 2))
    return images[np.argsort(apart)]


def written(text, pen=20, paper=245, nth=0):
    """Write lines of numbers; uint8 of shape (rows, columns). ``nth`` chooses among the typical forms of each digit."""
    lines = text.split("\n")
    columns = max(map(len, lines)) * SIDE
    strength = np.zeros((len(lines) * 2 * SIDE, columns + 2 * SIDE))
    for row, line in enumerate(lines):
        for column, letter in enumerate(line):
            if letter.isdigit():
                image = _typical(int(letter))[nth]
                large = np.asarray(Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BICUBIC)) / 255
                top, left = row * 2 * SIDE + SIDE // 2, (column + 1) * SIDE
                strength[top : top + SIDE, left : left + SIDE] = large
    return np.rint(paper + (pen - paper) * strength).astype(np.uint8)


def save(path, text, **options):
    """Write numbers into a picture file."""
    Image.fromarray(written(text, **options)).convert("RGB").save(path)
    return path
