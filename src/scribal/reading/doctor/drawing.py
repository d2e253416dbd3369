"""The diagnosis as one picture: before on the left, after on the right, the way between them, and what was found."""

from pathlib import Path
from typing import TYPE_CHECKING

from scribal.exceptions import RunError
from scribal.reading.doctor.digit_panel import DIGIT_HEIGHT, draw_digit
from scribal.reading.doctor.findings_panel import draw_findings, findings_height
from scribal.reading.doctor.page_panel import draw_page, page_height
from scribal.runs.counting import counted
from scribal.runs.plots import style

if TYPE_CHECKING:
    from scribal.reading.doctor.diagnosis import Diagnosis

__all__ = ["write_picture"]

_WIDTH = 10.0  # inches
_GAP = 0.2


def write_picture(diagnosis: "Diagnosis", path: Path, *, force: bool) -> Path:
    """Draw a diagnosis and write it as PNG, whole or not at all.

    Args:
        diagnosis: What is drawn.
        path: Where to.
        force: Whether a file there may be replaced.

    Raises:
        RunError: There is one already, or it cannot be written.
    """
    check_free(path, force=force)
    panel = DIGIT_HEIGHT if diagnosis.reading is None else page_height(diagnosis, _WIDTH)
    height = style.TITLE_HEIGHT + panel + _GAP + findings_height(diagnosis.findings, _WIDTH) + style.MARGIN
    figure = style.new_figure(_WIDTH, height, _title(diagnosis))
    draw = draw_digit if diagnosis.reading is None else draw_page
    draw(figure, diagnosis, style.TITLE_HEIGHT)
    draw_findings(figure, diagnosis.findings, style.TITLE_HEIGHT + panel + _GAP)
    style.save_figure(figure, path)
    return path


def check_free(path: Path, *, force: bool) -> None:
    """Refuse to replace a file that is there.

    Raises:
        RunError: There is one, and no ``force``.
    """
    if not force and path.exists():
        raise RunError(
            "A picture must not replace a file that exists",
            received=str(path),
            advice="Choose another name, or replace it with --force (in Python: force=True)",
        )


def _title(diagnosis: "Diagnosis") -> str:
    name = Path(diagnosis.file).name or diagnosis.file
    page = f", page {diagnosis.page}" if diagnosis.pages > 1 else ""
    count = len(diagnosis.findings)
    return f"{name}{page}: {counted(count, 'finding') if count else 'nothing is wrong with it'}"
