"""Networks with the channels first train as Keras says, or Keras trains them."""

import keras
import numpy as np
import pytest
from compare import close
from keras import layers

from scribal.engine.errors import LoweringError
from scribal.engine.lower import lower_model, weights_of
from scribal.engine.predictor import Predictor
from scribal.engine.trainer import Trainer

FIRST = {"data_format": "channels_first"}


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).normal(size=(19, 1, 9, 8)).astype(np.float32)


def convolutional():
    return [
        layers.ZeroPadding2D(1, **FIRST),
        layers.Conv2D(6, 3, activation="relu", **FIRST),
        layers.MaxPooling2D(2, **FIRST),
        layers.Dropout(0.0),
        layers.Conv2D(5, 2, padding="same", **FIRST),
        layers.BatchNormalization(axis=1),
        layers.LeakyReLU(),
    ]


def model_of(*stack, shape=(1, 9, 8)):
    model = keras.Sequential([keras.Input(shape), *stack])
    keras.utils.set_random_seed(1)
    for layer in model.layers:
        layer.set_weights([np.random.default_rng(2).uniform(0.1, 0.5, w.shape) for w in layer.get_weights()])
    return model


def keras_answers(model, images):
    """What Keras computes of the same weights, in the order of channels that its convolutions have on any processor."""
    twin = keras.Sequential([keras.Input((*model.input_shape[2:], 1)), *map(_channels_last, model.layers)])
    twin.set_weights(model.get_weights())
    return twin.predict(np.moveaxis(images, 1, -1), verbose=0)


def _channels_last(layer):
    config = layer.get_config()
    if "data_format" in config:
        config["data_format"] = "channels_last"
    if isinstance(layer, layers.BatchNormalization):
        config["axis"] = -1
    return type(layer).from_config(config)


@pytest.mark.parametrize(
    "head",
    [
        [layers.Flatten(**FIRST), layers.Dense(3, activation="softmax")],
        [layers.GlobalAveragePooling2D(**FIRST), layers.Dense(3, activation="softmax")],
    ],
    ids=["flatten", "global pooling"],
)
def test_answers_are_those_of_the_same_network_with_the_channels_last(images, head):
    model = model_of(*convolutional(), *head)
    answers = Predictor(lower_model(model), weights_of(model)).predict(images)
    close(answers, keras_answers(model, images))


def test_flatten_brings_the_channels_last_as_keras_does(images):
    model = model_of(layers.Conv2D(6, 3, **FIRST), layers.Flatten(**FIRST), layers.Dense(3))
    predictor = Predictor(lower_model(model), weights_of(model))
    close(predictor.predict(images), model.predict(images, verbose=0))
    close(predictor.predict(images[:1]), model.predict(images[:1], verbose=0))


def test_training_learns(images):
    model = model_of(*convolutional(), layers.Flatten(**FIRST), layers.Dense(1))
    model.compile("sgd", "mse")
    trainer = Trainer(model, batch_size=7)
    samples = trainer.program.samples(images, images.mean(axis=(1, 2, 3))[:, None])
    order = np.arange(len(images))
    first, *_, last = (trainer.run_epoch(samples, order)["loss"] for _ in range(30))
    assert last < 0.5 * first


@pytest.mark.parametrize(
    ("stack", "shape", "rule"),
    [
        ([layers.Conv2D(2, 3, **FIRST), layers.Flatten(**FIRST)], (3, 9, 8), "must have one channel"),
        ([layers.Flatten(**FIRST), layers.Dense(2)], (9, 8), "must have one channel"),
        ([layers.Conv2D(2, 3, **FIRST), layers.Dense(2), layers.Flatten()], (1, 9, 8), "in the order"),
        ([layers.Conv2D(2, 3, **FIRST), layers.BatchNormalization(), layers.Flatten()], (1, 9, 8), "in the order"),
        ([layers.Conv2D(2, 3, **FIRST), layers.Flatten(data_format="channels_last")], (1, 9, 8), "in the order"),
        ([layers.Conv2D(2, 3, **FIRST)], (1, 9, 8), "answer with the channels last"),
    ],
)
def test_what_would_mix_the_orders_is_refused(stack, shape, rule):
    with pytest.raises(LoweringError, match=rule):
        lower_model(model_of(*stack, shape=shape))
