"""Old calls become modern ones: the tables, without Keras; and the tables against Keras' own signatures."""

import importlib
import inspect

import pytest

from scribal.legacy.changes.call import Call, NoModernFormError
from scribal.legacy.changes.calls import FORMS, modern_call
from scribal.legacy.changes.values import PlainValues
from scribal.legacy.definitions import DEFINITIONS


def modern(name, /, *positional, **keywords):
    return modern_call(name, Call(name.rpartition(".")[2], list(positional), keywords), PlainValues())


def layer(name, /, *positional, **keywords):
    call = modern(f"keras.layers.{name}", *positional, **keywords)
    return call.name.removeprefix("keras.layers."), call.positional, call.keywords


class Batches:
    batch_size = 32


OPAQUE = object()
KERNEL_3X3 = ("Conv2D", [32, (3, 3)], {})
LAYERS = [
    (("Dense", 10, "softmax"), {}, ("Dense", [10, "softmax"], {})),
    (("Dense", 10, "uniform", "relu"), {}, ("Dense", [10, "relu"], {"kernel_initializer": "uniform"})),
    (("Dense", 10, "he_normal"), {}, ("Dense", [10], {"kernel_initializer": "he_normal"})),
    (("Dense", 784, 10), {"init": "zero"}, ("Dense", [10], {"kernel_initializer": "zero"})),
    (("Dense",), {"output_dim": 5, "bias": False}, ("Dense", [], {"units": 5, "use_bias": False})),
    (("Dense", 512.0), {}, ("Dense", [512], {})),
    (
        ("Dense", 5),
        {"W_regularizer": "l1l2", "b_regularizer": "l2", "W_constraint": "maxnorm"},
        ("Dense", [5], {"kernel_regularizer": "l1_l2", "bias_regularizer": "l2", "kernel_constraint": "max_norm"}),
    ),
    (("Dense", 5), {"name": "block1/dense"}, ("Dense", [5], {"name": "block1_dense"})),
    (("TimeDistributedDense", 8), {"input_dim": 4, "input_length": 9}, ("Dense", [8], {})),
    (("Convolution2D", 32, 3, 3), {}, KERNEL_3X3),
    (("Convolution2D", 32, 1, 3, 3), {}, KERNEL_3X3),
    (("Convolution2D", 32, (3, 3)), {}, KERNEL_3X3),
    (("Convolution2D", 32, 3), {"strides": 2}, ("Conv2D", [32, 3], {"strides": 2})),
    (
        ("Convolution2D",),
        {"nb_filter": 6, "nb_row": 5, "nb_col": 3, "subsample": (2, 2), "dim_ordering": "th"},
        ("Conv2D", [], {"filters": 6, "kernel_size": (5, 3), "strides": (2, 2), "data_format": "channels_first"}),
    ),
    (
        ("Convolution2D", 8, 3, 3, "normal", "relu"),
        {"border_mode": "same"},
        ("Conv2D", [8, (3, 3)], {"kernel_initializer": "normal", "activation": "relu", "padding": "same"}),
    ),
    (("Convolution2D", 8, 3), {"nb_col": 5}, ("Conv2D", [8, (3, 5)], {})),
    (("Conv2D", 32, 3, 2), {}, ("Conv2D", [32, 3, 2], {})),
    (("Conv2D", 32, 3, 5), {"border_mode": "same"}, ("Conv2D", [32, (3, 5)], {"padding": "same"})),
    (("Convolution1D", 8, 3, "uniform"), {}, ("Conv1D", [8, 3], {"kernel_initializer": "uniform"})),
    (
        ("Convolution1D",),
        {"nb_filter": 8, "filter_length": 3, "subsample_length": 2},
        ("Conv1D", [], {"filters": 8, "kernel_size": 3, "strides": 2}),
    ),
    (("Convolution3D", 8, 3, 3, 5), {}, ("Conv3D", [8, (3, 3, 5)], {})),
    (
        ("ConvLSTM2D", 8),
        {"nb_row": 3, "nb_col": 3, "U_regularizer": "l2"},
        ("ConvLSTM2D", [8], {"kernel_size": (3, 3), "recurrent_regularizer": "l2"}),
    ),
    (("BatchNormalization", (64,)), {}, ("BatchNormalization", [], {})),
    (("AtrousConvolution2D", 8, 3, 3), {"atrous_rate": 2}, ("Conv2D", [8, (3, 3)], {"dilation_rate": 2})),
    (("Deconvolution2D", 8, 3, 3, (None, 9, 9, 8)), {}, ("Conv2DTranspose", [8, (3, 3)], {})),
    (
        ("SeparableConvolution2D", 8, 3, 3),
        {"init": "normal"},
        (
            "SeparableConv2D",
            [8, (3, 3)],
            {"depthwise_initializer": "normal", "pointwise_initializer": "normal"},
        ),
    ),
    (
        ("MaxPooling2D",),
        {"poolsize": (2, 2), "border_mode": "same", "dim_ordering": "tf"},
        ("MaxPooling2D", [], {"pool_size": (2, 2), "padding": "same", "data_format": "channels_last"}),
    ),
    (("MaxPooling1D",), {"pool_length": 3, "stride": 1}, ("MaxPooling1D", [], {"pool_size": 3, "strides": 1})),
    (("AveragePooling2D",), {}, ("AveragePooling2D", [], {"pool_size": 2})),
    (("UpSampling1D",), {"length": 3}, ("UpSampling1D", [], {"size": 3})),
    (("Dropout",), {"p": 0.3}, ("Dropout", [], {"rate": 0.3})),
    (("SpatialDropout2D", 0.3), {"dim_ordering": "default"}, ("SpatialDropout2D", [0.3], {"data_format": None})),
    (("GaussianNoise",), {"sigma": 0.1}, ("GaussianNoise", [], {"stddev": 0.1})),
    (("GaussianDropout",), {"p": 0.1}, ("GaussianDropout", [], {"rate": 0.1})),
    (("BatchNormalization", 1e-5), {"mode": 0}, ("BatchNormalization", [], {"epsilon": 1e-5})),
    (
        ("BatchNormalization",),
        {"gamma_init": "one", "beta_init": "zero", "axis": 1},
        ("BatchNormalization", [], {"gamma_initializer": "one", "beta_initializer": "zero", "axis": 1}),
    ),
    (("Reshape",), {"dims": (4, 4)}, ("Reshape", [], {"target_shape": (4, 4)})),
    (("LeakyReLU",), {"alpha": 0.1}, ("LeakyReLU", [], {"negative_slope": 0.1})),
    (("LeakyReLU", 0.1), {}, ("LeakyReLU", [0.1], {})),
    (("PReLU",), {"init": "zero"}, ("PReLU", [], {"alpha_initializer": "zero"})),
    (("ThresholdedReLU",), {"theta": 0.5}, ("ReLU", [], {"threshold": 0.5})),
    (("Embedding", 100, 8), {"input_length": 7, "dropout": 0}, ("Embedding", [100, 8], {})),
    (
        ("Embedding", 100, 8, "normal"),
        {},
        ("Embedding", [100, 8], {"embeddings_initializer": "normal"}),
    ),
    (
        ("LSTM", 16),
        {"inner_activation": "sigmoid", "dropout_W": 0.1, "dropout_U": 0.2, "consume_less": "mem", "inner_init": "one"},
        (
            "LSTM",
            [16],
            {
                "recurrent_activation": "sigmoid",
                "dropout": 0.1,
                "recurrent_dropout": 0.2,
                "recurrent_initializer": "one",
            },
        ),
    ),
    (("LSTM", 4, 16), {}, ("LSTM", [16], {})),
    (("CuDNNGRU", 16), {"return_sequences": True}, ("GRU", [16], {"return_sequences": True})),
    (("merge", [1, 2]), {"mode": "concat", "concat_axis": 1}, ("concatenate", [[1, 2]], {"axis": 1})),
    (("merge", [1, 2], "mul"), {}, ("multiply", [[1, 2]], {})),
    (("merge", [1, 2]), {"mode": "cos"}, ("dot", [[1, 2]], {"axes": -1, "normalize": True})),
    (("Merge",), {"mode": "sum"}, ("Add", [], {})),
]


