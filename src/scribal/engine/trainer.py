"""A Keras model in training on the engine: the program that trains it, and the way back into its variables.

What the program holds, weights and the optimizer's memory, is copied from the model's variables at the start and back
into them by :meth:`Trainer.write_back`, so that whatever reads the Keras model in between epochs finds it up to date.
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scribal.engine.arrays import Samples
from scribal.engine.errors import LoweringError
from scribal.engine.lower import lower_model, variables_of, weights_of
from scribal.engine.lower_training import lower_loss, lower_optimizer
from scribal.engine.program import Program

__all__ = ["Trainer", "order_of"]

# An epoch is told about in so many parts, if each of them has some work to do.
_PARTS = 20
_SAMPLES_A_PART = 1000

Progress = Callable[[int, dict[str, float]], None]


def order_of(seed: int, epoch: int, samples: int) -> NDArray[np.int64]:
    """The order in which an epoch takes its samples.

    It comes from a counter-based generator, Philox (J. K. Salmon et al., SC 2011), keyed by seed and epoch: an epoch's
    order does not depend on which were drawn before it.

    Args:
        seed: The training's seed.
        epoch: Number of the epoch, from 0.
        samples: How many there are.
    """
    return np.random.Generator(np.random.Philox(key=[seed, epoch])).permutation(samples)


class Trainer:
    """Trains a compiled Keras model natively.

    Args:
        model: A built and compiled ``keras.Model``; one that was trained before goes on where it was.
        x: Inputs, ``(samples, *input_shape)``.
        y: Targets, ``(samples, *output_shape)``, or numbers of classes for a sparse loss.
        batch_size: Samples in a step.
        seed: Decides the order of the samples and what Dropout drops.
        threads: Threads to work with; by default one for each processor. Results do not depend on it.

    Raises:
        LoweringError: The model, its loss or its optimizer has no native form.
        DataError: The samples do not fit the model.
    """

    def __init__(
        self, model: Any, x: ArrayLike, y: ArrayLike, *, batch_size: int, seed: int, threads: int | None = None
    ) -> None:
        self.model = model
        compiled = model.get_compile_config() or {}
        self._program = Program(
            lower_model(model),
            weights_of(model),
            lower_loss(compiled.get("loss")),
            lower_optimizer(compiled.get("optimizer")),
            batch_size=batch_size,
            seed=seed,
            threads=threads or os.cpu_count() or 1,
        )
        self._batch_size = batch_size
        self._seed = seed
        self._samples = self.check(x, y)
        self._variables = variables_of(model)
        model.optimizer.build(model.trainable_variables)
        self._slots = self._slot_variables()
        self._program.load_slots(
            {slot: {name: np.asarray(value) for name, value in group.items()} for slot, group in self._slots.items()}
        )
        self._program.steps = int(model.optimizer.iterations)

    def check(self, x: ArrayLike, y: ArrayLike) -> Samples:
        """Check samples once, for many evaluations.

        Raises:
            DataError: They do not fit the model.
        """
        return self._program.samples(x, y)

    def run_epoch(self, epoch: int, progress: Progress | None = None) -> dict[str, float]:
        """Train for one epoch. Ctrl-C ends it after the step it is in.

        Args:
            epoch: Its number, from 0; decides the order of the samples.
            progress: Called a few times with the number of steps done, and their mean loss and accuracy.

        Returns:
            Mean ``loss`` and ``accuracy`` over the epoch.
        """
        samples = len(self._samples.inputs)
        order = order_of(self._seed, epoch, samples)
        # Parts of whole batches, and the same ones each time: sums are then rounded the same way each time.
        steps_a_part = -(-max(samples // _PARTS, _SAMPLES_A_PART) // self._batch_size)
        done = steps = 0
        sums = np.zeros(2)
        while done < samples:
            part = order[done : done + steps_a_part * self._batch_size]
            measured = self._program.train_epoch(self._samples, order=part)
            sums += len(part) * np.array([measured.loss, measured.accuracy])
            done += len(part)
            steps += measured.steps
            if progress is not None:
                progress(steps, _means(sums, done))
        return _means(sums, samples)

    def evaluate(self, samples: Samples) -> dict[str, float]:
        """Mean ``loss`` and ``accuracy`` over samples that :meth:`check` gave, without training."""
        measured = self._program.evaluate(samples)
        return {"loss": measured.loss, "accuracy": measured.accuracy}

    def write_back(self) -> None:
        """Copy weights, the optimizer's memory and its number of steps into the model's variables."""
        for name, value in self._program.weights.items():
            self._variables[name].assign(value)
        for slot, group in self._program.slots().items():
            for name, value in group.items():
                self._slots[slot][name].assign(value)
        self.model.optimizer.iterations.assign(self._program.steps)

    def _slot_variables(self) -> dict[str, dict[str, Any]]:
        """The optimizer's variables by slot and weight; Keras names each after the weight's path and the slot."""
        known = {variable.name: variable for variable in self.model.optimizer.variables}
        trained = [name for name, weight in self._program.graph.weights() if weight.trainable]
        paths = {name: self._variables[name].path.replace("/", "_") for name in trained}
        slots = self._program.optimizer.slots
        try:
            return {slot: {name: known[f"{path}_{slot}"] for name, path in paths.items()} for slot in slots}
        except KeyError as error:
            raise LoweringError("The optimizer must remember something for every weight", received=error) from error


def _means(sums: NDArray[np.float64], samples: int) -> dict[str, float]:
    return {"loss": float(sums[0] / samples), "accuracy": float(sums[1] / samples)}
