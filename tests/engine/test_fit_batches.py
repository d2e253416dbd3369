"""``fit`` on generators and on Keras' datasets."""

import itertools

import keras
import numpy as np
import pytest
from fitting_networks import images, network, same_state
from keras import callbacks

import scribal
from scribal.engine.errors import FallbackWarning, LoweringError

X, Y = images(60)


def batches(*, size=16, times=None, weights=()):
    """Batches of the data in order, so many times."""
    for _ in range(times) if times else itertools.count():
        for first in range(0, len(X), size):
            part = slice(first, first + size)
            yield (X[part], Y[part], *(weight[part] for weight in weights))


class Rows(keras.utils.PyDataset):
    """The same batches by number."""

    def __init__(self):
        super().__init__()
        self.heard = []

    def __len__(self):
        return 4

    def __getitem__(self, place):
        return next(itertools.islice(batches(), place, None))

    def on_epoch_end(self):
        self.heard.append("end")


@pytest.mark.parametrize("data", [batches, Rows])
@pytest.mark.parametrize("metrics", [["accuracy"], ["accuracy", "sparse_top_k_categorical_accuracy"], []], ids=str)
@pytest.mark.parametrize("verbose", [0, 1])
def test_batches_train_as_arrays_do(data, metrics, verbose):
    one, other = network(metrics=metrics), network(metrics=metrics)
    options = {"epochs": 2, "shuffle": False, "verbose": verbose, "validation_data": (X, Y)}
    history = scribal.fit(one, data(), steps_per_epoch=4, engine="native", **options)
    expected = scribal.fit(other, X, Y, batch_size=16, **options)
    assert history.history.keys() == expected.history.keys()
    for name, values in expected.history.items():
        assert history.history[name] == pytest.approx(values, rel=1e-4)
    same_state(one, other)


def test_batches_train_as_with_keras():
    one, other = network(), network()
    weights = [np.linspace(0, 2, len(X))]
    options = {"epochs": 2, "steps_per_epoch": 5, "shuffle": False, "verbose": 0, "class_weight": None}
    native = scribal.fit(one, batches(weights=weights), **options)
    expected = scribal.fit(other, batches(weights=weights), engine="keras", **options)
    assert native.history["loss"] == pytest.approx(expected.history["loss"], rel=1e-4)
    same_state(one, other)


def test_validation_takes_batches():
    history = scribal.fit(
        network(), Rows(), epochs=2, validation_data=batches(), validation_steps=4, verbose=0, engine="native"
    )
    model = network()
    expected = scribal.fit(model, X, Y, batch_size=16, epochs=0, verbose=0).model.evaluate(X, Y, verbose=0)
    assert len(history.history["val_loss"]) == len(history.history["val_accuracy"]) == 2
    zero = keras.optimizers.SGD(0.0)
    still = scribal.fit(network(optimizer=zero), Rows(), validation_data=Rows(), verbose=0, engine="native").history
    assert [still["val_loss"][0], still["val_accuracy"][0]] == pytest.approx(expected, rel=1e-5)


def test_a_dataset_hears_of_the_end_of_each_epoch():
    data = Rows()
    scribal.fit(network(), data, epochs=3, verbose=0, engine="native")
    assert data.heard == ["end"] * 3


def test_callbacks_hear_of_each_batch():
    heard = []

    class Hears(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            heard.append((batch, sorted(logs)))

    one, other = network(), network()
    for model, engine in ((one, "native"), (other, "keras")):
        scribal.fit(model, batches(), steps_per_epoch=3, shuffle=False, verbose=0, callbacks=[Hears()], engine=engine)
    assert heard[:3] == heard[3:] == [(place, ["accuracy", "loss"]) for place in range(3)]
    same_state(one, other)


def test_a_generator_that_ends_ends_the_training():
    with pytest.warns(UserWarning, match="Received: 0 of 4 steps") as told:
        history = scribal.fit(network(), batches(times=2), steps_per_epoch=4, epochs=9, verbose=0)
    assert [warning.filename for warning in told if "steps" in str(warning.message)] == [__file__]
    assert history.epoch == [0, 1, 2]


@pytest.mark.parametrize(
    ("data", "options", "reason"),
    [
        (lambda: batches(times=1), {}, "number of steps"),
        (Rows, {"steps_per_epoch": 3}, "all batches"),
        (lambda: (x for x, _ in batches()), {"steps_per_epoch": 1}, "A batch must be"),
        (batches, {"steps_per_epoch": 2, "validation_data": Rows(), "validation_steps": 2}, "all batches"),
    ],
    ids=["no steps", "other steps", "no targets", "other steps to validate"],
)
def test_what_keras_has_to_do_is_said(data, options, reason):
    with pytest.raises(LoweringError, match=reason):
        scribal.fit(network(), data(), engine="native", **options)


def test_keras_gets_the_first_batch_too():
    class Own(keras.Sequential):
        """A model that only Keras trains."""

    seen = []

    def watched():
        for batch in batches(times=1):
            seen.append(len(batch[0]))
            yield batch

    model = Own(network().layers)
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.warns(FallbackWarning, match="class of its own"):
        scribal.fit(model, watched(), steps_per_epoch=4, shuffle=False, verbose=0)
    assert int(model.optimizer.iterations) == len(seen) == 4
