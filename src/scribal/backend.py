"""Keras on JAX, chosen before Keras is first imported.

Keras reads its backend from the environment once, when it is imported. Every module that needs Keras gets it from
here, inside the function that needs it, so that ``import scribal`` stays light.
"""

import importlib
import os
import sys
from types import ModuleType

from scribal.deferred import deferred_parts
from scribal.garbage import without_collections

__all__ = ["choose_backend", "import_keras"]


def choose_backend() -> None:
    """Make JAX Keras' backend unless the user's environment has chosen one."""
    os.environ.setdefault("KERAS_BACKEND", "jax")


def import_keras() -> ModuleType:
    """Import Keras on scribal's backend.

    Returns:
        The module ``keras``.
    """
    choose_backend()
    # JAX otherwise announces on standard error that it looked for accelerators and found none.
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    if "keras" in sys.modules:
        return importlib.import_module("keras")
    with deferred_parts(), without_collections():
        return importlib.import_module("keras")
