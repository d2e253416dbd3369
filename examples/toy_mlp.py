"""toy-mlp: four samples of three numbers, 49 weights, 20,000 epochs.

The smallest network of all shows what costs time elsewhere: not the mathematics, but what goes on between the steps.
Here all epochs together take a moment.
"""

import numpy as np
import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

EPOCHS = 20_000

keras.utils.set_random_seed(1)
x = np.array([[0, 1, 0], [0, 0, 1], [1, 3, 2], [3, 2, 1]], dtype="float32")
y = np.array([0, 0, 1, 1], dtype="float32")

model = keras.Sequential(
    [
        keras.Input((3,)),
        layers.Dense(5, activation="relu"),
        layers.Dense(4, activation="relu"),
        layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer="sgd", loss="mean_squared_error", metrics=["accuracy"])
history = scribal.fit(model, x, y, epochs=EPOCHS, verbose=0).history

print(f"loss {history['loss'][0]:.4f} -> {history['loss'][-1]:.6f}")
print("the first sample:", float(model.predict(x[:1], verbose=0)[0, 0]))
print(f"accuracy {model.evaluate(x, y, verbose=0)[1]:.4f}")
