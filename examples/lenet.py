"""lenet: two convolutions with pooling and three dense layers, 61,610 numbers, trained with plain SGD and saved.

There is no activation but the last, so all that bends is the pooling. 50 epochs reach the 98.5 % of the tutorial; they
take half a minute here. Writes lenet.h5.
"""

import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

EPOCHS = 5

scribal.enable()  # fit, evaluate and predict below run on the engine
keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
x_train, x_test = mnist.x_train[..., None] / 255, mnist.x_test[..., None] / 255

model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(6, 3, padding="same"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 5),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(120),
        layers.Dense(84),
        layers.Dense(10, activation="softmax"),
    ]
)
optimizer = keras.optimizers.SGD(learning_rate=0.01)
model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, mnist.y_train, epochs=EPOCHS, batch_size=64, verbose=2)

print(f"training accuracy {model.evaluate(x_train, mnist.y_train, verbose=0)[1]:.4f}")
print(f"test accuracy {model.evaluate(x_test, mnist.y_test, verbose=0)[1]:.4f}")
model.save("lenet.h5")
