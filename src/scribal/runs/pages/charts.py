"""Charts inside a page, as SVG that the page's own style colours: for light and dark rooms and for paper.

Where a reader points, a chart shows the values there. The style alone does that, so that it works where scripts are
forbidden. Here lines and points are laid out; ``parts.chart`` draws them.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scribal.runs.pages.axes import Axis
from scribal.runs.pages.formats import number

__all__ = ["COLOURS", "Chart", "Line", "lay_out_chart"]

# As many as the style has.
COLOURS = 8

# In the drawing's own units, which are CSS pixels where there is room for its full width.
_WIDTH, _HEIGHT = 480.0, 290.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 14.0, 12.0, 46.0
_LETTER, _LINE_HEIGHT, _PADDING = 7.2, 18.0, 9.0
_FEW_POINTS = 30
_MOST_POINTS = 120


@dataclass(frozen=True, kw_only=True)
class Line:
    """One curve, or points with their intervals.

    Attributes:
        name: For the legend and for what is shown at a point.
        x: Increasing numbers.
        y: As many; a value that is no finite number leaves a gap.
        low: Lower ends of the values' intervals.
        high: Upper ends.
        notes: What is shown at each point; by default its value.
        joined: Whether its points are joined by a line.
        is_guide: Whether it is there only to compare with, and is not shown at a point.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    notes: Sequence[str] | None = None
    joined: bool = True
    is_guide: bool = False


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart that is laid out; lengths are in the drawing's units.

    Attributes:
        name: What it shows.
        x_name: What its x axis is.
        size: Width and height.
        box: Left, top, right and bottom of the part with the curves.
        x_ticks: Pairs of place and label.
        y_ticks: The same.
        curves: For each line its colour's number, its parts as ``points`` of SVG, its marks and its intervals.
        readings: What is shown where a reader points, from left to right.
    """

    name: str
    x_name: str
    size: tuple[float, float]
    box: tuple[float, float, float, float]
    x_ticks: list[tuple[float, str]]
    y_ticks: list[tuple[float, str]]
    curves: list[dict[str, Any]] = field(default_factory=list)
    readings: list[dict[str, Any]] = field(default_factory=list)


def lay_out_chart(
    name: str,
    lines: Sequence[Line],
    x_axis: Axis,
    y_axis: Axis,
    *,
    x_name: str,
    x_heading: Callable[[float], str],
    say: Callable[[float], str] = number,
) -> Chart:
    """Lay out a chart.

    Args:
        name: What it shows.
        lines: What is drawn; of very many points, some.
        x_axis: Range and ticks.
        y_axis: The same.
        x_name: What the x axis is.
        x_heading: The first line of what is shown at a place, such as "epoch 3".
        say: A y value in words.
    """
    box = (_LEFT, _TOP, _WIDTH - _RIGHT, _HEIGHT - _BOTTOM)

    def across(value: float) -> float:
        return round(box[0] + x_axis.place(value) * (box[2] - box[0]), 1)

    def down(value: float) -> float:
        return round(box[3] - y_axis.place(value) * (box[3] - box[1]), 1)

    chart = Chart(
        name=name,
        x_name=x_name,
        size=(_WIDTH, _HEIGHT),
        box=box,
        x_ticks=[(across(value), label) for value, label in x_axis.ticks],
        y_ticks=[(down(value), label) for value, label in y_axis.ticks],
    )
    shown: dict[float, list[dict[str, Any]]] = {}
    for colour, line in enumerate(lines):
        kept = _some(len(line.x))
        points = [(across(line.x[n]), down(line.y[n])) if math.isfinite(line.y[n]) else None for n in kept]
        curve: dict[str, Any] = {"colour": colour % COLOURS, "name": line.name, "is_guide": line.is_guide}
        curve["parts"] = _parts(points) if line.joined else []
        is_marked = not line.joined or len(kept) <= _FEW_POINTS
        curve["marks"] = [] if line.is_guide else [p for p in points if p] if is_marked else _lonely(points)
        curve["intervals"] = [
            (across(line.x[n]), down(low), down(high))
            for n, low, high in zip(kept, line.low or (), line.high or (), strict=False)
        ]
        chart.curves.append(curve)
        for n, point in zip(kept, points, strict=True):
            if point and not line.is_guide:
                text = f"{line.name} {line.notes[n] if line.notes else say(line.y[n])}".strip()
                shown.setdefault(line.x[n], []).append({"colour": colour % COLOURS, "point": point, "text": text})
    chart.readings.extend(_readings(shown, across, box, x_heading))
    return chart


def _some(count: int) -> list[int]:
    """Places of all points, or of so many, evenly spread, first and last among them."""
    if count <= _MOST_POINTS:
        return list(range(count))
    return sorted({round(place * (count - 1) / (_MOST_POINTS - 1)) for place in range(_MOST_POINTS)})


def _parts(points: Sequence[tuple[float, float] | None]) -> list[str]:
    """The points between gaps, as SVG wants them."""
    parts: list[list[str]] = [[]]
    for point in points:
        if point is None:
            parts.append([])
        else:
            parts[-1].append(f"{point[0]},{point[1]}")
    return [" ".join(part) for part in parts if len(part) > 1]


def _lonely(points: Sequence[tuple[float, float] | None]) -> list[tuple[float, float]]:
    """Points between two gaps, which no line reaches."""
    framed = [None, *points, None]
    return [
        point
        for before, point, after in zip(framed, points, framed[2:], strict=False)
        if point and before is None and after is None
    ]


def _readings(
    shown: dict[float, list[dict[str, Any]]],
    across: Callable[[float], float],
    box: tuple[float, float, float, float],
    heading: Callable[[float], str],
) -> list[dict[str, Any]]:
    """What is shown at each x, and the band in which a reader has to point for it."""
    places = sorted(shown)
    centres = [across(x) for x in places]
    borders = [box[0], *((a + b) / 2 for a, b in itertools.pairwise(centres)), box[2]]
    readings = []
    for n, x in enumerate(places):
        values = shown[x]
        width = _LETTER * max(len(text) for text in (heading(x), *(value["text"] for value in values))) + 2 * _PADDING
        is_left = centres[n] > (box[0] + box[2]) / 2
        left = centres[n] - _PADDING - width if is_left else centres[n] + _PADDING
        readings.append(
            {
                "x": centres[n],
                "band": (round(borders[n], 1), round(borders[n + 1] - borders[n], 1)),
                "heading": heading(x),
                "values": values,
                "left": round(min(max(left, 1.0), _WIDTH - width - 1), 1),
                "width": round(width, 1),
                "height": (len(values) + 1) * _LINE_HEIGHT + _PADDING,
            }
        )
    return readings
