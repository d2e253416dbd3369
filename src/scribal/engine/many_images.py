"""The forward pass for many images, with images in the vector lanes: what training runs, without its way back."""

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scribal.engine.arrays import Floats, Rows, aligned
from scribal.engine.assemble import turns
from scribal.engine.assemble.epoch import write_prediction
from scribal.engine.assemble.frame import PREDICT_ARGUMENTS
from scribal.engine.graph import Graph
from scribal.engine.jit import Native
from scribal.engine.packing import packing_of
from scribal.engine.plan import Plan
from scribal.engine.target import Target

__all__ = ["ManyImages"]

_COUNTS = 3
# Samples of a batch; decides only how many groups a dense network takes together.
BATCH = 256


class ManyImages:
    """A network that answers for groups of images; many threads may ask at once.

    Args:
        graph: The network.
        weights: An array for each of its weights, by name.
        plan: Its plan without training, for batches of ``BATCH`` samples.
        target: The processor.
    """

    def __init__(self, graph: Graph, weights: Mapping[str, ArrayLike], plan: Plan, target: Target) -> None:
        native = Native(lambda take: write_prediction(plan, take), target, ("predict", graph, BATCH))
        kinds = [ctypes.c_int64 if number < _COUNTS else ctypes.c_void_p for number in range(len(PREDICT_ARGUMENTS))]
        self._call = native.function("predict", *kinds)
        self._plan = plan
        self._weights = aligned(plan.weight_count)
        packing_of(graph, plan).pack(weights, self._weights)
        # Memory that no call is using. A list's append and pop are whole to other threads.
        self._memories: list[dict[str, Floats]] = []

    def answer(self, rows: Rows, outputs: Floats) -> None:
        """Answer for samples that were checked, into contiguous rows, in the thread that asks."""
        try:
            memory = self._memories.pop()
        except IndexError:
            memory = self._new_memory()
        control = memory["control"].view(np.int64)
        control[turns.CLAIMS] = 0
        control[turns.BYTES] = rows.dtype == np.uint8
        order = np.arange(len(rows), dtype=np.int64)
        arrays: dict[str, NDArray[Any]] = {"inputs": rows, "order": order, "outputs": outputs, "weights": self._weights}
        arrays |= memory
        self._call(0, 1, len(rows), *(arrays[name].ctypes.data for name in PREDICT_ARGUMENTS[_COUNTS:]))
        self._memories.append(memory)

    def _new_memory(self) -> dict[str, Floats]:
        plan = self._plan
        control = aligned(2 * turns.control_words(threads=1))
        control.view(np.int64)[turns.GROUPS] = plan.chunk
        return {
            "thread_memory": aligned(plan.thread_vectors * plan.target.lanes),
            "batch_memory": aligned(plan.batch_vectors * plan.chunk * plan.target.lanes),
            "control": control,
        }
