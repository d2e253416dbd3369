"""Files as Keras 1, Keras 2 and TensorFlow's Keras wrote them: the same small network in each one's words.

Written by hand from the documentation of ``get_config`` in Keras 1.2.2, Keras 2.2 and TensorFlow 2.4.
"""

import json

import h5py
import numpy as np

KERAS_1 = {
    "class_name": "Sequential",
    "keras_version": "1.2.2",
    "config": [
        {
            "class_name": "Convolution2D",
            "config": {
                "name": "convolution2d_1", "trainable": True, "batch_input_shape": [None, 8, 8, 1],
                "input_dtype": "float32", "nb_filter": 2, "nb_row": 3, "nb_col": 3, "init": "glorot_uniform",
                "activation": "relu", "border_mode": "same", "subsample": [1, 1], "dim_ordering": "tf",
                "W_regularizer": None, "b_regularizer": None, "activity_regularizer": None, "W_constraint": None,
                "b_constraint": None, "bias": True,
            },
        },
        {
            "class_name": "MaxPooling2D",
            "config": {
                "name": "maxpooling2d_1", "trainable": True, "pool_size": [2, 2], "strides": [2, 2],
                "border_mode": "valid", "dim_ordering": "tf",
            },
        },
        {"class_name": "Dropout", "config": {"name": "dropout_1", "trainable": True, "p": 0.25}},
        {"class_name": "Flatten", "config": {"name": "flatten_1", "trainable": True}},
        {
            "class_name": "Dense",
            "config": {
                "name": "dense_1", "trainable": True, "output_dim": 3, "input_dim": None, "init": "glorot_uniform",
                "activation": "softmax", "W_regularizer": None, "b_regularizer": None, "activity_regularizer": None,
                "W_constraint": None, "b_constraint": None, "bias": True,
            },
        },
    ],
}  # fmt: skip

_GLOROT = {
    "class_name": "VarianceScaling",
    "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None},
}
_ZEROS = {"class_name": "Zeros", "config": {}}
_WEIGHTED = {
    "trainable": True, "use_bias": True, "kernel_initializer": _GLOROT, "bias_initializer": _ZEROS,
    "kernel_regularizer": None, "bias_regularizer": None, "activity_regularizer": None, "kernel_constraint": None,
    "bias_constraint": None,
}  # fmt: skip
_LAYERS_2 = [
    {
        "class_name": "Conv2D",
        "config": {
            "name": "conv2d_1", "batch_input_shape": [None, 8, 8, 1], "dtype": "float32", "filters": 2,
            "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "data_format": "channels_last",
            "dilation_rate": [1, 1], "activation": "relu", **_WEIGHTED,
        },
    },
    {
        "class_name": "MaxPooling2D",
        "config": {
            "name": "max_pooling2d_1", "trainable": True, "pool_size": [2, 2], "padding": "valid", "strides": [2, 2],
            "data_format": "channels_last",
        },
    },
    {
        "class_name": "Dropout",
        "config": {"name": "dropout_1", "trainable": True, "rate": 0.25, "noise_shape": None, "seed": None},
    },
    {"class_name": "Flatten", "config": {"name": "flatten_1", "trainable": True, "data_format": "channels_last"}},
    {"class_name": "Dense", "config": {"name": "dense_1", "units": 3, "activation": "softmax", **_WEIGHTED}},
]  # fmt: skip
KERAS_2_0 = {"class_name": "Sequential", "keras_version": "2.0.8", "backend": "tensorflow", "config": _LAYERS_2}
KERAS_2_2 = {
    "class_name": "Sequential",
    "keras_version": "2.2.4",
    "backend": "tensorflow",
    "config": {"name": "sequential_1", "layers": _LAYERS_2},
}


def _tensorflow_layer(layer):
    """A layer as TensorFlow 2.4 writes it: a type for everything, groups, initializers with types of their own."""
    config = layer["config"] | {"dtype": "float32"}
    if "kernel_initializer" in config:
        config["kernel_initializer"] = {"class_name": "GlorotUniform", "config": {"seed": None, "dtype": "float32"}}
    if layer["class_name"] == "Conv2D":
        config["groups"] = 1
    return layer | {"config": config}


