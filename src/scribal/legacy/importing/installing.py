"""Everything that old imports need goes into this process, and comes out again."""

import contextlib
import importlib
import sys
from collections.abc import Iterator

from scribal.backend import import_keras
from scribal.legacy.importing.additions import ADDED_TO, add_old_names
from scribal.legacy.importing.finder import OldModuleFinder
from scribal.legacy.importing.homes import home_of
from scribal.legacy.importing.lookup import exists
from scribal.legacy.importing.modules import OldModule
from scribal.legacy.tensorflow.arrays import arrays_as_tensors

__all__ = ["installed_modules"]


@contextlib.contextmanager
def installed_modules() -> Iterator[None]:
    """Let old imports find what they stood for, until the block ends.

    Modules that are gone can be imported; modules of today answer to names they have lost; ``tensorflow`` is Keras and
    a small part of TensorFlow, whether TensorFlow is installed or not.
    """
    keras = import_keras()
    with contextlib.ExitStack() as undo:
        undo.callback(exists.cache_clear)
        undo.callback(home_of.cache_clear)
        undo.enter_context(_keras_without_tensorflow())
        undo.enter_context(_modules_restored())
        undo.enter_context(arrays_as_tensors())
        waiting = frozenset(name for name in ADDED_TO if name not in sys.modules)
        finder = OldModuleFinder(waiting, lambda module: add_old_names(module, undo))
        sys.meta_path.insert(0, finder)
        undo.callback(sys.meta_path.remove, finder)
        exists.cache_clear()
        for name in sorted(ADDED_TO - waiting):
            add_old_names(sys.modules[name], undo)
        assert keras.layers is sys.modules["keras.layers"]
        yield


@contextlib.contextmanager
def _keras_without_tensorflow() -> Iterator[None]:
    """Keep Keras from taking scribal's ``tensorflow`` for the real one, of which it would ask much more."""
    lazy = importlib.import_module("keras.src.utils.module_utils").tensorflow
    before = dict(vars(lazy))

    def initialize() -> None:
        raise ImportError("TensorFlow is not used while an old program runs: Keras works on JAX")

    vars(lazy).update(_available=False, module=None, initialize=initialize)
    try:
        yield
    finally:
        vars(lazy).clear()
        vars(lazy).update(before)


@contextlib.contextmanager
def _modules_restored() -> Iterator[None]:
    """Take out the old modules that were imported, and put back a TensorFlow that was there before."""
    displaced = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "tensorflow"}
    for name in displaced:
        del sys.modules[name]
    try:
        yield
    finally:
        for name, module in list(sys.modules.items()):
            is_old = isinstance(module, OldModule)
            if is_old or name.split(".")[0] in {"tensorflow", "tf_keras"}:
                del sys.modules[name]
            owner, _, child = name.rpartition(".")
            if is_old and vars(sys.modules.get(owner, object)).get(child) is module:
                delattr(sys.modules[owner], child)
        sys.modules.update(displaced)
