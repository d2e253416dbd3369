"""Matplotlib's styles, functions and arguments that have another name today."""

import contextlib
import functools
import importlib
from typing import Any

from scribal.legacy.changes.other_libraries import KEYWORDS
from scribal.legacy.journal import current_journal
from scribal.legacy.other_libraries.names import renamed_keywords, replace

__all__ = ["adapt_pyplot", "adapt_styles"]


def adapt_styles(style: Any, undo: contextlib.ExitStack) -> None:
    """Let the styles named after seaborn be found by the names they had until Matplotlib 3.6."""
    library = style.library
    old = {name.replace("-v0_8", ""): name for name in library if name.startswith("seaborn-v0_8")}
    use = style.use

    @functools.wraps(use)
    def stand_in(style: Any) -> None:
        names = [style] if isinstance(style, str) else style
        if isinstance(names, list | tuple):
            for name in names:
                if isinstance(name, str) and name in old and name not in library:
                    current_journal().adapted(f"style.use({name!r})", f"style.use({old[name]!r})")
            names = [old.get(name, name) if isinstance(name, str) and name not in library else name for name in names]
        use(names)

    replace(style, "use", stand_in, undo)


def adapt_pyplot(pyplot: Any, undo: contextlib.ExitStack) -> None:
    """Let functions of pyplot, and methods of axes and figures, take what they took."""
    for qualified, keywords in KEYWORDS.items():
        if qualified.startswith("matplotlib."):
            module, _, name = qualified.rpartition(".")
            owner = pyplot if module == pyplot.__name__ else _class(module)
            renamed_keywords(owner, name, keywords, undo)

    def hold(*_: object) -> None:
        current_journal().adapted("hold()", "")

    replace(pyplot, "hold", hold, undo)
    replace(_class("matplotlib.axes.Axes"), "hold", hold, undo)
    figure = _class("matplotlib.figure.Figure")
    gca = figure.gca

    @functools.wraps(gca)
    def axes(self: Any, **options: Any) -> Any:
        if not options:
            return gca(self)
        current_journal().adapted("gca(projection=...)", "add_subplot(projection=...)")
        return self.add_subplot(**options)

    def current_axes(**options: Any) -> Any:
        return pyplot.gcf().gca(**options)

    replace(figure, "gca", axes, undo)
    replace(pyplot, "gca", functools.wraps(pyplot.gca)(current_axes), undo)
    colours = importlib.import_module("matplotlib").colormaps
    for old, modern in {"spectral": "nipy_spectral", "Vega10": "tab10", "Vega20": "tab20"}.items():
        if old not in colours:
            colours.register(colours[modern], name=old)
            undo.callback(colours.unregister, old)


def _class(qualified: str) -> Any:
    module, _, name = qualified.rpartition(".")
    return getattr(importlib.import_module(module), name)
