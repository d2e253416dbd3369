"""``sklearn.datasets.fetch_openml`` and ``fetch_mldata``: MNIST from scribal's package, everything else as it was."""

import functools
import importlib
from typing import Any

import numpy as np

from scribal.data import load_dataset

__all__ = ["fetch_mldata", "fetch_openml"]

MODERN = {"fetch_mldata": "sklearn.datasets.fetch_openml('mnist_784')"}
_NAMES = {"mnist original", "mnist-original", "mnist_784", "mnist (original)"}
_PIXELS = 784


def fetch_openml(name: str | None = None, *, data_id: int | None = None, as_frame: Any = "auto", **options: Any) -> Any:
    """``sklearn.datasets.fetch_openml``; MNIST, by name or by its number 554, needs no network.

    Returns:
        For MNIST, a ``Bunch`` with ``data`` of shape (70000, 784), from 0 to 255, and ``target``, digits as text: the
        60,000 training images first. Frames of pandas unless ``as_frame`` is false, as scikit-learn gives them.
    """
    if (name or "").lower() not in _NAMES and data_id != 554:  # noqa: PLR2004 (MNIST's number at OpenML)
        # scikit-learn's own function: only the name in sklearn.datasets is exchanged.
        original = importlib.import_module("sklearn.datasets._openml").fetch_openml
        return original(name, data_id=data_id, as_frame=as_frame, **options)
    pixels, digits = _mnist()
    target = digits.astype(str).astype(object)
    if not as_frame:
        data = pixels.astype(np.float64)
        return (data, target) if options.get("return_X_y") else _bunch(data, target)
    import pandas as pd

    frame = pd.DataFrame(pixels, columns=[f"pixel{number}" for number in range(1, _PIXELS + 1)])
    series = pd.Series(target, name="class", dtype="category")
    return (frame, series) if options.get("return_X_y") else _bunch(frame, series)


def fetch_mldata(dataname: str, *_: Any, **__: Any) -> Any:
    """``sklearn.datasets.fetch_mldata('MNIST original')``: arrays, digits as float64, sorted within both parts."""
    if dataname.lower() not in _NAMES:
        return fetch_openml(dataname, as_frame=False)
    pixels, digits = _mnist()
    train = np.argsort(digits[:60_000], kind="stable")
    test = np.argsort(digits[60_000:], kind="stable") + 60_000
    order = np.concatenate([train, test])
    return _bunch(pixels[order], digits[order].astype(np.float64))


@functools.cache
def _mnist() -> tuple[Any, Any]:
    mnist = load_dataset("mnist")
    pixels = np.concatenate([mnist.x_train, mnist.x_test]).reshape(-1, _PIXELS)
    return pixels, np.concatenate([mnist.y_train, mnist.y_test])


def _bunch(data: Any, target: Any) -> Any:
    from sklearn.utils import Bunch

    return Bunch(data=data, target=target, feature_names=[f"pixel{n}" for n in range(1, _PIXELS + 1)], DESCR="MNIST")
