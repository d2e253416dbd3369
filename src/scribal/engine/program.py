"""What ``compile`` gives back: a network as machine code, with its weights and its optimizer's state."""

import ctypes
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scribal.engine import operations as op
from scribal.engine.assemble import barrier
from scribal.engine.assemble.epoch import write_module
from scribal.engine.assemble.frame import PREDICT_ARGUMENTS, TRAIN_ARGUMENTS
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph
from scribal.engine.jit import Native
from scribal.engine.kernels.optimizer import SETTINGS
from scribal.engine.plan import Kernel, make_plan
from scribal.engine.target import Target, host_target
from scribal.engine.threefry import dropout_key
from scribal.engine.training import SGD, Adam, Loss, Optimizer
from scribal.exceptions import ArgumentError, DataError

__all__ = ["Epoch", "Program", "Samples"]

Floats = NDArray[np.float32]

# Cache lines, and the widest vectors, are of so many bytes.
_ALIGNMENT = 64
_LOSSES = ("categorical_crossentropy", "mean_squared_error")


@dataclass(frozen=True)
class Epoch:
    """What an epoch of training, or an evaluation, measured.

    Attributes:
        loss: Mean over all samples.
        accuracy: Share of samples whose largest output is where the largest target is.
        steps: Steps that were taken.
    """

    loss: float
    accuracy: float
    steps: int


@dataclass(frozen=True)
class Samples:
    """Inputs and targets that were found to fit a program.

    Attributes:
        inputs: ``(samples, *input_shape)``, contiguous.
        targets: ``(samples, *output_shape)``, contiguous.
    """

    inputs: Floats
    targets: Floats


