"""A batch on its way through a network: every result, and the way back from any of them.

Backpropagation (D. Rumelhart, G. Hinton, R. Williams, Nature 323, 1986) is the chain rule walked from the last
operation to the first: each turns the gradient of what it gave into those of what it read and of its weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scribal.engine.graph import Graph
from scribal.engine.reference.layers import Applied

__all__ = ["Gradients", "Trace"]

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Gradients:
    """What came back.

    Attributes:
        results: Gradient of each node's result, by node name, in its shape; the Input's is that of the samples.
        weights: Gradient of each weight that has one, by full name.
    """

    results: dict[str, Array]
    weights: dict[str, Array]


@dataclass(frozen=True)
class Trace:
    """What every operation gave for one batch.

    Attributes:
        graph: The operations.
        applied: What each gave, and its way back, by node name.
    """

    graph: Graph
    applied: Mapping[str, Applied]

    @property
    def output(self) -> Array:
        """The network's answers, ``(samples, *output_shape)``."""
        return self.result(self.graph.nodes[-1].name)

    def result(self, name: str) -> Array:
        """What the node of that name gave, ``(samples, *shape)``."""
        return self.applied[name].output

    def backward(self, gradient: Array) -> Gradients:
        """Send a gradient of the network's answers back to everything they were made of.

        Args:
            gradient: In the shape of ``output``. With a 1 at one answer and 0 elsewhere, what comes back are the
                derivatives of that answer.
        """
        arriving = {self.graph.nodes[-1].name: gradient}
        weights: dict[str, Array] = {}
        for node in reversed(self.graph.nodes[1:]):
            input_gradients, weight_gradients = self.applied[node.name].backward(arriving[node.name])
            for name, input_gradient in zip(node.inputs, input_gradients, strict=True):
                # A result that several operations read gets the sum of what they send back.
                arriving[name] = arriving[name] + input_gradient if name in arriving else input_gradient
            weights |= {f"{node.name}/{name}": weight_gradient for name, weight_gradient in weight_gradients.items()}
        return Gradients(arriving, weights)
