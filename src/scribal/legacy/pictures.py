"""Pictures saved where a window would have shown them: Matplotlib's figures, Pillow's and OpenCV's images."""

import contextlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from scribal.legacy.after_import import after_import
from scribal.legacy.album import Album, current_album, opened_album
from scribal.legacy.windows import save_shown_images

__all__ = ["saved_pictures"]

_BACKEND = "module://scribal.legacy.figures"


@contextlib.contextmanager
def saved_pictures(album: Album) -> Iterator[None]:
    """Let ``plt.show()`` and ``Image.show()`` save to an album, whatever backend the program asks for."""
    with contextlib.ExitStack() as undoing, opened_album(album):
        actions = {
            "cv2": lambda module: save_shown_images(module, undoing),
            "matplotlib": lambda module: _ask_for_no_toolkit(undoing, module),
            "matplotlib.pyplot": lambda module: _choose_backend(undoing, module),
            "PIL.ImageShow": lambda module: _take_over_viewing(undoing, module),
        }
        with after_import(actions):
            yield


def save_open_figures() -> None:
    """Save and close the figures that are open, if the program draws any."""
    if "scribal.legacy.figures" in sys.modules:
        sys.modules["scribal.legacy.figures"].save_open_figures()


def _ask_for_no_toolkit(undoing: contextlib.ExitStack, matplotlib: Any) -> None:
    undoing.callback(matplotlib.interactive, matplotlib.is_interactive())
    _replace(undoing, matplotlib, "use", _use_nothing)


def _use_nothing(backend: str, *, force: bool = True, warn: bool = True) -> None:
    """Stand for ``matplotlib.use``: no window is opened, whichever toolkit it would belong to."""
    del backend, force, warn


def _choose_backend(undoing: contextlib.ExitStack, pyplot: ModuleType) -> None:
    """Take scribal's backend whenever pyplot looks for one, at its first figure or when it is told to switch."""
    switch = pyplot.switch_backend

    def switch_backend(newbackend: str) -> None:
        del newbackend
        switch(_BACKEND)

    _replace(undoing, pyplot, "switch_backend", switch_backend)
    if pyplot._backend_mod is not None:  # noqa: SLF001 (pyplot has no public word for "chosen already")
        undoing.callback(switch, pyplot.get_backend())
        switch(_BACKEND)


def _take_over_viewing(undoing: contextlib.ExitStack, viewing: Any) -> None:
    class Viewer(viewing.Viewer):  # type: ignore[misc]  # its module is known only now
        def show(self, image: Any, **options: Any) -> int:
            del options
            current_album().add(image.save)
            return 1

    viewer = Viewer()
    viewing.register(viewer, 0)
    undoing.callback(viewing._viewers.remove, viewer)  # noqa: SLF001 (Pillow registers and never forgets)


def _replace(undoing: contextlib.ExitStack, module: ModuleType, name: str, value: Any) -> None:
    undoing.callback(setattr, module, name, getattr(module, name))
    setattr(module, name, value)
