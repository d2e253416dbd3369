"""mlp: a network of dense layers, 814,090 numbers, and what it says of the mean of all 1s.

The network knows each pixel by its place, so the mean image of the training 1s, as no person ever wrote it, is a 1 for
it. shift_study.py shows what happens when that image is moved.
"""

import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

EPOCHS = 5

keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
x_train, x_test = mnist.x_train / 255, mnist.x_test / 255

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(1024, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
scribal.fit(model, x_train, mnist.y_train, epochs=EPOCHS, batch_size=1024, verbose=2)

mean_of_ones = x_train[mnist.y_train == 1].mean(axis=0)
probabilities = model.predict(mean_of_ones[None], verbose=0)[0]
print(f"the mean of {(mnist.y_train == 1).sum():,} ones is a 1 with probability {probabilities[1]:.3f}")
print(f"test accuracy {model.evaluate(x_test, mnist.y_test, verbose=0)[1]:.4f}")
