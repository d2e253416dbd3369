"""The mistakes of a network, filtered by what was there and what it said."""

from pathlib import Path
from typing import Any

import pandas as pd

from scribal.exceptions import UnknownNameError
from scribal.runs.evaluation import evaluate
from scribal.runs.folder import RunFolder
from scribal.runs.loading import as_path

__all__ = ["errors"]


def errors(model: Any, *, true: Any = None, predicted: Any = None, data: Any = None) -> pd.DataFrame:
    """List the misclassified test samples, most confident first.

    Args:
        model: A run folder, whose list is read; or a model file or ``keras.Model``, which is evaluated.
        true: Only those of this class; its name, such as ``5`` or ``"Coat"``.
        predicted: Only those taken for this class.
        data: A dataset's name or path; by default the one that the run was trained on, or MNIST.

    Returns:
        A table with the columns ``index``, ``label``, ``prediction``, ``confidence`` and ``label_probability``.

    Raises:
        UnknownNameError: There is no class of that name.
    """
    model = as_path(model)
    table, class_names = _recorded(model) if data is None and _is_complete_run(model) else _computed(model, data)
    for column, wanted in (("label", true), ("prediction", predicted)):
        if wanted is None:
            continue
        if str(wanted) not in class_names:
            raise UnknownNameError("class", str(wanted), class_names)
        table = table[table[column] == str(wanted)]
    return table.reset_index(drop=True)


def _is_complete_run(model: Any) -> bool:
    return isinstance(model, Path) and (model / "misclassified.csv").is_file()


def _recorded(path: Path) -> tuple[pd.DataFrame, list[str]]:
    folder = RunFolder.open(path)
    class_names = folder.read_json("run.json")["dataset"]["class_names"]
    text = {"label": str, "prediction": str}
    return pd.read_csv(folder / "misclassified.csv", dtype=text, keep_default_na=False), class_names


def _computed(model: Any, data: Any) -> tuple[pd.DataFrame, list[str]]:
    evaluation = evaluate(model, data)
    return evaluation.misclassified, list(evaluation.class_names)
