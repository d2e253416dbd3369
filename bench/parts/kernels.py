"""Operations a second of each kernel, in one thread, against the most that the machine can do."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.parts.options import Figures, Options
from bench.prepare import prepare_case
from bench.workloads import WORKLOADS
from scribal.engine.cache import CACHE_VARIABLE

__all__ = ["measure_kernels", "run_script"]

_NAMES = ("tiny-cnn", "two-conv", "lenet", "dropout-cnn", "keras-example", "mlp", "vgg-mini")

_LONGEST = 300.0  # seconds


def measure_kernels(options: Options) -> Iterator[tuple[str, Figures]]:
    """Measure the kernels of a training; the best of all rounds, since nobody else's figures stand beside.

    Yields:
        A workload's name, with ``peak_gflops``; ``seconds`` of an epoch; and ``passes``, see
        ``bench.workers.scribal_kernels``.
    """
    for workload in options.chosen(WORKLOADS[name] for name in _NAMES):
        folder = prepare_case(workload.name, options.samples)
        # Code from the cache was written without a clock in it.
        variables = {CACHE_VARIABLE: "off"}
        runs = [run_script("scribal_kernels", folder, variables) for _ in range(min(options.rounds, 2))]
        figures = min(runs, key=lambda run: run.get("seconds", 0.0))
        if "peak_gflops" in figures:
            figures["peak_gflops"] = max(run["peak_gflops"] for run in runs)
        options.console.print(f"{workload.name}, kernels of an epoch of {figures.get('seconds', 0.0):.3f} s")
        yield workload.name, figures


def run_script(name: str, case: Path, variables: dict[str, str] | None = None) -> Figures:
    """Run one of scribal's own scripts on a case in a new process, and read what it prints."""
    environment = os.environ | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"} | (variables or {})
    command = [sys.executable, "-m", f"bench.workers.{name}", str(case)]
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=_LONGEST)
    figures: Figures = json.loads(answer.stdout)
    return figures
