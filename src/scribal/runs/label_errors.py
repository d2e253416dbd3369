"""Training samples whose labels are likely wrong, found by networks that were not trained on them.

The training set is cut into folds. A fresh network is trained on all folds but one, as the run was, and asked about
that one. From these answers confident learning finds labels that are more likely noise than hard cases: C. Northcutt,
L. Jiang and I. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", Journal of Artificial
Intelligence Research 70 (2021), by the authors' own library, cleanlab.
"""

import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scribal.backend import import_keras
from scribal.data import Dataset
from scribal.exceptions import ArgumentError
from scribal.files import whole_file
from scribal.models import LoadedModel
from scribal.runs.evaluation import evaluate_arrays
from scribal.runs.fitting import fit
from scribal.runs.folder import RunFolder
from scribal.runs.preparation import samples_for
from scribal.runs.progress import SilentProgress, TrainingProgress
from scribal.runs.recorded import load_recorded
from scribal.runs.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FOLDS", "find_label_errors", "recorded_label_errors"]

FOLDS = 5
_FILE = "label_errors.csv"
_MOST_FOLDS = 100


def find_label_errors(
    run: Any,
    *,
    data: Any = None,
    folds: int = FOLDS,
    epochs: int | None = None,
    progress: TrainingProgress | None = None,
) -> "pd.DataFrame":
    """Find training samples whose labels are likely wrong, and write them to the run's ``label_errors.csv``.

    It takes about ``folds - 1`` times as long as the training.

    Args:
        run: A complete run, or its folder.
        data: The dataset of the run; needed only if it was in memory.
        folds: Parts of the training set, each judged by a network that was trained on the others.
        epochs: Of each training; by default as many as the run was trained.
        progress: Told how far each training is; nothing is told by default.

    Returns:
        A table, the most likely errors first: ``index`` (place in the training set), ``label`` and ``suggestion``
        (class names), ``confidence`` (probability of the suggestion) and ``label_probability`` (of the label).

    Raises:
        RunError: The folder is no complete run, or its data are not those that it was trained on.
        ArgumentError: There are too many folds for the data, or fewer than two.
        KeyboardInterrupt: Ctrl-C; nothing is written.
    """
    progress = progress or SilentProgress()
    recorded = load_recorded(run, data)
    dataset, loaded = recorded.dataset, recorded.loaded
    if not 2 <= folds <= min(_MOST_FOLDS, len(dataset.x_train)):  # noqa: PLR2004 - one to train on, one to judge
        raise ArgumentError(
            "folds must be from 2 to the number of training samples, at most 100",
            received=f"folds={folds} for {len(dataset.x_train):,} samples",
            advice="Give --folds 5",
        )
    if epochs is not None and epochs < 1:
        raise ArgumentError("epochs must be at least 1", received=f"epochs={epochs}", advice="Give --epochs 5")
    settings = dataclasses.replace(
        Settings(**recorded.run["settings"]), epochs=epochs or recorded.metrics["epochs"], validation="none"
    )
    probabilities = np.empty((len(dataset.x_train), dataset.classes), np.float32)
    for number, (kept, judged) in enumerate(_folds(dataset, folds, settings.seed)):
        progress.note(f"Fold {number + 1} of {folds}: training on {len(kept):,} samples to judge {len(judged):,}.")
        judge = _trained(loaded, _part(dataset, kept), settings, number, progress)
        answers = evaluate_arrays(judge, dataset.x_train[judged], dataset.y_train[judged]).probabilities
        probabilities[judged] = answers[:, : dataset.classes]
    table = _issues(dataset, probabilities)
    with whole_file(recorded.folder / _FILE) as temporary:
        table.to_csv(temporary, index=False)
    return table


def recorded_label_errors(folder: RunFolder) -> "pd.DataFrame | None":
    """Read what was found before; ``None`` where nothing was looked for."""
    if not (folder / _FILE).is_file():
        return None
    import pandas as pd

    text = {"label": str, "suggestion": str}
    return pd.read_csv(folder / _FILE, dtype=text, keep_default_na=False)


def _folds(dataset: Dataset, folds: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Places to train on and places to judge; each fold has its share of each class that is large enough."""
    from sklearn.model_selection import KFold, StratifiedKFold

    counts = np.bincount(dataset.y_train)
    kind = StratifiedKFold if counts[counts > 0].min() >= folds else KFold
    yield from kind(folds, shuffle=True, random_state=seed).split(dataset.x_train, dataset.y_train)


def _part(dataset: Dataset, kept: np.ndarray) -> Dataset:
    return dataclasses.replace(dataset, x_train=dataset.x_train[kept], y_train=dataset.y_train[kept])


def _trained(
    loaded: LoadedModel, dataset: Dataset, settings: Settings, number: int, progress: TrainingProgress
) -> LoadedModel:
    """Train a fresh network of the run's layers, loss and optimizer."""
    keras = import_keras()
    keras.utils.set_random_seed((settings.seed + number) % 2**32)
    model = keras.models.clone_model(loaded.model)
    model.compile_from_config(loaded.model.get_compile_config())
    with tempfile.TemporaryDirectory(prefix="scribal-fold-") as folder:
        checkpoint = Path(folder) / "checkpoint.npz"
        fitted = fit(model, samples_for(model, dataset, settings), settings, checkpoint=checkpoint, progress=progress)
    if fitted.status != "finished":
        raise KeyboardInterrupt
    return LoadedModel.of(model, loaded.metadata)


def _issues(dataset: Dataset, probabilities: np.ndarray) -> "pd.DataFrame":
    import pandas as pd
    from cleanlab.filter import find_label_issues

    # cleanlab wants rows that sum to one.
    rows = probabilities.astype(np.float64)
    rows /= rows.sum(axis=1, keepdims=True)
    order = find_label_issues(dataset.y_train, rows, return_indices_ranked_by="self_confidence", n_jobs=1)
    names = np.array(dataset.class_names, dtype=object)
    suggested = rows[order].argmax(axis=1)
    return pd.DataFrame(
        {
            "index": order,
            "label": names[dataset.y_train[order]],
            "suggestion": names[suggested],
            "confidence": rows[order, suggested],
            "label_probability": rows[order, dataset.y_train[order]],
        }
    )