@pytest.mark.parametrize(("old", "keywords", "expected"), LAYERS, ids=lambda part: str(part)[:50])
def test_layers_take_the_arguments_of_any_version(old, keywords, expected):
    assert layer(*old, **keywords) == expected


@pytest.mark.parametrize(
    ("name", "keywords", "expected"),
    [
        ("Dense", {"input_dim": 784}, {"shape": (784,)}),
        ("Dense", {"input_shape": (784,)}, {"shape": (784,)}),
        ("Dense", {"input_shape": 784}, {"shape": (784,)}),
        ("Dense", {"batch_input_shape": (None, 784)}, {"batch_shape": (None, 784)}),
        ("Dense", {"input_dim": None}, {}),
        ("Flatten", {"input_shape": [28, 28]}, {"shape": [28, 28]}),
        ("Conv2D", {"input_shape": (28, 28, 1), "batch_size": 8}, {"shape": (28, 28, 1), "batch_size": 8}),
        ("LSTM", {"input_dim": 3, "input_length": 9}, {"shape": (9, 3)}),
        ("LSTM", {"input_dim": 3}, {"shape": (None, 3)}),
        ("Convolution1D", {"input_dim": 3, "input_length": 9}, {"shape": (9, 3)}),
        ("Embedding", {"input_dim": 100, "output_dim": 8, "input_length": 7}, {"shape": (7,)}),
        ("Lambda", {"input_shape": (3,)}, {"shape": (3,)}),
        ("MyOwn", {"input_shape": (3,), "input_dtype": "int32"}, {"shape": (3,), "dtype": "int32"}),
    ],
)
def test_what_a_layer_says_of_its_input_is_told_apart(name, keywords, expected):
    call = modern(f"keras.layers.{name}", **keywords)
    assert call.input == expected
    assert not {"input_shape", "batch_input_shape", "input_length", "batch_size"} & call.keywords.keys()


