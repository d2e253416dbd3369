"""Why a convolutional network: move an image by a pixel or two and see who still knows it.

All training 1s are averaged into one image. A network of dense layers knows it where it stands, and loses it when it is
moved; a convolutional network holds on longer. Then the same over all digits. Writes shifts.png.
"""

import matplotlib.pyplot as plt
import numpy as np
import scribal  # before Keras, for which it chooses JAX
import keras

EPOCHS = 3

scribal.enable()  # fit, evaluate and predict below run on the engine
keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
networks = {}
for name in ("mlp", "lenet"):
    recipe = scribal.find_recipe(name)
    model = networks[name] = recipe.build()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(mnist.x_train / 255, mnist.y_train, epochs=EPOCHS, batch_size=recipe.batch_size, verbose=2)

mean_of_ones = mnist.x_train[mnist.y_train == 1].mean(axis=0) / 255
shifts = range(-4, 5)
moved = np.stack([np.roll(mean_of_ones, shift, axis=1) for shift in shifts])
for name, model in networks.items():
    for shift, row in zip(shifts, model.predict(moved, verbose=0), strict=True):
        print(f"{name}: mean 1 moved by {shift:+d} pixels: p(1) = {row[1]:.3f}, answer {row.argmax()}")

for name, model in networks.items():
    accuracy = []
    for shift in shifts:
        images = np.roll(mnist.x_test / 255, shift, axis=2)
        accuracy.append((model.predict(images, verbose=0).argmax(axis=1) == mnist.y_test).mean())
    print(name, dict(zip(shifts, np.round(accuracy, 3).tolist(), strict=True)))
    plt.plot(shifts, accuracy, marker="o", label=name)
plt.xlabel("pixels to the right")
plt.ylabel("test accuracy")
plt.legend()
plt.savefig("shifts.png")
