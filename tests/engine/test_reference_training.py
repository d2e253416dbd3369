import keras
import numpy as np
import pytest
from compare import close, loss_and_gradients, sequential, train_steps
from keras import layers, losses, optimizers

from scribal.engine.graph import Graph, Node
from scribal.engine.lower import lower_model, weights_of
from scribal.engine.lower_training import lower_loss, lower_optimizer
from scribal.engine.operations import Dense, Input
from scribal.engine.reference import Network
from scribal.engine.reference.losses import loss_and_gradient
from scribal.engine.training import Adam, Loss

serialize_loss, serialize_optimizer = keras.losses.serialize, keras.optimizers.serialize

LOSSES = [
    losses.CategoricalCrossentropy(),
    losses.CategoricalCrossentropy(from_logits=True),
    losses.CategoricalCrossentropy(label_smoothing=0.2),
    losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2),
    losses.SparseCategoricalCrossentropy(),
    losses.SparseCategoricalCrossentropy(from_logits=True),
    losses.BinaryCrossentropy(),
    losses.BinaryCrossentropy(from_logits=True),
    losses.BinaryCrossentropy(label_smoothing=0.3),
    losses.MeanSquaredError(),
]
OPTIMIZERS = [
    optimizers.SGD,
    lambda: optimizers.SGD(0.1, momentum=0.9),
    lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
    lambda: optimizers.SGD(0.1, clipvalue=0.01),
    lambda: optimizers.SGD(0.1, clipnorm=0.02),
    lambda: optimizers.SGD(0.1, global_clipnorm=0.02),
    optimizers.Adam,
    lambda: optimizers.Adam(0.01, beta_1=0.8, beta_2=0.9, epsilon=1e-3, amsgrad=True),
    lambda: optimizers.AdamW(0.01),
    optimizers.RMSprop,
    lambda: optimizers.RMSprop(0.01, rho=0.8, momentum=0.5, centered=True, epsilon=1e-3),
    lambda: optimizers.Adagrad(0.1),
    lambda: optimizers.Adadelta(1.0),
    lambda: optimizers.Adamax(0.01),
]


def activation(loss):
    if loss.get_config().get("from_logits"):
        return "linear"
    return {"MeanSquaredError": "tanh", "BinaryCrossentropy": "sigmoid"}.get(type(loss).__name__, "softmax")


def batch(loss, samples=6, classes=4, seed=0):
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(samples, 6, 5, 2)).astype(np.float32)
    labels = generator.integers(classes, size=samples)
    if isinstance(loss, losses.SparseCategoricalCrossentropy):
        return inputs, labels
    return inputs, np.eye(classes, dtype=np.float32)[labels]


def small_network(loss, **dense):
    return sequential(
        (6, 5, 2),
        layers.Conv2D(3, 3, activation="softplus", kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02)),
        layers.BatchNormalization(),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense(4, activation=activation(loss), bias_regularizer="l2", **dense),
    )


def reference(model):
    weights = {name: value.astype(np.float64) for name, value in weights_of(model).items()}
    return Network(lower_model(model), weights)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: f"{loss.name}-{loss.get_config()}")
@pytest.mark.parametrize("weighted", [False, True])
def test_a_loss_and_the_gradients_of_all_weights_are_keras(loss, weighted):
    model = small_network(loss)
    inputs, targets = batch(loss)
    sample_weight = np.array([1, 2, 0, 0.5, 1, 3], np.float32) if weighted else None
    expected, expected_gradients = loss_and_gradients(model, loss, inputs, targets, sample_weight)
    lowered = lower_loss(serialize_loss(loss))
    value, gradients = reference(model).loss_and_gradients(lowered, inputs, targets, sample_weight)
    close(value, expected)
    assert gradients.keys() == expected_gradients.keys()
    for name, gradient in gradients.items():
        close(gradient, expected_gradients[name], 2e-5)


