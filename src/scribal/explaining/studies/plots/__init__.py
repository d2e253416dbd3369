"""The pictures of the studies, drawn in the style of all plots."""

from scribal.explaining.studies.plots.answers import plot_answers
from scribal.explaining.studies.plots.bars import plot_bars
from scribal.explaining.studies.plots.curves import Curve, Panel, plot_curves
from scribal.explaining.studies.plots.heat_maps import plot_heat_maps
from scribal.explaining.studies.plots.picture_rows import PictureRow, plot_picture_rows
from scribal.explaining.studies.plots.steps import Step, plot_steps

__all__ = [
    "Curve",
    "Panel",
    "PictureRow",
    "Step",
    "plot_answers",
    "plot_bars",
    "plot_curves",
    "plot_heat_maps",
    "plot_picture_rows",
    "plot_steps",
]
