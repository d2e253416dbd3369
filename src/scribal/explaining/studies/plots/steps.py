"""One picture after the other, with an arrow between: what becomes of an image, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scribal.explaining.studies.plots.picture_rows import SIGNED_COLOURS
from scribal.explaining.studies.plots.series import write
from scribal.runs.plots import style

__all__ = ["Step", "plot_steps"]

# In inches.
_SIDE = 1.5
_ARROW = 0.42
_CAPTION = 0.3


@dataclass(frozen=True)
class Step:
    """A picture on the way.

    Attributes:
        caption: What it is.
        picture: Of shape (height, width).
        is_signed: Whether it is drawn from purple by white at 0 to orange; otherwise from black at 0 to white.
    """

    caption: str
    picture: NDArray[np.number]
    is_signed: bool = False


def plot_steps(steps: Sequence[Step], path: Path, title: str) -> None:
    """Draw pictures side by side with arrows between, and write them to ``path`` as PNG.

    Args:
        steps: From left to right.
        path: Where the picture goes.
        title: Heads the picture.
    """
    content = len(steps) * (_SIDE + _ARROW) - _ARROW
    figure = style.new_figure(content + 2 * style.MARGIN, style.TITLE_HEIGHT + _CAPTION + _SIDE + style.MARGIN, title)
    for number, step in enumerate(steps):
        left = style.MARGIN + number * (_SIDE + _ARROW)
        axes = style.place_axes(figure, left, style.TITLE_HEIGHT + _CAPTION, _SIDE, _SIDE)
        style.hide_ticks(axes)
        most = float(np.abs(step.picture).max(initial=0)) or 1.0
        axes.imshow(
            step.picture,
            cmap=SIGNED_COLOURS if step.is_signed else "gray",
            vmin=-most if step.is_signed else 0,
            vmax=most,
            interpolation="nearest",
        )
        write(axes, 0, 1.04, step.caption, transform=axes.transAxes, va="bottom")
        if number < len(steps) - 1:
            write(
                axes,
                1 + _ARROW / _SIDE / 2,
                0.5,
                "→",
                transform=axes.transAxes,
                ha="center",
                va="center",
                fontsize=style.TITLE_SIZE,
                color=style.FAINT_INK,
            )
    style.save_figure(figure, path)
