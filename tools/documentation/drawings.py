"""The drawings of docs/from-scratch.md; each function gives a figure, and none of them computes what it shows."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["INK", "LOOK", "curves", "differences", "errors_of_steps", "images", "pooled", "sliding"]

Array = NDArray[Any]

# A colour that nothing else has: the page puts the colour of its text in its place, light or dark.
INK = "#010203"
# Okabe and Ito's colours ("Color Universal Design", 2008); the blue lighter, to be seen on a dark page, too.
BLUE, VERMILION, GREEN, ORANGE = "#1f86c9", "#d55e00", "#009e73", "#e69f00"
TINTS = (BLUE, VERMILION, GREEN, ORANGE)
WIDTH = 6.0  # inches

LOOK: dict[Any, Any] = {
    "svg.hashsalt": "scribal",
    "font.size": 10.5,
    **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), INK),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


@rc_context(LOOK)
def sliding(rows: Array, kernel: Array) -> Figure:
    """A kernel at every place of three rows, with its products and their sum.

    Args:
        rows: ``(3, columns)``.
        kernel: ``(3, 3)``.
    """
    places = rows.shape[1] - kernel.shape[1] + 1
    figure, axes = _figure(1.6 * places, rows=places)
    for place, panel in enumerate(axes):
        window = rows[:, place : place + kernel.shape[1]]
        _grid(panel, rows)
        panel.add_patch(Rectangle((place - 0.5, -0.5), *kernel.shape, facecolor=BLUE, alpha=0.18))
        panel.add_patch(Rectangle((place - 0.5, -0.5), *kernel.shape, fill=False, edgecolor=BLUE, linewidth=2))
        for (row, column), weight in np.ndenumerate(kernel):
            panel.text(place + column + 0.42, row + 0.42, f"×{weight}", ha="right", va="bottom", color=BLUE, fontsize=8)
        for row in range(kernel.shape[0]):
            products = " + ".join(f"{a}·{b}" for a, b in zip(window[row], kernel[row], strict=True))
            start = "   " if row == 0 else "+ "
            panel.text(rows.shape[1] + 0.1, row, start + products, va="center")
        panel.text(rows.shape[1] + 3.4, 1, f"=  {(window * kernel).sum()}", va="center", fontsize=15, weight="bold")
        panel.set_xlim(-0.6, rows.shape[1] + 5.2)
    return figure


@rc_context(LOOK)
def images(pictures: Mapping[str, Array], *, columns: int | None = None, signed: bool = True) -> Figure:
    """Arrays side by side under their names; signed ones from blue over white to vermilion.

    Args:
        pictures: Two-dimensional arrays.
        columns: Pictures in a row; by default all.
        signed: Whether white is zero; else black is the least and white the most.
    """
    columns = columns or len(pictures)
    lines = -(-len(pictures) // columns)
    figure, axes = _figure(lines * (WIDTH / columns + 0.25), rows=lines, columns=columns)
    for panel in axes:
        panel.axis("off")
    for panel, (name, picture) in zip(axes, pictures.items(), strict=False):
        reach = float(np.abs(picture).max()) or 1.0
        colours = {"cmap": "RdBu_r", "vmin": -reach, "vmax": reach} if signed else {"cmap": "gray"}
        panel.imshow(picture, interpolation="nearest", **colours)
        panel.set_title(name, fontsize=10.5)
    return figure


@rc_context(LOOK)
def pooled(image: Array, maxima: Array) -> Figure:
    """A 4x4 image in four tints, one for each window, and the largest number of each."""
    figure, (before, after) = _figure(2.4, columns=2)
    for panel, numbers, size in ((before, image, 2), (after, maxima, 1)):
        _grid(panel, numbers)
        for place, tint in enumerate(TINTS):
            corner = (place % 2 * size - 0.5, place // 2 * size - 0.5)
            panel.add_patch(Rectangle(corner, size, size, facecolor=tint, alpha=0.3))
    after.set_xlim(-1.5, 2.5)
    after.set_ylim(2.5, -1.5)
    return figure


@rc_context(LOOK)
def errors_of_steps(steps: Array, errors: Array) -> Figure:
    """How far a difference quotient is from the slope, against the width of its step, both on logarithmic scales."""
    figure, (axes,) = _figure(2.6)
    axes.loglog(steps, errors, "o-", color=BLUE, markersize=4)
    axes.set_xlabel("step h")
    axes.set_ylabel("error of the slope")
    axes.grid(alpha=0.25)
    return figure


@rc_context(LOOK)
def curves(lines: Mapping[str, Sequence[float]]) -> Figure:
    """Loss by step; each next line is thinner and more broken, so that all are seen where they coincide."""
    figure, (axes,) = _figure(3.2)
    styles: list[dict[str, Any]] = [
        {"linewidth": 5 if len(lines) > 1 else 1.8, "alpha": 0.45 if len(lines) > 1 else 1.0},
        {"linewidth": 2.2, "linestyle": "--"},
        {"linewidth": 1.3, "linestyle": ":"},
    ]
    for (name, losses), style, colour in zip(lines.items(), styles, (BLUE, VERMILION, INK), strict=False):
        axes.plot(np.arange(1, len(losses) + 1), losses, label=name, color=colour, **style)
    axes.set_xlabel("training step")
    axes.set_ylabel("loss")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.25)
    if len(lines) > 1:
        axes.legend()
    return figure


@rc_context(LOOK)
def differences(lines: Mapping[str, Sequence[float]], ideal: Sequence[float]) -> Figure:
    """How far each line of losses is from the first, on a logarithmic scale."""
    figure, (axes,) = _figure(2.4)
    for (name, losses), colour in zip(lines.items(), (VERMILION, INK), strict=True):
        distance = np.abs(np.subtract(losses, ideal))
        axes.semilogy(np.arange(1, len(distance) + 1), distance, ".", label=name, color=colour, markersize=4)
    axes.set_xlabel("training step")
    axes.set_ylabel("distance from NumPy")
    axes.grid(alpha=0.25)
    axes.legend()
    return figure


def _figure(height: float, rows: int = 1, columns: int = 1) -> tuple[Figure, list["Axes"]]:
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, list(figure.subplots(rows, columns, squeeze=False).flat)


def _grid(axes: "Axes", numbers: Array) -> None:
    """Numbers in their cells."""
    rows, columns = numbers.shape
    for (row, column), number in np.ndenumerate(numbers):
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=INK, alpha=0.35))
        axes.text(column, row, f"{number:g}", ha="center", va="center", fontsize=12)
    axes.set_xlim(-0.6, columns - 0.4)
    axes.set_ylim(rows - 0.4, -0.6)
    axes.set_aspect("equal")
    axes.axis("off")
