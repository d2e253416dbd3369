"""Methods of models with the arguments, the results and the data of Keras 1 and 2."""

import keras
import numpy as np
import pandas as pd
import pytest
from small_networks import CLASSES, IMAGES, X, Y, image_network, network

import scribal
from scribal.exceptions import ModelError
from scribal.legacy.models import installed_models

FRAME = pd.DataFrame(X)


def same_weights(one, other):
    for left, right in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-4, atol=1e-6)


def test_the_input_layer_of_a_functional_model_has_the_model_s_input(models):
    entry = keras.Input((4,))
    model = keras.Model(entry, keras.layers.Dense(2)(entry))
    assert model.layers[0].input is entry
    maps = keras.Model(model.layers[0].input, model.layers[1].output)
    x = np.ones((3, 4), np.float32)
    np.testing.assert_array_equal(maps.predict(x, verbose=0), model.predict(x, verbose=0))


def test_everything_is_put_back():
    owners = (
        keras.Model,
        keras.Sequential,
        keras.layers.Layer,
        keras.callbacks.History,
        keras.callbacks.ModelCheckpoint,
        keras.models,
        keras.saving,
        keras.optimizers.Optimizer,
    )
    before = [dict(vars(owner)) for owner in owners]
    with installed_models():
        assert [dict(vars(owner)) for owner in owners] != before
        with installed_models():
            pass
        assert hasattr(keras.Model, "fit_generator")
    assert [dict(vars(owner)) for owner in owners] == before
    assert not hasattr(keras.Model, "fit_generator")


@pytest.mark.parametrize(
    "old",
    [
        {"nb_epoch": 2},
        {"nb_epoch": 2, "validation_data": [X, Y]},
        {"epochs": 2.0, "batch_size": 16.0},
        {"nb_epoch": 2, "class_weight": np.array([1, 2, 1])},
        {"nb_epoch": 2, "show_accuracy": True, "verbose": False},
    ],
    ids=str,
)
def test_old_arguments_train_as_modern_ones_do(models, old):
    one, other = network(), network()
    one.fit(X, Y, shuffle=False, **{"verbose": 0} | old)
    modern = {
        "batch_size": int(old.get("batch_size", 32)),
        "class_weight": {0: 1, 1: 2, 2: 1} if "class_weight" in old else None,
    }
    scribal.fit(other, X, Y, epochs=2, shuffle=False, verbose=0, **modern)
    same_weights(one, other)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (X.tolist(), Y.tolist()),
        (list(X), list(Y)),
        ([X], [Y]),
        (FRAME, pd.DataFrame(Y)),
        (FRAME, pd.get_dummies(pd.Series(CLASSES))),
        (FRAME.astype(object).to_numpy(), Y.astype(bool)),
    ],
    ids=["lists", "lists of arrays", "arrays in lists", "tables", "dummies", "objects"],
)
def test_data_are_whatever_numpy_makes_arrays_of(models, x, y):
    one, other = network(), network()
    one.fit(x, y, shuffle=False, verbose=0, validation_data=[x, y])
    scribal.fit(other, X, Y, shuffle=False, verbose=0)
    same_weights(one, other)
    np.testing.assert_allclose(one.predict(x), other.predict(X), rtol=1e-4)
    assert one.evaluate(x, y, verbose=0) == pytest.approx(other.evaluate(X, Y, verbose=0), rel=1e-4)


@pytest.mark.parametrize("shape", [(40,), (40, 1)])
def test_labels_of_one_output_need_no_axis(models, shape):
    model = network(outputs=1)
    labels = (CLASSES == 1).astype(int)
    model.fit(X, labels.reshape(shape), verbose=0)
    _, accuracy = model.evaluate(X, labels.reshape(shape), verbose=0)
    assert accuracy == pytest.approx(((model.predict(X)[:, 0] > 0.5) == labels).mean())
    classes = model.predict_classes(X)
    assert classes.shape == (40, 1)
    assert classes.dtype == np.int32


def test_classes_and_probabilities(models):
    model = network()
    np.testing.assert_array_equal(model.predict_classes(X, batch_size=8, verbose=0), model.predict(X).argmax(axis=1))
    np.testing.assert_array_equal(model.predict_proba(X, verbose=0), model.predict(X))
    assert {change.old for change in models.changes} == {"predict_classes(x)", "predict_proba(x)"}


def test_labels_of_another_form_are_refused_in_the_words_of_keras(models):
    with pytest.raises(ValueError, match="must have the same shape") as raised:
        network().fit(X, CLASSES, verbose=0)
    assert raised.value.__context__ is None


def test_answers_come_without_a_progress_bar_unless_asked_for(models, capsys):
    model = network()
    model.predict(X)
    assert capsys.readouterr().out == ""
    model.predict(X, verbose=1)
    assert "step" in capsys.readouterr().out


@pytest.mark.parametrize("metrics", [[], ["acc"], ["accuracy"], ["mae", "acc"]], ids=str)
def test_evaluate_gives_what_the_names_say(models, metrics):
    model = network(metrics)
    assert model.metrics_names == ["loss", *metrics]
    measured = model.evaluate(X, Y, verbose=0)
    expected = list(
        scribal.fit(model, X, Y, epochs=0, verbose=0).model.evaluate(X, Y, verbose=0, return_dict=True).values()
    )
    assert measured == pytest.approx(expected[0] if not metrics else expected)
    assert model.metrics_names == ["loss", *metrics]


def test_accuracy_is_counted_when_the_call_asks_for_it(models):
    model = network(metrics=[])
    assert "accuracy" in model.fit(X, Y, show_accuracy=True, verbose=0).history
    _, accuracy = model.evaluate(X, Y, show_accuracy=True, verbose=0)
    assert 0 <= accuracy <= 1


