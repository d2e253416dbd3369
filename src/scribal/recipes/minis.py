"""The steps after LeNet: VGG, Inception and ResNet in forms small enough for 28x28 images and two cores.

They are trained with a tenth of the training set held out, by which their settings may be chosen.
"""

from typing import Any

from scribal.backend import import_keras
from scribal.recipes.recipe import Recipe, Shape

__all__ = ["MINIS"]


def _vgg_mini(shape: Shape, classes: int) -> Any:
    """Pairs of 3x3 convolutions between poolings (Simonyan and Zisserman 2015, arXiv:1409.1556)."""
    keras = import_keras()
    layers = keras.layers
    model = keras.Sequential([keras.Input(shape)], name="vgg_mini")
    for filters in (16, 32, 64):
        for _ in range(2):
            model.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(128, activation="relu"))
    model.add(layers.Dropout(0.5))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


def _inception_mini(shape: Shape, classes: int) -> Any:
    """Branches of 1x1, 3x3 and 5x5 convolutions side by side (Szegedy et al. 2015, arXiv:1409.4842)."""
    keras = import_keras()
    layers = keras.layers

    def module(x: Any, filters: int) -> Any:
        branches = [layers.Conv2D(filters, 1, activation="relu")(x)]
        for size in (3, 5):
            reduced = layers.Conv2D(filters // 2, 1, activation="relu")(x)
            branches.append(layers.Conv2D(filters, size, padding="same", activation="relu")(reduced))
        pooled = layers.MaxPooling2D(3, strides=1, padding="same")(x)
        branches.append(layers.Conv2D(filters, 1, activation="relu")(pooled))
        return layers.Concatenate()(branches)

    inputs = keras.Input(shape)
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(inputs)
    x = layers.MaxPooling2D(2)(x)
    x = module(x, 16)
    x = layers.MaxPooling2D(2)(x)
    x = module(x, 24)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, outputs, name="inception_mini")


def _resnet_mini(shape: Shape, classes: int) -> Any:
    """Three residual blocks, the CIFAR network of He et al. 2016 (arXiv:1512.03385, section 4.2) with n = 1."""
    keras = import_keras()
    layers = keras.layers

    def convolution(x: Any, filters: int, *, size: int = 3, strides: int = 1) -> Any:
        x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False)(x)
        return layers.BatchNormalization()(x)

    def block(x: Any, filters: int, strides: int) -> Any:
        shortcut = x if strides == 1 else convolution(x, filters, size=1, strides=strides)
        x = layers.ReLU()(convolution(x, filters, strides=strides))
        x = convolution(x, filters)
        return layers.ReLU()(layers.Add()([x, shortcut]))

    inputs = keras.Input(shape)
    x = layers.ReLU()(convolution(inputs, 16))
    for filters, strides in ((16, 1), (32, 2), (64, 2)):
        x = block(x, filters, strides)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, outputs, name="resnet_mini")


MINIS = tuple(
    Recipe(
        name=name,
        summary=summary,
        network=network,
        parameters=parameters,
        batch_size=128,
        epochs=10,
        validation=0.1,
    )
    for name, summary, network, parameters in (
        (
            "vgg-mini",
            "three pairs of 3x3 convolutions (16, 32, 64) with pooling, Dense 128, Dropout",
            _vgg_mini,
            146_938,
        ),
        (
            "inception-mini",
            "two modules of parallel 1x1, 3x3 and 5x5 convolutions, global pooling",
            _inception_mini,
            20_850,
        ),
        (
            "resnet-mini",
            "three residual blocks (16, 32, 64) with batch normalization, global pooling",
            _resnet_mini,
            78_426,
        ),
    )
)
