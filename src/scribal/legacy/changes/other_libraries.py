"""Names that NumPy, SciPy, Pillow, pandas and Matplotlib had, and what says the same today.

From the libraries' own notes: https://numpy.org/doc/stable/numpy_2_0_migration_guide.html,
https://numpy.org/devdocs/release/1.20.0-notes.html, https://docs.scipy.org/doc/scipy/release.html,
https://pillow.readthedocs.io/en/stable/deprecations.html.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["KEYWORDS", "LIBRARY_NAMES"]

_NUMPY = {
    "Inf": "numpy.inf",
    "Infinity": "numpy.inf",
    "NAN": "numpy.nan",
    "NaN": "numpy.nan",
    "PINF": "numpy.inf",
    "alltrue": "numpy.all",
    "bool8": "numpy.bool_",
    "complex": "complex",
    "complex_": "numpy.complex128",
    "cumproduct": "numpy.cumprod",
    "float": "float",
    "float_": "numpy.float64",
    "in1d": "numpy.isin",
    "infty": "numpy.inf",
    "int": "int",
    "int0": "numpy.intp",
    "mat": "numpy.asmatrix",
    "math": "math",
    "object": "object",
    "product": "numpy.prod",
    "rank": "numpy.ndim",
    "round_": "numpy.round",
    "row_stack": "numpy.vstack",
    "sometrue": "numpy.any",
    "str": "str",
    "string_": "numpy.bytes_",
    "trapz": "numpy.trapezoid",
    "uint0": "numpy.uintp",
    "unicode": "str",
    "unicode_": "numpy.str_",
}

_SCIPY = {
    name: f"numpy.{name}"
    for name in ("arange", "array", "exp", "interp", "linspace", "log", "mean", "ones", "pi", "sqrt", "std", "zeros")
} | {
    "integrate.cumtrapz": "scipy.integrate.cumulative_trapezoid",
    "integrate.simps": "scipy.integrate.simpson",
    "integrate.trapz": "scipy.integrate.trapezoid",
    "misc.ascent": "scipy.datasets.ascent",
    "misc.comb": "scipy.special.comb",
    "misc.face": "scipy.datasets.face",
    "misc.factorial": "scipy.special.factorial",
    "misc.logsumexp": "scipy.special.logsumexp",
    "rand": "numpy.random.rand",
    "randn": "numpy.random.randn",
    "signal.gaussian": "scipy.signal.windows.gaussian",
    "signal.hamming": "scipy.signal.windows.hamming",
    "signal.hann": "scipy.signal.windows.hann",
}

_PILLOW = {
    "Image.ANTIALIAS": "PIL.Image.Resampling.LANCZOS",
    "Image.CUBIC": "PIL.Image.Resampling.BICUBIC",
    "Image.LINEAR": "PIL.Image.Resampling.BILINEAR",
}

_PANDAS = {
    "datetime": "datetime.datetime",
    "np": "numpy",
    "scatter_matrix": "pandas.plotting.scatter_matrix",
}

_MATPLOTLIB = {
    "cm.get_cmap": "matplotlib.pyplot.get_cmap",
    "cm.spectral": "matplotlib.cm.nipy_spectral",
}

LIBRARY_NAMES: Mapping[str, str] = MappingProxyType(
    {f"numpy.{old}": modern for old, modern in _NUMPY.items()}
    | {f"scipy.{old}": modern for old, modern in _SCIPY.items()}
    | {f"PIL.{old}": modern for old, modern in _PILLOW.items()}
    | {f"pandas.{old}": modern for old, modern in _PANDAS.items()}
    | {f"matplotlib.{old}": modern for old, modern in _MATPLOTLIB.items()}
)
"""An old qualified name, and the qualified name of the same thing today; one without a dot is Python's own."""

KEYWORDS: Mapping[str, Mapping[str, str | None]] = MappingProxyType(
    {
        "matplotlib.axes.Axes.grid": {"b": "visible"},
        "matplotlib.axes.Axes.hist": {"normed": "density"},
        "matplotlib.axes.Axes.imshow": {"hold": None},
        "matplotlib.axes.Axes.plot": {"axes": None, "hold": None},
        "matplotlib.axes.Axes.scatter": {"hold": None},
        "matplotlib.figure.Figure.add_subplot": {"axisbg": "facecolor"},
        "matplotlib.figure.Figure.savefig": {"frameon": None},
        "matplotlib.pyplot.annotate": {"s": "text"},
        "matplotlib.pyplot.bar": {"left": "x"},
        "matplotlib.pyplot.stem": {"use_line_collection": None},
        "pandas.read_csv": {"error_bad_lines": None, "warn_bad_lines": None},
    }
)
"""Functions and methods with arguments that have another name today, or, where it is None, none at all."""
