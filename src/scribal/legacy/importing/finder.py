"""The finder that Python's import machinery asks for modules of old code."""

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from scribal.legacy.importing.homes import HOMES, home_of
from scribal.legacy.importing.lookup import NAMESPACES, exists, modern_module
from scribal.legacy.importing.modules import OldModule
from scribal.legacy.journal import current_journal

__all__ = ["OldModuleFinder"]

_ROOTS = (
    *("cPickle", "keras.", "keras_applications", "keras_preprocessing", "mnist", "pandas.tools", "sklearn."),
    *("tensorflow", "tf_keras"),
)


class OldModuleFinder(MetaPathFinder):
    """Finds modules under names of old code, before any other finder is asked.

    It has to come first: ``tensorflow.keras`` is Keras itself, so that another finder would load ``layers`` from Keras'
    folder a second time, as ``tensorflow.keras.layers``.
    """

    def __init__(self) -> None:
        self._asking: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find an old module; leave those of today to other finders."""
        del path, target
        if not fullname.startswith(_ROOTS) or fullname in self._asking:
            return None
        modern = modern_module(fullname)
        if fullname not in HOMES and modern is not None and exists(modern):
            root = fullname.partition(".")[0]
            inside = root == modern.partition(".")[0] != "tensorflow"
            loader = OldModuleLoader() if inside else OtherNameLoader(modern)
            return ModuleSpec(fullname, loader, is_package=True)
        if (fullname in HOMES or fullname in NAMESPACES) and not self._is_found_elsewhere(fullname):
            return ModuleSpec(fullname, OldModuleLoader(), is_package=True)
        return None

    def _is_found_elsewhere(self, name: str) -> bool:
        """Whether a library of today has the module; TensorFlow's are scribal's, whether it is installed or not."""
        if name.startswith("tensorflow"):
            return False
        self._asking.add(name)
        try:
            return importlib.util.find_spec(name) is not None
        finally:
            self._asking.discard(name)


class OldModuleLoader(Loader):
    """Makes the module object of a name that is gone."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make it."""
        return OldModule(spec.name, "A module of old code; its names are looked up in today's libraries.")

    def exec_module(self, module: ModuleType) -> None:
        """Tell the journal where the module's contents are today."""
        home = home_of(module.__name__)
        vars(module).update(
            {name: value for name, value in vars(home).items() if name == "__version__"} if home else {}
        )
        modern = modern_module(module.__name__)
        if modern:
            current_journal().adapted(module.__name__, modern)


class OtherNameLoader(Loader):
    """Gives a module of today under an old name as well: the same object.

    Args:
        modern: The name of the module.
    """

    def __init__(self, modern: str) -> None:
        self._modern = modern

    def create_module(self, spec: ModuleSpec) -> None:
        """Let Python make a module object, which nobody will see."""

    def exec_module(self, module: ModuleType) -> None:
        """Put the real module in its place, as the import machinery allows while a module is executed."""
        current_journal().adapted(module.__name__, self._modern)
        sys.modules[module.__name__] = importlib.import_module(self._modern)
