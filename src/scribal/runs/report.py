"""The report of a run: one HTML page that holds everything, loads nothing and needs no script.

What the page says stands in :class:`Report`; how it looks stands in ``report.html.jinja``; the functions between turn
numbers into rows and sentences.
"""

import base64
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from scribal.exceptions import RunError
from scribal.files import write_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LayerRow", "Report", "write_report"]

_TEMPLATE = "report.html.jinja"
_MOST_EPOCHS_LISTED = 50
_MOST_CONFUSIONS = 5
_COLUMNS = {
    "loss": "loss",
    "accuracy": "accuracy",
    "val_loss": "validation loss",
    "val_accuracy": "validation accuracy",
    "seconds": "seconds",
}
# An accuracy that was computed in float32 may fall short of the same fraction in float64 by this much.
_ROUNDING = 1e-6
# Plots have 144 pixels to the inch, a browser 96: shown at most in their true size, at least at half of it.
_PIXELS_PER_CSS_PIXEL = 1.5
_PIXELS_PER_CSS_PIXEL_AT_LEAST = 3.0
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_SIZE = slice(16, 24)
_NARROW_SPACE = "\u202f"
_NOTHING = "–"  # noqa: RUF001 - a dash is what a table shows where there is no value


@dataclass(frozen=True, kw_only=True)
class LayerRow:
    """One layer of the model.

    Attributes:
        name: What the layer is called.
        kind: Its class, such as ``"Conv2D"``.
        output_shape: Without the batch, such as ``(28, 28, 6)``.
        parameters: How many it has, trainable or not.
    """

    name: str
    kind: str
    output_shape: tuple[int | None, ...]
    parameters: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the page says. Whatever is ``None`` or empty is left out of it.

    Attributes:
        name: The recipe's or the model's name.
        dataset: The dataset's name.
        summary: What the network is, in one line.
        test_accuracy: On the test set, 0 to 1.
        test_loss: On the test set.
        test_samples: How many the test set has.
        mistakes: How many of them were answered wrong.
        reported_accuracy: What the tutorial reports, 0 to 1.
        reported_note: What the tutorial reports beyond that: a phrase without its full stop.
        epochs_done: Epochs that were trained.
        epochs_planned: Epochs that were to be trained.
        interrupted: Whether the training was ended before it was done.
        resume_command: What to type to go on with it.
        history: One row an epoch: ``epoch`` and any of ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``,
            ``seconds``.
        history_plot: PNG file.
        samples_plot: PNG file.
        confusion_plot: PNG file.
        misclassified_plot: PNG file.
        confusion: Counts of shape (classes, classes): row = true class, column = predicted class.
        class_names: One name a class, in the order of ``confusion``.
        layers: The model's layers, in order.
        optimizer: Its name, with arguments that are not the defaults.
        learning_rate: At the start.
        loss: The loss function's name.
        batch_size: Samples a step.
        seed: Of initial weights, shuffling and dropout.
        pixel_scaling: What is done with pixels before the network sees them, such as ``"divided by 255"``.
        validation: What the training is validated on, such as ``"the last 20 % of the training set"``.
        engine: What trained.
        threads: Processor cores used.
        seconds: Time of the training.
        begun: When it began.
        host: The machine, in one line.
        versions: Version by library.
        training_samples: How many the training set has.
        dataset_sha256: Fingerprint of the data.
        dataset_licence: Under which terms the data may be used.
        dataset_source: Who made it, or where it is from.
        files: What each file in the folder is for, by its name.
        next_commands: What to type next: pairs of a command and what it does.
        repeat_command: The command that repeats this run exactly.
    """

    name: str
    dataset: str
    epochs_done: int
    epochs_planned: int
    summary: str | None = None
    test_accuracy: float | None = None
    test_loss: float | None = None
    test_samples: int | None = None
    mistakes: int | None = None
    reported_accuracy: float | None = None
    reported_note: str | None = None
    interrupted: bool = False
    resume_command: str | None = None
    history: "pd.DataFrame | None" = None
    history_plot: Path | None = None
    samples_plot: Path | None = None
    confusion_plot: Path | None = None
    misclassified_plot: Path | None = None
    confusion: NDArray[np.integer[Any]] | None = None
    class_names: Sequence[str] = ()
    layers: Sequence[LayerRow] = ()
    optimizer: str | None = None
    learning_rate: float | None = None
    loss: str | None = None
    batch_size: int | None = None
    seed: int | None = None
    pixel_scaling: str | None = None
    validation: str | None = None
    engine: str | None = None
    threads: int | None = None
    seconds: float | None = None
    begun: str | None = None
    host: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    training_samples: int | None = None
    dataset_sha256: str | None = None
    dataset_licence: str | None = None
    dataset_source: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    next_commands: Sequence[tuple[str, str]] = ()
    repeat_command: str | None = None


def write_report(report: Report, path: Path) -> None:
    """Write ``report`` as one HTML page to ``path``, whole or not at all.

    The page holds its plots; whatever a name contains is shown as text.

    Raises:
        RunError: A plot is missing or is no PNG file, or the page cannot be written.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("scribal", "runs"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": _percent, "count": _count, "number": _number, "address": _address}
    page = environment.get_template(_TEMPLATE).render(
        report=report,
        pictures={
            kind: _picture(file)
            for kind in ("history", "samples", "confusion", "misclassified")
            if (file := getattr(report, f"{kind}_plot")) is not None
        },
        verdict=_verdict(report),
        epochs=_epoch_table(report.history),
        confusions=_frequent_confusions(report),
        classes=_class_rows(report),
        facts=[(name, value) for name, value in _facts(report) if value],
    )
    write_text(path, page)


def _percent(value: float) -> str:
    # 9,999.6 of 10,000 must not read as all.
    shown = min(value, 0.9999) if value < 1 else value
    return f"{100 * shown:.2f}{_NARROW_SPACE}%"


def _count(value: int) -> str:
    return f"{value:,}"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return _NOTHING
    return f"{value:.4f}" if value == 0 or 1e-2 <= abs(value) < 1e4 else f"{value:.3g}"  # noqa: PLR2004 - else powers


def _address(name: str) -> str:
    # Relative on purpose: a file beside the page, whatever its name begins with.
    return "./" + quote(name)


def _picture(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RunError(
            "Every plot of a report must be a file that can be read",
            received=f"{path}: {error.strerror or error}",
            advice="Draw it first, or leave it out of the report",
        ) from error
    if not content.startswith(_PNG_SIGNATURE):
        raise RunError("Every plot of a report must be a PNG file", received=path, advice="Draw it again")
    width, height = struct.unpack(">II", content[_PNG_SIZE])
    return {
        "address": "data:image/png;base64," + base64.b64encode(content).decode("ascii"),
        "width": width,
        "height": height,
        "most_width": round(width / _PIXELS_PER_CSS_PIXEL),
        "least_width": round(width / _PIXELS_PER_CSS_PIXEL_AT_LEAST),
    }


def _verdict(report: Report) -> dict[str, Any] | None:
    """Compare the test accuracy with the tutorial's."""
    if report.reported_accuracy is None or report.test_accuracy is None:
        return None
    difference = report.test_accuracy - report.reported_accuracy
    reached = difference >= -_ROUNDING
    points = f"{100 * abs(difference):.2f} percentage points"
    if abs(difference) <= _ROUNDING:
        text = "reached exactly"
    else:
        text = f"reached, {points} above" if reached else f"not reached, {points} below"
    return {"reached": reached, "text": text}


def _epoch_table(history: "pd.DataFrame | None") -> dict[str, Any] | None:
    """List all epochs, or the first, the best and the last of many; each row ends with what it is."""
    if history is None or len(history) == 0:
        return None
    values = {
        name: history[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in _COLUMNS if name in history.columns
    }
    best, by = None, None
    for name in ("val_accuracy", "val_loss", "accuracy", "loss"):
        if name in values and np.isfinite(values[name]).any():
            best = int(np.nanargmax(values[name]) if name.endswith("accuracy") else np.nanargmin(values[name]))
            by = _COLUMNS[name]
            break
    last = len(history) - 1
    shown = range(last + 1) if last < _MOST_EPOCHS_LISTED else sorted({0, best or 0, last})
    rows = []
    for place in shown:
        notes = [word for word, marked in (("first", 0), ("best", best), ("last", last)) if place == marked]
        cells = [_cell(name, float(column[place])) for name, column in values.items()]
        rows.append({"epoch": _count(int(history["epoch"].iloc[place])), "cells": cells, "note": ", ".join(notes)})
    return {
        "columns": [_COLUMNS[name] for name in values],
        "rows": rows,
        "best": None if best is None else f"Best by {by}: epoch {int(history['epoch'].iloc[best]):,}.",
        "all_listed": len(shown) == len(history),
    }


def _cell(column: str, value: float) -> str:
    return _percent(value) if column.endswith("accuracy") and math.isfinite(value) else _number(value)


def _frequent_confusions(report: Report) -> list[str]:
    """Say the most frequent confusions in words, such as "4 taken for 9: 12 times"."""
    if report.confusion is None:
        return []
    errors = report.confusion.copy()
    np.fill_diagonal(errors, 0)
    # Stable: of equally frequent ones the first in the table comes first.
    order = np.argsort(-errors, axis=None, kind="stable")[:_MOST_CONFUSIONS]
    places = [divmod(int(place), len(errors)) for place in order]
    return [
        f"{report.class_names[true]} taken for {report.class_names[predicted]}: "
        + ("once" if errors[true, predicted] == 1 else f"{int(errors[true, predicted]):,} times")
        for true, predicted in places
        if errors[true, predicted] > 0
    ]


def _class_rows(report: Report) -> list[dict[str, Any]]:
    """List for each class how many there are, how many were wrong, and what it was taken for most often."""
    if report.confusion is None:
        return []
    rows = []
    for number, (name, counts) in enumerate(zip(report.class_names, report.confusion, strict=True)):
        total, right = int(counts.sum()), int(counts[number])
        errors = counts.copy()
        errors[number] = 0
        rows.append(
            {
                "name": name,
                "total": total,
                "wrong": total - right,
                "accuracy": _percent(right / total) if total else _NOTHING,
                "taken_for": report.class_names[int(errors.argmax())] if errors.any() else _NOTHING,
            }
        )
    return rows


def _facts(report: Report) -> list[tuple[str, str | None]]:
    """List how it was trained, as pairs of a term and a value."""

    def whole(value: int | None) -> str | None:
        return None if value is None else _count(value)

    versions = ", ".join(f"{name} {version}" for name, version in report.versions.items())
    return [
        ("Optimizer", report.optimizer),
        ("Learning rate", None if report.learning_rate is None else f"{report.learning_rate:g}"),
        ("Loss", report.loss),
        ("Batch size", whole(report.batch_size)),
        ("Epochs", f"{report.epochs_done:,} of {report.epochs_planned:,}"),
        ("Seed", None if report.seed is None else str(report.seed)),
        ("Pixels", report.pixel_scaling),
        ("Validation", report.validation),
        ("Engine", report.engine),
        ("Threads", whole(report.threads)),
        ("Training time", None if report.seconds is None else _duration(report.seconds)),
        ("Begun", report.begun),
        ("Host", report.host),
        ("Versions", versions),
        ("Dataset", report.dataset),
        ("Training samples", whole(report.training_samples)),
        ("Test samples", whole(report.test_samples)),
        ("Dataset's source", report.dataset_source),
        ("Dataset's licence", report.dataset_licence),
        ("Dataset's SHA-256", report.dataset_sha256),
    ]


def _duration(seconds: float) -> str:
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.1f} seconds"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min {rest} s" if hours else f"{minutes} min {rest} s"