OTHERS = [
    ("keras.optimizers.SGD", (), {"lr": 1}, [], {"learning_rate": 1.0}),
    ("keras.optimizers.SGD", (0.1, 0.9, 0.0, True), {}, [0.1, 0.9, True], {}),
    ("keras.optimizers.Adam", (0.1,), {"epsilon": None, "decay": 0.0}, [0.1], {}),
    ("keras.optimizers.RMSprop", (), {"lr": 0.1, "rho": 0.8}, [], {"learning_rate": 0.1, "rho": 0.8}),
    ("keras.optimizers.Adadelta", (), {}, [], {"learning_rate": 1.0}),
    ("tensorflow.keras.optimizers.Adadelta", (), {}, [], {}),
    ("keras.optimizers.Adagrad", (0.1,), {}, [0.1], {"initial_accumulator_value": 0.0}),
    ("tensorflow.keras.optimizers.Adagrad", (), {"lr": 0.1}, [], {"learning_rate": 0.1}),
    ("tensorflow.train.AdamOptimizer", (1e-3,), {"beta1": 0.8, "use_locking": False}, [1e-3], {"beta_1": 0.8}),
    ("tensorflow.train.RMSPropOptimizer", (0.1,), {"decay": 0.8}, [0.1], {"rho": 0.8}),
    ("tensorflow.compat.v1.train.MomentumOptimizer", (1.0, 0.5), {"use_nesterov": 1}, [1.0, 0.5], {"nesterov": 1}),
    ("keras.regularizers.l2", (), {"l": 0.1}, [], {"l2": 0.1}),
    ("keras.constraints.maxnorm", (), {"m": 3}, [], {"max_value": 3}),
    ("keras.utils.np_utils.to_categorical", ([0],), {"nb_classes": 3}, [[0]], {"num_classes": 3}),
    ("keras.utils.to_categorical", (), {"y": [0], "num_classes": 3, "dtype": "int"}, [], {"x": [0], "num_classes": 3}),
    ("keras.utils.visualize_util.plot", (1,), {"to_file": "a.png"}, [1], {"to_file": "a.png"}),
    ("keras.Model", (), {"input": 1, "output": 2}, [], {"inputs": 1, "outputs": 2}),
    ("keras.layers.Input", (), {"shape": 784}, [], {"shape": (784,)}),
    ("keras.Input", (None, (8, 784)), {}, [None], {"batch_shape": (8, 784)}),
    ("keras.layers.InputLayer", (), {"input_shape": (3,)}, [], {"shape": (3,)}),
    ("keras.callbacks.EarlyStopping", ("val_acc",), {"patience": 2}, ["val_accuracy"], {"patience": 2}),
    ("keras.callbacks.ReduceLROnPlateau", (), {"epsilon": 0.1}, [], {"min_delta": 0.1}),
    ("keras.callbacks.ModelCheckpoint", ("best",), {"period": 1}, ["best.keras"], {}),
    ("keras.callbacks.TensorBoard", ("logs", 0, 32), {"write_grads": True}, ["logs", 0], {}),
    ("sklearn.preprocessing.OneHotEncoder", (), {"sparse": False}, [], {"sparse_output": False}),
    ("tensorflow.keras.losses.MeanSquaredError", (), {"reduction": "auto"}, [], {"reduction": "sum_over_batch_size"}),
    ("keras.Model.get_layer", ("block1/conv",), {}, ["block1_conv"], {}),
    ("keras.Model.compile", ("adam", "mse", ["acc"]), {}, ["adam", "mse"], {"metrics": ["accuracy"]}),
    ("keras.Model.compile", ("sgd",), {"metrics": ["acc", OPAQUE]}, ["sgd"], {"metrics": ["accuracy", OPAQUE]}),
    ("keras.Model.compile", (), {"metrics": "accuracy"}, [], {"metrics": ["accuracy"]}),
    ("keras.Model.compile", (), {"metrics": {"a": ["acc"]}}, [], {"metrics": {"a": ["accuracy"]}}),
    ("keras.Model.compile", (), {"loss": "logcosh", "class_mode": "binary"}, [], {"loss": "log_cosh"}),
    ("keras.Model.fit", (1, 2, 32, 5), {"show_accuracy": True}, [1, 2, 32, 5], {}),
    ("keras.Model.fit", (), {"X": 1, "y": 2, "nb_epoch": 5}, [], {"x": 1, "y": 2, "epochs": 5}),
    ("keras.Model.fit", (), {"validation_data": [1, 2], "workers": 4}, [], {"validation_data": (1, 2)}),
    ("keras.Model.fit", (1,), {"steps_per_epoch": 9.5, "max_q_size": 10}, [1], {"steps_per_epoch": 10}),
    ("keras.Model.predict_classes", (1,), {"verbose": 0}, [1], {"verbose": 0}),
    ("keras.Model.save_weights", ("a.h5",), {"save_format": "h5"}, ["a.h5"], {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "positional", "keywords", "expected", "named"), OTHERS)
def test_calls_take_the_arguments_of_any_version(name, positional, keywords, expected, named):
    call = modern(name, *positional, **keywords)
    assert (call.positional, call.keywords) == (expected, named)


@pytest.mark.parametrize(
    ("keywords", "rate"),
    [({"lr": 0.1, "decay": 1e-6}, 0.1), ({"decay": 1e-6}, 0.01), ({"learning_rate": 0.2, "decay": 1e-6}, 0.2)],
)
def test_decay_is_a_schedule_with_one_decay_step(keywords, rate):
    schedule = ("keras.optimizers.schedules.InverseTimeDecay", [rate, 1, 1e-6], {})
    assert modern("keras.optimizers.SGD", **keywords).keywords == {"learning_rate": schedule}


def test_an_optimizer_by_name_has_the_learning_rate_of_its_time():
    made = ("keras.optimizers.Adadelta", [], {"learning_rate": 1.0})
    call = modern("keras.Model.compile", "adadelta", loss="mse")
    assert (call.positional, call.notes[0].modern) == ([made], "keras.optimizers.Adadelta(learning_rate=1.0)")
    assert modern("tensorflow.keras.Model.compile", "adadelta").positional == ["adadelta"]
    assert modern("keras.Model.compile", optimizer="adam").keywords == {"optimizer": "adam"}


@pytest.mark.parametrize("samples", [{"samples_per_epoch": 100, "nb_epoch": 2}, {"steps_per_epoch": 3.1, "epochs": 2}])
def test_samples_of_a_generator_become_batches(samples):
    source = Batches()
    call = modern("keras.Model.fit_generator", source, **samples, nb_worker=2, validation_data=[1, 2])
    assert call.name == "keras.Model.fit"
    assert call.positional == [source]
    assert call.keywords == {"steps_per_epoch": 4, "epochs": 2, "validation_data": (1, 2)}


def test_given_weights_initialize_the_variables():
    call = modern("keras.layers.Dense", 2, weights=[OPAQUE, 0])
    constants = [("keras.initializers.Constant", [value], {}) for value in (OPAQUE, 0)]
    assert call.keywords == {"kernel_initializer": constants[0], "bias_initializer": constants[1]}


@pytest.mark.parametrize(
    ("name", "keywords", "advice"),
    [
        ("keras.layers.SReLU", {}, "PReLU"),
        ("keras.layers.Convolution2D", {"border_mode": "full", "nb_row": OPAQUE}, "ZeroPadding2D"),
        ("keras.layers.BatchNormalization", {"mode": 1}, "LayerNormalization"),
        ("keras.layers.Merge", {"layers": object()}, "keras.Model"),
        ("keras.layers.merge", {"mode": OPAQUE}, "Lambda"),
        ("sklearn.preprocessing.OneHotEncoder", {"categorical_features": [0]}, "ColumnTransformer"),
        ("keras.Model.fit", {"nb_epoch": 1, "epochs": 2}, "epochs alone"),
        ("keras.layers.Dense", {"weights": OPAQUE}, "set_weights"),
    ],
)
def test_what_has_no_modern_form_is_refused_with_advice(name, keywords, advice):
    with pytest.raises(NoModernFormError, match=advice):
        modern(name, **keywords)


@pytest.mark.parametrize(
    ("call", "before", "behind"),
    [
        (("Embedding", {"dropout": 0.2}), [], [("keras.layers.Dropout", [0.2], {"noise_shape": (None, None, 1)})]),
        (
            ("Convolution2D", {"nb_row": 3, "nb_col": 5, "border_mode": "full", "dim_ordering": "th"}),
            [("keras.layers.ZeroPadding2D", [(2, 4)], {"dim_ordering": "th"})],
            [],
        ),
        (
            ("Conv2D", {"kernel_size": 3, "padding": "full"}),
            [("keras.layers.ZeroPadding2D", [(2, 2)], {})],
            [],
        ),
    ],
)
def test_an_argument_may_be_a_layer_beside_its_own_today(call, before, behind):
    name, keywords = call
    found = modern(f"keras.layers.{name}", **keywords)
    assert (found.before, found.behind) == (before, behind)
    assert not {"dropout", "padding"} & set(found.keywords)


def test_notes_pair_the_old_with_the_modern():
    call = modern("keras.layers.Convolution2D", 8, 3, 5, init="uniform", W_regularizer=OPAQUE, input_shape=(9, 9, 1))
    assert [(note.old, note.modern) for note in call.notes] == [
        ("8, 3, 5", "8, (3, 5)"),
        ("input_shape=(9, 9, 1)", "keras.Input(shape=(9, 9, 1)) before the layer"),
        ("init='uniform'", "kernel_initializer='uniform'"),
        ("W_regularizer=…", "kernel_regularizer=…"),
    ]


MODERN = [
    ("keras.layers.Dense", (10,), {"activation": "relu", "kernel_regularizer": "l2"}),
    ("keras.layers.Conv2D", (8, (3, 3)), {"padding": "same", "strides": 2, "data_format": "channels_last"}),
    ("keras.layers.LSTM", (8, "tanh", "sigmoid"), {"dropout": 0.1}),
    ("keras.optimizers.Adam", (1e-3,), {"weight_decay": 0.1, "clipnorm": 1.0}),
    ("keras.Model.fit", (1, 2), {"batch_size": 8, "epochs": 2, "validation_data": (1, 2)}),
    ("keras.Model.compile", ("adam", "mse"), {"metrics": ["mae", OPAQUE]}),
    ("keras.Model.compile", ("adam", "mse", [0.5, 0.5]), {}),
    ("keras.callbacks.ModelCheckpoint", ("a.keras",), {"monitor": "val_accuracy"}),
    ("numpy.zeros", (3,), {}),
]


@pytest.mark.parametrize(("name", "positional", "keywords"), MODERN)
def test_modern_calls_stay_as_they_are(name, positional, keywords):
    call = modern(name, *positional, **keywords)
    assert (call.name, call.positional, call.keywords, call.notes) == (name, list(positional), keywords, [])


def signature_of(name):
    import keras
    import sklearn.preprocessing

    file, defined = DEFINITIONS.get(name, ("", ""))
    library = {"keras": keras, "sklearn": sklearn}[name.partition(".")[0]]
    found = importlib.import_module(f"scribal.legacy.definitions.{file}") if file else library
    for part in [defined] if file else name.split(".")[1:]:
        found = getattr(found, part)
    parameters = inspect.signature(found.__init__ if isinstance(found, type) else found).parameters
    return [each for each in parameters if each != "self"]


NOT_IN_KERAS = {
    "keras.backend.random_normal",
    "keras.backend.random_uniform",
    "keras.preprocessing.image.ImageDataGenerator",
    "keras.preprocessing.text.Tokenizer",
    "keras.Model",
}


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if form.modern not in NOT_IN_KERAS])
def test_orders_and_names_are_those_of_keras(name):
    form = FORMS[name]
    parameters = signature_of(form.modern)
    positional = [each for each in parameters if each not in {"args", "kwargs"}]
    assert form.order == tuple(positional[: len(form.order)])
    shared = {"kernel_initializer", "kernel_regularizer", "kernel_constraint", "bias_regularizer", "bias_constraint"}
    targets = set(form.renamed.values()) - shared - {"use_bias", "kernel_size"}
    assert "kwargs" in parameters or targets <= set(parameters)
