"""Pictures of a run, as PNG files: how it learned, what it confuses, what it got wrong, what it was shown.

Every function draws on a figure of its own, so any number of threads may draw at the same time, and writes its file
whole or not at all. Matplotlib is imported on the first call.
"""

from scribal.runs.plots.confusion import plot_confusion
from scribal.runs.plots.gallery import plot_gallery
from scribal.runs.plots.history import plot_history
from scribal.runs.plots.samples import plot_samples

__all__ = ["plot_confusion", "plot_gallery", "plot_history", "plot_samples"]
