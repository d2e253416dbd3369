"""From a run's tables and figures to what its report says."""

import shlex
from typing import Any

import pandas as pd

from scribal.models import describe
from scribal.runs.evaluation import Evaluation
from scribal.runs.folder import FILES, RunFolder
from scribal.runs.report import Report

__all__ = ["report_of"]


def report_of(
    folder: RunFolder,
    run: dict[str, Any],
    metrics: dict[str, Any],
    *,
    history: pd.DataFrame,
    evaluation: Evaluation,
    model: Any,
) -> Report:
    """Say all that is known of a training.

    Args:
        folder: The run folder, with its plots.
        run: What ``run.json`` holds.
        metrics: What ``metrics.json`` will hold.
        history: One row an epoch.
        evaluation: The answers to the test set.
        model: The trained ``keras.Model``.
    """
    settings, recipe, dataset, host = run["settings"], run["recipe"], run["dataset"], run["host"]
    reported = metrics["reported"]
    path = shlex.quote(str(folder.path))
    name = shlex.quote(run["network"].get("file") or recipe["name"])
    resume = f"scribal train {name} --out {path} --resume"
    return Report(
        name=recipe["name"],
        summary=recipe["summary"],
        dataset=dataset["name"],
        test_accuracy=metrics["test_accuracy"],
        test_loss=metrics["test_loss"],
        test_samples=metrics["test_samples"],
        mistakes=metrics["test_errors"],
        reported_accuracy=reported.get("test_accuracy"),
        reported_note=recipe["reported_note"] or None if dataset["name"] == recipe["dataset"] else None,
        epochs_done=metrics["epochs"],
        epochs_planned=metrics["planned_epochs"],
        interrupted=metrics["status"] != "finished",
        resume_command=resume if metrics["status"] != "finished" else None,
        history=history,
        **{f"{kind}_plot": _if_there(folder, kind) for kind in ("history", "samples", "confusion", "misclassified")},
        confusion=evaluation.confusion,
        class_names=evaluation.class_names,
        layers=describe(model),
        optimizer=_optimizer(settings),
        learning_rate=_learning_rate(model),
        loss=settings["loss"],
        batch_size=settings["batch_size"],
        seed=settings["seed"],
        pixel_scaling=_scaling(settings["scale"]),
        validation=_validation(settings["validation"]),
        engine=metrics["engine"],
        threads=metrics["threads"],
        seconds=metrics["seconds"],
        begun=run["begun"],
        host=f"{host['processor']}, {host['cores']} cores, {host['system']} {host['release']}",
        versions=run["versions"],
        training_samples=dataset["training"],
        dataset_sha256=dataset["sha256"],
        dataset_licence=dataset["licence"],
        dataset_source=dataset["source"],
        files={name: purpose for name, purpose in FILES.items() if name in _will_be_there(folder)},
        next_commands=[
            (f"scribal predict {path} PICTURE", "the digit on a picture of your own"),
            (f"scribal errors {path} --true 5 --predicted 3", "its mistakes of one kind"),
            (f"scribal evaluate {path} --data PATH", "how it does on other data"),
            (f"scribal convert {path} model.h5", "the model in another form"),
        ],
        repeat_command=run["command"],
    )


def _if_there(folder: RunFolder, kind: str) -> Any:
    path = folder / f"{kind}.png"
    return path if path.is_file() else None


def _will_be_there(folder: RunFolder) -> set[str]:
    """The files of the folder when the last two, this report and the metrics, are written."""
    return {path.name for path in folder.path.iterdir()} | {"report.html", "metrics.json"}


def _optimizer(settings: dict[str, Any]) -> str:
    arguments = {name: value for name, value in settings["optimizer_arguments"].items() if name != "learning_rate"}
    return ", ".join([settings["optimizer"], *(f"{name}={value}" for name, value in arguments.items())])


def _learning_rate(model: Any) -> float | None:
    rate = model.optimizer.get_config()["learning_rate"]
    return float(rate) if isinstance(rate, int | float) else None  # a schedule has no one rate


def _scaling(scale: float) -> str:
    if scale == 1:
        return "raw values"
    return "divided by 255" if abs(scale * 255 - 1) < 1e-9 else f"multiplied by {scale:g}"  # noqa: PLR2004 (rounding)


def _validation(validation: str | float) -> str:
    if validation == "test":
        return "the test set, looked at after each epoch; nothing was chosen by it"
    return "none" if validation == "none" else f"the last {float(validation):.0%} of the training set"
