"""A network that answers: its forward pass alone, without Keras, for one image or for many.

Few images go through the form of :mod:`scribal.engine.single_image`, channels in the vector lanes, one after the
other; many go through the form that training uses, images in the lanes. Machine code of a form is made, or taken from
the cache, when it is first needed.
"""

import threading
from collections.abc import Mapping
from math import isfinite
from typing import Protocol, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from scribal.engine.arrays import Floats, Rows, checked_rows
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph
from scribal.engine.single_image.plan import plan_images
from scribal.engine.target import Target, host_target
from scribal.engine.threads import Workers
from scribal.exceptions import ArgumentError

__all__ = ["Predictor"]

# Samples that a thread takes at a time; an interrupt is heard between two of them.
_SLICE = 256
# Numbers of a small array.
_SMALL = 8192
_FLOAT = np.dtype(np.float32)


class _Form(Protocol):
    """A forward pass as machine code; safe to be asked by many threads at once."""

    def answer(self, rows: Rows, outputs: Floats) -> None:
        """Answer for samples that were checked, into contiguous rows."""


class Predictor:
    """A network compiled for prediction; many threads may ask it at once.

    It works in processes that are forked, and can be pickled: what arrives has its code from the cache.

    Args:
        graph: The network.
        weights: An array for each of the graph's weights, by name; they are copied.
        threads: Threads for many samples; answers do not depend on it.
        target: The processor; by default the one this runs on.

    Raises:
        LoweringError: A layer has no native form.
        ArgumentError: ``threads`` is below one, or a weight is missing or of another shape.
    """

    def __init__(
        self, graph: Graph, weights: Mapping[str, ArrayLike], *, threads: int = 1, target: Target | None = None
    ) -> None:
        if threads < 1:
            raise ArgumentError("threads must be at least 1", received=f"threads={threads}", advice="Raise them")
        self.graph, self.threads = graph, threads
        self._target = target or host_target()
        self._weights = _checked(graph, weights)
        # Refused now rather than at the first question.
        plan_images(graph, self._target)
        self._input_shape, self._output_shape = graph.input_shape, graph.output_shape
        # A group of images takes as long as so many images one by one, or longer.
        self._few = self._target.lanes
        self._for_few: _Form | None = None
        self._for_many: _Form | None = None
        self._making = threading.Lock()

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle what it is made from; machine code stays where it is."""
        return _restore, (self.graph, self._weights, self.threads, self._target)

    def predict(self, inputs: ArrayLike) -> Floats:
        """Answer for samples.

        Args:
            inputs: ``(samples, *input_shape)``, any number of samples; float32 and uint8 are read where they are, other
                numbers are copied.

        Returns:
            ``(samples, *output_shape)``. A sample's answer may differ in the last digit between calls for few samples
            and for many.

        Raises:
            DataError: The inputs do not fit the network, or hold something that is not finite.
        """
        rows = inputs if self._is_plain(inputs) else checked_rows(inputs, self._input_shape, "inputs", least=0)
        count = len(rows)
        outputs = np.empty((count, *self._output_shape), np.float32)
        if count <= self._few:
            if count:
                (self._for_few or self._form_for_few()).answer(rows, outputs)
        else:
            self._answer_many(rows, outputs)
        return outputs

    def _is_plain(self, inputs: ArrayLike) -> TypeGuard[Floats]:
        """See in a microsecond that a small array is one that ``checked_rows`` would give back as it is."""
        if not (
            type(inputs) is np.ndarray
            and inputs.dtype is _FLOAT
            and inputs.size <= _SMALL
            and inputs.shape[1:] == self._input_shape
            and inputs.flags.c_contiguous
        ):
            return False
        # The sum of squares is finite only if all numbers are.
        numbers = inputs.reshape(-1)
        return isfinite(numbers.dot(numbers))

    def _answer_many(self, rows: Rows, outputs: Floats) -> None:
        form = self._for_many or self._form_for_many()
        slices = [slice(first, first + _SLICE) for first in range(0, len(rows), _SLICE)]

        def work(part: slice) -> None:
            form.answer(rows[part], outputs[part])

        threads = min(self.threads, len(slices))
        if threads == 1:
            for part in slices:
                work(part)
            return
        with Workers(threads) as workers:
            for finish in [workers.begin(work, part) for part in slices]:
                finish()

    def _form_for_few(self) -> _Form:
        from scribal.engine.single_image.form import SingleImage

        with self._making:
            if self._for_few is None:
                self._for_few = SingleImage(self.graph, self._weights, self._target)
            return self._for_few

    def _form_for_many(self) -> _Form:
        from scribal.engine.many_images import BATCH, ManyImages
        from scribal.engine.plan import make_plan

        try:
            plan = make_plan(self.graph, BATCH, self._target, training=False)
        except LoweringError:
            self._for_many = self._form_for_few()
            return self._for_many
        with self._making:
            if self._for_many is None:
                self._for_many = ManyImages(self.graph, self._weights, plan, self._target)
            return self._for_many


def _checked(graph: Graph, weights: Mapping[str, ArrayLike]) -> dict[str, Floats]:
    """Copies of a graph's weights, if all are there in their shapes."""
    expected = {name: weight.shape for name, weight in graph.weights()}
    arrays = {name: np.array(weight, np.float32) for name, weight in weights.items()}
    received = {name: array.shape for name, array in arrays.items()}
    if received != expected:
        wrong = sorted(name for name in expected | received if expected.get(name) != received.get(name))
        raise ArgumentError(
            "Weights must be those of the graph, in their shapes",
            received={name: received.get(name) for name in wrong},
            advice="Take them from the model the graph was lowered from",
        )
    return arrays


def _restore(graph: Graph, weights: dict[str, Floats], threads: int, target: Target) -> Predictor:
    return Predictor(graph, weights, threads=threads, target=target)
