"""Runs: training, evaluation, prediction, and the folder in which each training leaves all of it.

Each name is imported on first use: who only predicts does not wait for what draws plots.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scribal.runs.artefacts import draw_mistakes
    from scribal.runs.evaluation import Evaluation, evaluate
    from scribal.runs.folder import FILES, RunFolder
    from scribal.runs.mistakes import errors
    from scribal.runs.prediction import Predictions, predict
    from scribal.runs.progress import TrainingProgress, progress_for
    from scribal.runs.training import Run, train

__all__ = [
    "FILES",
    "Evaluation",
    "Predictions",
    "Run",
    "RunFolder",
    "TrainingProgress",
    "draw_mistakes",
    "errors",
    "evaluate",
    "predict",
    "progress_for",
    "train",
]

_HOME = {
    "FILES": "folder",
    "Evaluation": "evaluation",
    "Predictions": "prediction",
    "Run": "training",
    "RunFolder": "folder",
    "TrainingProgress": "progress",
    "draw_mistakes": "artefacts",
    "errors": "mistakes",
    "evaluate": "evaluation",
    "predict": "prediction",
    "progress_for": "progress",
    "train": "training",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'scribal.runs' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"scribal.runs.{_HOME[name]}"), name)
    globals()[name] = value
    return value
