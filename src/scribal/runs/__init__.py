"""Runs: training, evaluation, prediction, and the folder in which each training leaves all of it.

Each name is imported on first use: who only predicts does not wait for what draws plots.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scribal.runs.artefacts import draw_mistakes
    from scribal.runs.comparing import Comparison, compare
    from scribal.runs.evaluation import Evaluation, evaluate
    from scribal.runs.folder import FILES, RunFolder
    from scribal.runs.label_errors import FOLDS, find_label_errors
    from scribal.runs.mistakes import errors
    from scribal.runs.prediction import Predictions, predict
    from scribal.runs.progress import TrainingProgress, progress_for
    from scribal.runs.reporting import renew_report
    from scribal.runs.training import Run, train

__all__ = [
    "FILES",
    "FOLDS",
    "Comparison",
    "Evaluation",
    "Predictions",
    "Run",
    "RunFolder",
    "TrainingProgress",
    "compare",
    "draw_mistakes",
    "errors",
    "evaluate",
    "find_label_errors",
    "predict",
    "progress_for",
    "renew_report",
    "train",
]

_HOME = {
    "FILES": "folder",
    "FOLDS": "label_errors",
    "Comparison": "comparing",
    "Evaluation": "evaluation",
    "Predictions": "prediction",
    "Run": "training",
    "RunFolder": "folder",
    "TrainingProgress": "progress",
    "compare": "comparing",
    "draw_mistakes": "artefacts",
    "errors": "mistakes",
    "evaluate": "evaluation",
    "find_label_errors": "label_errors",
    "predict": "prediction",
    "progress_for": "progress",
    "renew_report": "reporting",
    "train": "training",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'scribal.runs' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"scribal.runs.{_HOME[name]}"), name)
    globals()[name] = value
    return value
