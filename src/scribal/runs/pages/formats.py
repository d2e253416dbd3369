"""Numbers as pages say them."""

import math
from urllib.parse import quote

__all__ = ["NOTHING", "address", "count", "duration", "number", "percent"]

NOTHING = "–"  # noqa: RUF001 - a dash is what a table shows where there is no value
_NARROW_SPACE = "\u202f"
_MINUTE = 60


def percent(value: float) -> str:
    """A fraction as a percentage; what falls short of all never reads as 100 %."""
    if not math.isfinite(value):
        return NOTHING
    shown = min(value, 0.9999) if value < 1 else value
    return f"{100 * shown:.2f}{_NARROW_SPACE}%"


def count(value: int) -> str:
    """A whole number with its thousands parted."""
    return f"{value:,}"


def number(value: float) -> str:
    """A number to four places, or to three digits where that would hide it."""
    if not math.isfinite(value):
        return NOTHING
    return f"{value:.4f}" if value == 0 or 1e-2 <= abs(value) < 1e4 else f"{value:.3g}"  # noqa: PLR2004 - else powers


def duration(seconds: float) -> str:
    """A time in seconds, or in minutes and hours where it is longer."""
    if seconds < _MINUTE:
        return f"{seconds:.1f} seconds"
    minutes, rest = divmod(round(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours} h {minutes} min {rest} s" if hours else f"{minutes} min {rest} s"


def address(name: str) -> str:
    """The address of a file beside the page; relative, whatever its name begins with."""
    return "./" + quote(name)
