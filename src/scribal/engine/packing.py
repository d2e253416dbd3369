"""Weights between Keras' shapes and the order in which kernels read them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scribal.engine.arrays import Floats
from scribal.engine.graph import Graph
from scribal.engine.plan import Kernel
from scribal.exceptions import ArgumentError

__all__ = ["Packing"]


@dataclass(frozen=True)
class Packing:
    """Where each layer's weights lie in an array of all weights."""

    graph: Graph
    kernels: Mapping[str, Kernel]

    def pack(self, weights: Mapping[str, ArrayLike], packed: Floats) -> None:
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
        for name, kernel in self.kernels.items():
            blocks = arrays[f"{name}/kernel"].reshape(kernel.steps, -1, kernel.block).transpose(1, 0, 2)
            packed[kernel.offset : kernel.offset + blocks.size] = blocks.reshape(-1)
            if kernel.bias is not None:
                packed[kernel.bias : kernel.bias + kernel.units] = arrays[f"{name}/bias"]

    def unpack(self, packed: Floats) -> dict[str, Floats]:
        """Copy weights out, by name, in Keras' shapes."""
        shapes = {name: weight.shape for name, weight in self.graph.weights()}
        weights = {}
        for name, kernel in self.kernels.items():
            blocks = packed[kernel.offset : kernel.offset + kernel.steps * kernel.units]
            blocks = blocks.reshape(-1, kernel.steps, kernel.block).transpose(1, 0, 2)
            weights[f"{name}/kernel"] = blocks.reshape(shapes[f"{name}/kernel"]).copy()
            if kernel.bias is not None:
                weights[f"{name}/bias"] = packed[kernel.bias : kernel.bias + kernel.units].copy()
        return weights
