"""Everything that a finished or interrupted training leaves in its run folder."""

from pathlib import Path
from typing import Any

import pandas as pd

from scribal.data import Dataset
from scribal.engine.threads import usable_threads
from scribal.exceptions import ArgumentError
from scribal.files import whole_file, write_json
from scribal.models import LoadedModel, Metadata, describe, save_folder
from scribal.runs.evaluation import Evaluation, dataset_of, evaluate_arrays
from scribal.runs.fitting import Fitted
from scribal.runs.folder import RunFolder
from scribal.runs.loading import as_loaded
from scribal.runs.plots import plot_confusion, plot_gallery, plot_history, plot_samples
from scribal.runs.report.gathering import report_of
from scribal.runs.report.writing import write_report
from scribal.runs.speed import measure_speed, peak_memory

__all__ = ["draw_mistakes", "write_artefacts"]

_GALLERY = 64
_HISTORY_COLUMNS = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")


def write_artefacts(
    folder: RunFolder, model: Any, dataset: Dataset, metadata: Metadata, fitted: Fitted
) -> dict[str, Any]:
    """Write the models, tables, plots and the report of a training; ``metrics.json`` last.

    Returns:
        What ``metrics.json`` holds.
    """
    run = folder.read_json("run.json")
    title = f"{metadata.recipe} on {dataset.name}"
    history = history_table(fitted.history)
    _write_csv(folder / "history.csv", history)
    plot_history(history, folder / "history.png", title)
    save_folder(model, folder.path, metadata)
    loaded = LoadedModel.of(model, metadata, folder.path)
    engine = "keras" if fitted.engine == "keras" else "auto"
    evaluation = evaluate_arrays(loaded, dataset.x_test, dataset.y_test, engine=engine)
    _write_csv(folder / "confusion.csv", evaluation.confusion_table().reset_index())
    _write_csv(folder / "misclassified.csv", evaluation.misclassified)
    plot_confusion(evaluation.confusion, dataset.class_names, folder / "confusion.png", title)
    if _has_pictures(dataset):
        plot_samples(dataset.x_train, dataset.y_train, dataset.class_names, folder / "samples.png")
        _draw_gallery(dataset, evaluation.misclassified, folder / "misclassified.png")
    metrics = _metrics(evaluation, fitted, run, model)
    report = report_of(
        folder,
        run,
        metrics,
        history=history,
        evaluation=evaluation,
        data=dataset,
        layers=describe(model),
        speed=measure_speed(loaded, dataset.x_test, evaluation.engine),
    )
    write_report(report, folder / "report.html")
    write_json(folder / "metrics.json", metrics)
    return metrics


def history_table(history: list[dict[str, float]]) -> pd.DataFrame:
    """The history as a table: ``epoch``, losses and accuracies, other metrics, ``seconds``."""
    table = pd.DataFrame(history).astype({"epoch": int})
    known = [column for column in _HISTORY_COLUMNS if column in table]
    others = [column for column in table if column not in (*_HISTORY_COLUMNS, "seconds")]
    return table[[*known, *others, "seconds"]]


def draw_mistakes(model: Any, mistakes: pd.DataFrame, path: Path, *, data: Any = None) -> None:
    """Draw the first of a table of mistakes, as :func:`scribal.errors` gives it, to a PNG file.

    Args:
        model: What the mistakes are of; tells the dataset when ``data`` does not.
        mistakes: The table.
        path: The PNG file.
        data: The dataset's name or path.
    """
    if path.suffix.lower() != ".png":
        raise ArgumentError("A gallery is a PNG file", received=str(path), advice="Give it a name that ends in .png")
    _draw_gallery(dataset_of(as_loaded(model), data), mistakes, path)


def _draw_gallery(dataset: Dataset, mistakes: pd.DataFrame, path: Path) -> None:
    first = mistakes.head(_GALLERY)
    captions = [f"{row.label} → {row.prediction}  {row.confidence:.0%}" for row in first.itertuples(index=False)]
    title = "Mistakes: label → prediction, with its confidence"
    plot_gallery(dataset.x_test[first["index"].to_numpy(dtype=int)], captions, path, title)


def _has_pictures(dataset: Dataset) -> bool:
    return dataset.x_train.ndim > 2  # noqa: PLR2004 (samples of features have two axes)


def _write_csv(path: Path, table: pd.DataFrame) -> None:
    with whole_file(path) as temporary:
        table.to_csv(temporary, index=False)


def _metrics(evaluation: Evaluation, fitted: Fitted, run: dict[str, Any], model: Any) -> dict[str, Any]:
    last = fitted.history[-1]
    return {
        "test_loss": finite(evaluation.loss),
        "test_accuracy": evaluation.accuracy,
        "test_errors": len(evaluation.misclassified),
        "test_samples": len(evaluation.labels),
        "train_loss": finite(last["loss"]),
        "train_accuracy": finite(last.get("accuracy")),
        "validation_loss": finite(last.get("val_loss")),
        "validation_accuracy": finite(last.get("val_accuracy")),
        "epochs": len(fitted.history),
        "planned_epochs": run["settings"]["epochs"],
        "status": fitted.status,
        "seconds": round(sum(row["seconds"] for row in fitted.history), 3),
        "parameters": int(model.count_params()),
        "engine": fitted.engine,
        "threads": usable_threads(),
        "learning_rate": _learning_rate(model),
        "peak_memory": peak_memory(),
        # The tutorial's figures hold for the tutorial's data.
        "reported": run["recipe"]["reported"] if run["dataset"]["name"] == run["recipe"]["dataset"] else {},
    }


def _learning_rate(model: Any) -> float | None:
    rate = model.optimizer.get_config()["learning_rate"]
    return float(rate) if isinstance(rate, int | float) else None  # a schedule has no one rate


def finite(value: float | None) -> float | None:
    """``value``, or ``None`` where there is none or it is no finite number, which JSON cannot hold."""
    return value if value is not None and abs(value) < float("inf") else None
