"""How a convolution works: a 3x3 kernel slides over three rows of numbers, by hand and in Keras.

The kernel is laid on the rows, each number is multiplied with the one under it, and the products are added up. That
makes 29; one step to the right it makes 28, and 25 at the end.
"""

import numpy as np
import scribal  # noqa: F401 (before Keras, for which it chooses JAX)
import keras

rows = np.array([[1, 2, 0, 2, 3], [1, 1, 1, 2, 0], [3, 3, 2, 1, 2]])
kernel = np.array([[3, 1, 1], [2, 3, 1], [2, 2, 3]])

by_hand = []
for column in range(rows.shape[1] - kernel.shape[1] + 1):
    under = rows[:, column : column + 3]
    products = kernel * under
    print(f"columns {column} to {column + 2}:", " + ".join(map(str, products.ravel())), "=", products.sum())
    by_hand.append(int(products.sum()))

# The same as a layer: one image of 3x5 pixels and one channel, one filter without bias.
layer = keras.layers.Conv2D(1, 3, use_bias=False)
layer.build((None, 3, 5, 1))
layer.set_weights([kernel.reshape(3, 3, 1, 1)])
by_keras = np.asarray(layer(rows.reshape(1, 3, 5, 1))).ravel()
print("by hand", by_hand, "by Keras", by_keras.tolist())
assert by_hand == [29, 28, 25] == by_keras.tolist()

# ReLU keeps what is above zero; max-pooling keeps the largest of its window.
sums = np.array([[29, -3, 28, 25]])
print("ReLU:", np.maximum(sums, 0), "max-pooling by 2:", sums.reshape(1, 2, 2).max(axis=2))
