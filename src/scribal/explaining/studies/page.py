"""The page of a study: what is seen, in sentences; the pictures; the tables; and the command that repeats it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scribal.explaining.studies.folder import Study
from scribal.runs.pages import png_picture, write_page

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Section", "drawn_in", "write_study_page"]

_TEMPLATE = Path(__file__).with_name("study.html.jinja")
_LONGEST_TABLE = 60


@dataclass(frozen=True)
class Section:
    """A part of a study's page.

    Attributes:
        heading: What it is about.
        explanation: What was done, as a paragraph.
        findings: What is seen, as paragraphs.
        plots: Files of the study's folder, each with a description for who cannot see it.
        tables: Names of the study's tables that are shown here; one that is long is only named.
    """

    heading: str
    explanation: str
    findings: Sequence[str]
    plots: Sequence[tuple[str, str]] = ()
    tables: Sequence[str] = ()


def write_study_page(study: Study, sections: Sequence[Section], *, title: str, summary: str, command: str) -> None:
    """Write ``study.html``.

    Args:
        study: What is shown; its pictures are in its folder already.
        sections: The page's parts, in order.
        title: Heads the page.
        summary: What was studied and on what, in a sentence or two.
        command: Repeats the study.
    """
    shown = [
        {
            "heading": section.heading,
            "explanation": section.explanation,
            "findings": [_unbroken(finding) for finding in section.findings],
            "plots": [(png_picture(study.folder / name), description) for name, description in section.plots],
            "tables": [(f"{name}.csv", _rows(study.tables[name])) for name in section.tables],
        }
        for section in sections
    ]
    write_page(study.page, _TEMPLATE, title=title, summary=summary, sections=shown, command=command)


def drawn_in(sections: Sequence[Section]) -> list[str]:
    """Names of all pictures of a page."""
    return [name for section in sections for name, _ in section.plots]


def _rows(table: "pd.DataFrame") -> dict[str, Sequence[object]] | None:
    """Give a table's head and rows as text; ``None`` for one that is too long to be read."""
    if len(table) > _LONGEST_TABLE:
        return None
    rows = [[_text(value) for value in row] for row in table.itertuples(index=False)]
    return {"head": [str(column).replace("_", " ") for column in table.columns], "rows": rows}


def _unbroken(sentence: str) -> str:
    """Keep a number and its sign together where the line ends."""
    return sentence.replace(" %", "\N{NO-BREAK SPACE}%")


def _text(value: object) -> str:
    if isinstance(value, float):
        return "–" if value != value else f"{value:.4g}"  # noqa: PLR0124, RUF001 - not a number; a dash for nothing
    return f"{value:,}" if isinstance(value, int) else str(value)
