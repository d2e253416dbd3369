"""dropout-cnn: wide 5x5 convolutions, Dropout against learning by heart, a fifth of the images held out.

242,062 numbers; 20 epochs reach the 99.26 % of the tutorial. Watch that validation is better than training here:
Dropout is on in training only. Writes dropout_cnn.png.
"""

import matplotlib.pyplot as plt
import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

EPOCHS = 3

scribal.enable()  # fit, evaluate and predict below run on the engine
keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
x_train, x_test = mnist.x_train[..., None] / 255, mnist.x_test[..., None] / 255
y_train, y_test = keras.utils.to_categorical(mnist.y_train), keras.utils.to_categorical(mnist.y_test)

model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(36, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
fitted = model.fit(x_train, y_train, epochs=EPOCHS, batch_size=300, validation_split=0.2, verbose=2)

for name, values in fitted.history.items():
    if name.endswith("accuracy"):
        plt.plot(values, label=name)
plt.legend()
plt.savefig("dropout_cnn.png")
print(f"test accuracy {model.evaluate(x_test, y_test, verbose=0)[1]:.4f}")
