"""A Matplotlib backend whose windows are pictures in the album.

Matplotlib loads it by its name, as any backend that is no part of Matplotlib
(https://matplotlib.org/stable/users/explain/figure/writing_a_backend_pyplot_interface.html). A figure is saved when its
window would have been shown and closed again; one that is shown without waiting is saved when it is closed, as it looks
then.
"""

from pathlib import Path
from typing import Any

from matplotlib import is_interactive
from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from scribal.legacy.album import current_album
from scribal.legacy.journal import current_journal

__all__ = ["FigureCanvas", "FigureManager", "save_open_figures"]


class FigureManager(FigureManagerBase):
    """Stands for a window.

    Attributes:
        window: What a toolkit would offer; takes any call, such as ``window.showMaximized()``.
    """

    def __init__(self, canvas: Any, num: int | str) -> None:
        super().__init__(canvas, num)
        self.window = _Window()
        self._is_shown = False

    def show(self) -> None:
        """Show the figure without waiting: it is saved when it is closed."""
        self._is_shown = True

    def destroy(self, *_: object) -> None:
        """Close the window; the figure is saved if it was to be seen."""
        if self._is_shown:
            self._is_shown = False
            figure = self.canvas.figure
            current_album().add(lambda path: _save(figure, path))

    @classmethod
    def pyplot_show(cls, *arguments: bool, block: bool | None = None) -> None:
        """What ``plt.show()`` does: shows all open figures in order and, unless told not to wait, closes them.

        Args:
            arguments: ``block`` by its place, as Matplotlib once took it.
            block: Whether to wait until the windows are closed; by default unless in interactive mode.
        """
        for manager in _in_order():
            manager.show()
        if next(iter(arguments), block) if (arguments or block is not None) else not is_interactive():
            for manager in _in_order():
                Gcf.destroy(manager)


class FigureCanvas(FigureCanvasAgg):
    """Draws with Agg."""

    manager_class = FigureManager

    def start_event_loop(self, timeout: float = 0) -> None:
        """Wait as a window would, but never for a click: nobody can give one."""
        if timeout > 0:
            super().start_event_loop(timeout)

    def set_window_title(self, title: str) -> None:
        """Name the window; since Matplotlib 3.6 its manager does so."""
        current_journal().adapted("canvas.set_window_title", "canvas.manager.set_window_title")
        if self.manager is not None:
            self.manager.set_window_title(title)


class _Window:
    def __getattr__(self, name: str) -> "_Window":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: object, **__: object) -> "_Window":
        return self


def save_open_figures() -> None:
    """Save and close what is still open."""
    FigureManager.pyplot_show(block=True)


def _in_order() -> list[FigureManagerBase]:
    return sorted(Gcf.get_all_fig_managers(), key=lambda manager: int(manager.num))


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path)