class Program:
    """A network compiled for training and prediction.

    Training changes the program's weights and must run in one thread at a time; ``predict`` may run in many.

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
        LoweringError: The network, its loss or its optimizer has no native form.
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
        _check_training(graph, loss, optimizer)
        self.graph, self.loss, self.optimizer, self.seed, self.threads = graph, loss, optimizer, seed, threads
        self.steps = 0
        self._plan = make_plan(graph, batch_size, target or host_target())
        self._native = Native(write_module(self._plan, loss, optimizer), self._plan.target)
        self._train = self._native.function("train", *_signature(TRAIN_ARGUMENTS))
        self._predict = self._native.function("predict", *_signature(PREDICT_ARGUMENTS))
        self._weights = aligned(self._plan.weight_count)
        self._slots = [aligned(self._plan.weight_count) for _ in optimizer.slots]
        groups = self._plan.chunks * self._plan.chunk
        self._memory = {
            "gradients": aligned(self._plan.weight_count),
            "shards": aligned(self._plan.chunks * self._plan.shard_size),
            "thread_memory": self._vectors(self._plan.thread_vectors * threads),
            "batch_memory": self._vectors(self._plan.batch_vectors * groups),
            "partial_results": aligned(2 * self._plan.chunks),
        }
        self.weights = weights

    @property
    def weights(self) -> dict[str, Floats]:
        """Copies of the current weights, by name; assigning replaces them."""
        return self._unpack(self._weights)

    @weights.setter
    def weights(self, weights: Mapping[str, ArrayLike]) -> None:
        self._pack(weights, self._weights)

    def slots(self) -> dict[str, dict[str, Floats]]:
        """Copies of what the optimizer remembers, by slot and weight."""
        pairs = zip(self.optimizer.slots, self._slots, strict=True)
        return {slot: self._unpack(array) for slot, array in pairs}

    def load_slots(self, slots: Mapping[str, Mapping[str, ArrayLike]]) -> None:
        """Replace what the optimizer remembers, by slot and weight, as :meth:`slots` gives it."""
        for slot, array in zip(self.optimizer.slots, self._slots, strict=True):
            self._pack(slots[slot], array)

    def train_epoch(self, inputs: ArrayLike, targets: ArrayLike, order: ArrayLike | None = None) -> Epoch:
        """Train on samples once, batch after batch.

        Args:
            inputs: ``(samples, *input_shape)``.
            targets: ``(samples, *output_shape)``, such as one-hot classes.
            order: Numbers of the samples in the order in which they are taken; by default as they come.

        Returns:
            Mean loss and accuracy over the epoch, each sample as it was answered before its step.

        Raises:
            DataError: Arrays do not fit the network or each other, hold something that is not finite, or are empty.
        """
        samples = self.check(inputs, targets)
        results = self.train(samples, np.arange(len(samples.inputs)) if order is None else order)
        totals = results.sum(axis=0, dtype=np.float64) / (len(samples.inputs) if order is None else np.size(order))
        return Epoch(float(totals[0]), float(totals[1]), len(results))

    def check(self, inputs: ArrayLike, targets: ArrayLike) -> "Samples":
        """Check samples once, for many calls of :meth:`train`.

        Args:
            inputs: ``(samples, *input_shape)``.
            targets: ``(samples, *output_shape)``, such as one-hot classes.

        Raises:
            DataError: Arrays do not fit the network or each other, hold something that is not finite, or are empty.
        """
        rows = _rows(inputs, self.graph.input_shape, "inputs")
        wanted = _rows(targets, self.graph.output_shape, "targets")
        if len(rows) != len(wanted):
            received = f"{len(rows)} inputs, {len(wanted)} targets"
            raise DataError("There must be a target for each input", received=received, advice="Check the arrays")
        return Samples(rows, wanted)

    def train(self, samples: "Samples", order: ArrayLike) -> Floats:
        """Train on some of the samples, batch after batch; an epoch may be divided into several calls at whole batches.

        Args:
            samples: What :meth:`check` gave.
            order: Numbers of the samples in the order in which they are taken.

        Returns:
            Sums of loss and of right answers over the samples of each step, ``(steps, 2)``.

        Raises:
            DataError: A number in ``order`` is not that of a sample.
        """
        rows, wanted = samples.inputs, samples.targets
        places = _checked_order(order, len(rows))
        steps = -(-len(places) // self._plan.batch_size)
        results = aligned(2 * steps)
        arrays: dict[str, NDArray[Any]] = self._memory | {
            "inputs": rows,
            "targets": wanted,
            "order": np.ascontiguousarray(places, np.int64),
            "weights": self._weights,
            "slot_0": self._slots[0] if self._slots else self._weights,
            "slot_1": self._slots[-1] if self._slots else self._weights,
            "keys": self._keys(steps),
            "settings": self._settings(steps),
            "results": results,
            "control": _control(self._plan.chunks * self._plan.chunk),
        }
        # A thread without a chunk would only wait.
        self._run(self._train, TRAIN_ARGUMENTS, arrays, len(places), min(self.threads, self._plan.chunks))
        self.steps += steps
        return results.reshape(-1, 2)

    def predict(self, inputs: ArrayLike) -> Floats:
        """Answer for samples.

        Args:
            inputs: ``(samples, *input_shape)``; any number of samples.

        Returns:
            ``(samples, *output_shape)``.

        Raises:
            DataError: The inputs do not fit the network, or hold something that is not finite.
        """
        rows = _rows(inputs, self.graph.input_shape, "inputs", least=0)
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
                "control": _control(threads * chunk),
            }
            self._run(self._predict, PREDICT_ARGUMENTS, arrays, len(rows), threads)
        return outputs.reshape(-1, *self.graph.output_shape)

    def _run(
        self,
        function: Callable[..., None],
        names: tuple[str, ...],
        arrays: Mapping[str, NDArray[Any]],
        samples: int,
        threads: int,
    ) -> None:
        """Call a native function in all threads; ctypes lets go of the interpreter lock."""
        pointers = [arrays[name].ctypes.data for name in names[3:]]
        helpers = [
            threading.Thread(target=function, args=(number, threads, samples, *pointers))
            for number in range(1, threads)
        ]
        for helper in helpers:
            helper.start()
        function(0, threads, samples, *pointers)
        for helper in helpers:
            helper.join()

    def _keys(self, steps: int) -> NDArray[np.uint32]:
        """Two words for each step and Dropout layer."""
        rows = [
            [dropout_key(self.seed, self.steps + step, layer) for layer in self._plan.dropouts] for step in range(steps)
        ]
        return np.array(rows, np.uint32).reshape(-1)

    def _settings(self, steps: int) -> Floats:
        """Learning rate, corrected as the optimizer asks, and weight decay's factor, for each step."""
        optimizer, one = self.optimizer, np.float32(1)
        rate = np.full(steps, optimizer.learning_rate, np.float32)
        shrink = one - np.float32(optimizer.weight_decay or 0.0) * rate
        if isinstance(optimizer, Adam):
            # In float32 like Keras, whose rounding of 1 - beta ** step shows in the fifth digit of the first steps.
            number = np.arange(self.steps + 1, self.steps + steps + 1, dtype=np.float32)
            beta_1, beta_2 = np.float32(optimizer.beta_1), np.float32(optimizer.beta_2)
            rate = rate * np.sqrt(one - beta_2**number) / (one - beta_1**number)
        settings = aligned(SETTINGS * steps)
        settings.reshape(-1, SETTINGS)[:] = np.stack([rate, shrink], axis=1)
        return settings

    def _vectors(self, count: int) -> Floats:
        return aligned(count * self._plan.target.lanes)

    def _kernels(self) -> dict[str, Kernel]:
        return {tensor.node.name: tensor.kernel for tensor in self._plan.tensors if tensor.kernel is not None}

    def _pack(self, weights: Mapping[str, ArrayLike], packed: Floats) -> None:
        """Put weights, in Keras' shapes, where the kernels expect them."""
        expected = {name: weight.shape for name, weight in self.graph.weights()}
        arrays = {name: np.asarray(weight, np.float32) for name, weight in weights.items()}
        if {name: array.shape for name, array in arrays.items()} != expected:
            received = {name: array.shape for name, array in arrays.items() if expected.get(name) != array.shape}
            missing = sorted(expected.keys() - arrays.keys())
            raise ArgumentError(
                "Weights must be those of the graph, in their shapes",
                received=f"wrong {received}, missing {missing}",
                advice="Take them from the model the graph was lowered from",
            )
        for name, kernel in self._kernels().items():
            blocks = arrays[f"{name}/kernel"].reshape(kernel.steps, -1, kernel.block).transpose(1, 0, 2)
            packed[kernel.offset : kernel.offset + blocks.size] = blocks.reshape(-1)
            if kernel.bias is not None:
                packed[kernel.bias : kernel.bias + kernel.units] = arrays[f"{name}/bias"]

    def _unpack(self, packed: Floats) -> dict[str, Floats]:
        shapes = {name: weight.shape for name, weight in self.graph.weights()}
        weights = {}
        for name, kernel in self._kernels().items():
            blocks = packed[kernel.offset : kernel.offset + kernel.steps * kernel.units]
            blocks = blocks.reshape(-1, kernel.steps, kernel.block).transpose(1, 0, 2)
            weights[f"{name}/kernel"] = blocks.reshape(shapes[f"{name}/kernel"]).copy()
            if kernel.bias is not None:
                weights[f"{name}/bias"] = packed[kernel.bias : kernel.bias + kernel.units].copy()
        return weights


