"""What ``compile`` gives back: a network as machine code, with its weights and its optimizer's state."""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scribal.engine.arrays import (
    Floats,
    Rows,
    Samples,
    aligned,
    check_outputs,
    check_pairs,
    checked_order,
    checked_rows,
    checked_weights,
    one_hot,
)
from scribal.engine.assemble import turns
from scribal.engine.assemble.epoch import write_module
from scribal.engine.assemble.frame import PREDICT_ARGUMENTS, TRAIN_ARGUMENTS
from scribal.engine.assemble.weight_arrays import block_count
from scribal.engine.graph import Graph
from scribal.engine.jit import Native
from scribal.engine.kernels.optimizer import SETTINGS, step_settings
from scribal.engine.logits import logits_form
from scribal.engine.packing import packing_of
from scribal.engine.plan import make_plan
from scribal.engine.reference.losses import loss_and_gradient
from scribal.engine.run import run
from scribal.engine.target import Target, host_target
from scribal.engine.threefry import dropout_keys
from scribal.engine.training import Loss, LossName, Optimizer, yes_above
from scribal.exceptions import ArgumentError, DataError

__all__ = ["Epoch", "Program"]

# Arrays an optimizer can have for each weight; those it has no use for are never touched.
_MOST_SLOTS = 3


@dataclass(frozen=True)
class Epoch:
    """What an epoch of training, or an evaluation, measured.

    Attributes:
        loss: Mean over all samples, each loss times the sample's weight, with the penalties on weights.
        accuracy: Share of samples whose largest output is where the largest target is.
        steps: Steps that were taken.
    """

    loss: float
    accuracy: float
    steps: int


