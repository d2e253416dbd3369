"""Tables and figures as Markdown shows them."""

from collections.abc import Iterable, Sequence
from statistics import median

__all__ = ["number", "seconds", "section", "spread", "table"]


def section(title: str, text: str, parts: Sequence[str]) -> str:
    """A heading, what its figures are, and the figures; nothing if there are none."""
    return "\n\n".join([f"## {title}", text, *parts]) if parts else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; all columns but the first are figures and stand at the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def number(value: float) -> str:
    """Three digits that count."""
    if value >= 100:  # noqa: PLR2004 (three digits before the point)
        return f"{value:,.0f}"
    digits = 1 if value >= 10 else 2 if value >= 1 else 3  # noqa: PLR2004
    return f"{value:.{digits}f}" if value >= 0.01 else f"{value:.2g}"  # noqa: PLR2004


def seconds(times: Sequence[float]) -> str:
    """The median of some seconds."""
    return number(median(times)) if times else "–"


def spread(middle: float, least: float, greatest: float, unit: str = "×") -> str:
    """A ratio with its range over the rounds."""
    return f"**{number(middle)}{unit}** ({number(least)}–{number(greatest)})"
