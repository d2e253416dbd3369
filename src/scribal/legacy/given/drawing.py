"""``plot_model``: without Graphviz a program goes on and is told what it needs, as Keras does in notebooks."""

import importlib
from typing import Any

from scribal.legacy.journal import current_journal

__all__ = ["plot_model"]


def plot_model(model: Any, to_file: str = "model.png", *args: Any, **options: Any) -> Any:
    """Draw a model's layers into a file, with pydot and Graphviz.

    Where one of these is not installed, a line on standard output says so, and nothing is drawn.
    """
    drawing = importlib.import_module("keras.src.utils.model_visualization")
    if not (drawing.check_pydot() and drawing.check_graphviz()):
        print("plot_model draws with pydot (pip install pydot) and Graphviz (https://graphviz.gitlab.io/download/).")
        print(f"One of them is not installed, so {to_file} was not written. model.summary() prints the layers.")
        return None
    picture = drawing.plot_model(model, to_file, *args, **options)
    current_journal().wrote(to_file)
    return picture