def aligned(count: int) -> Floats:
    """Zeros that start at a cache line; room for one at least, so that every pointer is one."""
    extra = _ALIGNMENT // 4
    array = np.zeros(max(count, 1) + extra, np.float32)
    first = -array.ctypes.data % _ALIGNMENT // 4
    return array[first : first + count]


def _signature(arguments: tuple[str, ...]) -> list[type]:
    return [ctypes.c_int64 if number < 3 else ctypes.c_void_p for number in range(len(arguments))]  # noqa: PLR2004


def _control(groups: int) -> NDArray[np.int64]:
    control = aligned(2 * barrier.CONTROL_WORDS).view(np.int64)
    control[barrier.GROUPS] = groups
    return control


def _rows(values: ArrayLike, shape: tuple[int, ...], name: str, least: int = 1) -> Floats:
    """Check an array, and make it contiguous float32 rows."""
    array = np.asarray(values)
    if array.ndim == 0 or array.shape[1:] != shape or len(array) < least:
        rule = f"{name} must be at least {least} samples of shape {shape}"
        raise DataError(rule, received=f"shape {array.shape}", advice="Reshape the array")
    if array.dtype.kind not in "fiub":
        raise DataError(f"{name} must be numbers", received=f"dtype {array.dtype}", advice="Convert the array")
    rows = np.ascontiguousarray(array, np.float32)
    if array.dtype.kind == "f" and not np.isfinite(rows).all():
        raise DataError(f"{name} must be finite", received="NaN or infinity", advice="Clean the array")
    return rows


def _checked_order(order: ArrayLike, samples: int) -> NDArray[np.int64]:
    places = np.asarray(order)
    if places.ndim != 1 or places.dtype.kind not in "iu" or not len(places):
        received = f"shape {places.shape}, dtype {places.dtype}"
        raise DataError("order must be a list of sample numbers", received=received, advice="Pass a permutation")
    if places.min() < 0 or places.max() >= samples:
        received = f"{places.min()} to {places.max()}"
        raise DataError(f"order must lie in 0..{samples - 1}", received=received, advice="Pass a permutation")
    return places.astype(np.int64)


def _check_training(graph: Graph, loss: Loss, optimizer: Optimizer) -> None:
    """Refuse losses and optimizers without a native form."""
    if loss.name not in _LOSSES:
        raise LoweringError("The loss must have a native form", received=loss)
    if len(graph.output_shape) != 1:
        raise LoweringError("The output must be flat for the engine to train it", received=graph.output_shape)
    known = isinstance(optimizer, SGD) or (isinstance(optimizer, Adam) and not optimizer.amsgrad)
    clips = (optimizer.clipnorm, optimizer.global_clipnorm, optimizer.clipvalue)
    if not known or any(clip is not None for clip in clips):
        raise LoweringError("The optimizer must have a native form", received=optimizer)
    if not any(isinstance(node.operation, op.Dense | op.Conv2D) for node in graph.nodes):
        raise LoweringError("A network must have weights for the engine to train it", received=len(graph.nodes))
