"""Weights between Keras' shapes and the order in which kernels read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scribal.engine.arrays import Floats
from scribal.engine.graph import Graph
from scribal.engine.operations import Shape
from scribal.engine.plan import Kernel, Plan
from scribal.exceptions import ArgumentError

__all__ = ["Packing", "packing_of"]


def packing_of(graph: Graph, plan: Plan) -> "Packing":
    """Where a plan has put a network's weights."""
    tensors = plan.tensors
    return Packing(
        graph,
        kernels={tensor.node.name: tensor.kernel for tensor in tensors if tensor.kernel is not None},
        moving={
            tensor.node.name: tensor.normalization.moving for tensor in tensors if tensor.normalization is not None
        },
    )


@dataclass(frozen=True)
class Packing:
    """Where each layer's weights lie in an array of all weights.

    Attributes:
        graph: The network.
        kernels: The layers' kernels, by name.
        moving: Positions of moving means, which moving variances follow, by the name of the layer.
    """

    graph: Graph
    kernels: Mapping[str, Kernel]
    moving: Mapping[str, int]

    def pack(self, weights: Mapping[str, ArrayLike], packed: Floats, *, trained: bool = False) -> None:
        """Put weights, in Keras' shapes, where the kernels expect them.

        Args:
            weights: By name.
            packed: The array of all weights, or one with as many elements.
            trained: Whether only trained weights are there.
        """
        expected = self._shapes(trained=trained)
        arrays = {name: np.asarray(weight, np.float32) for name, weight in weights.items()}
        if {name: array.shape for name, array in arrays.items()} != expected:
            received = {name: array.shape for name, array in arrays.items() if expected.get(name) != array.shape}
            missing = sorted(expected.keys() - arrays.keys())
            raise ArgumentError(
                "Weights must be those of the graph, in their shapes",
                received=f"wrong {received}, missing {missing}",
                advice="Take them from the model the graph was lowered from",
            )
        for name, place in self._places():
            if name in expected:
                place.of(packed)[...] = place.blocks(arrays[name])

    def unpack(self, packed: Floats, *, trained: bool = False) -> dict[str, Floats]:
        """Copy weights out, by name, in Keras' shapes; only trained ones, if that is asked for."""
        shapes = self._shapes(trained=trained)
        places = ((name, place) for name, place in self._places() if name in shapes)
        return {name: place.of(packed).transpose(1, 0, 2).reshape(shapes[name]).copy() for name, place in places}

    def _shapes(self, *, trained: bool) -> dict[str, Shape]:
        return {name: weight.shape for name, weight in self.graph.weights() if weight.trainable or not trained}

    def _places(self) -> Iterator[tuple[str, "_Place"]]:
        for name, kernel in self.kernels.items():
            first, *others = kernel.names
            yield f"{name}/{first}", _Place(kernel.offset, kernel.steps, kernel.units, kernel.block)
            for other in others:
                assert kernel.bias is not None
                yield f"{name}/{other}", _Place(kernel.bias, 1, kernel.units, kernel.units)
        shapes = self._shapes(trained=False)
        for name, first_mean in self.moving.items():
            (channels,) = shapes[f"{name}/moving_mean"]
            yield f"{name}/moving_mean", _Place(first_mean, 1, channels, channels)
            yield f"{name}/moving_variance", _Place(first_mean + channels, 1, channels, channels)


@dataclass(frozen=True)
class _Place:
    """One weight in the array of all weights: ``[block of units][step][unit in block]``."""

    offset: int
    steps: int
    units: int
    block: int

    def of(self, packed: Floats) -> Floats:
        """The weight, to be read and written."""
        size = self.steps * self.units
        return packed[self.offset : self.offset + size].reshape(-1, self.steps, self.block)

    def blocks(self, weight: Floats) -> Floats:
        """A weight of Keras' shape in the order of the array."""
        return weight.reshape(self.steps, -1, self.block).transpose(1, 0, 2)
