"""The engine draws other random numbers than Keras, for the order of samples and for Dropout; it must learn as well."""

import keras
import numpy as np
from keras import layers
from scipy.stats import ttest_ind

import scribal
from scribal.data import load_dataset
from scribal.engine.cache import CACHE_VARIABLE

SEEDS = range(5)
BATCH = 64


def network():
    stack = [
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(10),
    ]
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), *stack])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    return model


def test_accuracy_is_distributed_as_with_keras(capsys, monkeypatch, tmp_path):
    # It is one network all the time.
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    mnist = load_dataset("mnist")
    # Whole batches: Keras compiles a step for every size of one.
    count = 39 * BATCH
    train = mnist.x_train[:count, ..., None], mnist.y_train[:count]
    test = mnist.x_test[..., None], mnist.y_test
    accuracies = {"engine": [], "Keras": []}
    for seed in SEEDS:
        for name, reached in accuracies.items():
            keras.utils.set_random_seed(seed)
            model = network()
            if name == "engine":
                scribal.fit(model, *train, batch_size=BATCH, epochs=3, verbose=0, engine="native")
            else:
                model.fit(*train, batch_size=BATCH, epochs=3, verbose=0)
            with scribal.enable():
                answers = model.predict(test[0], verbose=0)
            reached.append(float((answers.argmax(axis=1) == test[1]).mean()))
    with capsys.disabled():
        print("\ntest accuracy  " + "  ".join(f"seed {seed}" for seed in SEEDS) + "    mean  deviation")
        for name, reached in accuracies.items():
            row = "  ".join(f"{value:6.2%}" for value in reached)
            print(f"{name:13}  {row}  {np.mean(reached):6.2%}  {np.std(reached, ddof=1):9.2%}")
    # Welch's test: means of one distribution lie so far apart once in a hundred times.
    assert ttest_ind(accuracies["engine"], accuracies["Keras"], equal_var=False).pvalue > 0.01
