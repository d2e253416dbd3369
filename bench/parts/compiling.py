"""Seconds to compile a network for training: with an empty cache, and again with what the first left in it."""

import tempfile
from collections.abc import Iterator

from bench.parts.kernels import run_script
from bench.parts.options import Figures, Options
from bench.prepare import prepare_case
from bench.workloads import TOY, TRAINED
from scribal.engine.cache import CACHE_VARIABLE

__all__ = ["measure_compiling"]

_MOST_ROUNDS = 3


def measure_compiling(options: Options) -> Iterator[tuple[str, Figures]]:
    """Measure how long scribal compiles, each time in a new process; imports and the Keras model come before.

    Yields:
        A workload's name, with ``cold`` and ``cached``, seconds by round; or ``refused``, why it cannot be compiled.
    """
    for workload in options.chosen((*TRAINED, TOY)):
        folder = prepare_case(workload.name, options.samples)
        figures: Figures = {"cold": [], "cached": []}
        for _ in range(min(options.rounds, _MOST_ROUNDS)):
            with tempfile.TemporaryDirectory() as cache:
                for state in ("cold", "cached"):
                    answer = run_script("scribal_compiling", folder, {CACHE_VARIABLE: cache})
                    if "error" in answer:
                        figures["refused"] = answer["error"]
                    else:
                        figures[state].append(answer["seconds"])
                        options.console.print(f"{workload.name}, compiled {state}  {answer['seconds']:9.3f} s")
        yield workload.name, figures
