"""What the filters see: a seven through random filters, through 16 trained ones, and through the pooling behind them.

Writes random_filter.png, trained_filters.png, feature_maps.png and pooled_maps.png.
"""

import matplotlib.pyplot as plt
import numpy as np
import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers


def save(pictures: np.ndarray, path: str) -> None:
    """Draw pictures of shape (n, rows, columns) side by side, eight in a row."""
    columns = min(8, len(pictures))
    figure, axes = plt.subplots(-(-len(pictures) // columns), columns, squeeze=False)
    for axis, picture in zip(axes.flat, pictures, strict=True):
        axis.imshow(picture, cmap="viridis")
        axis.axis("off")
    figure.savefig(path)
    plt.close(figure)
    print(f"{path}: {pictures.shape[0]} of {pictures.shape[1]}x{pictures.shape[2]}")


keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
seven = mnist.x_test[:1, ..., None] / 255

random_filter = layers.Conv2D(1, 5, padding="same")
save(np.asarray(random_filter(seven))[..., 0], "random_filter.png")

model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 5, padding="same", activation="relu", name="convolution"),
        layers.MaxPooling2D(2, name="pooling"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
scribal.fit(model, mnist.x_train[..., None] / 255, mnist.y_train, epochs=1, verbose=2)

# A model of the same layers that answers with what lies between them.
between = keras.Model(model.inputs, [model.get_layer("convolution").output, model.get_layer("pooling").output])
maps, pooled = between.predict(seven, verbose=0)
kernels = model.get_layer("convolution").get_weights()[0]
save(kernels[:, :, 0].transpose(2, 0, 1), "trained_filters.png")
save(maps[0].transpose(2, 0, 1), "feature_maps.png")
save(pooled[0].transpose(2, 0, 1), "pooled_maps.png")
