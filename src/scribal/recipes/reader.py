"""The network of the model that comes with scribal: it reads what people write, photograph and draw."""

from typing import Any

from scribal.backend import import_keras
from scribal.recipes.recipe import Recipe, Shape

__all__ = ["READER"]


def _reader(shape: Shape, classes: int) -> Any:
    """A 5x5 convolution, then pairs of 3x3 convolutions with batch normalization, between poolings.

    After K. Simonyan and A. Zisserman, ICLR 2015, arXiv:1409.1556, and S. Ioffe and C. Szegedy, ICML 2015,
    arXiv:1502.03167. Most of the work is done on 14x14 and 7x7 pixels.
    """
    keras = import_keras()
    layers = keras.layers
    model = keras.Sequential([keras.Input(shape)], name="reader")
    model.add(layers.Conv2D(24, 5, padding="same", activation="relu"))
    model.add(layers.MaxPooling2D(2))
    for filters in (48, 96):
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
    summary="a 5x5 and two pairs of 3x3 convolutions (24, 48, 96), for people's own pictures; images are renewed",
    network=_reader,
    parameters=269_306,
    optimizer_arguments={"learning_rate": 0.002},
    schedule="cosine",
    augmentation="reading",
    batch_size=128,
    epochs=30,
    validation=0.08333,  # the last 5,000 of MNIST's 60,000
)
