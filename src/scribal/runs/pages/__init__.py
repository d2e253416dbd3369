"""HTML pages that hold everything, load nothing and need no script: what all of scribal's pages share.

A page is a Jinja template that extends ``page.html.jinja`` and fills its blocks ``title``, ``header`` and ``main``;
``style`` takes further rules. The base has the style, for light and dark rooms, phones and paper, and a policy that
forbids the browser to load or run anything. ``parts.html.jinja`` has the macros for what pages are made of.
"""

from scribal.runs.pages.axes import Axis, fraction_axis, number_axis, percent_axis, whole_axis
from scribal.runs.pages.charts import Chart, Line, lay_out_chart
from scribal.runs.pages.formats import NOTHING, address, count, duration, number, percent
from scribal.runs.pages.pictures import Picture, pixels_address, png_picture, svg_address
from scribal.runs.pages.writing import write_page

__all__ = [
    "NOTHING",
    "Axis",
    "Chart",
    "Line",
    "Picture",
    "address",
    "count",
    "duration",
    "fraction_axis",
    "lay_out_chart",
    "number",
    "number_axis",
    "percent",
    "percent_axis",
    "pixels_address",
    "png_picture",
    "svg_address",
    "whole_axis",
    "write_page",
]
