"""Saving: a trained model in all of Keras' forms, each loaded back, each giving the same answers.

Writes digits.keras, digits.h5, and digits.json with digits.weights.h5. The first is Keras' own form and holds
everything; the second is for programs that are old; the third keeps the architecture as text that people can read.
"""

from pathlib import Path

import numpy as np
import scribal  # before Keras, for which it chooses JAX
import keras
from keras import layers

keras.utils.set_random_seed(1)
mnist = scribal.load_dataset("mnist")
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(3, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
Path("digits.json").write_text(model.to_json())  # before compile: what follows belongs to training
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
scribal.fit(model, mnist.x_train / 255, mnist.y_train, epochs=1, verbose=2)

model.save("digits.keras")
model.save("digits.h5")
model.save_weights("digits.weights.h5")

rebuilt = keras.models.model_from_json(Path("digits.json").read_text())
rebuilt.load_weights("digits.weights.h5")
loaded = {
    "digits.keras": keras.models.load_model("digits.keras"),
    "digits.h5": keras.models.load_model("digits.h5"),
    "digits.json": rebuilt,
}
expected = model.predict(mnist.x_test[:100] / 255, verbose=0)
for name, other in loaded.items():
    assert np.array_equal(other.predict(mnist.x_test[:100] / 255, verbose=0), expected)
    print(f"{name}: {Path(name).stat().st_size:,} bytes, the same answers")

# scribal reads each of them without Keras, and scales raw pixels as this network wants them.
for name in loaded:
    print(f"scribal.predict({name!r}):", scribal.predict(name, mnist.x_test[:5]).digits, "for", mnist.y_test[:5])
