"""While a program runs, Keras itself takes old arguments; its objects are as if made by the modern call."""

import math
import warnings

import keras
import numpy as np
import pytest

from scribal.legacy.changes.call import NoModernFormError
from scribal.legacy.constructors import installed_constructors
from scribal.legacy.constructors.decay import leave_rate_to_callbacks
from scribal.legacy.constructors.renamed import renamed_layers
from scribal.legacy.journal import Journal, recording


@pytest.fixture
def journal():
    """Old Keras in this process, and what it tells of this file."""
    with recording(Journal(lambda file: file == __file__)) as journal, installed_constructors():
        yield journal


def told(journal):
    return [(change.old, change.modern) for change in journal.changes]


LAYERS = {
    "Activation": ((), {"activation": "relu"}),
    "AtrousConvolution1D": ((4, 3), {"atrous_rate": 2}),
    "AtrousConvolution2D": ((4, 3, 3), {"atrous_rate": (2, 2)}),
    "AveragePooling1D": ((), {"pool_length": 2, "stride": 2, "border_mode": "valid"}),
    "AveragePooling2D": (((2, 2),), {"border_mode": "same", "dim_ordering": "tf"}),
    "AveragePooling3D": (((2, 2, 2),), {"border_mode": "same"}),
    "BatchNormalization": ((1e-5, 0), {"axis": -1, "beta_init": "zero", "gamma_init": "one"}),
    "ConvLSTM2D": ((4, 3, 3), {"border_mode": "same", "inner_activation": "sigmoid"}),
    "Conv1D": ((4, 3), {"input_shape": (9, 2)}),
    "Conv2D": ((4, (3, 3)), {"input_shape": (9, 9, 1), "data_format": "channels_last"}),
    "Conv2DTranspose": ((4, (3, 3)), {"strides": 2}),
    "Conv3D": ((4, 3), {"input_shape": (9, 9, 9, 1)}),
    "Convolution1D": ((), {"nb_filter": 4, "filter_length": 3, "input_dim": 2, "input_length": 9}),
    "Convolution2D": ((4, 3, 3, "uniform", "relu"), {"subsample": (2, 2), "b_regularizer": "l2"}),
    "Convolution3D": ((4, 3, 3, 3), {"border_mode": "same"}),
    "Cropping2D": ((((1, 1), (1, 1)),), {"dim_ordering": "tf"}),
    "Cropping3D": (((1, 1, 1),), {"dim_ordering": "tf"}),
    "CuDNNGRU": ((4,), {"return_sequences": True}),
    "CuDNNLSTM": ((4,), {}),
    "Deconvolution2D": ((4, 3, 3, (None, 9, 9, 4)), {"border_mode": "same"}),
    "Dense": ((4, "he_normal", "relu"), {"W_constraint": "maxnorm", "input_dim": 3}),
    "DepthwiseConv2D": ((3,), {"depth_multiplier": 2}),
    "Dropout": ((), {"p": 0.5}),
    "ELU": ((), {"alpha": 0.5}),
    "Embedding": ((10, 4), {"init": "normal", "input_length": 3}),
    "Flatten": ((), {"input_shape": [9, 9]}),
    "GRU": ((4,), {"inner_init": "orthogonal", "U_regularizer": "l2", "consume_less": "cpu"}),
    "GaussianDropout": ((), {"p": 0.5}),
    "GaussianNoise": ((), {"sigma": 0.5}),
    "GlobalAveragePooling2D": ((), {"dim_ordering": "tf"}),
    "GlobalMaxPooling2D": ((), {"dim_ordering": "th"}),
    "InputLayer": ((), {"input_shape": (3,)}),
    "LSTM": ((4,), {"forget_bias_init": "one", "dropout_W": 0.1, "inner_activation": "hard_sigmoid"}),
    "LeakyReLU": ((), {"alpha": 0.1}),
    "MaxPooling1D": ((), {"pool_length": 2}),
    "MaxPooling2D": ((), {"poolsize": (2, 2), "stride": (2, 2)}),
    "MaxPooling3D": ((), {"border_mode": "same"}),
    "Merge": ((), {"mode": "ave"}),
    "PReLU": ((), {"init": "zero"}),
    "Permute": ((), {"dims": (2, 1)}),
    "RepeatVector": ((3,), {}),
    "Reshape": ((), {"dims": (3, 3), "input_shape": (9,)}),
    "SeparableConv2D": ((4, (3, 3)), {}),
    "SeparableConvolution2D": ((4, 3, 3), {"init": "normal", "subsample": (2, 2)}),
    "SimpleRNN": ((), {"output_dim": 4, "input_shape": (9, 2), "truncate_gradient": -1}),
    "SpatialDropout1D": ((), {"p": 0.5}),
    "SpatialDropout2D": ((), {"p": 0.5, "dim_ordering": "tf"}),
    "ThresholdedReLU": ((), {"theta": 0.5}),
    "TimeDistributedDense": ((4,), {"input_shape": (9, 2)}),
    "UpSampling1D": ((), {"length": 2}),
    "UpSampling2D": (((2, 2),), {"dim_ordering": "tf"}),
    "UpSampling3D": (((2, 2, 2),), {"dim_ordering": "tf"}),
    "ZeroPadding2D": (((1, 1),), {"dim_ordering": "tf"}),
    "ZeroPadding3D": (((1, 1, 1),), {"dim_ordering": "tf"}),
}


