"""Where downloaded datasets are kept."""

import os
from pathlib import Path

__all__ = ["CACHE_VARIABLE", "cache_folder"]

CACHE_VARIABLE = "SCRIBAL_DATA"
"""The environment variable that names another folder for downloaded datasets."""


def cache_folder() -> Path:
    """Give the folder for downloaded datasets: ``$SCRIBAL_DATA``, or ``scribal/data`` in the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).absolute()
    import platformdirs

    return platformdirs.user_cache_path("scribal") / "data"
