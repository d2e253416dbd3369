"""Everything that old imports need goes into this process, and comes out again."""

import contextlib
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

from scribal.legacy.after_import import Action, after_import
from scribal.legacy.importing.additions import ADDED_TO, add_old_names
from scribal.legacy.importing.finder import OldModuleFinder
from scribal.legacy.importing.homes import home_of
from scribal.legacy.importing.lookup import exists
from scribal.legacy.importing.modules import OldModule
from scribal.legacy.tensorflow.arrays import add_numpy

__all__ = ["installed_modules"]


@contextlib.contextmanager
def installed_modules() -> Iterator[None]:
    """Let old imports find what they stood for, until the block ends.

    Modules that are gone can be imported; modules of today answer to names they have lost; ``tensorflow`` is Keras and
    a small part of TensorFlow, whether TensorFlow is installed or not. No library is imported for it.
    """
    with contextlib.ExitStack() as undo:
        for clear in (exists.cache_clear, home_of.cache_clear):
            clear()
            undo.callback(clear)
        undo.enter_context(_modules_restored())
        finder = OldModuleFinder()
        sys.meta_path.insert(0, finder)
        undo.callback(sys.meta_path.remove, finder)
        actions: dict[str, Action] = {name: lambda module: add_old_names(module, undo) for name in sorted(ADDED_TO)}
        actions["keras.src.utils.module_utils"] = lambda module: _take_tensorflow_from(module, undo)
        actions["jax"] = lambda module: add_numpy(module, undo)
        undo.enter_context(after_import(actions))
        yield


def _take_tensorflow_from(module_utils: ModuleType, undo: contextlib.ExitStack) -> None:
    """Keep Keras from taking scribal's ``tensorflow`` for the real one, of which it would ask much more."""
    lazy = vars(module_utils)["tensorflow"]
    before = dict(vars(lazy))

    def initialize() -> None:
        raise ImportError("TensorFlow is not used while an old program runs: Keras works on JAX")

    def restore() -> None:
        vars(lazy).clear()
        vars(lazy).update(before)

    # Keras asks one thing of a TensorFlow that is imported: whether a layer is inside one of its graphs.
    asked = SimpleNamespace(executing_eagerly=lambda: True)
    vars(lazy).update(_available=False, module=asked, initialize=initialize)
    undo.callback(restore)


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
            # ``isinstance`` would ask a deferred module for its class, and so execute it.
            is_old = issubclass(type(module), OldModule)
            if is_old or name.split(".")[0] in {"tensorflow", "tf_keras"}:
                del sys.modules[name]
            owner, _, child = name.rpartition(".")
            if is_old and vars(sys.modules.get(owner, object)).get(child) is module:
                delattr(sys.modules[owner], child)
        sys.modules.update(displaced)