TENSORFLOW = {
    "class_name": "Sequential",
    "keras_version": "2.4.0",
    "backend": "tensorflow",
    "config": {
        "name": "sequential",
        "layers": [
            {
                "class_name": "InputLayer",
                "config": {
                    "batch_input_shape": [None, 8, 8, 1], "dtype": "float32", "sparse": False, "ragged": False,
                    "name": "conv2d_1_input",
                },
            },
            *map(_tensorflow_layer, _LAYERS_2),
        ],
        "build_input_shape": [None, 8, 8, 1],
    },
}  # fmt: skip


def _functional(sources):
    """The same network as a graph, whose layers say where their input comes from."""
    entry = {
        "class_name": "InputLayer",
        "config": {"batch_input_shape": [None, 8, 8, 1], "dtype": "float32", "sparse": False, "name": "input_1"},
        "name": "input_1",
        "inbound_nodes": [],
    }
    layers, before = [entry], "input_1"
    for layer in _LAYERS_2:
        name = layer["config"]["name"]
        config = {key: value for key, value in layer["config"].items() if key != "batch_input_shape"}
        layers.append(layer | {"config": config, "name": name, "inbound_nodes": [[sources(before)]]})
        before = name
    return {
        "name": "model_1",
        "layers": layers,
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [[before, 0, 0]],
    }


FUNCTIONAL_2 = {
    "class_name": "Model",
    "keras_version": "2.2.4",
    "backend": "tensorflow",
    "config": _functional(lambda name: [name, 0, 0, {}]),
}
FUNCTIONAL_SHORT = {
    "class_name": "Model",
    "keras_version": "1.2.2",
    "config": _functional(lambda name: [name, 0, 0]),
}
CONFIGURATIONS = {
    "Keras 1": KERAS_1,
    "Keras 2.0": KERAS_2_0,
    "Keras 2.2": KERAS_2_2,
    "TensorFlow 2.4": TENSORFLOW,
    "functional": FUNCTIONAL_2,
    "functional, short": FUNCTIONAL_SHORT,
}
SGD_2 = {"class_name": "SGD", "config": {"lr": 0.02, "momentum": 0.9, "decay": 0.0, "nesterov": True}}
SGD_DECAYED = {"class_name": "SGD", "config": {"lr": 0.02, "momentum": 0.9, "decay": 0.01, "nesterov": True}}
ADAM_TENSORFLOW = {
    "class_name": "Adam",
    "config": {
        "name": "Adam", "learning_rate": 0.001, "decay": 0.0, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07,
        "amsgrad": False,
    },
}  # fmt: skip
MEAN_METRIC = {
    "class_name": "MeanMetricWrapper",
    "config": {"name": "accuracy", "dtype": "float32", "fn": "categorical_accuracy"},
}


def kernels():
    """Weights of the network, by layer."""
    random = np.random.default_rng(3)
    shapes = {"conv": [(3, 3, 1, 2), (2,)], "dense": [(32, 3), (3,)]}
    return {name: [random.normal(size=shape).astype("float32") for shape in each] for name, each in shapes.items()}


def write_weights(group, configuration):
    """Write weights into an HDF5 group, as Keras 1 and 2 lay them out."""
    inner = configuration["config"]
    layers = inner if isinstance(inner, list) else inner["layers"]
    names = [layer["config"]["name"] for layer in layers if layer["class_name"] != "InputLayer"]
    group.attrs["layer_names"] = [name.encode() for name in names]
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = configuration["keras_version"].encode()
    for name in names:
        part = group.create_group(name)
        arrays = next((values for kind, values in kernels().items() if name.startswith(kind)), [])
        paths = [f"{name}/{end}:0" for end, _ in zip(("kernel", "bias"), arrays, strict=False)]
        part.attrs["weight_names"] = [path.encode() for path in paths]
        for path, array in zip(paths, arrays, strict=True):
            part.create_dataset(path, data=array)


def write_model(path, configuration, optimizer=None, metrics=()):
    """Write a whole model to HDF5, compiled if it has an optimizer."""
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = configuration["keras_version"].encode()
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = json.dumps(
            {"class_name": configuration["class_name"], "config": configuration["config"]}
        ).encode()
        write_weights(file.create_group("model_weights"), configuration)
        if optimizer is not None:
            training = {
                "optimizer_config": optimizer,
                "loss": "categorical_crossentropy",
                "metrics": list(metrics),
                "sample_weight_mode": None,
                "loss_weights": None,
            }
            file.attrs["training_config"] = json.dumps(training).encode()
