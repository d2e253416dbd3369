"""Pictures for the documentation: renewed training images, what is no digit, and how far reject scores part the two."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from scribal.data import load_dataset
from scribal.data.augmentation import augment, find_augmentation, make_negatives
from scribal.data.dataset import Array
from scribal.files import whole_file

__all__ = ["draw_negatives", "draw_renewed", "draw_scores"]

_GAP, _GROUND, _ENLARGED = 2, 96, 2
_COLUMNS = 20
_BINS = 50


def draw_renewed(path: Path) -> None:
    """A row of each digit: the first image as it was, others renewed as for training."""
    mnist = load_dataset("mnist")
    rows = []
    for digit in range(10):
        images = mnist.x_train[mnist.y_train == digit][:640]
        labels = np.full(len(images), digit)
        changed = augment(images, labels, find_augmentation("reading"), seed=0, epoch=digit)
        rows += [images[:1], changed[: _COLUMNS - 1]]
    _save(np.concatenate(rows), path)


def draw_negatives(path: Path) -> None:
    """Pictures that show no digit, as for training, kind after kind."""
    mnist = load_dataset("mnist")
    pictures, kinds = make_negatives(mnist.x_train[:2000], mnist.y_train[:2000], 1200, seed=0, epoch=0)
    rows = []
    for kind, number in zip(*np.unique(kinds, return_counts=True), strict=True):
        lines = 1 if number < 200 else 2 if number < 400 else 3  # noqa: PLR2004 (more of what there is more of)
        rows.append(pictures[kinds == kind][: lines * _COLUMNS])
    _save(np.concatenate(rows), path)


def draw_scores(digits: Array, others: Mapping[str, Array], threshold: float, path: Path) -> None:
    """How often which reject score is given: to digits, and to each kind of what is none; on a logarithmic scale."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 0.7 * (len(others) + 1)), layout="constrained")
    axes = figure.subplots(len(others) + 1, 1, sharex=True)
    edges = np.linspace(-8, 0, _BINS + 1)
    for axis, (name, scores) in zip(axes, ({"digits": digits} | dict(others)).items(), strict=True):
        logarithms = np.log10(np.clip(scores, 1e-8, 1))
        colour = "#3f51b5" if name == "digits" else "#c2410c"
        axis.hist(logarithms, edges, color=colour, weights=np.full(len(scores), 100 / len(scores)))
        axis.axvline(np.log10(threshold), color="black", linewidth=1, linestyle="--")
        axis.set_ylabel(name, rotation=0, ha="right", va="center")
        axis.set_yticks([])
        axis.spines[["top", "right", "left"]].set_visible(False)
    axes[-1].set_xticks(range(-8, 1, 2), [f"$10^{{{power}}}$" for power in range(-8, 1, 2)])
    axes[-1].set_xlabel("reject score; what is right of the dashed line is rejected")
    with whole_file(path) as temporary:
        figure.savefig(temporary, dpi=144)


def _save(pictures: Array, path: Path) -> None:
    rows = -(-len(pictures) // _COLUMNS)
    tiles = np.zeros((rows * _COLUMNS, *pictures.shape[1:]), np.uint8)
    tiles[: len(pictures)] = pictures
    framed = np.pad(tiles, ((0, 0), (0, _GAP), (0, _GAP)), constant_values=_GROUND)
    side = framed.shape[1]
    sheet = framed.reshape(rows, _COLUMNS, side, side).swapaxes(1, 2).reshape(rows * side, _COLUMNS * side)
    image = Image.fromarray(np.pad(sheet, ((_GAP, 0), (_GAP, 0)), constant_values=_GROUND))
    with whole_file(path) as temporary:
        image.resize((image.width * _ENLARGED, image.height * _ENLARGED), Image.Resampling.NEAREST).save(
            temporary, optimize=True
        )
