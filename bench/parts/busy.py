"""Seconds an epoch while other processes want the processor, too."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.contestants import SCRIBAL, TRAINING
from bench.parts.options import Figures, Options
from bench.parts.training import best_rival
from bench.prepare import prepare_case
from bench.process import all_started
from bench.workloads import WORKLOADS

__all__ = ["measure_busy"]

_WORKLOADS = tuple(WORKLOADS[name] for name in ("tiny-cnn", "lenet"))
_COMPETITORS_A_CORE = 2
_SPIN = "while True: pass"


def measure_busy(options: Options) -> Iterator[tuple[str, Figures]]:
    """Measure epochs of scribal and of the best rival, by turns on an idle and on a busy machine.

    Yields:
        A workload's name, with ``competitors``; ``fair``: how much longer an epoch takes if every runnable thread
        gets the same share of the cores; ``contestants``: for each ``idle`` and ``busy``, seconds by round.
    """
    cores = os.cpu_count() or 1
    competitors = _COMPETITORS_A_CORE * cores
    for workload in options.chosen(_WORKLOADS):
        known = options.known.get("training", {}).get(workload.name)
        rival = best_rival(known) if known else None
        contestants = [SCRIBAL, next((c for c in TRAINING if c.name == rival), TRAINING[1])]
        folder = str(prepare_case(workload.name, options.samples))
        commands: list[Figures] = [{"do": "load", "folder": folder, "training": True}, {"do": "warm up"}]
        figures: Figures = {"competitors": competitors, "fair": (competitors + cores) / cores}
        with all_started(contestants, commands) as (processes, refused):
            figures |= {"refused": refused, "contestants": {}}
            for process in processes:
                figures["contestants"][process.contestant.name] = {"idle": [], "busy": []}
            for number in range(options.rounds):
                for state, busy in (("idle", 0), ("busy", competitors)):
                    with _competing(busy):
                        for process in processes:
                            seconds = process.time("train", epochs=1)
                            figures["contestants"][process.contestant.name][state].append(seconds)
                            title = f"{workload.name}, {state} {number + 1}/{options.rounds}"
                            options.console.print(f"{title}  {seconds:9.3f} s  {process.contestant.name}")
        yield workload.name, figures


@contextmanager
def _competing(count: int) -> Iterator[None]:
    """Keep so many processes busy."""
    others = [subprocess.Popen([sys.executable, "-c", _SPIN]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()
