"""The model: one network written in three ways, compiled by names and by objects.

All three are the same layers with the same 5,110 parameters.
"""

import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

# A list of layers.
listed = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(3, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)

# Layer by layer.
added = keras.Sequential()
added.add(keras.Input((28, 28, 1)))
added.add(layers.Conv2D(3, 3))
added.add(layers.Activation("relu"))
added.add(layers.MaxPooling2D(2))
added.add(layers.Flatten())
added.add(layers.Dense(10))
added.add(layers.Softmax())

# Layers called like functions, which also makes networks with branches.
inputs = keras.Input((28, 28, 1))
x = layers.Conv2D(3, 3, activation="relu")(inputs)
x = layers.MaxPooling2D(2)(x)
x = layers.Flatten()(x)
functional = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))

functional.summary()
assert listed.count_params() == added.count_params() == functional.count_params() == 5110

# Optimizer, loss and metrics by name, or as objects with settings.
listed.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
added.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.01, momentum=0.9, nesterov=True),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
)
mnist = scribal.load_dataset("mnist")
for model in (listed, added):
    history = scribal.fit(model, mnist.x_train[..., None] / 255, mnist.y_train, epochs=1, verbose=2)
