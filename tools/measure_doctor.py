"""Measure the photo doctor: digits of MNIST, spoiled in one way each, and what it finds.

    python -m tools.measure_doctor --digits 100
    python -m tools.measure_doctor --digits 100 --test --picture docs/pictures/doctor/found.png

Prints, for each way of spoiling, how often each finding was named, in per cent. Settings are chosen on the last 5,000
training digits, which are the default; figures for the documentation come from test digits.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scribal.data import load_dataset
from scribal.reading.doctor import RULES, Doctor
from scribal.runs.plots import style
from tools.spoiled_pictures import SPOILED, prepared, save

NONE = "nothing"
_DARK = 60  # per cent: cells that are darker than their figure would be


def measure(digits: int, *, test: bool, seed: int = 0) -> tuple[NDArray[np.float64], list[str], list[str]]:
    """Spoil digits and count.

    Args:
        digits: How many are spoiled in each way.
        test: Whether they are test digits.
        seed: Chooses them.

    Returns:
        Per cent, a row for each way and a column for each finding, the first for none; and the names of both.
    """
    mnist = load_dataset("mnist")
    images = mnist.x_test if test else mnist.x_train[-5_000:]
    # In the order of the ways, so that what should be found lies on the diagonal.
    names = list(dict.fromkeys([way.finding or NONE for way in SPOILED] + [rule.name for rule in RULES]))
    ways = ["as it is", *(way.name for way in SPOILED)]
    shares = np.zeros((len(ways), len(names)))
    doctor = Doctor.of()
    chosen = np.random.default_rng(seed).permutation(len(images))
    for row, way in enumerate((None, *SPOILED)):
        generator = np.random.default_rng([seed, row])
        found: Counter[str] = Counter()
        for index in range(digits):
            digit, other = images[chosen[index]], images[chosen[-1 - index]]
            source = digit if way is None else save(way.make(prepared(digit), prepared(other), generator))
            findings = next(doctor.pages(source)).findings
            found.update([finding.name for finding in findings] or [NONE])
        shares[row] = [100 * found[name] / digits for name in names]
    return shares, ways, names


def draw(shares: NDArray[np.float64], ways: list[str], names: list[str], path: Path) -> None:
    """Draw the table: what was done to the pictures down, what was found across."""
    cell, left, top = 0.34, 1.5, 1.75
    width, height = left + cell * len(names) + 0.2, top + cell * len(ways) + 0.2
    figure = style.new_figure(width, height, "What the doctor finds on pictures that were spoiled in one way")
    axes = style.place_axes(figure, left, top, cell * len(names), cell * len(ways))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=130, aspect="auto")
    for row, column in np.argwhere(shares > 0):
        share = shares[row, column]
        axes.text(
            column,
            row,
            f"{share:.0f}",
            ha="center",
            va="center",
            fontsize=7.5,
            color=style.PAPER if share > _DARK else style.INK,
        )
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(ways)), ways)
    axes.xaxis.tick_top()
    axes.set_xticks(np.arange(len(names)) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(ways)) - 0.5, minor=True)
    axes.grid(which="minor", color=style.GRID, linewidth=0.6)
    axes.tick_params(which="both", length=0, labelsize=style.SMALL_SIZE)
    style.save_figure(figure, path)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--digits", type=int, default=50)
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--picture", type=Path)
    arguments = parser.parse_args()
    shares, ways, names = measure(arguments.digits, test=arguments.test)
    for way, row in zip(ways, shares, strict=True):
        told = sorted(((share, name) for share, name in zip(row, names, strict=True) if share), reverse=True)
        print(f"{way:<14}", "  ".join(f"{name} {share:.0f}" for share, name in told))
    if arguments.picture:
        draw(shares, ways, names, arguments.picture)


if __name__ == "__main__":
    main()
