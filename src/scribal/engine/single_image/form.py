"""The one-image form as Python calls it."""

import ctypes
from collections.abc import Mapping

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
        native = Native(lambda take: write_image_module(plan, take), target, ("image", graph))
        counts = [ctypes.c_int64] * 2
        function = native.function("image", *counts, *[ctypes.c_void_p] * (len(IMAGE_ARGUMENTS) - len(counts)))
        # The code stays for as long as the function that holds on to it.
        self._function, self._call = function, function.call
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
        self._call(len(rows), rows.itemsize == 1, _address(rows), self._at_weights, memory[1], _address(outputs))
        self._memories.append(memory)


def _address(array: Rows) -> int:
    """Where an array that is not empty begins; a third of the time that ``array.ctypes.data`` takes."""
    if array.flags.writeable:
        return ctypes.addressof(ctypes.c_char.from_buffer(array))  # type: ignore[arg-type] # an array is a buffer
    return array.ctypes.data
