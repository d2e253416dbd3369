"""From a run's tables and figures to what its report says."""

import shlex
from collections.abc import Sequence
from typing import Any

import pandas as pd

from scribal.data import Dataset
from scribal.data.augmentation import AUGMENTATIONS, NO_AUGMENTATION
from scribal.models import LayerDescription
from scribal.runs.evaluation import Evaluation
from scribal.runs.folder import ADDED_FILES, FILES, RunFolder
from scribal.runs.label_errors import recorded_label_errors
from scribal.runs.report.contents import Report
from scribal.runs.report.label_errors import ShownLabelErrors, shown_label_errors
from scribal.runs.report.pictures import pixels_of
from scribal.runs.settings import CONSTANT
from scribal.runs.speed import Speed

__all__ = ["report_of"]

_FORMS = ("model.keras", "model.h5", "architecture.json", "model.weights.h5")


def report_of(
    folder: RunFolder,
    run: dict[str, Any],
    metrics: dict[str, Any],
    *,
    history: pd.DataFrame,
    evaluation: Evaluation,
    data: Dataset,
    layers: Sequence[LayerDescription],
    speed: Speed | None,
) -> Report:
    """Say all that is known of a training.

    Args:
        folder: The run folder, with its plots.
        run: What ``run.json`` holds.
        metrics: What ``metrics.json`` will hold.
        history: One row an epoch.
        evaluation: The answers to the test set.
        data: What it was trained and tested on.
        layers: The model's layers.
        speed: How quickly it answers.
    """
    # Folders of earlier versions do not say all of it.
    settings, recipe, dataset, host = run["settings"], run["recipe"], run["dataset"], run["host"]
    reported = metrics.get("reported", {})
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
        samples_plot=_if_there(folder, "samples.png"),
        evaluation=evaluation,
        pixels=pixels_of(data.x_test),
        label_errors=_label_errors(folder, data),
        confusion=evaluation.confusion,
        class_names=evaluation.class_names,
        layers=layers,
        optimizer=_optimizer(settings),
        learning_rate=_learning_rate(settings, metrics),
        loss=settings["loss"],
        batch_size=settings["batch_size"],
        seed=settings["seed"],
        pixel_scaling=_scaling(settings["scale"]),
        augmentation=_augmentation(settings.get("augmentation", NO_AUGMENTATION)),
        validation=_validation(settings["validation"]),
        engine=metrics.get("engine"),
        threads=metrics.get("threads"),
        seconds=metrics["seconds"],
        peak_memory=metrics.get("peak_memory"),
        speed=speed,
        sizes={file: (folder / file).stat().st_size for file in _FORMS if (folder / file).is_file()},
        begun=run["begun"],
        host=f"{host['processor']}, {host['cores']} cores, {host['system']} {host['release']}",
        versions=run["versions"],
        training_samples=dataset["training"],
        dataset_sha256=dataset["sha256"],
        dataset_licence=dataset["licence"],
        dataset_source=dataset["source"],
        files={name: purpose for name, purpose in (FILES | ADDED_FILES).items() if name in _will_be_there(folder)},
        next_commands=[
            (f"scribal predict {path} PICTURE", "the digit on a picture of your own"),
            (f"scribal errors {path} --true 5 --predicted 3", "its mistakes of one kind"),
            (f"scribal evaluate {path} --data PATH", "how it does on other data"),
            (f"scribal convert {path} model.h5", "the model in another form"),
        ],
        repeat_command=run["command"],
    )


def _if_there(folder: RunFolder, name: str) -> Any:
    return folder / name if (folder / name).is_file() else None


def _label_errors(folder: RunFolder, data: Dataset) -> ShownLabelErrors | None:
    found = recorded_label_errors(folder)
    return None if found is None else shown_label_errors(found, len(data.x_train), pixels_of(data.x_train))


def _will_be_there(folder: RunFolder) -> set[str]:
    """The files of the folder when the last two, this report and the metrics, are written."""
    return {path.name for path in folder.path.iterdir()} | {"report.html", "metrics.json"}


def _optimizer(settings: dict[str, Any]) -> str:
    arguments = {name: value for name, value in settings["optimizer_arguments"].items() if name != "learning_rate"}
    told = [settings["optimizer"], *(f"{name}={value}" for name, value in arguments.items())]
    schedule = settings.get("schedule", CONSTANT)
    return ", ".join(told if schedule == CONSTANT else [*told, f"its learning rate along a {schedule}"])


def _learning_rate(settings: dict[str, Any], metrics: dict[str, Any]) -> float | None:
    """The rate at the start; folders of earlier versions say it only where it was not Keras' own."""
    rate = metrics.get("learning_rate") or settings["optimizer_arguments"].get("learning_rate")
    return None if rate is None else float(rate)


def _scaling(scale: float) -> str:
    if scale == 1:
        return "raw values"
    return "divided by 255" if abs(scale * 255 - 1) < 1e-9 else f"multiplied by {scale:g}"  # noqa: PLR2004 (rounding)


def _augmentation(name: str) -> str | None:
    return None if name == NO_AUGMENTATION else f"{name}: {AUGMENTATIONS[name].meaning}"


def _validation(validation: str | float) -> str:
    if validation == "test":
        return "the test set, looked at after each epoch; nothing was chosen by it"
    return "none" if validation == "none" else f"the last {float(validation):.0%} of the training set"
