"""A whole convolutional network in plain NumPy, forward and backward, beside the same network in Keras.

scribal.engine.reference holds it, written to be read: convolution.py, pooling.py, activations.py, losses.py. Both
networks start from the same weights, see the same images and must give the same numbers, before and after ten steps.
"""

import numpy as np
import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers
from scribal.engine.lower import lower_model, weights_of
from scribal.engine.reference import Network
from scribal.engine.training import SGD, Loss

keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
images, labels = mnist.x_train[:320, ..., None] / np.float32(255), mnist.y_train[:320]

model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(3, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(keras.optimizers.SGD(learning_rate=0.1), "sparse_categorical_crossentropy")
in_numpy = Network(lower_model(model), weights_of(model))


def difference() -> float:
    """The largest distance between the two networks' answers."""
    return float(np.abs(in_numpy.predict(images) - model.predict(images, verbose=0)).max())


print(f"before training, the answers differ by {difference():.1e}")
loss, optimizer = Loss("sparse_categorical_crossentropy"), SGD(learning_rate=0.1)
for batch in np.split(np.arange(len(images)), 10):
    ours = in_numpy.train_step(loss, optimizer, images[batch], labels[batch])
    model.train_on_batch(images[batch], labels[batch])
    print(f"32 images: loss {ours:.6f}")
print(f"after training, the answers differ by {difference():.1e}")
assert difference() < 1e-4
