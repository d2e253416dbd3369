"""softmax-mlp: the four steps of every Keras program, compile, fit, evaluate, predict.

The tutorial fits this network to random numbers, of which nothing can be learned. Here the 100 inputs are digits of
10x10 pixels. SGD has momentum in Nesterov's form; evaluate and predict work in batches of 128.
"""

import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

EPOCHS = 5

keras.utils.set_random_seed(1)
small = scribal.load_dataset("mnist-10x10")
x_train, x_test = small.x_train.reshape(-1, 100) / 255, small.x_test.reshape(-1, 100) / 255
y_train, y_test = keras.utils.to_categorical(small.y_train), keras.utils.to_categorical(small.y_test)

model = keras.Sequential(
    [keras.Input((100,)), layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
)
model.compile(
    loss="categorical_crossentropy",
    optimizer=keras.optimizers.SGD(learning_rate=0.01, momentum=0.9, nesterov=True),
    metrics=["accuracy"],
)
with scribal.enable():  # fit, evaluate and predict of Keras' models, on the engine
    model.fit(x_train, y_train, epochs=EPOCHS, batch_size=32, verbose=2)
    loss, accuracy = model.evaluate(x_test, y_test, batch_size=128, verbose=0)
    classes = model.predict(x_test, batch_size=128, verbose=0)
print("probabilities of the first image", classes[0].round(3))
print(f"test loss {loss:.4f}, test accuracy {accuracy:.4f}")
