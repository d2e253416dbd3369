"""scribal: write the Keras you know; train it in seconds on a CPU; read the digits in your own photos.

The names below are the whole public interface. Each is imported on first use, so that ``import scribal`` costs
milliseconds and loads neither Keras nor JAX.
"""

import importlib
from typing import TYPE_CHECKING, Any

from scribal._version import __version__
from scribal.backend import choose_backend as _choose_backend

if TYPE_CHECKING:
    from scribal.data import Dataset, load_dataset
    from scribal.engine.errors import FallbackWarning
    from scribal.engine.fitting import disable, enable, fit
    from scribal.exceptions import ScribalError
    from scribal.explaining import explain
    from scribal.explaining.studies import study_filters, study_shift, study_size
    from scribal.models import convert, load_model, save_model
    from scribal.reading import Reading, read, read_pages
    from scribal.reading.doctor import diagnose
    from scribal.reading.scoring import score
    from scribal.reading.sheet import write_sheet
    from scribal.reading.tuning import tune
    from scribal.recipes import Recipe, find_recipe, recipe_names
    from scribal.runs import RunFolder, compare, errors, evaluate, find_label_errors, predict, renew_report, train

__all__ = [
    "Dataset",
    "FallbackWarning",
    "Reading",
    "Recipe",
    "RunFolder",
    "ScribalError",
    "__version__",
    "compare",
    "convert",
    "diagnose",
    "disable",
    "enable",
    "errors",
    "evaluate",
    "explain",
    "find_label_errors",
    "find_recipe",
    "fit",
    "load_dataset",
    "load_model",
    "predict",
    "read",
    "read_pages",
    "recipe_names",
    "renew_report",
    "save_model",
    "score",
    "study_filters",
    "study_shift",
    "study_size",
    "train",
    "tune",
    "write_sheet",
]

_HOME = {
    "Dataset": "scribal.data",
    "FallbackWarning": "scribal.engine.errors",
    "Reading": "scribal.reading",
    "Recipe": "scribal.recipes",
    "RunFolder": "scribal.runs",
    "ScribalError": "scribal.exceptions",
    "compare": "scribal.runs",
    "convert": "scribal.models",
    "diagnose": "scribal.reading.doctor",
    "disable": "scribal.engine.fitting",
    "enable": "scribal.engine.fitting",
    "errors": "scribal.runs",
    "evaluate": "scribal.runs",
    "explain": "scribal.explaining",
    "find_label_errors": "scribal.runs",
    "find_recipe": "scribal.recipes",
    "fit": "scribal.engine.fitting",
    "load_dataset": "scribal.data",
    "load_model": "scribal.models",
    "predict": "scribal.runs",
    "read": "scribal.reading",
    "read_pages": "scribal.reading",
    "recipe_names": "scribal.recipes",
    "renew_report": "scribal.runs",
    "save_model": "scribal.models",
    "score": "scribal.reading.scoring",
    "study_filters": "scribal.explaining.studies",
    "study_shift": "scribal.explaining.studies",
    "study_size": "scribal.explaining.studies",
    "train": "scribal.runs",
    "tune": "scribal.reading.tuning",
    "write_sheet": "scribal.reading.sheet",
}

# A program that imports scribal and then Keras gets the backend that scribal's dependencies install.
_choose_backend()


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'scribal' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if not name.startswith("_"))])