@pytest.mark.parametrize("loss", LOSSES[:1] + LOSSES[4:5] + LOSSES[6:7], ids=lambda loss: loss.name)
def test_a_certain_answer_has_the_slope_it_has_in_keras(loss):
    model = sequential(
        (6, 5, 2), layers.Rescaling(100.0), layers.Flatten(), layers.Dense(4, activation=activation(loss))
    )
    inputs, targets = batch(loss, samples=9)
    expected, expected_gradients = loss_and_gradients(model, loss, inputs, targets)
    # float32 like Keras: where a probability counts as 0 or 1 is a matter of rounding.
    network = Network(lower_model(model), weights_of(model))
    value, gradients = network.loss_and_gradients(lower_loss(serialize_loss(loss)), inputs, targets)
    close(value, expected)
    for name, gradient in gradients.items():
        close(gradient, expected_gradients[name], 5e-5)


@pytest.mark.parametrize("make", OPTIMIZERS, ids=lambda make: make().name)
def test_several_steps_of_an_optimizer_are_keras(make):
    loss = losses.CategoricalCrossentropy()
    model = small_network(loss)
    network = reference(model)
    batches = [batch(loss, seed=seed) for seed in range(5)]
    expected_losses, expected_weights = train_steps(model, loss, make(), batches)
    optimizer, lowered = lower_optimizer(serialize_optimizer(make())), lower_loss("categorical_crossentropy")
    for (inputs, targets), expected, weights in zip(batches, expected_losses, expected_weights, strict=True):
        close(network.train_step(lowered, optimizer, inputs, targets), expected)
        for name, weight in weights.items():
            close(network.weights[name], weight, 3e-5)


def test_frozen_layers_stay_and_use_their_moving_averages():
    loss = losses.MeanSquaredError()
    model = small_network(loss)
    for layer in model.layers[:2]:
        layer.trainable = False
    network = reference(model)
    batches = [batch(loss, seed=seed) for seed in range(3)]
    expected_losses, expected_weights = train_steps(model, loss, optimizers.Adam(), batches)
    for (inputs, targets), expected in zip(batches, expected_losses, strict=True):
        close(network.train_step(lower_loss("mse"), lower_optimizer("adam"), inputs, targets), expected)
    for name, weight in expected_weights[-1].items():
        close(network.weights[name], weight)


@pytest.mark.parametrize("name", ["categorical_crossentropy", "binary_crossentropy", "mean_squared_error"])
def test_gradients_of_losses_are_finite_differences(name):
    generator = np.random.default_rng(3)
    outputs, targets = generator.uniform(0.1, 0.9, (3, 4)), generator.uniform(size=(3, 4))
    _, gradient = loss_and_gradient(Loss(name), targets, outputs)
    for place in np.ndindex(outputs.shape):
        step = np.zeros_like(outputs)
        step[place] = 1e-6
        above, below = (loss_and_gradient(Loss(name), targets, outputs + sign * step)[0] for sign in (1, -1))
        assert abs((above - below) / 2e-6 - gradient[place]) < 1e-6


def test_predictions_are_keras():
    model = small_network(losses.CategoricalCrossentropy())
    inputs, _ = batch(losses.CategoricalCrossentropy(), samples=11)
    close(reference(model).predict(inputs), model.predict(inputs, verbose=0))


def test_weights_must_be_those_of_the_graph():
    graph = Graph((Node("x", Input((2,))), Node("line", Dense(1, use_bias=False), ("x",))))
    with pytest.raises(ValueError, match="Received"):
        Network(graph, {"line/kernel": np.zeros((3, 1))})


@pytest.mark.parametrize(
    "build",
    [
        lambda: Loss("mean_squared_error", from_logits=True),
        lambda: Loss("sparse_categorical_crossentropy", label_smoothing=0.1),
        lambda: Adam(learning_rate=float("nan")),
        lambda: Adam(clipnorm=1.0, clipvalue=1.0),
    ],
)
def test_descriptions_check_themselves(build):
    with pytest.raises(ValueError, match="Received"):
        build()
