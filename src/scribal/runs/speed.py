"""How quickly a trained network answers, and how much memory the process has taken."""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scribal.engine.threads import usable_threads
from scribal.models import LoadedModel, prepare
from scribal.runs.answering import natively

__all__ = ["Speed", "measure_speed", "peak_memory"]

_FEWEST_IMAGES, _MOST_IMAGES = 100, 5_000
# Seconds for each of the two measurements, after one call that compiles.
_TIME = 0.1
_FEWEST_CALLS = 3
_KERAS_BATCH = 1000


@dataclass(frozen=True)
class Speed:
    """How quickly a network answers.

    Attributes:
        images_per_second: Asked for many at once.
        latency: Seconds for one image alone: the median of many calls.
        engine: What answered: ``"native"`` or ``"keras"``.
        threads: Processor cores for many at once.
    """

    images_per_second: float
    latency: float
    engine: str
    threads: int


def measure_speed(loaded: LoadedModel, x: np.ndarray, engine: str) -> Speed | None:
    """Measure how quickly a network answers, in some tenths of a second.

    Args:
        loaded: The network.
        x: Raw samples, shape (n, …).
        engine: What answers: ``"native"`` or ``"keras"``.

    Returns:
        What was measured; ``None`` for fewer than 100 samples.

    Raises:
        LoweringError: The engine is to answer, and has no form for the model.
    """
    if len(x) < _FEWEST_IMAGES:
        return None
    ask = _ask_natively if engine == "native" else _ask_keras
    inputs = prepare(x[:_MOST_IMAGES], loaded.input_shape, loaded.metadata.scale)
    many = min(_durations(lambda: ask(loaded, inputs)))
    one = statistics.median(_durations(lambda: ask(loaded, inputs[:1])))
    return Speed(len(inputs) / many, one, engine, usable_threads())


def _ask_natively(loaded: LoadedModel, inputs: np.ndarray) -> None:
    natively(loaded, inputs)


def _ask_keras(loaded: LoadedModel, inputs: np.ndarray) -> None:
    """As a program does that asks often: one batch by the function that Keras has compiled for it."""
    if len(inputs) == 1:
        loaded.model.predict_on_batch(inputs)
    else:
        loaded.model.predict(inputs, batch_size=_KERAS_BATCH, verbose=0)


def _durations(call: Callable[[], object]) -> list[float]:
    call()
    durations: list[float] = []
    while len(durations) < _FEWEST_CALLS or sum(durations) < _TIME:
        begin = time.perf_counter()
        call()
        durations.append(time.perf_counter() - begin)
    return durations


def peak_memory() -> int:
    """The most memory that this process has held at any time, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024  # the rest of the world counts in KiB
