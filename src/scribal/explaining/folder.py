"""The folder of an explanation: its page, its pictures and its numbers.

``explanation.json`` is written last: a folder that has it is complete, and may be replaced with ``force``.
"""

from pathlib import Path

from scribal.exceptions import RunError
from scribal.explaining.explanation import Explanation
from scribal.explaining.page import write_explanation_page
from scribal.explaining.sheets import write_sheet
from scribal.explaining.views import views_of
from scribal.files import TEMPORARY_PREFIX, unwritable, write_json

__all__ = ["PAGE", "check_free", "write_folder"]

PAGE = "explanation.html"
_NUMBERS = "explanation.json"
_LARGE = 224
_LARGE_VIEWS = ("input", "attributions", "changes", "convolution")


def write_folder(explanation: Explanation, folder: Path, *, force: bool) -> Path:
    """Write an explanation; see :meth:`~scribal.explaining.explanation.Explanation.write`."""
    check_free(folder, force=force)
    _clear(folder)
    views = views_of(explanation)
    for view in views.with_pictures:
        title = ", ".join([view.heading, *view.facts, *([view.scale] if view.scale else [])])
        write_sheet(folder / f"{view.name}.png", title, view.tiles, _LARGE if view.name in _LARGE_VIEWS else 96)
    files = [(PAGE, "all of it on one page; open it in a browser"), (_NUMBERS, "its words and numbers")]
    pictures = [(f"{view.name}.png", ", ".join([view.heading, *view.facts[:2]])) for view in views.with_pictures]
    write_explanation_page(explanation, views, folder / PAGE, [*files, *pictures])
    write_json(folder / _NUMBERS, explanation.record())
    return folder / PAGE


def check_free(folder: Path, *, force: bool) -> None:
    """Make sure that an explanation may be written to ``folder``; nothing is changed.

    Raises:
        RunError: Something is there already.
    """
    if folder.exists() and not folder.is_dir():
        raise RunError(
            "An explanation is written to a folder", received=f"{folder}, a file", advice="Choose another place"
        )
    if (folder / _NUMBERS).is_file():
        if not force:
            raise RunError(
                "An existing explanation is never overwritten unasked",
                received=str(folder),
                advice="Choose another --out, or replace it by --force",
            )
        return
    left = sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []
    if any(not name.startswith(TEMPORARY_PREFIX) for name in left):
        raise RunError(
            "The folder of an explanation must be new, empty, or hold an earlier explanation",
            received=f"{folder}, which holds {left[0]}",
            advice="Choose another --out; --force replaces explanations, not other people's files",
        )


def _clear(folder: Path) -> None:
    """Remove an earlier explanation's files, what makes it complete first."""
    if not (folder / _NUMBERS).is_file():
        return
    try:
        for file in (folder / _NUMBERS, folder / PAGE, *folder.glob("layer-*.png"), *folder.glob("filters-*.png")):
            file.unlink(missing_ok=True)
        for name in ("input", "attributions", "changes", "neighbours", "convolution"):
            (folder / f"{name}.png").unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
