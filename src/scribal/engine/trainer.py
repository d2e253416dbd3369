"""A Keras model in training on the engine: the program that trains it, epoch by epoch.

The program is kept for as long as the model lives, and used again by the next training of the same kind: a loop of
short trainings compiles once.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from scribal.engine.arrays import Samples
from scribal.engine.compiled import lower_compiled
from scribal.engine.lower import lower_model, weights_of
from scribal.engine.mirror import Mirror
from scribal.engine.program import Program
from scribal.engine.training import SGD, Loss

__all__ = ["Trainer", "order_of", "orders_of", "part_size", "program_to_answer", "program_to_evaluate"]

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
    return orders_of(seed, range(epoch, epoch + 1), samples)[0]


def orders_of(seed: int, epochs: Sequence[int], samples: int) -> NDArray[np.int64]:
    """The orders of several epochs, ``(epochs, samples)``, sooner than one by one."""
    philox = np.random.Philox(key=[seed, 0])
    generator, state = np.random.Generator(philox), philox.state
    orders = np.empty((len(epochs), samples), np.int64)
    for order, epoch in zip(orders, epochs, strict=True):
        # A new generator takes five times as long as another state.
        state["state"]["key"][1] = epoch
        philox.state = state
        order[:] = generator.permutation(samples)
    return orders


class Trainer:
    """Trains a compiled Keras model natively; one that was trained before goes on where it was.

    Args:
        model: A built and compiled ``keras.Model``.
        batch_size: Samples in a step.
        seed: Decides what Dropout drops.
        threads: Threads to work with; by default one for each processor. Results do not depend on it.

    Attributes:
        program: What trains; checks samples and evaluates, too.

    Raises:
        LoweringError: The model, its loss or its optimizer has no native form.
    """

    def __init__(self, model: Any, *, batch_size: int, seed: int = 0, threads: int | None = None) -> None:
        self._batch_size = batch_size
        self._mirror = _mirror_of(model, batch_size, threads or os.cpu_count() or 1)
        self.program = self._mirror.program
        self.program.seed = seed

    def run_epoch(
        self, samples: Samples, order: NDArray[np.int64], progress: Progress | None = None
    ) -> dict[str, float]:
        """Train for one epoch. Ctrl-C ends it after the step it is in.

        Args:
            samples: What ``program.samples`` gave.
            order: Numbers of the samples, in the order in which they are taken.
            progress: Called a few times with the number of steps done, and their mean loss and accuracy.

        Returns:
            Mean ``loss`` and ``accuracy`` over the epoch.
        """
        size = len(order) if progress is None else part_size(len(order), self._batch_size)
        done = steps = 0
        sums = np.zeros(2)
        while done < len(order):
            part = order[done : done + size]
            measured = self.program.train_epoch(samples, order=part)
            sums += len(part) * np.array([measured.loss, measured.accuracy])
            done += len(part)
            steps += measured.steps
            if progress is not None:
                progress(steps, _means(sums, done))
        return _means(sums, done)

    def run_epochs(self, samples: Samples, orders: NDArray[np.int64]) -> list[dict[str, float]]:
        """Train for several short epochs in one native call. Ctrl-C ends it after the step it is in.

        Args:
            samples: What ``program.samples`` gave.
            orders: ``(epochs, count)``; ``count`` must be a multiple of the batch size.

        Returns:
            What :meth:`run_epoch` does, for each epoch, to the same bits.
        """
        count = orders.shape[1]
        measured = self.program.train_epochs(samples, orders)
        return [_means((count * epoch.loss, count * epoch.accuracy), count) for epoch in measured]

    def evaluate(self, samples: Samples) -> dict[str, float]:
        """Mean ``loss`` and ``accuracy`` over samples, without training."""
        measured = self.program.evaluate(samples)
        return {"loss": measured.loss, "accuracy": measured.accuracy}

    def read(self) -> None:
        """Take over what somebody else has changed in the model's variables and its learning rate."""
        self._mirror.read()

    def read_learning_rate(self) -> None:
        """Take over the optimizer's learning rate alone, which costs next to nothing."""
        self._mirror.read_learning_rate()

    def write_back(self) -> None:
        """Copy weights, the optimizer's memory and its number of steps into the model's variables."""
        self._mirror.write()


def part_size(samples: int, batch_size: int) -> int:
    """Samples of the parts an epoch is told about in: whole batches, and the same ones each time.

    Sums are then rounded the same way each time.
    """
    return -(-max(samples // _PARTS, _SAMPLES_A_PART) // batch_size) * batch_size


def _means(sums: Sequence[float] | NDArray[np.float64], samples: int) -> dict[str, float]:
    return {"loss": float(sums[0] / samples), "accuracy": float(sums[1] / samples)}


# For each model the program that trained it last, and what that was compiled for.
_MIRRORS: WeakKeyDictionary[Any, tuple[object, Mirror]] = WeakKeyDictionary()
# Programs of models that were not trained; their loss and optimizer are never used.
_ANSWERING: WeakKeyDictionary[Any, Program] = WeakKeyDictionary()
_BATCH_SIZE = 32


def _mirror_of(model: Any, batch_size: int, threads: int) -> Mirror:
    graph, (loss, optimizer) = lower_model(model), lower_compiled(model)
    # The learning rate is data to the machine code, be it a number or a schedule.
    key = (graph, loss, replace(optimizer, learning_rate=0.0), batch_size, threads)
    known, mirror = _MIRRORS.get(model, (None, None))
    if mirror is None or known != key:
        program = Program(graph, weights_of(model), loss, optimizer, batch_size=batch_size, threads=threads)
        mirror = Mirror(program, model)
    elif mirror.optimizer is not model.optimizer:
        mirror = Mirror(mirror.program, model)
    mirror.program.optimizer = optimizer
    mirror.begin()
    _MIRRORS[model] = (key, mirror)
    return mirror


def program_to_evaluate(model: Any) -> Program:
    """A program with the weights and the loss of a compiled Keras model: the one that trained it last, if it can be.

    Raises:
        LoweringError: The model, its loss or its optimizer has no native form.
    """
    graph, (loss, _) = lower_model(model), lower_compiled(model)
    _, mirror = _MIRRORS.get(model, (None, None))
    if mirror is None or (mirror.program.graph, mirror.program.loss) != (graph, loss):
        return Trainer(model, batch_size=_BATCH_SIZE).program
    mirror.read()
    return mirror.program


def program_to_answer(model: Any) -> Program:
    """A program with the weights of a Keras model, compiled or not.

    Raises:
        LoweringError: The model has no native form.
    """
    graph = lower_model(model)
    _, mirror = _MIRRORS.get(model, (None, None))
    if mirror is not None and mirror.program.graph == graph:
        mirror.read()
        return mirror.program
    program = _ANSWERING.get(model)
    if program is None or program.graph != graph:
        loss = Loss("mean_squared_error")
        program = Program(graph, weights_of(model), loss, SGD(), batch_size=_BATCH_SIZE, threads=os.cpu_count() or 1)
        _ANSWERING[model] = program
    program.weights = weights_of(model)
    return program
