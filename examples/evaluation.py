"""Evaluation: test loss and accuracy, which digit is taken for which, and the pictures of the mistakes.

Writes mistakes.png.
"""

import matplotlib.pyplot as plt
import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

EPOCHS = 3

keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, 5, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
scribal.fit(model, mnist.x_train / 255, mnist.y_train, epochs=EPOCHS, verbose=2)

evaluation = scribal.evaluate(model, mnist)
print(f"test loss {evaluation.loss:.4f}, test accuracy {evaluation.accuracy:.4f}")
print(evaluation.confusion_table())

mistakes = evaluation.misclassified
print(f"{len(mistakes)} mistakes; the network was most certain of these:")
print(mistakes.head())
fives = scribal.errors(model, true=5, predicted=3)
print(f"{len(fives)} fives were taken for threes:", fives["index"].tolist())

figure, axes = plt.subplots(2, 5, figsize=(9, 4))
for axis, mistake in zip(axes.flat, mistakes.itertuples(), strict=False):
    axis.imshow(mnist.x_test[mistake.index], cmap="gray_r")
    axis.set_title(f"{mistake.label} taken for {mistake.prediction}")
    axis.axis("off")
figure.savefig("mistakes.png")
