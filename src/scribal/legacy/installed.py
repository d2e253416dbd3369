"""All that old code finds again, put into this process and taken out of it."""

import contextlib
from collections.abc import Iterator

from scribal.legacy.after_import import after_import
from scribal.legacy.album import Album
from scribal.legacy.compiling import compiled_modules
from scribal.legacy.journal import Journal, recording
from scribal.legacy.pictures import saved_pictures
from scribal.legacy.program import Program
from scribal.legacy.scalars import scalar_helpers
from scribal.legacy.written import note_hdf5_files, noted_files

__all__ = ["installed"]


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
    del engine
    with contextlib.ExitStack() as stack:
        stack.enter_context(recording(journal))
        stack.enter_context(noted_files(journal))
        stack.enter_context(scalar_helpers())
        stack.enter_context(compiled_modules(program))

        stack.enter_context(after_import({"h5py": note_hdf5_files}))
        stack.enter_context(saved_pictures(album))
        yield
