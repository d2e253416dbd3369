"""All that old code finds again, put into this process and taken out of it."""

import contextlib
import gc
import linecache
import os
import sys
from collections.abc import Iterator
from importlib.abc import MetaPathFinder
from types import ModuleType

from scribal.backend import import_keras
from scribal.deferred import deferred_parts
from scribal.legacy.accuracy_words import noted_accuracy_words
from scribal.legacy.after_import import after_import
from scribal.legacy.album import Album
from scribal.legacy.compiling import compiled_modules, found_helpers
from scribal.legacy.importing import installed_modules
from scribal.legacy.interactive import found_interactive_modules
from scribal.legacy.journal import Journal, Place, current_journal, recording
from scribal.legacy.other_libraries import installed_libraries
from scribal.legacy.pictures import saved_pictures
from scribal.legacy.program import Program
from scribal.legacy.written import note_hdf5_files, noted_files

__all__ = ["installed"]

_GONE_BACKENDS = {"cntk", "mxnet", "plaidml.keras.backend", "tensorflow", "theano"}


@contextlib.contextmanager
def installed(program: Program, journal: Journal, album: Album, *, engine: str = "auto") -> Iterator[None]:
    """Adapt this process to old code until the block ends.

    No library is imported for it: what belongs to one is done right after the program imports it.

    Args:
        program: Whose own modules are adapted too.
        journal: What is told of everything.
        album: Where pictures go.
        engine: ``auto``: the engine under Keras' methods where it can; ``keras``: never.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(recording(journal))
        stack.enter_context(noted_files(journal))
        stack.enter_context(found_helpers())
        stack.enter_context(noted_accuracy_words())
        stack.enter_context(found_interactive_modules())
        stack.enter_context(compiled_modules(program))
        stack.enter_context(saved_pictures(album))
        stack.enter_context(installed_libraries())

        stack.enter_context(installed_modules())

        def adapt_keras(_: ModuleType) -> None:
            # The collector need not go through all of Keras and JAX whenever it looks at what the program has made.
            gc.freeze()
            _install_in_keras(stack, engine)

        stack.enter_context(after_import({"h5py": note_hdf5_files, "keras": adapt_keras}))
        # In front of the finders above, whose actions on a part are then deferred with it.
        stack.enter_context(deferred_parts())
        stack.enter_context(_backend_chosen_in_time())
        yield


def _install_in_keras(stack: contextlib.ExitStack, engine: str) -> None:
    from scribal.legacy.constructors import installed_constructors
    from scribal.legacy.models import installed_models
    from scribal.legacy.preprocessing import installed_preprocessing

    stack.enter_context(_kept_settings())
    stack.enter_context(installed_preprocessing())
    stack.enter_context(installed_constructors())
    stack.enter_context(installed_models(engine=engine != "keras"))


@contextlib.contextmanager
def _kept_settings() -> Iterator[None]:
    """Put back what a program sets for all of Keras, such as the order of an image's axes."""
    config = import_keras().config
    axes, precision, fuzz = config.image_data_format(), config.floatx(), config.epsilon()
    try:
        yield
    finally:
        config.set_image_data_format(axes)
        config.set_floatx(precision)
        config.set_epsilon(fuzz)


@contextlib.contextmanager
def _backend_chosen_in_time() -> Iterator[None]:
    finder = _BeforeKeras()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _BeforeKeras(MetaPathFinder):
    """Finds no module, but is asked for Keras before any other finder."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        del path, target
        if fullname == "keras":
            _choose_backend()


def _choose_backend() -> None:
    """Take JAX in place of a backend that is gone, or that scribal does without, if the program asks for one."""
    asked = os.environ.get("KERAS_BACKEND", "jax")
    if asked in _GONE_BACKENDS:
        journal = current_journal()
        journal.adapted(
            f'KERAS_BACKEND="{asked}"', 'KERAS_BACKEND="jax"', place=_last_line_with("KERAS_BACKEND", journal)
        )
        os.environ["KERAS_BACKEND"] = "jax"
    os.environ.setdefault("JAX_PLATFORMS", "cpu")


def _last_line_with(word: str, journal: Journal) -> Place | None:
    """The last line of the program, before the one that is executed, in which a word stands; else that one."""
    place = journal.place()
    if place is not None:
        for line in range(place.line, 0, -1):
            if word in linecache.getline(place.file, line):
                return Place(place.file, line)
    return place
