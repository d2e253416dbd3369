"""Prediction: ten probabilities for each image, the digit itself, for many images, for one, and for a picture file.

Writes seven.png, a picture as a phone would take it, and reads it.
"""

import numpy as np
import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers
from PIL import Image

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

# Many images. scribal takes raw pixels and scales them as the network wants them.
answers = scribal.predict(model, mnist.x_test[:4])
print("probabilities", answers.probabilities.round(3), "digits", answers.digits, "labels", mnist.y_test[:4], sep="\n")

# The same from Keras, where the program scales.
probabilities = model.predict(mnist.x_test[:4] / 255, verbose=0)
print("Keras says", probabilities.argmax(axis=1))
assert np.allclose(probabilities, answers.probabilities, atol=1e-5)

# One image, and one picture file: dark on light and larger than 28x28.
print("one image:", scribal.predict(model, mnist.x_test[0]).digits)
Image.fromarray(255 - mnist.x_test[0]).resize((140, 140)).save("seven.png")
print(scribal.predict(model, "seven.png").table())