@pytest.mark.parametrize("name", LAYERS)
def test_each_layer_is_made_of_old_arguments_and_again_of_its_configuration(journal, name):
    positional, keywords = LAYERS[name]
    layer = getattr(keras.layers, name)(*positional, **keywords)
    assert isinstance(layer, keras.layers.Layer)
    assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()


OPTIMIZERS = {
    "Adadelta": ({"lr": 1.0, "rho": 0.9, "epsilon": None}, {"learning_rate": 1.0, "rho": 0.9}),
    "Adagrad": ({"lr": 0.1}, {"learning_rate": 0.1}),
    "Adam": ({"lr": 0.1, "beta_1": 0.5, "decay": 0.0}, {"learning_rate": 0.1, "beta_1": 0.5}),
    "Adamax": ({}, {"learning_rate": 0.002}),
    "Nadam": ({"schedule_decay": 0.004}, {"learning_rate": 0.002}),
    "RMSprop": ({"lr": 1}, {"learning_rate": 1.0}),
    "SGD": ({"lr": np.float32(0.5), "nesterov": True, "clipnorm": 1.0}, {"learning_rate": 0.5, "clipnorm": 1.0}),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_take_lr_and_the_defaults_of_their_time(journal, name):
    keywords, expected = OPTIMIZERS[name]
    configuration = getattr(keras.optimizers, name)(**keywords).get_config()
    assert {key: configuration[key] for key in expected} == pytest.approx(expected)


def test_decay_divides_the_rate_by_one_more_than_decayed_steps(journal):
    optimizer = keras.optimizers.SGD(lr=0.1, decay=0.5)
    weight = keras.Variable([1.0])
    optimizer.build([weight])
    for step in range(3):
        assert float(optimizer.learning_rate) == pytest.approx(0.1 / (1 + 0.5 * step))
        optimizer.apply([keras.ops.ones(1)])


def test_a_callback_may_set_a_rate_that_decays(journal):
    model = keras.Sequential([keras.layers.Dense(1, input_dim=1)])
    model.compile(optimizer=keras.optimizers.SGD(lr=0.1, decay=1e-4, momentum=0.9), loss="mse")
    callbacks = [keras.callbacks.LearningRateScheduler(lambda epoch: 0.5**epoch)]
    leave_rate_to_callbacks(model.optimizer, callbacks)
    model.fit(np.ones((4, 1)), np.ones(4), epochs=3, verbose=0, callbacks=callbacks)
    assert float(model.optimizer.learning_rate) == 0.25
    assert told(journal)[-1] == ("decay=0.0001 beside LearningRateScheduler", "LearningRateScheduler alone")


@pytest.mark.parametrize(
    ("build", "shape"),
    [
        (lambda layers: [layers.Dense(4, input_dim=9)], (None, 9)),
        (lambda layers: [layers.Flatten(input_shape=[9, 9]), layers.Dense(4)], (None, 9, 9)),
        (lambda layers: [layers.Dense(4, input_shape=(9,)), layers.Dense(4, input_shape=(7,))], (None, 9)),
        (lambda layers: [layers.InputLayer(input_shape=(9,)), layers.Dense(4, input_dim=9)], (None, 9)),
        (lambda layers: [layers.LSTM(4, batch_input_shape=(2, 9, 3), stateful=True)], (2, 9, 3)),
        (lambda layers: [layers.Embedding(9, 4, input_length=5), layers.Flatten()], (None, 5)),
        (lambda layers: [layers.Convolution2D(4, 3, 3, input_shape=(9, 9, 1))], (None, 9, 9, 1)),
        (lambda layers: [layers.TimeDistributed(layers.Dense(2), input_shape=(9, 3))], (None, 9, 3)),
        (lambda layers: [layers.Lambda(lambda x: 2 * x, input_shape=(9,))], (None, 9)),
    ],
)
def test_the_first_layer_says_what_the_network_is_given(journal, build, shape):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        given = keras.Sequential(build(keras.layers))
        added = keras.Sequential()
        for layer in build(keras.layers):
            added.add(layer)
    assert given.input_shape == added.input_shape == shape
    assert given.built
    assert added.count_params() == given.count_params()


def test_own_layers_of_any_style_take_input_shape(journal, tmp_path):
    class Scaled(keras.layers.Layer):
        def __init__(self, output_dim, **kwargs):
            self.output_dim = output_dim
            super(Scaled, self).__init__(**kwargs)  # noqa: UP008 (as it was written)

        def build(self, input_shape):
            shape = (input_shape[1], self.output_dim)
            self.scale = self.add_weight("scale", shape=shape, initializer="one", trainable=True)
            super().build(input_shape)

        def call(self, x):
            return x @ self.scale

        def get_config(self):
            return {"output_dim": self.output_dim}

    model = keras.Sequential([Scaled(2, input_shape=(3,))])
    assert model.predict(np.ones((1, 3)), verbose=0).tolist() == [[3.0, 3.0]]
    model.save(tmp_path / "own.keras")
    again = keras.models.load_model(tmp_path / "own.keras", custom_objects={"Scaled": Scaled})
    assert again.predict(np.ones((1, 3)), verbose=0).tolist() == [[3.0, 3.0]]


def test_given_weights_are_the_weights(journal, tmp_path):
    kernel, table = np.arange(6.0).reshape(3, 2), np.arange(8.0).reshape(4, 2)
    model = keras.Sequential([keras.layers.Dense(2, weights=[kernel, np.ones(2)], input_dim=3)])
    embedding = keras.Sequential([keras.layers.Embedding(4, 2, weights=[table], input_length=3, trainable=False)])
    assert model.get_weights()[0].tolist() == kernel.tolist()
    assert embedding.get_weights()[0].tolist() == table.tolist()
    model.save(tmp_path / "given.keras")
    assert keras.models.load_model(tmp_path / "given.keras").get_weights()[1].tolist() == [1.0, 1.0]


def test_old_names_are_classes_of_todays_objects(journal):
    layer = keras.layers.Convolution2D(4, 3, 5)
    assert layer.kernel_size == (3, 5)
    assert type(layer) is keras.layers.Conv2D
    assert isinstance(layer, keras.layers.Convolution2D)
    assert issubclass(keras.layers.Conv2D, keras.layers.Convolution2D)

    class Own(keras.layers.Convolution2D):
        pass

    assert not isinstance(layer, Own)
    assert Own(4, 3).kernel_size == (3, 3)


def test_graphs_take_input_and_output_and_merge(journal):
    given = keras.Input(shape=784)
    branches = [keras.layers.Dense(output_dim=4)(given) for _ in range(2)]
    joined = keras.layers.Merge(mode="concat", concat_axis=-1)(branches)
    added = keras.layers.Merge(mode="sum")(branches)
    function = renamed_layers()["merge"]
    assert function(branches, "mul").shape == function(branches, mode=lambda two: two[0] - two[1]).shape == (None, 4)
    model = keras.Model(input=given, output=[joined, added])
    assert model.output_shape == [(None, 8), (None, 4)]


def test_checkpoints_are_written_every_few_epochs(journal, tmp_path):
    name = str(tmp_path / "{epoch:02d}-{val_accuracy:.2f}.hdf5")
    checkpoint = keras.callbacks.ModelCheckpoint(name, monitor="val_acc", period=2)
    saved = []

    class Saving:
        stop_training = False

        def save(self, path, **_):
            saved.append(path)

    checkpoint.set_model(Saving())
    for epoch in range(4):
        checkpoint.on_epoch_end(epoch, {"loss": 1.0, "val_accuracy": 0.5})
    assert [path.rpartition("/")[2] for path in saved] == ["02-0.50.hdf5", "04-0.50.hdf5"]
    assert "monitor='val_acc'" in told(journal)[0][0]


@pytest.mark.parametrize(("monitor", "best"), [("val_own_acc", 0.9), ("val_error", 0.1)])
def test_a_monitor_of_any_name_is_followed(journal, monitor, best):
    stopping = keras.callbacks.EarlyStopping(monitor=monitor, patience=5)
    model = keras.Sequential([keras.layers.Dense(1, input_dim=1)])
    model.compile("sgd", "mse")
    stopping.set_model(model)
    stopping.on_train_begin()
    for epoch, value in enumerate((0.5, 0.1, 0.9)):
        stopping.on_epoch_end(epoch, {monitor: value})
    assert float(stopping.best) == best


def test_tensorboard_without_tensorflow_lets_the_training_go_on(journal, tmp_path):
    model = keras.Sequential([keras.layers.Dense(1, input_dim=1)])
    model.compile(optimizer="sgd", loss="mse")
    board = keras.callbacks.TensorBoard(log_dir=str(tmp_path / "logs"), histogram_freq=0, write_grads=False)
    model.fit(np.ones((4, 1)), np.ones(4), verbose=0, callbacks=[board])
    assert [change.old for change in journal.refusals] == ["TensorBoard(…)"]


def test_functions_take_old_arguments_wherever_they_are_imported_from(journal):
    assert keras.utils.to_categorical([1], nb_classes=3).tolist() == [[0.0, 1.0, 0.0]]
    assert keras.regularizers.l2(l=0.5).get_config() == {"l2": 0.5}
    assert keras.constraints.max_norm(m=3).get_config()["max_value"] == 3
    assert keras.layers.Input is keras.Input


def test_names_of_layers_may_have_a_slash(journal):
    layer = keras.layers.Dense(2, input_dim=3, name="block1/dense")
    model = keras.Sequential([layer])
    assert model.get_layer("block1/dense") is model.get_layer(name="block1_dense") is model.get_layer(index=0) is layer


def test_losses_take_the_reduction_of_tensorflow(journal):
    assert keras.losses.MeanSquaredError(reduction="auto").reduction == "sum_over_batch_size"


def test_numpys_numbers_count_as_numbers(journal):
    assert keras.layers.Dense(np.array([3, 4]).max()).units == 4
    assert math.isclose(keras.layers.Dropout(np.float64(0.5)).rate, 0.5)


def test_the_journal_is_told_what_the_program_wrote_and_nothing_else(journal):
    keras.Sequential([keras.layers.Dense(output_dim=4, init="uniform", input_dim=3)])
    keras.layers.Dense(4, activation="relu")
    assert told(journal) == [
        ("Dense(output_dim=4, init='uniform')", "Dense(units=4, kernel_initializer='uniform')"),
        ("Dense(input_dim=3)", "keras.Input(shape=(3,)) before the layer"),
    ]
    keras.optimizers.get("adadelta")
    assert told(journal)[-1] == ("Adadelta()", "Adadelta(learning_rate=1.0)")


def test_what_cannot_be_adapted_is_told_and_raised(journal):
    with pytest.raises(NoModernFormError, match="LayerNormalization"):
        keras.layers.BatchNormalization(mode=1)
    assert [change.old for change in journal.refusals] == ["BatchNormalization(…)"]


def test_afterwards_keras_is_as_it_was():
    def state():
        owners = (keras, keras.layers, keras.utils, keras.Model, keras.Sequential, keras.callbacks.TensorBoard)
        classes = [value for value in vars(keras.layers).values() if isinstance(value, type)]
        return [(owner, sorted(vars(owner).items(), key=str)) for owner in (*owners, *classes)]

    before = state()
    with installed_constructors():
        assert state() != before
    assert state() == before
