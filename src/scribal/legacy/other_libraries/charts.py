"""seaborn's charts, which took their data by position, and have other names for a few things, since 0.12.

Sources: https://seaborn.pydata.org/whatsnew/v0.9.0.html, v0.11.0 and v0.12.0.
"""

import contextlib
import functools
from typing import Any

from scribal.legacy.journal import current_journal
from scribal.legacy.other_libraries.names import renamed_keywords, replace

__all__ = ["adapt_charts"]

_ORDER = ("x", "y", "hue", "data")
_BY_POSITION = (
    *("barplot", "boxplot", "catplot", "countplot", "jointplot", "lineplot", "lmplot", "pointplot", "regplot"),
    *("scatterplot", "stripplot", "swarmplot", "violinplot"),
)
_SIZED = ("FacetGrid", "JointGrid", "PairGrid", "catplot", "jointplot", "lmplot", "pairplot")


def adapt_charts(seaborn: Any, undo: contextlib.ExitStack) -> None:
    """Let seaborn's functions take arguments as they did, and give ``factorplot`` back."""
    for name in _BY_POSITION:
        replace(seaborn, name, _by_position(getattr(seaborn, name)), undo)
    for name in _SIZED:
        renamed_keywords(seaborn, name, {"size": "height"}, undo)

    def factorplot(*args: Any, **kwargs: Any) -> Any:
        current_journal().adapted("factorplot()", 'catplot(kind="point")')
        return seaborn.catplot(*args, **{"kind": "point"} | kwargs)

    replace(seaborn, "factorplot", factorplot, undo)


def _by_position(function: Any) -> Any:
    """A chart that takes values by position; a table, or values that are all there is, seaborn takes today."""

    @functools.wraps(function)
    def stand_in(*args: Any, **kwargs: Any) -> Any:
        # Of a table, today's first place is that of the data.
        is_old = len(args) > 1 or (args and "data" in kwargs) or getattr(next(iter(args), None), "ndim", 2) == 1
        if not is_old or not current_journal().is_asked_by_user():
            return function(*args, **kwargs)
        named = dict(zip(_ORDER, args, strict=False))
        shown = ", ".join(named)
        current_journal().adapted(
            f"{function.__name__}({shown})", f"{function.__name__}({', '.join(f'{name}={name}' for name in named)})"
        )
        return function(**named, **kwargs)

    return stand_in
