"""The pictures of the shift study."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from scribal.data.corruptions import CORRUPTIONS
from scribal.explaining.studies.mean_image import SHOWN
from scribal.explaining.studies.plots import (
    Curve,
    Panel,
    plot_answers,
    plot_bars,
    plot_curves,
    plot_heat_maps,
)
from scribal.explaining.studies.robustness import LARGEST_SHIFT
from scribal.explaining.studies.words import signed

__all__ = ["draw_shift_plots"]

_CONFIDENCE_NOTE = "full lines: accuracy; broken lines: mean confidence"


def draw_shift_plots(
    folder: Path, tables: Mapping[str, pd.DataFrame], moved: np.ndarray, examples: np.ndarray, digit: str
) -> None:
    """Draw all pictures into the study's folder.

    Args:
        folder: Where they go.
        tables: The numbers, as the study's CSV files hold them.
        moved: The mean image at the shifts that are shown, of shape (shifts, height, width).
        examples: One test image as it is and under each corruption, of shape (16, height, width).
        digit: Name of the mean image's class.
    """
    means = tables["mean-image"]
    names = list(dict.fromkeys(means["subject"]))
    shown = means[means["columns"].isin(SHOWN)]
    headings = [signed(columns) + (" px" if columns else "") for columns in SHOWN]
    pixels = np.rint(moved).astype(np.uint8)
    plot_answers(
        pixels, headings, shown, digit, folder / "answers.png", f"The mean {digit}, moved to the left and to the right"
    )
    ticks = range(-LARGEST_SHIFT, LARGEST_SHIFT + 1, 4)
    probability = Panel(
        f"probability of {digit}", "pixels to the right", _curves(means, names, "columns", "probability"), x_ticks=ticks
    )
    plot_curves([probability], names, folder / "mean-image.png", f"The mean {digit}, moved")
    shifts = tables["shifts"]
    plot_heat_maps(
        [
            (measure, [_map(shifts[shifts["subject"] == name], measure) for name in names])
            for measure in ("accuracy", "confidence")
        ],
        names,
        folder / "shifts.png",
        "Test images, shifted",
        largest=LARGEST_SHIFT,
        names=("pixels to the right", "pixels down"),
    )
    panels = [
        Panel("shifted to the right", "pixels", _both(shifts[shifts["rows"] == 0], names, "columns"), x_ticks=ticks),
        Panel(
            "rotated anticlockwise",
            "degrees",
            _both(tables["rotations"], names, "degrees"),
            x_ticks=(-45, -30, -15, 0, 15, 30, 45),
        ),
        Panel("resized", "factor", _both(tables["scales"], names, "factor"), x_ticks=(0.6, 0.8, 1, 1.2, 1.4, 1.6)),
    ]
    plot_curves(panels, names, folder / "curves.png", "Accuracy and confidence on changed images", _CONFIDENCE_NOTE)
    corruptions = tables["corruptions"]
    shares = {
        name: corruptions.loc[corruptions["subject"] == name, "accuracy"].to_numpy(dtype=np.float64) for name in names
    }
    conditions = ["as they are", *(name.replace("_", " ") for name in CORRUPTIONS)]
    plot_bars(conditions, examples, shares, folder / "corruptions.png", "Accuracy on corrupted images")


def _map(rows: pd.DataFrame, measure: str) -> np.ndarray:
    return rows.pivot_table(index="rows", columns="columns", values=measure).to_numpy(dtype=np.float64)


def _both(table: pd.DataFrame, names: list[str], column: str) -> list[Curve]:
    return _curves(table, names, column, "accuracy") + _curves(table, names, column, "confidence", is_dashed=True)


def _curves(
    table: pd.DataFrame, names: list[str], column: str, measure: str, *, is_dashed: bool = False
) -> list[Curve]:
    curves = []
    for number, name in enumerate(names):
        rows = table[table["subject"] == name]
        x, y = rows[column].to_numpy(dtype=np.float64), rows[measure].to_numpy(dtype=np.float64)
        curves.append(Curve(number, x, y, is_dashed=is_dashed))
    return curves
