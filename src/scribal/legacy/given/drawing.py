"""Pictures of models: without Graphviz a program goes on and is told what it needs, as Keras does in notebooks."""

import importlib
from typing import Any

from scribal.legacy.journal import current_journal

__all__ = ["model_to_dot", "plot_model"]

_DRAWING = "keras.src.utils.model_visualization"


def plot_model(model: Any, to_file: str = "model.png", *args: Any, **options: Any) -> Any:
    """Draw a model's layers into a file, with pydot and Graphviz.

    Where one of these is not installed, a line on standard output says so, and nothing is drawn.
    """
    drawing = importlib.import_module(_DRAWING)
    if not (drawing.check_pydot() and drawing.check_graphviz()):
        _tell_what_is_needed("plot_model", f"{to_file} was not written")
        return None
    picture = drawing.plot_model(model, to_file, *args, **options)
    current_journal().wrote(to_file)
    return picture


def model_to_dot(model: Any, *args: Any, **options: Any) -> Any:
    """A model's layers as a graph of pydot's.

    Where pydot is not installed, a line on standard output says so, and the graph is empty.
    """
    drawing = importlib.import_module(_DRAWING)
    if drawing.check_pydot():
        return drawing.model_to_dot(model, *args, **options)
    _tell_what_is_needed("model_to_dot", "the graph is empty")
    return _EmptyGraph()


class _EmptyGraph:
    """Takes any call, such as ``create(prog="dot", format="svg")``, and gives an empty picture."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: b""


def _tell_what_is_needed(function: str, instead: str) -> None:
    print(f"{function} draws with pydot (pip install pydot) and Graphviz (https://graphviz.gitlab.io/download/).")
    print(f"One of them is not installed, so {instead}. model.summary() prints the layers.")
