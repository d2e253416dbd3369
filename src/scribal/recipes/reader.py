"""The network that reads people's own pictures, as the model that comes with scribal is trained."""

from typing import Any

from scribal.backend import import_keras
from scribal.recipes.recipe import Recipe, Shape

__all__ = ["READER"]

_WIDTHS = (16, 32, 64)


def _reader(shape: Shape, classes: int) -> Any:
    """Pairs of 3x3 convolutions with batch normalization between poolings.

    K. Simonyan and A. Zisserman, ICLR 2015, arXiv:1409.1556; S. Ioffe and C. Szegedy, ICML 2015, arXiv:1502.03167.
    """
    keras = import_keras()
    layers = keras.layers
    model = keras.Sequential([keras.Input(shape)], name="reader")
    for filters in _WIDTHS:
        for _ in range(2):
            model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False))
            model.add(layers.BatchNormalization())
            model.add(layers.ReLU())
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(128, activation="relu"))
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


READER = Recipe(
    name="reader",
    summary="three pairs of 3x3 convolutions with batch normalization, for people's own pictures",
    network=_reader,
    parameters=147_000,
    optimizer_arguments={"learning_rate": 0.002},
    schedule="cosine",
    augmentation="reading",
    batch_size=128,
    epochs=24,
    validation=0.08333,  # the last 5,000 of MNIST's
)
