"""A model in whatever form a user holds it: a path, a Keras object, or loaded already."""

from pathlib import Path
from typing import Any

from scribal.exceptions import ModelError
from scribal.models import LoadedModel, load_model
from scribal.runs.folder import RunFolder

__all__ = ["as_loaded", "as_path"]


def as_path(model: Any) -> Any:
    """The path of a run, of its folder, or of what is a path already; anything else as it is."""
    model = getattr(model, "folder", model)
    if isinstance(model, RunFolder):
        model = model.path
    return Path(model) if isinstance(model, str) else model


def as_loaded(model: Any) -> LoadedModel:
    """Load a model from a run, its folder, or a file; wrap a ``keras.Model``; return a loaded one as it is.

    Raises:
        ModelError: There is no usable model.
    """
    model = as_path(model)
    if isinstance(model, LoadedModel):
        return model
    if isinstance(model, Path):
        return load_model(model)
    if not hasattr(model, "predict") or not hasattr(model, "input_shape"):
        raise ModelError(
            "A model is a run folder, a model file or a keras.Model",
            received=type(model).__name__,
            advice="Give a path, or what keras or scribal.load_model returned",
        )
    return LoadedModel.of(model)
