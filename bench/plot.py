"""The plot of the page: how many times as fast as the best rival, against what was asked for.

It has no background of its own, and colours that stand out on white and on black alike.
"""

from pathlib import Path
from typing import Any

from bench.parts.options import Figures
from bench.tables.goals import epoch_ratio
from bench.workloads import TRAINED
from scribal.files import whole_file

__all__ = ["draw_plot"]

_INK = "#7d8590"
_BAR = "#1f83d6"
_GOAL = "#d5762f"
_WIDTH, _ROW, _REST = 7.6, 0.36, 1.25  # inches


def draw_plot(results: Figures, path: Path) -> bool:
    """Draw a bar for each network, with its range over the rounds, as SVG.

    Returns:
        Whether there was something to draw.
    """
    measured = [(w, found[0]) for w in TRAINED if (found := epoch_ratio(w, results)) is not None]
    if not measured:
        return False
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    # A fixed salt, and no date: the same figures give the same file.
    with rc_context({"svg.hashsalt": "scribal"}):
        figure = Figure(figsize=(_WIDTH, _REST + _ROW * len(measured)), layout="constrained")
        axes = figure.add_subplot()
        places = range(len(measured))
        middles = [ratio[0] for _, ratio in measured]
        errors = [[r[0] - r[1] for _, r in measured], [r[2] - r[0] for _, r in measured]]
        axes.barh(places, [middle - 1 for middle in middles], left=1, height=0.62, color=_BAR)
        axes.errorbar(middles, places, xerr=errors, fmt="none", ecolor=_INK, elinewidth=1.6, capsize=3)
        for place, (workload, ratio) in enumerate(measured):
            at_the_edge: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "va": "center", "ha": "right"}
            axes.annotate(f"{ratio[0]:.3g}×", (1, place), **at_the_edge, color=_INK)
            for goal, style in ((workload.least, ":"), (workload.aim, "-")):
                if goal:
                    axes.vlines(goal, place - 0.42, place + 0.42, color=_GOAL, linewidth=2, linestyle=style)
        axes.set_xscale("log")
        reached = [*(ratio[2] for _, ratio in measured), *(workload.aim or 1 for workload, _ in measured)]
        axes.set_xlim(min(0.8, *(ratio[1] / 1.2 for _, ratio in measured)), max(reached) * 2)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}×"))
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.axvline(1, color=_INK, linewidth=1)
        axes.set_yticks(places, [workload.name for workload, _ in measured])
        axes.invert_yaxis()
        axes.tick_params(colors=_INK, which="both")
        axes.spines[:].set_visible(False)
        axes.set_title(
            "An epoch, times as fast as the best rival (log scale)", loc="left", color=_INK, fontsize=11, pad=22
        )
        note = "bar: median, with its range over the rounds; orange: least (dotted) and aim (solid)"
        above: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
        axes.annotate(note, (0, 1), (0, 7), **above, color=_INK, fontsize=9)
        with whole_file(path) as temporary:
            figure.savefig(temporary, format="svg", transparent=True, metadata={"Date": None})
    return True
