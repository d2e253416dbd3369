"""How a worker is spoken to: a line of JSON in, a line of JSON out; in between it waits and does nothing.

::

    {"do": "load", "folder": ..., "training": true}  -> {"seconds": 2.1}
    {"do": "warm up"}                                -> {"seconds": 3.4}
    {"do": "train", "epochs": 1}                     -> {"seconds": 0.61}
    {"do": "score"}                                  -> {"accuracy": 0.9812}
    {"do": "predict", "images": 10000, "batch": 500} -> {"seconds": 0.2}
    {"do": "latency", "images": 1000}                -> {"microseconds": [...]}
    {"do": "answer"}                                 -> {"outputs": [0.1, ...]}
    {"do": "about"}                                  -> {"versions": ..., "peak_bytes": ..., "process_seconds": ...}

What fails answers ``{"error": ...}``.
"""

import json
import os
import resource
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.workers.case import Case, Floats, read_case

__all__ = ["Worker", "available_cores", "peak_bytes", "serve"]

# First calls, whose time is left out: memory is found, code is warm afterwards.
_FIRST_CALLS = 50
_MOST_SECONDS = 3.0


class Worker(ABC):
    """Trains and predicts with one framework, in one setting.

    Attributes:
        libraries: Names of the distributions whose versions matter.
        case: What was loaded.
    """

    libraries: tuple[str, ...] = ()
    case: Case

    @abstractmethod
    def load(self, case: Case, *, training: bool) -> None:
        """Make the network ready, with its initial weights, to be trained or to predict."""

    @abstractmethod
    def warm_up(self) -> None:
        """Compile what training compiles on its first call, and put the weights back."""

    @abstractmethod
    def train(self, epochs: int) -> None:
        """Train for some epochs on all samples, in random order."""

    @abstractmethod
    def predict(self, images: Floats, batch: int) -> Floats:
        """Answer for scaled images, ``batch`` at a time; returns ``(n, classes)``."""

    def score(self) -> float:
        """Measure the accuracy on the test set."""
        return self.case.accuracy(self.predict(self.case.inputs("test"), 1000))

    def predict_one(self, image: Floats) -> Floats:
        """Answer for one image, in the quickest way; returns ``(1, classes)``."""
        return self.predict(image, 1)


def available_cores() -> int:
    """Cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def serve(make: Callable[..., Worker]) -> None:
    """Answer commands until the input ends; the command line's first argument is the setting, as JSON.

    Args:
        make: The worker's class; takes the setting as keyword arguments.
    """
    # Libraries may print what they like: standard output is put out of their reach.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker: Worker | None = None
    for line in sys.stdin:
        command = json.loads(line)
        try:
            worker = worker or make(**json.loads(sys.argv[1]))
            reply = _obey(worker, command)
        except Exception as error:  # noqa: BLE001 (whatever a framework raises is told to who asked)
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=replies, flush=True)


def _obey(worker: Worker, command: dict[str, Any]) -> dict[str, Any]:
    actions: dict[str, Callable[[], dict[str, Any]]] = {
        "load": lambda: _load(worker, Path(command["folder"]), training=command["training"]),
        "warm up": lambda: _timed(worker.warm_up),
        "train": lambda: _timed(lambda: worker.train(command["epochs"])),
        "score": lambda: {"accuracy": worker.score()},
        "predict": lambda: _predict(worker, command["images"], command["batch"]),
        "latency": lambda: {"microseconds": _latencies(worker, command["images"])},
        "answer": lambda: {"outputs": worker.predict(worker.case.inputs("test")[:1], 1)[0].tolist()},
        "about": lambda: _about(worker),
    }
    return actions[command["do"]]()


def _load(worker: Worker, folder: Path, *, training: bool) -> dict[str, float]:
    worker.case = read_case(folder)
    return _timed(lambda: worker.load(worker.case, training=training))


def _predict(worker: Worker, count: int, batch: int) -> dict[str, float]:
    images = worker.case.inputs("test")[:count]
    return _timed(lambda: worker.predict(images, batch))


def _timed(action: Callable[[], object]) -> dict[str, float]:
    start = time.perf_counter()
    action()
    return {"seconds": time.perf_counter() - start}


def _latencies(worker: Worker, count: int) -> list[float]:
    """Microseconds of single predictions, one after the other, each of another image; fewer if they are slow."""
    images = worker.case.inputs("test")
    times: list[float] = []
    begin = time.perf_counter()
    for number in range(-_FIRST_CALLS, count):
        if times and time.perf_counter() - begin > _MOST_SECONDS:
            break
        image = images[number % len(images)][None].copy()
        start = time.perf_counter_ns()
        worker.predict_one(image)
        if number >= 0:
            times.append((time.perf_counter_ns() - start) / 1000)
    return times


def _about(worker: Worker) -> dict[str, Any]:
    return {
        "versions": {"python": sys.version.split()[0], **{name: version(name) for name in worker.libraries}},
        "peak_bytes": peak_bytes("self") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "process_seconds": time.process_time(),
    }


def peak_bytes(process: int | str) -> int | None:
    """The most memory a process has had resident; None if the system does not tell, or the process has ended.

    On Linux getrusage counts what the process was before it became its program, too.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), None)
