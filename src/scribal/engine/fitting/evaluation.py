"""Measuring a model on samples without training, as ``model.evaluate`` does and ``fit`` on its validation data."""

from typing import Any

from scribal.engine.fitting.data import Arrays, samples_for
from scribal.engine.fitting.measures import Measures
from scribal.engine.fitting.watching import Watched
from scribal.engine.program import Program

__all__ = ["Evaluation"]


class Evaluation:
    """Measures a model on the same samples, as often as asked.

    Args:
        model: A compiled ``keras.Model``.
        program: Its program; answers with the weights it then has.
        arrays: The samples.
        batch_size: Samples in a batch, of which callbacks hear.
        steps: Batches to take, if not all.

    Raises:
        LoweringError: The model has measures that are not taken from its answers.
        DataError: Data do not fit the model or each other, hold something that is not finite, or are empty.
    """

    def __init__(self, model: Any, program: Program, arrays: Arrays, batch_size: int, steps: int | None = None) -> None:
        if steps:
            arrays = arrays[: steps * batch_size]
        self._program = program
        self._samples = samples_for(program, arrays)
        self._measures = Measures(model, program, arrays, batch_size)
        self._batch_size = batch_size
        self._stride = model.steps_per_execution

    @property
    def steps(self) -> int:
        """Batches."""
        return -(-len(self._samples.inputs) // self._batch_size)

    def run(self, callbacks: Any, watched: Watched) -> dict[str, float]:
        """Measure.

        Args:
            callbacks: A ``keras.callbacks.CallbackList``.
            watched: What its callbacks look at.

        Returns:
            The measures, by the names Keras gives them.
        """
        callbacks.on_test_begin()
        self._measures.begin()
        count = len(self._samples.inputs)
        size = self._batch_size * self._stride if watched.test_batches else count
        for first in range(0, count, size):
            part = slice(first, min(first + size, count))
            if watched.test_batches:
                callbacks.on_test_batch_begin(first // self._batch_size)
            answers = self._measures.room(part.stop - first)
            measured = self._program.evaluate(self._samples[part], outputs=answers)
            self._measures.add(measured, part, answers)
            if watched.test_batches or watched.progress:
                last = first // self._batch_size + self._stride - 1 if watched.test_batches else self.steps - 1
                callbacks.on_test_batch_end(last, self._measures.logs())
        logs = self._measures.logs()
        callbacks.on_test_end(logs)
        return logs
