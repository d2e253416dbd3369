"""The report of a run: one HTML page that holds everything, loads nothing and needs no script.

What the page says stands in :class:`Report`. A file for each concept turns answers into what a section shows;
``report.html.jinja`` and ``sections/`` say how it looks, on the base of :mod:`scribal.runs.pages`.
"""

from scribal.runs.report.contents import Report
from scribal.runs.report.writing import write_report

__all__ = ["Report", "write_report"]
