"""Where the time of an epoch goes: each kernel's share, taken inside the machine code of a real training.

Every call of a kernel is put between two readings of the clock, which take some 50 ns together. Sparse kernels thus
find the zeros that a training really has, and caches are as they are.
"""

import json
import math
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from bench.workers.case import Case, read_case
from bench.workers.scribal import training_form
from bench.workers.scribal_peak import peak_gflops
from scribal.engine import llvm as ir
from scribal.engine.assemble.frame import Unit
from scribal.engine.errors import LoweringError
from scribal.engine.ir import INT32, INT64, POINTER, Code, Index
from scribal.engine.trainer import Trainer, order_of

__all__ = ["measure_kernels"]

_MOST_KERNELS = 500
_SPARSE = "both gradients, sparse"
_FUSED = "weight gradient and update"
# What a kernel's name begins with, and the pass it belongs to.
_PASSES = {
    "forward": "forward",
    "list steps": "forward",
    "transform filters": "forward",
    "input gradient": "input gradient",
    "weight gradient": "weight gradient",
    "bias gradient": "weight gradient",
    "collect": _SPARSE,
    "turn in": _SPARSE,
    "pack": _SPARSE,
    "sparse backward": _SPARSE,
    "unpack": _SPARSE,
    "turn out": _SPARSE,
    "list groups": _FUSED,
}


class Clock:
    """Nanoseconds of each kernel, added up by the machine code itself, in one thread.

    Attributes:
        names: The kernels, in the order of their sums.
        sums: Nanoseconds.
    """

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.sums = np.zeros(_MOST_KERNELS, np.int64)
        self._now = np.zeros(2, np.int64)  # seconds and nanoseconds, where the system writes them

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Have all kernels timed that are written meanwhile."""
        plain = Unit.call

        def timed(
            unit: Unit, code: Code, name: str, arguments: Sequence[Index], write: Callable[[Code, list[ir.Value]], None]
        ) -> None:
            if code.builder.function.name != "train":
                plain(unit, code, name, arguments, write)
                return
            place = self._address(self.sums, 8 * self.names.setdefault(name, len(self.names)))
            start = self._read(code)
            plain(unit, code, name, arguments, write)
            taken = code.builder.sub(self._read(code), start)
            code.builder.store(code.builder.add(code.builder.load(place, kind=INT64), taken), place)

        Unit.call = timed  # type: ignore[method-assign, assignment]  # only here, to look inside
        try:
            yield
        finally:
            Unit.call = plain  # type: ignore[method-assign]  # as it was

    def _read(self, code: Code) -> ir.Value:
        """Nanoseconds of the system's clock."""
        builder = code.builder
        builder.call("clock_gettime", INT32, [INT32(time.CLOCK_MONOTONIC), self._address(self._now)])
        seconds, rest = (builder.load(self._address(self._now, offset), kind=INT64) for offset in (0, 8))
        return builder.add(builder.mul(seconds, INT64(1_000_000_000)), rest)

    @staticmethod
    def _address(array: np.ndarray, offset: int = 0) -> ir.Value:
        """The array's own place in memory: code and array live in the same process."""
        return ir.Value(POINTER, f"inttoptr (i64 {array.ctypes.data + offset} to ptr)")


def measure_kernels(case: Case) -> dict[str, Any]:
    """Train for two epochs in one thread, and divide the time of the second by layers and passes.

    Returns:
        ``seconds`` of the epoch, and ``passes``: for each ``layer``, ``pass``, ``seconds``, and ``gflops``, billions
        of operations a second of the plain sum, or None for what has no such sum.
    """
    model, inputs = training_form(case)
    clock = Clock()
    with clock.installed():
        trainer = Trainer(model, batch_size=case.batch_size, threads=1)
    samples = trainer.program.samples(inputs, case.targets("train"))
    trainer.run_epoch(samples, order_of(0, 0, len(inputs)))
    clock.sums[:] = 0
    start = time.perf_counter()
    trainer.run_epoch(samples, order_of(0, 1, len(inputs)))
    seconds = time.perf_counter() - start
    operations = {
        layer.name: 2 * math.prod(layer.output.shape[1:-1]) * math.prod(layer.kernel.shape)
        for layer in model.layers
        if hasattr(layer, "kernel")
    }
    dense = {layer.name for layer in model.layers if type(layer).__name__ == "Dense"}
    times: dict[tuple[str, str], float] = defaultdict(float)
    for name, number in clock.names.items():
        kind, _, layer = name.rpartition(" ")
        part = _FUSED if kind == "update" and layer in dense else _PASSES.get(kind, kind)
        times[layer, part] += float(clock.sums[number]) / 1e9
    passes = []
    for (layer, part), taken in times.items():
        counted = operations.get(layer, 0) * (2 if part == _SPARSE else 1) * len(inputs)
        has_sum = counted and part in _PASSES.values() and taken > 0
        passes.append(
            {"layer": layer, "pass": part, "seconds": taken, "gflops": counted / taken / 1e9 if has_sum else None}
        )
    return {"seconds": seconds, "passes": passes}


def _main() -> None:
    try:
        measured = measure_kernels(read_case(Path(sys.argv[1])))
    except LoweringError as error:
        print(json.dumps({"refused": str(error)}))
        return
    print(json.dumps({"peak_gflops": peak_gflops(), **measured}))


if __name__ == "__main__":
    _main()
