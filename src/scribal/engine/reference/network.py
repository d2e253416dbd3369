"""A whole network in NumPy: forward, backward, one training step.

>>> from scribal.engine.graph import Graph, Node
>>> from scribal.engine.operations import Dense, Input
>>> graph = Graph((Node("x", Input((1,))), Node("line", Dense(1), ("x",))))
>>> network = Network(graph, {"line/kernel": np.array([[2.0]]), "line/bias": np.array([1.0])})
>>> network.predict(np.array([[3.0]]))
array([[7.]])
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from scribal.engine.graph import Graph
from scribal.engine.operations import BatchNormalization, Dropout
from scribal.engine.reference.layers import Applied, Context, apply
from scribal.engine.reference.losses import loss_and_gradient
from scribal.engine.reference.optimizers import clip, update
from scribal.engine.reference.trace import Trace
from scribal.engine.threefry import dropout_key
from scribal.engine.training import Loss, Optimizer

__all__ = ["Network"]

Array = NDArray[np.floating]
_NO_KEY = (0, 0)


class Network:
    """A graph with weights, run operation by operation.

    Args:
        graph: The network's operations.
        weights: An array for each of the graph's weights, by name. They are copied, and decide the precision:
            float32 weights are trained in float32, float64 weights in float64.
        seed: Decides what Dropout drops.

    Attributes:
        weights: The current weights, by name.
        slots: What the optimizer remembers, by weight and slot name.
        steps: Training steps taken.

    Raises:
        ValueError: A weight is missing, unknown or of another shape.
    """

    def __init__(self, graph: Graph, weights: Mapping[str, Array], seed: int = 0) -> None:
        expected = {name: weight.shape for name, weight in graph.weights()}
        received = {name: np.shape(weight) for name, weight in weights.items()}
        if expected != received:
            wrong = {
                name: received.get(name) for name in expected | received if expected.get(name) != received.get(name)
            }
            raise ValueError(f"Weights must be those of the graph, in their shapes. Received: {wrong}")
        self.graph = graph
        self.weights = {name: np.array(weight) for name, weight in weights.items()}
        self.slots: dict[str, dict[str, Array]] = {}
        self.steps = 0
        self.seed = seed

    def predict(self, inputs: Array) -> Array:
        """Answer for a batch: ``(samples, *input_shape)`` to ``(samples, *output_shape)``."""
        return self.trace(inputs).output

    def trace(self, inputs: Array) -> Trace:
        """Answer for a batch as ``predict`` does, and keep every operation's result and its way back."""
        return self._forward(inputs, training=False)

    def loss_and_gradients(
        self, loss: Loss, inputs: Array, targets: Array, sample_weight: Array | None = None
    ) -> tuple[float, dict[str, Array]]:
        """Run a batch forward and back, as training does, and change nothing.

        Args:
            loss: What to measure.
            inputs: ``(samples, *input_shape)``.
            targets: ``(samples, *output_shape)``, or class numbers for sparse losses.
            sample_weight: ``(samples,)``, how much each sample counts.

        Returns:
            The loss with its regularization, and its gradient for each trained weight.
        """
        return self._differentiate(self._forward(inputs, training=True), loss, targets, sample_weight)

    def train_step(
        self, loss: Loss, optimizer: Optimizer, inputs: Array, targets: Array, sample_weight: Array | None = None
    ) -> float:
        """Learn from one batch.

        Args:
            loss: What to make smaller.
            optimizer: How to move the weights.
            inputs: ``(samples, *input_shape)``.
            targets: ``(samples, *output_shape)``, or class numbers for sparse losses.
            sample_weight: ``(samples,)``, how much each sample counts.

        Returns:
            The loss before the step.
        """
        trace = self._forward(inputs, training=True)
        value, gradients = self._differentiate(trace, loss, targets, sample_weight)
        self.steps += 1
        for name, gradient in clip(optimizer, gradients).items():
            weight = self.weights[name]
            slots = self.slots.setdefault(
                name, {slot: np.full_like(weight, optimizer.slot_start) for slot in optimizer.slots}
            )
            self.weights[name] = update(optimizer, weight, gradient, slots, self.steps)
        for node_name, applied in trace.applied.items():
            self.weights.update({f"{node_name}/{name}": value for name, value in applied.updates.items()})
        return value

    def _forward(self, inputs: Array, *, training: bool) -> Trace:
        """Apply every operation."""
        source = self.graph.nodes[0].name
        dtype = next(iter(self.weights.values())).dtype if self.weights else inputs.dtype
        tape = {source: Applied(inputs.astype(dtype), lambda gradient: ((gradient,), {}))}
        for position, node in enumerate(self.graph.nodes[1:], start=1):
            shapes = self.graph.input_shapes(node)
            weights = {
                weight.name: self.weights[f"{node.name}/{weight.name}"] for weight in node.operation.weights(*shapes)
            }
            # A frozen Dropout still drops, as in Keras.
            by_average = isinstance(node.operation, BatchNormalization) and not node.trainable
            context = Context(
                training=training and not by_average,
                key=dropout_key(self.seed, self.steps, position) if isinstance(node.operation, Dropout) else _NO_KEY,
                shape=self.graph.shapes[node.name],
            )
            tape[node.name] = apply(node.operation, tuple(tape[name].output for name in node.inputs), weights, context)
        return Trace(self.graph, tape)

    def _differentiate(
        self, trace: Trace, loss: Loss, targets: Array, sample_weight: Array | None
    ) -> tuple[float, dict[str, Array]]:
        value, gradient = loss_and_gradient(loss, targets, trace.output, sample_weight)
        return self._regularize(value, trace.backward(gradient).weights)

    def _regularize(self, value: float, gradients: dict[str, Array]) -> tuple[float, dict[str, Array]]:
        """Add the penalties of trained weights, and leave out the gradients of frozen ones."""
        trained: dict[str, Array] = {}
        for name, weight in self.graph.weights():
            if weight.trainable:
                value += weight.regularizer.penalty(self.weights[name])
                trained[name] = gradients[name] + weight.regularizer.slope(self.weights[name])
        return value, trained
