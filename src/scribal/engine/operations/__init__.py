"""The operations of a layer graph: the engine's whole grammar.

::

    operation = Input | Dense | Conv2D | DepthwiseConv2D
              | MaxPool2D | AveragePooling2D | GlobalMaxPooling2D | GlobalAveragePooling2D
              | ZeroPadding2D | Flatten | Reshape | Dropout | Activation
              | BatchNormalization | Rescaling | Add | Concatenate

Names and meanings are those of the Keras layers. Shapes are per sample, without the batch, channels last. An operation
answers two questions, given the shapes it reads: which shape it gives, and which weights it has.
"""

from scribal.engine.operations.base import Operation, Shape, Weight
from scribal.engine.operations.images import (
    AveragePooling2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPool2D,
    ZeroPadding2D,
)
from scribal.engine.operations.values import (
    Activation,
    ActivationName,
    Add,
    Concatenate,
    Dropout,
    Flatten,
    Input,
    Rescaling,
    Reshape,
)
from scribal.engine.operations.weighted import BatchNormalization, Conv2D, Dense, DepthwiseConv2D

__all__ = [
    "Activation",
    "ActivationName",
    "Add",
    "AveragePooling2D",
    "BatchNormalization",
    "Concatenate",
    "Conv2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Input",
    "MaxPool2D",
    "Operation",
    "Rescaling",
    "Reshape",
    "Shape",
    "Weight",
    "ZeroPadding2D",
]
