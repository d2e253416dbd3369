"""A report becomes a page."""

from pathlib import Path

from scribal.runs.pages import png_picture, write_page
from scribal.runs.report.calibration import calibration_chart, calibration_of
from scribal.runs.report.classes import class_rows, frequent_confusions
from scribal.runs.report.contents import Report
from scribal.runs.report.history import history_charts
from scribal.runs.report.intervals import accuracy_interval
from scribal.runs.report.pictures import Cell, Shown, cells_of, doubtful_answers, matrix_rows, worst_mistakes
from scribal.runs.report.rows import epoch_table, facts, size_and_speed, verdict

__all__ = ["write_report"]

_TEMPLATE = Path(__file__).with_name("report.html.jinja")


def write_report(report: Report, path: Path) -> None:
    """Write ``report`` as one HTML page to ``path``, whole or not at all.

    The page holds its plots; whatever a name contains is shown as text.

    Raises:
        RunError: A plot is missing or is no PNG file, or the page cannot be written.
    """
    evaluation, pixels, confusion = report.evaluation, report.pixels, report.confusion
    cells: list[Cell] = []
    worst: list[Shown] = []
    doubtful: list[Shown] = []
    if evaluation is not None and pixels is not None:
        cells = cells_of(evaluation, pixels)
        worst, doubtful = worst_mistakes(evaluation, pixels), doubtful_answers(evaluation, pixels)
    calibration = None if evaluation is None else calibration_of(evaluation)
    write_page(
        path,
        _TEMPLATE,
        report=report,
        interval=_interval(report),
        verdict=verdict(report),
        charts=history_charts(report.history),
        epochs=epoch_table(report.history),
        samples=None if report.samples_plot is None else png_picture(report.samples_plot),
        matrix=None if confusion is None else matrix_rows(confusion, report.class_names, cells),
        confusions=[] if confusion is None else frequent_confusions(confusion, report.class_names),
        cells=cells,
        worst=worst,
        doubtful=doubtful,
        classes=[] if confusion is None else class_rows(confusion, report.class_names),
        calibration=calibration,
        calibration_chart=None if calibration is None else calibration_chart(calibration),
        size_and_speed=size_and_speed(report),
        facts=[(name, value) for name, value in facts(report) if value],
    )


def _interval(report: Report) -> object:
    if report.test_samples is None or report.mistakes is None:
        return None
    return accuracy_interval(report.test_samples - report.mistakes, report.test_samples)
