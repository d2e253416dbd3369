"""HTML pages that hold everything, load nothing and need no script: what all of scribal's pages share.

A page is a Jinja template that extends ``page.html.jinja`` and fills its blocks ``title``, ``header`` and ``main``;
``style`` takes further rules. The base has the style, for light and dark rooms, phones and paper, and a policy that
forbids the browser to load or run anything. ``parts.html.jinja`` has the macros for what pages are made of.
"""

from scribal.runs.pages.formats import NOTHING, address, count, duration, number, percent
from scribal.runs.pages.pictures import Picture, pixels_address, png_picture, svg_address
from scribal.runs.pages.writing import write_page

__all__ = [
    "NOTHING",
    "Picture",
    "address",
    "count",
    "duration",
    "number",
    "percent",
    "pixels_address",
    "png_picture",
    "svg_address",
    "write_page",
]
