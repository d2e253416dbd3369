"""Runs: training, evaluation, prediction, and the folder in which each training leaves all of it."""

from scribal.runs.artefacts import draw_mistakes
from scribal.runs.evaluation import Evaluation, evaluate
from scribal.runs.folder import FILES, RunFolder
from scribal.runs.mistakes import errors
from scribal.runs.prediction import Predictions, predict
from scribal.runs.progress import TrainingProgress, progress_for
from scribal.runs.train import Run, train

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
