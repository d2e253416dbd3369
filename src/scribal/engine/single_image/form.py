"""The one-image form as Python calls it."""

import ctypes
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from scribal.engine.arrays import Floats, Rows, aligned
from scribal.engine.graph import Graph
from scribal.engine.jit import Native
from scribal.engine.single_image.assemble import IMAGE_ARGUMENTS, write_image_module
from scribal.engine.single_image.packing import pack_weights
from scribal.engine.single_image.plan import plan_images
from scribal.engine.target import Target

__all__ = ["SingleImage"]


class SingleImage:
    """A network that answers for one image after another; many threads may ask at once.

    Args:
        graph: The network.
        weights: An array for each of its weights, by name.
        target: The processor.

    Raises:
        LoweringError: A layer has no native form.
    """

    def __init__(self, graph: Graph, weights: Mapping[str, ArrayLike], target: Target) -> None:
        plan = plan_images(graph, target)
        native = Native(lambda: write_image_module(plan), target, ("image", graph))
        counts = [ctypes.c_int64] * 2
        self._call = native.function("image", *counts, *[ctypes.c_void_p] * (len(IMAGE_ARGUMENTS) - len(counts)))
        self._weights = aligned(plan.weight_count)
        pack_weights(plan, weights, self._weights)
        self._at_weights = self._weights.ctypes.data
        self._memory_size = plan.memory
        # Memory that no call is using, each with its address. A list's append and pop are whole to other threads.
        self._memories: list[tuple[Floats, int]] = []

    def answer(self, rows: Rows, outputs: Floats) -> None:
        """Answer for samples that were checked, into contiguous rows."""
        try:
            memory = self._memories.pop()
        except IndexError:
            array = aligned(self._memory_size)
            memory = (array, array.ctypes.data)
        are_bytes = rows.dtype == np.uint8
        self._call(len(rows), are_bytes, rows.ctypes.data, self._at_weights, memory[1], outputs.ctypes.data)
        self._memories.append(memory)
