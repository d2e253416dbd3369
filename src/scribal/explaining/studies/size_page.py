"""What the size study shows: pictures, and sentences made from the numbers."""

import math
from pathlib import Path

import numpy as np
import pandas as pd

from scribal.explaining.studies.page import Section
from scribal.explaining.studies.plots import Curve, Panel, plot_curves
from scribal.explaining.studies.words import per_cent

__all__ = ["draw_size_plots", "means_over_seeds", "size_sections"]

_CLOSE = 0.005
"""Half a point of accuracy: what is called close to the best."""
_MOST_TICKS = 12
_LEAST_RATIO = 2.05

_ABOUT = """
All networks are Conv2D, MaxPooling2D, Conv2D with twice as many filters, MaxPooling2D and one Dense layer, trained by
Adam with batches of 64. Where the number of images varies, the number of epochs does so too: each training takes as
many steps, and only what can be learned from differs. Bands show the range over the seeds.
"""
_COSTS = """
Time is that of training alone, without compiling and evaluating, on this computer with all that it had to do.
"""


def means_over_seeds(trainings: pd.DataFrame, varied: str) -> pd.DataFrame:
    """Give one row for each value of what varies, in rising order, over all seeds.

    Args:
        trainings: The study's numbers.
        varied: ``"parameters"``, ``"images"`` or ``"epochs"``.

    Returns:
        Columns ``value``, ``accuracy`` (mean), ``least`` and ``most`` (accuracy), and ``seconds`` (mean).
    """
    groups = trainings[trainings["varied"] == varied].groupby(varied, sort=True)
    accuracy = groups["accuracy"]
    return pd.DataFrame(
        {
            "value": list(groups.groups),
            "accuracy": accuracy.mean().to_numpy(),
            "least": accuracy.min().to_numpy(),
            "most": accuracy.max().to_numpy(),
            "seconds": groups["seconds"].mean().to_numpy(),
        }
    )


def draw_size_plots(folder: Path, trainings: pd.DataFrame) -> None:
    """Draw ``accuracy.png`` and ``seconds.png`` into the study's folder."""
    tables = {varied: means_over_seeds(trainings, varied) for varied in ("parameters", "images", "epochs")}
    names = {"parameters": "parameters", "images": "training images", "epochs": "epochs"}
    accuracy, seconds = [], []
    for varied, table in tables.items():
        x = table["value"].to_numpy(dtype=np.float64)
        is_logarithmic = varied != "epochs"
        ticks = _labelled(list(x), is_logarithmic=is_logarithmic)
        mean, least, most = (table[column].to_numpy(dtype=np.float64) for column in ("accuracy", "least", "most"))
        curve = Curve(0, x, mean, least, most)
        accuracy.append(
            Panel(f"accuracy by {names[varied]}", names[varied], [curve], is_logarithmic=is_logarithmic, x_ticks=ticks)
        )
        times = Curve(0, x, table["seconds"].to_numpy(dtype=np.float64))
        seconds.append(
            Panel(
                f"seconds by {names[varied]}",
                names[varied],
                [times],
                is_share=False,
                is_logarithmic=is_logarithmic,
                x_ticks=ticks,
            )
        )
    plot_curves(accuracy, ["small CNN"], folder / "accuracy.png", "What more of each brings: test accuracy")
    plot_curves(seconds, ["small CNN"], folder / "seconds.png", "What it costs: seconds of training")


def size_sections(trainings: pd.DataFrame) -> list[Section]:
    """Give the parts of the page, each with what is seen in its numbers."""
    parameters, images, epochs = (means_over_seeds(trainings, varied) for varied in ("parameters", "images", "epochs"))
    return [
        Section(
            "What more of each brings",
            _ABOUT,
            [_parameters_finding(parameters), _images_finding(images), _epochs_finding(epochs)],
            [("accuracy.png", "Accuracy against parameters, training images and epochs")],
        ),
        Section(
            "What it costs",
            _COSTS,
            [_cost_finding(parameters)],
            [("seconds.png", "Seconds of training against parameters, training images and epochs")],
            ["trainings"],
        ),
    ]


def _parameters_finding(table: pd.DataFrame) -> str:
    rows = table.to_dict("records")
    if len(rows) == 1:
        return f"With {rows[0]['value']:,} parameters the accuracy is {per_cent(rows[0]['accuracy'])}."
    best = max(row["accuracy"] for row in rows)
    enough = next(row for row in rows if row["accuracy"] >= best - _CLOSE)
    return (
        f"From {rows[0]['value']:,} to {rows[-1]['value']:,} parameters the accuracy goes from "
        f"{per_cent(rows[0]['accuracy'])} to {per_cent(rows[-1]['accuracy'])}; {enough['value']:,} are enough to come "
        "within half a point of the best."
    )


def _images_finding(table: pd.DataFrame) -> str:
    rows = table.to_dict("records")
    if len(rows) == 1:
        return f"With {rows[0]['value']:,} images it is {per_cent(rows[0]['accuracy'])}."
    text = (
        f"From {rows[0]['value']:,} to {rows[-1]['value']:,} images, in as many steps, it goes from "
        f"{per_cent(rows[0]['accuracy'])} to {per_cent(rows[-1]['accuracy'])}"
    )
    errors = [1 - row["accuracy"] for row in rows]
    if min(errors) > 0:
        slope = np.polyfit([math.log10(row["value"]) for row in rows], np.log10(errors), 1)[0]
        share = 10 ** float(slope)
        return f"{text}: ten times as many images leave, on average, {share:.2f} of the errors."
    return f"{text}."


def _epochs_finding(table: pd.DataFrame) -> str:
    rows = table.to_dict("records")
    best = max(row["accuracy"] for row in rows)
    first = next(row for row in rows if row["accuracy"] >= best - _CLOSE)
    return (
        f"After the first epoch it is {per_cent(rows[0]['accuracy'])}, after {rows[-1]['value']} epochs "
        f"{per_cent(rows[-1]['accuracy'])}; within half a point of the best it is from epoch {first['value']} on."
    )


def _cost_finding(table: pd.DataFrame) -> str:
    rows = table.to_dict("records")
    first, last = rows[0], rows[-1]
    if len(rows) == 1:
        return f"With {first['value']:,} parameters training took {first['seconds']:.1f} s."
    more, longer = last["value"] / first["value"], last["seconds"] / first["seconds"]
    return (
        f"{more:.0f} times as many parameters took {longer:.1f} times as long: {last['seconds']:.1f} s instead of "
        f"{first['seconds']:.1f} s."
    )


def _labelled(values: list[float], *, is_logarithmic: bool) -> list[float]:
    """Choose the values that can be labelled without touching, the last among them."""
    if not is_logarithmic:
        return values[:: -(-len(values) // _MOST_TICKS)]
    chosen = values[-1:]
    for value in reversed(values[:-1]):
        if chosen[0] / value >= _LEAST_RATIO:
            chosen.insert(0, value)
    return chosen
