"""Images a second for many images, and microseconds for one: scribal and its rivals in turns."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from bench.contestants import PREDICTING, SCRIBAL
from bench.parts.options import Figures, Options
from bench.prepare import prepare_case
from bench.process import Process, WorkerError, all_started
from bench.workloads import PREDICTED

__all__ = ["measure_prediction"]

_IMAGES = 10_000
_SINGLE_IMAGES = 1000
# Each contestant predicts in batches of the size that suits it best.
_BATCHES = (100, 1000, 10_000)
_TOLERANCE = 1e-3


def measure_prediction(options: Options) -> Iterator[tuple[str, Figures]]:
    """Measure prediction; all must answer the same first.

    Yields:
        A workload's name, with ``contestants``: for each ``batch``, and by round ``images_per_second``, and
        ``p50`` and ``p99`` of a single image in microseconds; ``refused``: why others took no part.
    """
    for workload in options.chosen(PREDICTED):
        folder = str(prepare_case(workload.name, options.samples))
        commands = [{"do": "load", "folder": folder, "training": False}]
        with all_started((SCRIBAL, *PREDICTING), commands) as (processes, refused):
            _check_answers(processes)
            figures: Figures = {"contestants": {}, "refused": refused, "versions": {}}
            for process in processes:
                own = {"batch": _best_batch(process, options), "images_per_second": [], "p50": [], "p99": []}
                figures["contestants"][process.contestant.name] = own
                figures["versions"][process.contestant.environment] = process.ask("about")["versions"]
            for number in range(options.rounds):
                for process in processes:
                    own = figures["contestants"][process.contestant.name]
                    _take_turn(process, own, options)
                    told = f"{own['images_per_second'][-1]:10,.0f} images/s  {own['p50'][-1]:9.1f} us"
                    title = f"{workload.name} {number + 1}/{options.rounds}"
                    options.console.print(f"{title}  {told}  {process.contestant.name}")
        yield workload.name, figures


def _take_turn(process: Process, own: dict[str, Any], options: Options) -> None:
    images = options.samples or _IMAGES
    own["images_per_second"].append(images / process.time("predict", images=images, batch=own["batch"]))
    count = min(images, _SINGLE_IMAGES)
    latencies = process.ask("latency", images=count)["microseconds"]
    for name, share in (("p50", 50), ("p99", 99)):
        own[name].append(float(np.percentile(latencies, share)))


def _best_batch(process: Process, options: Options) -> int:
    images, times = options.samples or _IMAGES, {}
    for batch in _BATCHES:
        process.ask("predict", images=images, batch=batch)
        times[batch] = process.time("predict", images=images, batch=batch)
    return min(times, key=lambda batch: times[batch])


def _check_answers(processes: list[Process]) -> None:
    """Make sure that nobody computes something else.

    Raises:
        WorkerError: Answers for the same image with the same weights differ.
    """
    answers: dict[str, list[float]] = {p.contestant.name: p.ask("answer")["outputs"] for p in processes}
    first = next(iter(answers.values()))
    for name, answer in answers.items():
        if not np.allclose(answer, first, atol=_TOLERANCE):
            raise WorkerError(f"{name} answers otherwise than the others: {answers}")
