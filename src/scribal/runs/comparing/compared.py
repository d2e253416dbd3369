"""One of the runs that are compared, as its folder tells of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scribal.runs.folder import RunFolder
from scribal.runs.report.intervals import Interval, accuracy_interval

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ComparedRun", "read_run"]


@dataclass(frozen=True, kw_only=True)
class ComparedRun:
    """What a complete run's folder tells of it; neither its model nor its data are needed.

    Attributes:
        path: The folder.
        name: What to call it.
        status: How the training ended.
        accuracy: On the test set, 0 to 1.
        interval: Of the accuracy, with 95 % confidence; ``None`` for a very small test set.
        wrong: Places of the wrong answers in the test set.
        test_samples: How many the test set has.
        dataset: Fingerprint of the data.
        parameters: Weights of the network.
        epochs: Epochs that were trained.
        seconds: Time of the training.
        history: One row an epoch.
        settings: What it was told, as a reader says it.
    """

    path: Path
    name: str
    status: str
    accuracy: float
    interval: Interval | None
    wrong: frozenset[int]
    test_samples: int
    dataset: str
    parameters: int
    epochs: int
    seconds: float
    history: "pd.DataFrame"
    settings: dict[str, str]


def read_run(path: Path, name: str) -> ComparedRun:
    """Read a run.

    Raises:
        RunError: There is no complete run at ``path``, or its files are damaged.
    """
    folder = RunFolder.open(path)
    run, metrics = folder.read_complete()
    samples = metrics["test_samples"]
    wrong = folder.read_table("misclassified.csv", ["index"])["index"]
    return ComparedRun(
        path=path,
        name=name,
        status=metrics["status"],
        accuracy=metrics["test_accuracy"],
        interval=accuracy_interval(samples - len(wrong), samples),
        wrong=frozenset(int(place) for place in wrong),
        test_samples=samples,
        dataset=run["dataset"]["sha256"],
        parameters=metrics["parameters"],
        epochs=metrics["epochs"],
        seconds=metrics["seconds"],
        history=folder.read_table("history.csv", ["epoch", "loss"]),
        settings=_settings(run, metrics),
    )


def _settings(run: dict[str, Any], metrics: dict[str, Any]) -> dict[str, str]:
    settings = dict(run["settings"])
    arguments = settings.pop("optimizer_arguments")
    settings |= {name: metrics[name] for name in ("threads", "engine") if name in metrics}
    settings["threads"] = settings["threads"] or "all"
    told = {name.replace("_", " "): _word(value) for name, value in settings.items()}
    rate = metrics.get("learning_rate", arguments.get("learning_rate"))
    further = {name: value for name, value in arguments.items() if name != "learning_rate"}
    return {
        "recipe": run["recipe"]["name"],
        "network's SHA-256": _word(run["network"].get("sha256", ""))[:12],
        "dataset": run["dataset"]["name"],
        "training samples": _word(run["dataset"]["training"]),
        "test samples": _word(run["dataset"]["test"]),
        "data's SHA-256": run["dataset"]["sha256"][:12],
        **told,
        "learning rate": "" if rate is None else _word(rate),
        "further of the optimizer": ", ".join(f"{name}={value}" for name, value in further.items()),
        "processor": run["host"]["processor"],
        **{f"version of {library}": version for library, version in run["versions"].items()},
    }


def _word(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)
