"""A model as a table: one row a layer."""

import dataclasses
from typing import Any

__all__ = ["LayerDescription", "describe"]


@dataclasses.dataclass(frozen=True)
class LayerDescription:
    """One row of a model's summary.

    Attributes:
        name: The layer's name in its model.
        kind: The layer's class, such as ``"Conv2D"``.
        output_shape: Without the batch axis, such as ``"26 x 26 x 3"``; ``"?"`` if not yet known.
        parameters: Number of weights, trainable or not; 0 if not yet built.
    """

    name: str
    kind: str
    output_shape: str
    parameters: int


def describe(model: Any) -> list[LayerDescription]:
    """Describe each layer of a Keras model, in the order of ``model.layers``.

    Input layers are left out, as Keras' own summary does for ``Sequential``; a nested model is one row.

    Args:
        model: A ``keras.Model``, sequential or functional, built or with a known input.
    """
    from scribal.backend import import_keras

    input_layer = import_keras().layers.InputLayer
    return [
        LayerDescription(
            name=layer.name,
            kind=type(layer).__name__,
            output_shape=_output_shape(layer),
            parameters=layer.count_params() if layer.built else 0,
        )
        for layer in model.layers
        if not isinstance(layer, input_layer)
    ]


def _output_shape(layer: Any) -> str:
    try:
        output = layer.output
    except (AttributeError, ValueError):
        # The layer was never called on an input, as in a model whose input shape is not known yet.
        return "?"
    outputs = output.values() if isinstance(output, dict) else output if isinstance(output, list | tuple) else [output]
    return ", ".join(" x ".join("any" if size is None else str(size) for size in one.shape[1:]) for one in outputs)
