"""What the measurements of changed images say, in sentences made from the numbers."""

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

from scribal.explaining.studies.words import joined, per_cent, signed
from scribal.runs.counting import counted

__all__ = ["NEAR", "STANDS", "corruption_findings", "range_finding", "shift_findings", "sure_radius", "sure_range"]

STANDS = 0.9
"""From this accuracy on, a network is said to stand a change."""
NEAR = 3
"""Pixels that a digit is easily off its place."""


def sure_radius(shifts: pd.DataFrame) -> int:
    """Give the most pixels by which images may move in any direction, with an accuracy of 90 % wherever they land.

    Args:
        shifts: One subject's rows of :func:`~scribal.explaining.studies.robustness.measure_shifts`.

    Returns:
        Pixels along either axis; -1 if even images in place fall short.
    """
    distance = shifts[["rows", "columns"]].abs().max(axis=1)
    least = shifts["accuracy"].groupby(distance).min().sort_index()
    return int((least.cummin() >= STANDS).sum()) - 1


def sure_range(table: pd.DataFrame, column: str, origin: float) -> tuple[float, float] | None:
    """Give how far a change may go on either side of ``origin`` with an accuracy of 90 % all the way.

    Returns:
        The first and last value; ``None`` if there is no such value, not even the nearest to ``origin``.
    """
    ordered = table.sort_values(column)
    values, stands = ordered[column].to_numpy(), (ordered["accuracy"] >= STANDS).to_numpy()
    start = int(abs(values - origin).argmin())
    if not stands[start]:
        return None
    first = last = start
    while first > 0 and stands[first - 1]:
        first -= 1
    while last < len(values) - 1 and stands[last + 1]:
        last += 1
    return float(values[first]), float(values[last])


def shift_findings(shifts: pd.DataFrame) -> list[str]:
    """Say how far each subject stands shifts, how it does over the whole grid, and where it is most wrongly sure."""
    findings = []
    for name, rows in shifts.groupby("subject", sort=False):
        radius = sure_radius(rows)
        places = rows.to_dict("records")
        in_place = next(place for place in places if place["rows"] == place["columns"] == 0)
        worst = max(places, key=lambda place: place["confidence"] - place["accuracy"])
        average = float(rows["accuracy"].mean())
        stands = {
            -1: f"{name} falls short of 90 % even in place",
            0: f"{name} falls below 90 % as soon as images move by a pixel in the worst direction",
        }.get(radius, f"{name} stays at 90 % or above for shifts of up to {counted(radius, 'pixel')} in any direction")
        findings.append(
            f"{stands}: {per_cent(in_place['accuracy'])} in place, {per_cent(average)} on average over "
            f"the grid. It is most wrongly sure {_place(worst)}: {per_cent(worst['accuracy'])} right, with a mean "
            f"confidence of {per_cent(worst['confidence'])}."
        )
    near = shifts[(shifts["rows"].abs() <= NEAR) & (shifts["columns"].abs() <= NEAR)]
    means = [f"{name} {per_cent(float(rows['accuracy'].mean()))}" for name, rows in near.groupby("subject", sort=False)]
    return [*findings, f"Averaged over all shifts of up to {NEAR} pixels, the accuracy is: {joined(means)}."]


def range_finding(table: pd.DataFrame, column: str, origin: float, unit: str, change: str) -> str:
    """Say within which values of a change each subject stays at 90 %.

    Args:
        table: The measurements of all subjects.
        column: The change's column.
        origin: Its value for images as they are.
        unit: Follows each value, such as ``"°"``.
        change: What is done, such as ``"Rotated"``.
    """
    parts = []
    for name, rows in table.groupby("subject", sort=False):
        found = sure_range(rows, column, origin)
        write = signed if origin == 0 else "{:g}".format
        if found is None:
            between = "nowhere"
        elif found[0] == found[1]:
            between = f"only at {write(found[0])}{unit}"
        else:
            between = f"from {write(found[0])}{unit} to {write(found[1])}{unit}"
        parts.append(f"{name} {between}")
    return f"{change}, the accuracy is 90 % or above for {joined(parts)}."


def corruption_findings(corruptions: pd.DataFrame, errors: pd.DataFrame, baseline: str) -> list[str]:
    """Say what each subject stands best and worst, and how its errors compare with the baseline's.

    Args:
        corruptions: As :func:`~scribal.explaining.studies.robustness.measure_corruptions` gives it.
        errors: As :func:`~scribal.explaining.studies.robustness.mean_corruption_error` gives it.
        baseline: The subject that the others are compared with.
    """
    findings = []
    for row in errors.to_dict("records"):
        name, ratio = row["subject"], row["mean_corruption_error"]
        own = corruptions[(corruptions["subject"] == name) & (corruptions["corruption"] != "none")]
        hardest = own.sort_values("accuracy").head(3).to_dict("records")
        listed = joined([f"{one['corruption']} ({per_cent(one['accuracy'])})" for one in hardest])
        is_compared = name != baseline and math.isfinite(ratio)
        compared = f" Its mean corruption error is {ratio:.2f} of {baseline}'s." if is_compared else ""
        findings.append(
            f"{name} is wrong on {per_cent(row['clean_error'])} of the clean images and on "
            f"{per_cent(row['mean_error'])} of the corrupted ones; hardest are {listed}.{compared}"
        )
    return findings


def _place(row: dict[Hashable, Any]) -> str:
    parts = _directions(int(row["rows"]), "down", "up") + _directions(int(row["columns"]), "right", "left")
    return f"{joined(parts)}" if parts else "in place"


def _directions(distance: int, positive: str, negative: str) -> list[str]:
    return [f"{counted(abs(distance), 'pixel')} {positive if distance > 0 else negative}"] if distance else []