def test_single_steps_measure_their_own_batch(models):
    model = network()
    first = model.train_on_batch(X[:8].tolist(), Y[:8].tolist())
    assert first == pytest.approx(network().test_on_batch(X[:8], Y[:8]), rel=1e-5)
    assert model.test_on_batch(X[8:16], Y[8:16]) == pytest.approx(model.evaluate(X[8:16], Y[8:16], verbose=0), rel=1e-5)
    assert model.predict_on_batch(X[:8]).shape == (8, 3)


def test_layers_and_models_have_their_former_attributes(models):
    model = network()
    first = model.layers[0]
    assert (first.input_shape, first.output_shape) == ((None, 4), (None, 5))
    assert first.get_output_at(0) is first.output
    assert first.get_output_shape_at(0) == (None, 5)
    np.testing.assert_array_equal(first.W, first.kernel)
    inner = keras.Model(model.input, first.output)
    assert inner.predict(X).shape == (40, 5)
    assert keras.Model(model.input, model.output).predict(X).shape == (40, 3)
    model.optimizer.lr = 0.25
    assert float(model.optimizer.lr) == float(model.optimizer.learning_rate) == 0.25


def test_own_layers_may_use_former_names_for_themselves(models):
    class Own(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.output_shape = 7

        def call(self, inputs):
            return inputs

    assert Own().output_shape == 7
    assert not hasattr(keras.layers.Dense(1), "output_shape")


def test_models_of_a_class_of_their_own_train_on_keras_and_the_journal_says_why(models):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(3, activation="softmax")

        def call(self, inputs):
            return self.dense(inputs)

        def fit(self, *arguments, **options):
            return super().fit(*arguments, nb_epoch=2, **options)

    model = Own()
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    assert isinstance(model, keras.Model)
    assert model.fit(X.tolist(), Y, verbose=0, validation_data=[X, Y]).epoch == [0, 1]
    network().fit(X, Y, verbose=0)
    assert [(run.call, run.on) for run in models.runs] == [("fit", "Keras"), ("fit", "engine")]
    assert "class of its own" in next(iter(models.runs)).reason


def test_models_of_several_inputs_take_lists(models):
    left, right = keras.Input((4,)), keras.Input((4,))
    model = keras.Model([left, right], keras.layers.Dense(3, "softmax")(keras.layers.add([left, right])))
    model.compile("sgd", "categorical_crossentropy")
    model.fit([X.tolist(), X], Y.tolist(), verbose=0)
    assert model.predict([X, X.tolist()]).shape == (40, 3)


def test_arguments_by_position_are_those_of_keras_1(models):
    heard = []

    class Hears(keras.callbacks.Callback):
        def on_epoch_end(self, _, logs=None):
            heard.append((len(self.validation_data), "val_acc" in logs))

    history = network().fit(X.tolist(), Y, 20, 2, 0, [Hears()], 0.0, [X, Y])
    assert history.epoch == [0, 1]
    assert heard == [(2, True)] * 2


def test_one_list_of_metrics_is_for_each_output(models):
    inputs = keras.Input((4,))
    outputs = [keras.layers.Dense(3, "softmax", name="kind")(inputs), keras.layers.Dense(1, name="size")(inputs)]
    model = keras.Model(inputs, outputs)
    model.compile("sgd", ["categorical_crossentropy", "mse"], metrics=["acc"])
    history = model.fit(X, [Y.tolist(), X[:, 0]], verbose=0).history
    assert history["kind_accuracy"] == history["kind_acc"]
    assert model.metrics_names == ["loss", "kind_loss", "size_loss", "kind_acc", "size_acc"]
    measured = model.evaluate(X, [Y, X[:, 0]], verbose=0)
    assert measured[3] == pytest.approx((model.predict(X)[0].argmax(axis=1) == CLASSES).mean())


def test_convolutions_take_images(models):
    model = image_network()
    model.fit(IMAGES, Y, nb_epoch=1, verbose=0)
    assert [(run.call, run.on) for run in models.runs] == [("fit", "engine")]


def test_yaml_is_json_and_yaml_proper_is_refused(models):
    model = network()
    again = keras.models.model_from_yaml(model.to_yaml())
    again.set_weights(model.get_weights())
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    with pytest.raises(ModelError, match="model_from_json"):
        keras.models.model_from_yaml("a: 1")
    assert len(models.refusals) == 1


def test_states_of_recurrent_layers_are_forgotten(models):
    model = keras.Sequential([keras.Input(batch_shape=(1, 2, 3)), keras.layers.LSTM(2, stateful=True)])
    steps = np.ones((1, 2, 3))
    first, second = np.array(model(steps)), np.array(model(steps))
    model.reset_states()
    assert not np.allclose(first, second)
    np.testing.assert_array_equal(model(steps), first)


def test_weights_are_read_and_set_as_theanos_were(models):
    kernel = network().layers[0].W
    kernel.set_value(np.full(kernel.shape, 2.0))
    np.testing.assert_array_equal(kernel.get_value(borrow=True), np.full(kernel.shape, 2.0))
    np.testing.assert_array_equal(kernel.eval(), kernel.get_value())


def test_layers_say_their_sizes_in_the_words_of_keras_1(models):
    layer = keras.layers.Conv2D(4, (3, 5), padding="same")
    said = (layer.nb_filter, layer.nb_row, layer.nb_col, layer.border_mode, layer.subsample)
    assert said == (4, 3, 5, "same", (1, 1))
    assert keras.layers.Dense(7).output_dim == 7
    assert not hasattr(keras.layers.Dense(7), "nb_filter")
