"""Training: fit with validation, the history of loss and accuracy, and what overfitting looks like.

A large network on few images learns them by heart: training goes on to improve, validation does not. Writes
history.png.
"""

import matplotlib.pyplot as plt
import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

SAMPLES = 3_000
EPOCHS = 20

keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
x_train, y_train = mnist.x_train[:SAMPLES] / 255, mnist.y_train[:SAMPLES]

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = scribal.fit(model, x_train, y_train, epochs=EPOCHS, batch_size=64, validation_split=0.2, verbose=2).history

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
for axis, name in ((left, "loss"), (right, "accuracy")):
    axis.plot(history[name], label="training")
    axis.plot(history[f"val_{name}"], label="validation")
    axis.set_xlabel("epoch")
    axis.set_title(name)
    axis.legend()
figure.savefig("history.png")
gap = history["accuracy"][-1] - history["val_accuracy"][-1]
print(f"training {history['accuracy'][-1]:.4f}, validation {history['val_accuracy'][-1]:.4f}, gap {gap:.4f}")
