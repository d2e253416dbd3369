"""pandas' methods that are gone, and the kinds of values that its tables had.

Sources: https://pandas.pydata.org/docs/whatsnew/v1.0.0.html, v2.0.0 and v3.0.0 (removal of prior deprecations).
"""

import contextlib
import functools
from collections.abc import Callable, Mapping
from typing import Any

from scribal.legacy.changes.other_libraries import KEYWORDS
from scribal.legacy.journal import current_journal
from scribal.legacy.other_libraries.names import renamed_keywords, replace

__all__ = ["adapt_tables"]


def adapt_tables(pandas: Any, undo: contextlib.ExitStack) -> None:
    """Give tables back what they had: methods, positional arguments, text as objects, values that can be changed."""
    before = pandas.get_option("future.infer_string")
    undo.callback(pandas.set_option, "future.infer_string", before)
    # Text was kept as Python's strings in columns of objects until pandas 3.
    pandas.options.future.infer_string = False
    for name, (modern, method) in _SERIES_METHODS.items():
        if not hasattr(pandas.Series, name):
            replace(pandas.Series, name, _noted(name, modern, method), undo)
    for owner in (pandas.DataFrame, pandas.Series):
        for name, (modern, method) in _METHODS.items():
            if not hasattr(owner, name):
                replace(owner, name, _noted(name, modern, method), undo)
        if not hasattr(owner, "ix"):
            replace(owner, "ix", property(_Ix), undo)
        _make_values_writable(owner, undo)
    _take_axis(pandas.DataFrame, "drop", undo)
    renamed_keywords(pandas, "read_csv", KEYWORDS["pandas.read_csv"], undo)
    _adapt_reading(pandas, undo)
    _adapt_dummies(pandas, undo)


def _append(self: Any, other: Any, ignore_index: bool = False, **_: Any) -> Any:  # noqa: FBT001, FBT002
    import pandas as pd

    if isinstance(other, Mapping) or (isinstance(other, pd.Series) and isinstance(self, pd.DataFrame)):
        other = pd.DataFrame([other])
    others = other if isinstance(other, list | tuple) else [other]
    return pd.concat([self, *others], ignore_index=ignore_index)


def _sorted(self: Any, columns: Any = None, **kwargs: Any) -> Any:
    if columns is None:
        return self.sort_index(**kwargs)
    return self.sort_values(columns, **kwargs)


_METHODS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "append": ("pandas.concat([x, other])", _append),
    "applymap": ("x.map(f)", lambda self, *args, **kwargs: self.map(*args, **kwargs)),
    "as_matrix": (
        "x.values",
        lambda self, columns=None: (self if columns is None else self[columns]).to_numpy(copy=True),
    ),
    "get_values": ("x.to_numpy()", lambda self: self.to_numpy(copy=True)),
    "get_value": ("x.at[row, column]", lambda self, *place: self.at[place if len(place) > 1 else place[0]]),
    "iteritems": ("x.items()", lambda self: self.items()),
    "mad": ("(x - x.mean()).abs().mean()", lambda self: (self - self.mean()).abs().mean()),
    "sort": ("x.sort_values(by)", _sorted),
}

_SERIES_METHODS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "order": ("x.sort_values()", lambda self, **kwargs: self.sort_values(**kwargs)),
    "ravel": ("x.to_numpy()", lambda self, **_: self.to_numpy(copy=True)),
    "reshape": ("x.to_numpy().reshape(shape)", lambda self, *shape: self.to_numpy(copy=True).reshape(*shape)),
}


def _noted(name: str, modern: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def stand_in(self: Any, *args: Any, **kwargs: Any) -> Any:
        current_journal().adapted(f"x.{name}()", modern)
        return method(self, *args, **kwargs)

    stand_in.__name__ = name
    return stand_in


class _Ix:
    """``x.ix[…]``: by label and, where the labels are no numbers, by position."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __getitem__(self, key: Any) -> Any:
        current_journal().adapted("x.ix[...]", "x.loc[...] or x.iloc[...]")
        try:
            return self._table.loc[key]
        except (KeyError, TypeError):
            return self._table.iloc[self._positions(key)]

    def __setitem__(self, key: Any, value: Any) -> None:
        current_journal().adapted("x.ix[...]", "x.loc[...] or x.iloc[...]")
        try:
            self._table.loc[key] = value
        except (KeyError, TypeError):
            self._table.iloc[self._positions(key)] = value

    def _positions(self, key: Any) -> Any:
        """A key with positions for labels: rows by position, a column perhaps by its name."""
        if not (isinstance(key, tuple) and len(key) == self._table.ndim > 1):
            return key
        row, column = key
        return row, self._table.columns.get_loc(column) if isinstance(column, str) else column


def _make_values_writable(owner: Any, undo: contextlib.ExitStack) -> None:
    """Give the user's own files an array of their own where pandas 3 gives one that cannot be changed."""
    values = vars(owner)["values"]

    def writable(self: Any) -> Any:
        found = values.fget(self)
        is_fixed = not getattr(getattr(found, "flags", None), "writeable", True)
        return found.copy() if is_fixed and current_journal().is_asked_by_user() else found

    replace(owner, "values", property(writable, doc=values.__doc__), undo)


def _take_axis(owner: Any, name: str, undo: contextlib.ExitStack) -> None:
    """Let a method take the axis by its place, after the first argument."""
    method = getattr(owner, name)

    @functools.wraps(method)
    def stand_in(self: Any, labels: Any = None, *args: Any, **kwargs: Any) -> Any:
        if args:
            current_journal().adapted(f"{name}(labels, {args[0]!r})", f"{name}(labels, axis={args[0]!r})")
            kwargs["axis"] = args[0]
        return method(self, labels, **kwargs)

    replace(owner, name, stand_in, undo)


def _adapt_reading(pandas: Any, undo: contextlib.ExitStack) -> None:
    read = pandas.read_csv

    @functools.wraps(read)
    def stand_in(*args: Any, squeeze: bool = False, delim_whitespace: bool = False, **kwargs: Any) -> Any:
        if delim_whitespace:
            current_journal().adapted("read_csv(delim_whitespace=True)", "read_csv(sep=r'\\s+')")
            kwargs["sep"] = r"\s+"
        table = read(*args, **kwargs)
        if squeeze:
            current_journal().adapted("read_csv(squeeze=True)", "read_csv().squeeze('columns')")
            return table.squeeze("columns")
        return table

    replace(pandas, "read_csv", stand_in, undo)


def _adapt_dummies(pandas: Any, undo: contextlib.ExitStack) -> None:
    """Let indicator columns be numbers: as truth values they would make a table of numbers one of objects."""
    get_dummies = pandas.get_dummies

    @functools.wraps(get_dummies)
    def stand_in(*args: Any, dtype: Any = None, **kwargs: Any) -> Any:
        if dtype is None and current_journal().is_asked_by_user():
            current_journal().adapted("get_dummies(x)", 'get_dummies(x, dtype="uint8")')
            dtype = "uint8"
        return get_dummies(*args, dtype=dtype, **kwargs)

    replace(pandas, "get_dummies", stand_in, undo)
