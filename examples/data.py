"""The data: 60,000 + 10,000 handwritten digits, counted, looked at, and put in the form that a network wants.

MNIST comes with scribal, so nothing is downloaded. Writes samples.png.
"""

import matplotlib.pyplot as plt
import numpy as np
import scribal  # before Keras, for which it chooses JAX
import keras
from sklearn.preprocessing import OneHotEncoder

mnist = scribal.load_dataset("mnist")
print("training images", mnist.x_train.shape, "labels", mnist.y_train.shape)
print("test images    ", mnist.x_test.shape, "labels", mnist.y_test.shape)
print("images of each digit:", np.bincount(mnist.y_train))

# A convolution wants an axis of channels; grey pictures have one. Pixels go from 0..255 to 0..1.
x_train = mnist.x_train.reshape(-1, 28, 28, 1) / 255
print("for a network  ", x_train.shape, "from", x_train.min(), "to", x_train.max())

# One-hot: ten numbers a label, nine of them zero. Keras and scikit-learn agree on them.
by_keras = keras.utils.to_categorical(mnist.y_train, 10)
by_sklearn = OneHotEncoder(sparse_output=False).fit_transform(mnist.y_train.reshape(-1, 1))
print("label", mnist.y_train[0], "as", by_keras[0], "| both encoders agree:", np.array_equal(by_keras, by_sklearn))

figure, axes = plt.subplots(2, 5, figsize=(8, 4))
for axis, image, label in zip(axes.flat, mnist.x_train, mnist.y_train, strict=False):
    axis.imshow(image, cmap="gray_r")
    axis.set_title(f"label {label}")
    axis.axis("off")
figure.savefig("samples.png")
