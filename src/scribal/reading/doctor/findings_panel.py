"""What was found, in words: the figure, what it does to a network, and what helps."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scribal.reading.doctor.parts import draw_text
from scribal.reading.doctor.rules import Finding
from scribal.runs.plots import style
from scribal.runs.plots.lettering import fitting_lines

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_findings", "findings_height"]

_NAME_WIDTH = 1.45  # inches
_LINE = 0.185
_GAP = 0.14
_HEADING = 0.34
_MOST_LINES = 4
_NOTHING = "Nothing is wrong with it: it is as MNIST's digits are, as far as can be measured."


def findings_height(findings: Sequence[Finding], width: float) -> float:
    """Reckon the inches that the findings take in a figure of a width in inches."""
    if not findings:
        return _HEADING + _LINE
    return _HEADING + sum(len(_lines(finding, width)) * _LINE + _GAP for finding in findings)


def draw_findings(figure: "Figure", findings: Sequence[Finding], top: float) -> None:
    """Write the findings, ``top`` inches below a figure's upper edge."""
    width = figure.get_size_inches()[0]
    left = style.MARGIN
    if not findings:
        draw_text(figure, _NOTHING, left, top, colour=style.TRAINING, bold=True)
        return
    draw_text(figure, "What is wrong with the picture", left, top, size=style.TITLE_SIZE, bold=True)
    words = "blue: reading copes with it; orange: you can do better"
    draw_text(figure, words, width - left, top + 0.06, size=style.SMALL_SIZE, colour=style.FAINT_INK, align="right")
    top += _HEADING
    for finding in findings:
        colour = style.TRAINING if finding.is_mended else style.VALIDATION
        draw_text(figure, finding.name, left, top, bold=True, colour=colour)
        for text, shade in _lines(finding, width):
            draw_text(figure, text, left + _NAME_WIDTH, top, size=style.SMALL_SIZE, colour=shade)
            top += _LINE
        top += _GAP


def _lines(finding: Finding, width: float) -> list[tuple[str, str]]:
    """Give the lines of a finding, each with its colour."""
    letters = style.letters_that_fit(width - 2 * style.MARGIN - _NAME_WIDTH, style.SMALL_SIZE)
    done = f"Reading: {finding.rule.done}" if finding.rule.done else ""
    advice = f"You: {finding.rule.advice}" if finding.rule.advice else ""
    parts = [
        (finding.text, style.INK),
        (finding.rule.why, style.FAINT_INK),
        (done, style.TRAINING),
        (advice, style.VALIDATION),
    ]
    return [
        (line, colour)
        for text, colour in parts
        if text
        for line in fitting_lines(text, letters, _MOST_LINES).split("\n")
    ]