class Program:
    """A network compiled for training and prediction.

    Training changes the program's weights and must run in one thread at a time; ``predict`` may run in many.

    Cross-entropy is taken from logits: see :mod:`scribal.engine.logits`.

    It works in processes that are forked, and can be pickled between epochs: what arrives has weights, the optimizer's
    state and the number of steps, and its code from the cache.

    A training that is interrupted stops after the step it is in; weights and ``steps`` are then those of that step.

    Args:
        graph: The network.
        weights: An array for each of the graph's weights, by name.
        loss: What training makes smaller.
        optimizer: How weights are moved.
        batch_size: Samples in a step.
        seed: Decides what Dropout drops.
        threads: Threads to work with; results do not depend on it.
        target: The processor; by default the one this runs on.

    Raises:
        LoweringError: The network has no native form.
        ArgumentError: An argument is out of range, or a weight is missing or of another shape.
    """

    def __init__(
        self,
        graph: Graph,
        weights: Mapping[str, ArrayLike],
        loss: Loss,
        optimizer: Optimizer,
        *,
        batch_size: int = 32,
        seed: int = 0,
        threads: int = 1,
        target: Target | None = None,
    ) -> None:
        if batch_size < 1 or threads < 1:
            received = f"batch_size={batch_size}, threads={threads}"
            raise ArgumentError("batch_size and threads must be at least 1", received=received, advice="Raise them")
        self.graph, self.loss, self.optimizer = graph, loss, optimizer
        self.seed, self.threads = seed, threads
        self.steps = 0
        self._form = logits_form(graph, loss)
        self._plan = make_plan(self._form.graph, batch_size, target or host_target())
        # The learning rate is not part of the code.
        described = ("train", graph, batch_size, loss, replace(optimizer, learning_rate=0.0))
        self._native = Native(
            lambda take: write_module(self._plan, self._form.loss, optimizer, take), self._plan.target, described
        )
        self._train = self._native.function("train", *_signature(TRAIN_ARGUMENTS))
        self._predict = self._native.function("predict", *_signature(PREDICT_ARGUMENTS))
        self._packing = packing_of(graph, self._plan)
        self._weights = aligned(self._plan.weight_count)
        self._slots = [aligned(self._plan.weight_count) for _ in optimizer.slots]
        for slot in self._slots:
            slot[:] = optimizer.slot_start
        groups = self._plan.chunks * self._plan.chunk
        self._memory = {
            "gradients": aligned(self._plan.weight_count),
            "shards": aligned(self._plan.chunks * self._plan.shard_size),
            "thread_memory": self._vectors(self._plan.thread_vectors * threads),
            "batch_memory": self._vectors(self._plan.batch_vectors * groups),
            "partial_results": aligned(2 * self._plan.chunks),
            "block_sums": aligned(2 * block_count(self._plan)),
        }
        # What a pointer to an array that is not there points to.
        self._nothing = aligned(0)
        self.weights = weights

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle what it is made from and what training has changed; machine code and memory stay where they are."""
        made_from = (self.graph, self.weights, self.loss, self.optimizer)
        options = {"batch_size": self._plan.batch_size, "seed": self.seed, "threads": self.threads}
        return _restore, (made_from, options | {"target": self._plan.target}, self.slots(), self.steps)

    @property
    def weights(self) -> dict[str, Floats]:
        """Copies of the current weights, by name; assigning replaces them."""
        return self._packing.unpack(self._weights)

    @weights.setter
    def weights(self, weights: Mapping[str, ArrayLike]) -> None:
        self._packing.pack(weights, self._weights)

    def slots(self) -> dict[str, dict[str, Floats]]:
        """Copies of what the optimizer remembers, by slot and trained weight."""
        pairs = zip(self.optimizer.slots, self._slots, strict=True)
        return {slot: self._packing.unpack(array, trained=True) for slot, array in pairs}

    def load_slots(self, slots: Mapping[str, Mapping[str, ArrayLike]]) -> None:
        """Replace what the optimizer remembers, by slot and trained weight, as :meth:`slots` gives it."""
        for slot, array in zip(self.optimizer.slots, self._slots, strict=True):
            self._packing.pack(slots[slot], array, trained=True)

    @property
    def learning_rate(self) -> float:
        """Step size of the next step; assigning another one takes effect from there."""
        return float(self.optimizer.rates(self.steps, 1)[0])

    @learning_rate.setter
    def learning_rate(self, learning_rate: float) -> None:
        # The rate of each step is data to the machine code.
        self.optimizer = replace(self.optimizer, learning_rate=float(learning_rate))

    def samples(self, inputs: ArrayLike, targets: ArrayLike, sample_weight: ArrayLike | None = None) -> Samples:
        """Check samples once, to train on them for many epochs.

        Args:
            inputs: ``(samples, *input_shape)``; float32 and uint8 are read where they are, other numbers are copied.
            targets: ``(samples, *output_shape)``, such as one-hot classes; numbers of classes for a sparse loss.
            sample_weight: ``(samples,)``, what each sample's loss is multiplied by; by default one.

        Raises:
            DataError: Arrays do not fit the network or each other, hold something that is not finite, or are empty.
        """
        rows = checked_rows(inputs, self.graph.input_shape, "inputs")
        if self.loss.name == "sparse_categorical_crossentropy":
            wanted = one_hot(targets, self.graph.output_shape[-1])
        else:
            wanted = checked_rows(targets, self.graph.output_shape, "targets").astype(np.float32, copy=False)
        check_pairs(rows, wanted)
        return Samples(rows, wanted, None if sample_weight is None else checked_weights(sample_weight, len(rows)))

    def train_epoch(
        self,
        inputs: ArrayLike | Samples,
        targets: ArrayLike | None = None,
        order: ArrayLike | None = None,
        outputs: Floats | None = None,
    ) -> Epoch:
        """Train on samples once, batch after batch.

        Args:
            inputs: As for ``samples``, or what it returned.
            targets: As for ``samples``; left out if that has them.
            order: Numbers of the samples in the order in which they are taken; by default as they come.
            outputs: ``(len(order), *output_shape)``, contiguous float32; receives what the network answered for each
                sample before its step, in the order taken.

        Returns:
            Mean loss and accuracy over the epoch, each sample as it was answered before its step.

        Raises:
            DataError: Arrays do not fit the network or each other, hold something that is not finite, or are empty.
        """
        samples = self._checked(inputs, targets)
        places = np.arange(len(samples.inputs)) if order is None else checked_order(order, len(samples.inputs))
        results = self._train_steps(samples, places, outputs)
        totals = results.sum(axis=0, dtype=np.float64) / len(places)
        return Epoch(float(totals[0]), float(totals[1]), len(results))

    def train_epochs(self, samples: Samples, orders: NDArray[np.int64]) -> list[Epoch]:
        """Train for several epochs in one native call: for epochs so short that calling takes longer than training.

        Args:
            samples: What ``samples`` returned.
            orders: ``(epochs, count)``, for each epoch the numbers of the samples in the order in which they are taken;
                ``count`` must be a multiple of the batch size.

        Returns:
            As ``train_epoch`` does, for each epoch.

        Raises:
            DataError: Samples do not fit the network, or an epoch is not of whole batches.
        """
        epochs, count = orders.shape
        if count % self._plan.batch_size:
            rule = f"Each epoch must be of whole batches of {self._plan.batch_size} samples"
            raise DataError(rule, received=count, advice="Train one epoch at a time")
        samples = self._checked(samples, None)
        results = self._train_steps(samples, checked_order(orders.reshape(-1), len(samples.inputs)), None)
        totals = results.reshape(epochs, -1, 2).sum(axis=1, dtype=np.float64) / count
        return [Epoch(loss, accuracy, len(results) // epochs) for loss, accuracy in totals.tolist()]

    def _train_steps(self, samples: Samples, places: NDArray[np.int64], outputs: Floats | None) -> Floats:
        """Train on checked samples; returns the sums of losses and of right answers of each step."""
        weights = samples.sample_weight
        if outputs is not None:
            check_outputs(outputs, (len(places), *self.graph.output_shape))
        steps = -(-len(places) // self._plan.batch_size)
        results, settings = aligned(2 * steps), aligned(SETTINGS * steps)
        settings.reshape(-1, SETTINGS)[:] = step_settings(self.optimizer, self.steps, steps)
        slots = [*self._slots, *[self._weights] * _MOST_SLOTS]
        arrays: dict[str, NDArray[Any]] = self._memory | {f"slot_{i}": slots[i] for i in range(_MOST_SLOTS)}
        # A thread without a chunk would only wait.
        threads = min(self.threads, self._plan.chunks)
        arrays |= {
            "inputs": samples.inputs,
            "targets": samples.targets,
            "sample_weight": self._nothing if weights is None else weights,
            "order": np.ascontiguousarray(places, np.int64),
            "outputs": self._nothing if outputs is None else outputs,
            "weights": self._weights,
            "keys": self._keys(steps),
            "settings": settings,
            "results": results,
            "control": _control(self._plan.chunks * self._plan.chunk, samples.inputs, threads),
        }
        arrays["control"][turns.WEIGHTED] = weights is not None
        arrays["control"][turns.KEEPS_OUTPUTS] = outputs is not None
        try:
            # A single step is over before anybody could want to stop it.
            run(self._train, TRAIN_ARGUMENTS, arrays, len(places), threads, is_short=steps == 1)
        finally:
            self.steps += int(arrays["control"][turns.STEPS])
        if outputs is not None:
            outputs[:] = self._form.answers(outputs)
        return results.reshape(-1, 2)

    def evaluate(
        self, inputs: ArrayLike | Samples, targets: ArrayLike | None = None, outputs: Floats | None = None
    ) -> Epoch:
        """Measure loss and accuracy without training.

        Args:
            inputs: As for ``train_epoch``.
            targets: As for ``train_epoch``.
            outputs: ``(samples, *output_shape)``, contiguous float32; receives the network's answers.

        Returns:
            Mean loss, with weights of samples and penalties as in training, and accuracy; no steps.

        Raises:
            DataError: Arrays do not fit the network or each other, hold something that is not finite, or are empty.
        """
        samples = self._checked(inputs, targets)
        results, wanted = self._results(samples.inputs), samples.targets
        if outputs is not None:
            check_outputs(outputs, results.shape)
            outputs[:] = self._form.answers(results)
        loss = replace(self._form.loss, name=_dense_name(self.loss))
        value, _ = loss_and_gradient(loss, wanted.astype(np.float64), results.astype(np.float64), samples.sample_weight)
        if results.shape[-1] == 1:
            right = (results > yes_above(loss)) == wanted
        else:
            right = results.argmax(axis=-1) == wanted.argmax(axis=-1)
        return Epoch(value + self._penalty(), float(right.mean()), 0)

    def predict(self, inputs: ArrayLike) -> Floats:
        """Answer for samples.

        Args:
            inputs: ``(samples, *input_shape)``; any number of samples.

        Returns:
            ``(samples, *output_shape)``.

        Raises:
            DataError: The inputs do not fit the network, or hold something that is not finite.
        """
        return self._form.answers(self._results(checked_rows(inputs, self.graph.input_shape, "inputs", least=0)))

    def _results(self, rows: Rows) -> Floats:
        """Run the trained form of the network on checked rows."""
        outputs = aligned(len(rows) * prod(self.graph.output_shape))
        if len(rows):
            chunk = self._plan.chunk
            threads = min(self.threads, -(-len(rows) // (self._plan.target.lanes * chunk)))
            arrays: dict[str, NDArray[Any]] = {
                "inputs": rows,
                "order": np.arange(len(rows), dtype=np.int64),
                "outputs": outputs,
                "weights": self._weights,
                "thread_memory": self._vectors(self._plan.thread_vectors * threads),
                "batch_memory": self._vectors(self._plan.batch_vectors * threads * chunk),
                "control": _control(threads * chunk, rows, threads),
            }
            short = len(rows) <= self._plan.batch_size
            run(self._predict, PREDICT_ARGUMENTS, arrays, len(rows), threads, is_short=short)
        return outputs.reshape(-1, *self.graph.output_shape)

    def _checked(self, inputs: ArrayLike | Samples, targets: ArrayLike | None) -> Samples:
        """Check arrays; of samples that were checked before, all but whether their numbers are finite."""
        if not isinstance(inputs, Samples):
            if targets is None:
                raise DataError("Training needs targets", received=None, advice="Pass an array of targets")
            inputs = self.samples(inputs, targets)
        rows = checked_rows(inputs.inputs, self.graph.input_shape, "inputs", finite=True)
        wanted = checked_rows(inputs.targets, self.graph.output_shape, "targets", finite=True)
        check_pairs(rows, wanted)
        weights = inputs.sample_weight
        if weights is not None:
            weights = checked_weights(weights, len(rows), finite=True)
        return Samples(rows, wanted.astype(np.float32, copy=False), weights)

    def _penalty(self) -> float:
        """The penalties on all trained weights."""
        trained = {name: weight for name, weight in self.graph.weights() if weight.trainable}
        regularizers = {name: weight.regularizer for name, weight in trained.items() if weight.regularizer}
        weights = self.weights if regularizers else {}
        return sum(regularizer.penalty(weights[name]) for name, regularizer in regularizers.items())

    def _keys(self, steps: int) -> NDArray[np.uint32]:
        """Two words for each step and Dropout layer, and one word at least."""
        if not self._plan.dropouts:
            return np.zeros(1, np.uint32)
        keys = dropout_keys(self.seed, range(self.steps, self.steps + steps), self._plan.dropouts)
        return np.append(keys.reshape(-1), np.uint32(0))

    def _vectors(self, count: int) -> Floats:
        return aligned(count * self._plan.target.lanes)


def _restore(
    made_from: tuple[Graph, dict[str, Floats], Loss, Optimizer],
    options: dict[str, Any],
    slots: dict[str, dict[str, Floats]],
    steps: int,
) -> Program:
    program = Program(*made_from, **options)
    program.load_slots(slots)
    program.steps = steps
    return program


def _dense_name(loss: Loss) -> LossName:
    """The loss on one-hot targets."""
    return "categorical_crossentropy" if loss.name == "sparse_categorical_crossentropy" else loss.name


def _signature(arguments: tuple[str, ...]) -> list[type]:
    return [ctypes.c_int64 if number < 3 else ctypes.c_void_p for number in range(len(arguments))]  # noqa: PLR2004


def _control(groups: int, inputs: Rows, threads: int) -> NDArray[np.int64]:
    control = aligned(2 * turns.control_words(threads)).view(np.int64)
    control[turns.GROUPS] = groups
    control[turns.BYTES] = inputs.dtype == np.uint8
    return control
