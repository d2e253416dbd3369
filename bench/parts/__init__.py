"""The measurements: functions of the same form, each of which yields a workload's figures as soon as it has them."""

from collections.abc import Callable, Iterator

from bench.parts.busy import measure_busy
from bench.parts.commands import measure_commands
from bench.parts.compiling import measure_compiling
from bench.parts.kernels import measure_kernels
from bench.parts.options import Figures, Options
from bench.parts.prediction import measure_prediction
from bench.parts.training import measure_training
from bench.parts.whole import measure_whole

__all__ = ["PARTS", "Figures", "Options"]

PARTS: dict[str, Callable[[Options], Iterator[tuple[str, Figures]]]] = {
    "training": measure_training,
    "prediction": measure_prediction,
    "whole": measure_whole,
    "commands": measure_commands,
    "compiling": measure_compiling,
    "kernels": measure_kernels,
    "busy": measure_busy,
}
