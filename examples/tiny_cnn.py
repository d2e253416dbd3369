"""tiny-cnn: three filters and ten outputs, 5,110 numbers, learn handwritten digits from raw pixels.

Conv2D, ReLU, max-pooling, Flatten, Dense, softmax, each a layer of its own; one-hot labels; a summary table; and four
predictions turned into digits.
"""

import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

EPOCHS = 10

scribal.enable()  # fit, evaluate and predict below run on the engine
keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
x_train, x_test = mnist.x_train[..., None], mnist.x_test[..., None]
y_train, y_test = keras.utils.to_categorical(mnist.y_train), keras.utils.to_categorical(mnist.y_test)

model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(3, 3),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10),
        layers.Softmax(),
    ]
)
model.summary()
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=EPOCHS, batch_size=32, validation_data=(x_test, y_test), verbose=2)

probabilities = model.predict(x_test[:4], verbose=0)
print("predictions", probabilities.argmax(axis=1), "labels", mnist.y_test[:4])
print(f"test accuracy {model.evaluate(x_test, y_test, verbose=0)[1]:.4f}")
