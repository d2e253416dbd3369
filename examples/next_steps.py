"""What comes next: small forms of VGG, Inception and ResNet, and what is new in each.

VGG stacks 3x3 convolutions, Inception lays convolutions of several sizes side by side, ResNet adds a layer's input to
its output. A part of the images, and a few epochs, are enough to see them learn.
"""

import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

NETWORKS = ["vgg-mini", "inception-mini", "resnet-mini"]
SAMPLES = 5_000
EPOCHS = 2

scribal.enable()  # fit, evaluate and predict below run on the engine
keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
x_train, y_train = mnist.x_train[:SAMPLES, ..., None] / 255, mnist.y_train[:SAMPLES]
x_test, y_test = mnist.x_test[:2000, ..., None] / 255, mnist.y_test[:2000]

# A residual block, written out: what the layers find is added to what came in.
inputs = keras.Input((28, 28, 1))
x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(inputs)
found = layers.Conv2D(8, 3, padding="same", activation="relu")(x)
found = layers.Conv2D(8, 3, padding="same")(found)
x = layers.ReLU()(layers.Add()([x, found]))
x = layers.Flatten()(x)
one_block = keras.Model(inputs, layers.Dense(10, activation="softmax")(x), name="one_residual_block")

for model in (one_block, *(scribal.find_recipe(name).build() for name in NETWORKS)):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, epochs=EPOCHS, batch_size=32, verbose=0)
    accuracy = model.evaluate(x_test, y_test, verbose=0)[1]
    print(f"{model.name}: {model.count_params():,} parameters, test accuracy {accuracy:.4f}")
print("scribal train resnet-mini trains one of them on all images.")
