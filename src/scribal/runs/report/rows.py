"""Numbers of a run as a report says them: formatted, in rows, in sentences."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scribal.runs.pages import count, duration, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from scribal.runs.report.contents import Report

__all__ = ["epoch_table", "facts", "size_and_speed", "verdict"]

_MOST_EPOCHS_LISTED = 50
_COLUMNS = {
    "loss": "loss",
    "accuracy": "accuracy",
    "val_loss": "validation loss",
    "val_accuracy": "validation accuracy",
    "seconds": "seconds",
}
_ENGINES = {"native": "the engine", "keras": "Keras"}
# An accuracy that was computed in float32 may fall short of the same fraction in float64 by this much.
_ROUNDING = 1e-6


def verdict(report: "Report") -> dict[str, Any] | None:
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


def epoch_table(history: "pd.DataFrame | None") -> dict[str, Any] | None:
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
        rows.append({"epoch": count(int(history["epoch"].iloc[place])), "cells": cells, "note": ", ".join(notes)})
    return {
        "columns": [_COLUMNS[name] for name in values],
        "rows": rows,
        "best": None if best is None else f"Best by {by}: epoch {int(history['epoch'].iloc[best]):,}.",
        "all_listed": len(shown) == len(history),
    }


def _cell(column: str, value: float) -> str:
    return percent(value) if column.endswith("accuracy") and math.isfinite(value) else number(value)


def size_and_speed(report: "Report") -> list[tuple[str, str]]:
    """List what the network takes: room, time and memory, as pairs of a term and a value."""
    pairs = []
    if report.layers:
        pairs.append(("Parameters", count(sum(layer.parameters for layer in report.layers))))
    pairs += [(f"On disk as {name}", _bytes(size)) for name, size in report.sizes.items()]
    if report.speed is not None:
        cores = "one core" if report.speed.threads == 1 else f"{report.speed.threads} cores"
        pairs += [
            ("Answers for many images", f"{report.speed.images_per_second:,.0f} a second on {cores}"),
            ("Answer for one image", _short_time(report.speed.latency)),
            ("Measured", f"when this page was written, answered by {_ENGINES[report.speed.engine]}"),
        ]
    if report.peak_memory is not None:
        pairs.append(("Most memory while training", f"{_bytes(report.peak_memory)}, the whole process"))
    return pairs


def _bytes(size: int) -> str:
    for unit, bytes_of_it in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= bytes_of_it:
            return f"{size / bytes_of_it:.3g} {unit}"
    return f"{size} bytes"


def _short_time(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.3g} ms"  # noqa: PLR2004 - a millisecond


def facts(report: "Report") -> list[tuple[str, str | None]]:
    """List how it was trained, as pairs of a term and a value."""

    def whole(value: int | None) -> str | None:
        return None if value is None else count(value)

    versions = ", ".join(f"{name} {version}" for name, version in report.versions.items())
    return [
        ("Optimizer", report.optimizer),
        ("Learning rate", None if report.learning_rate is None else f"{report.learning_rate:g}"),
        ("Loss", report.loss),
        ("Batch size", whole(report.batch_size)),
        ("Epochs", f"{report.epochs_done:,} of {report.epochs_planned:,}"),
        ("Seed", None if report.seed is None else str(report.seed)),
        ("Pixels", report.pixel_scaling),
        ("Augmentation", report.augmentation),
        ("Validation", report.validation),
        ("Engine", report.engine),
        ("Threads", whole(report.threads)),
        ("Training time", None if report.seconds is None else duration(report.seconds)),
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
