"""Classes and functions that had another name.

A name is here where the same call means the same under the modern name. Where arguments changed as well,
:mod:`scribal.legacy.changes.calls` says how. What has no modern name is in :mod:`scribal.legacy.changes.refusals`.

Sources: "Keras 2 release notes" (wiki of keras-team/keras), Keras' reference for 1.2.2 and 2.3.1, and the API
index of TensorFlow 1.15 and 2.15.
"""

from collections.abc import Mapping
from types import MappingProxyType

from scribal.legacy.changes.modules import MODULES
from scribal.legacy.changes.other_libraries import LIBRARY_NAMES

__all__ = ["ALIASES", "NAMES", "canonical_name", "modern_name"]

_LAYERS = {
    "AtrousConv1D": "Conv1D",
    "AtrousConv2D": "Conv2D",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "Convolution1D": "Conv1D",
    "Convolution1DTranspose": "Conv1DTranspose",
    "Convolution2D": "Conv2D",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3D": "Conv3D",
    "Convolution3DTranspose": "Conv3DTranspose",
    "CuDNNGRU": "GRU",
    "CuDNNLSTM": "LSTM",
    "DenseV2": "Dense",
    "Deconv2D": "Conv2DTranspose",
    "Deconv3D": "Conv3DTranspose",
    "Deconvolution2D": "Conv2DTranspose",
    "Deconvolution3D": "Conv3DTranspose",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    "TimeDistributedDense": "Dense",
}
_LOSSES = {
    "KLD": "kl_divergence",
    "MAE": "mean_absolute_error",
    "MAPE": "mean_absolute_percentage_error",
    "MSE": "mean_squared_error",
    "MSLE": "mean_squared_logarithmic_error",
    "cosine": "cosine_similarity",
    "cosine_proximity": "cosine_similarity",
    "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence",
    "logcosh": "log_cosh",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "msle": "mean_squared_logarithmic_error",
}
_METRICS = {old: modern for old, modern in _LOSSES.items() if not old.startswith("cosine")}
_OPTIMIZERS = {
    "adadelta": "Adadelta",
    "adagrad": "Adagrad",
    "adam": "Adam",
    "adamax": "Adamax",
    "nadam": "Nadam",
    "rmsprop": "RMSprop",
    "sgd": "SGD",
}
_LEGACY_OPTIMIZERS = ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "Optimizer", "RMSprop", "SGD")
_TRAIN_OPTIMIZERS = {
    "AdadeltaOptimizer": "Adadelta",
    "AdagradOptimizer": "Adagrad",
    "AdamOptimizer": "Adam",
    "FtrlOptimizer": "Ftrl",
    "GradientDescentOptimizer": "SGD",
    "MomentumOptimizer": "SGD",
    "RMSPropOptimizer": "RMSprop",
}
_INITIALIZERS = {
    "RandomNormalV2": "RandomNormal",
    "RandomUniformV2": "RandomUniform",
    "normal": "RandomNormal",
    "one": "Ones",
    "truncated_normal_initializer": "TruncatedNormal",
    "uniform": "RandomUniform",
    "zero": "Zeros",
}
_TENSORFLOW_INITIALIZERS = {
    "constant": "Constant",
    "glorot_normal": "GlorotNormal",
    "glorot_uniform": "GlorotUniform",
    "ones": "Ones",
    "orthogonal": "Orthogonal",
    "uniform_unit_scaling": "VarianceScaling",
    "zeros": "Zeros",
}
_CONSTRAINTS = {"maxnorm": "MaxNorm", "nonneg": "NonNeg", "unitnorm": "UnitNorm"}
_REGULARIZERS = {
    "ActivityRegularizer": "L1L2",
    "WeightRegularizer": "L1L2",
    "activity_l1": "L1",
    "activity_l1l2": "L1L2",
    "activity_l2": "L2",
    "l1l2": "L1L2",
}

# keras.backend -> keras.ops: the functions whose arguments, by position, and defaults are the same.
_OPERATIONS = (
    *("abs", "arange", "cast", "clip", "cos", "equal", "exp", "eye", "greater"),
    *("greater_equal", "less", "less_equal", "log", "logsumexp", "max", "maximum", "mean", "min", "minimum"),
    *("not_equal", "one_hot", "ones", "ones_like", "prod", "reshape", "round", "shape", "sign", "sin"),
    *("sqrt", "square", "stack", "std", "stop_gradient", "sum", "tile", "transpose", "var", "zeros", "zeros_like"),
)
_RENAMED_OPERATIONS = {
    "eval": "convert_to_numpy",
    "get_value": "convert_to_numpy",
    "permute_dimensions": "transpose",
    "pow": "power",
}
_BACKEND_ACTIVATIONS = ("elu", "relu", "sigmoid", "softmax", "softplus", "softsign", "tanh")

# TensorFlow -> keras.ops, on the same terms; those of tf.math first, most of which are in tf as well.
_MATHEMATICS = (
    *("abs", "add", "ceil", "cos", "cosh", "cumsum", "divide", "equal", "erf", "exp", "floor", "greater"),
    *("greater_equal", "less", "less_equal", "log", "log1p", "logical_and", "logical_not", "logical_or", "maximum"),
    *("minimum", "mod", "multiply", "not_equal", "rsqrt", "sign", "sin", "sinh", "sqrt", "square", "subtract"),
)
_TENSORFLOW_OPERATIONS = {
    **{
        name: name for name in ("abs", "add", "cast", "concat", "equal", "exp", "expand_dims", "eye", "greater", "less")
    },
    **{
        name: name
        for name in (
            "linspace",
            "matmul",
            "one_hot",
            "ones",
            "ones_like",
            "pad",
            "repeat",
            "reshape",
            "sort",
            "argsort",
        )
    },
    **{name: name for name in ("shape", "sqrt", "square", "squeeze", "stack", "subtract", "tile", "transpose")},
    **{name: name for name in ("where", "zeros", "zeros_like")},
    "concat": "concatenate",
    "convert_to_tensor": "convert_to_tensor",
    **{f"math.{name}": name for name in _MATHEMATICS},
    **{name: name for name in _MATHEMATICS if name not in ("ceil", "log", "mod", "rsqrt")},
    "gather": "take",
    "identity": "copy",
    "linalg.matmul": "matmul",
    "linalg.norm": "norm",
    "log": "log",
    "math.l2_normalize": "normalize",
    "math.pow": "power",
    "norm": "norm",
    "pow": "power",
    "tensordot": "tensordot",
    "math.reduce_max": "max",
    "math.reduce_mean": "mean",
    "math.reduce_min": "min",
    "math.reduce_std": "std",
    "math.reduce_sum": "sum",
    "math.reduce_variance": "var",
    "reduce_all": "all",
    "reduce_any": "any",
    "math.reduce_all": "all",
    "math.reduce_any": "any",
    "reduce_max": "max",
    "reduce_mean": "mean",
    "reduce_min": "min",
    "reduce_prod": "prod",
    "reduce_sum": "sum",
    "stop_gradient": "stop_gradient",
}
_TENSORFLOW_ACTIVATIONS = {
    **{f"nn.{name}": name for name in ("elu", "gelu", "log_softmax", "relu", "relu6", "selu", "sigmoid", "silu")},
    **{f"nn.{name}": name for name in ("softmax", "softplus", "softsign", "swish", "tanh")},
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "math.sigmoid": "sigmoid",
    "math.tanh": "tanh",
    "nn.leaky_relu": "leaky_relu",
}

# six.moves -> Python 3: what programs for both Pythons import by these names.
_MOVED = {
    **{name: name for name in ("filter", "input", "map", "range", "zip")},
    "cPickle": "pickle",
    "reduce": "functools.reduce",
    "xrange": "range",
}


def _below(old: str, modern: str, names: Mapping[str, str]) -> dict[str, str]:
    return {f"{old}.{name}": f"{modern}.{today}" for name, today in names.items()}


_NAMES = {
    **_below("keras.layers", "keras.layers", _LAYERS),
    **_below("keras.losses", "keras.losses", _LOSSES),
    **_below("keras.metrics", "keras.metrics", _METRICS),
    **_below("keras.optimizers", "keras.optimizers", _OPTIMIZERS),
    **{f"keras.optimizers.legacy.{name}": f"keras.optimizers.{name}" for name in _LEGACY_OPTIMIZERS},
    **_below("tensorflow.train", "keras.optimizers", _TRAIN_OPTIMIZERS),
    **_below("keras.initializers", "keras.initializers", _INITIALIZERS),
    **_below("keras.constraints", "keras.constraints", _CONSTRAINTS),
    **_below("keras.regularizers", "keras.regularizers", _REGULARIZERS),
    **{f"keras.backend.{name}": f"keras.ops.{name}" for name in _OPERATIONS},
    **_below("keras.backend", "keras.ops", _RENAMED_OPERATIONS),
    **{f"keras.backend.{name}": f"keras.activations.{name}" for name in _BACKEND_ACTIVATIONS},
    **_below("tensorflow", "keras.ops", _TENSORFLOW_OPERATIONS),
    **_below("tensorflow", "keras.activations", _TENSORFLOW_ACTIVATIONS),
    "keras.Network": "keras.Model",
    "keras.backend.binary_crossentropy": "keras.ops.binary_crossentropy",
    "keras.backend.categorical_crossentropy": "keras.ops.categorical_crossentropy",
    "keras.backend.sparse_categorical_crossentropy": "keras.ops.sparse_categorical_crossentropy",
    "keras.backend.variable": "keras.Variable",
    # It kept the means of an epoch, which any callback is told today.
    "keras.callbacks.BaseLogger": "keras.callbacks.Callback",
    "keras.engine.Input": "keras.Input",
    "keras.engine.InputLayer": "keras.layers.InputLayer",
    "keras.engine.InputSpec": "keras.layers.InputSpec",
    "keras.engine.Layer": "keras.layers.Layer",
    "keras.engine.Merge": "keras.layers.Merge",
    "keras.engine.Model": "keras.Model",
    "keras.engine.merge": "keras.layers.merge",
    "keras.layers.Container": "keras.Model",
    "keras.layers.Model": "keras.Model",
    "keras.layers.Network": "keras.Model",
    "keras.layers.Sequential": "keras.Sequential",
    "keras.layers.merge": "keras.layers.merge",  # the function of Keras 1, not the module of Keras 2
    "keras.layers.get_source_inputs": "keras.utils.get_source_inputs",
    "keras.metrics.cosine_proximity": "keras.losses.cosine_similarity",
    "keras.models.Functional": "keras.Model",
    "keras.models.Input": "keras.Input",
    "keras.models.model_from_yaml": "keras.models.model_from_json",
    "keras.models.Layer": "keras.layers.Layer",
    "keras.preprocessing.image.image_dataset_from_directory": "keras.utils.image_dataset_from_directory",
    "keras.preprocessing.text_dataset_from_directory": "keras.utils.text_dataset_from_directory",
    "keras.preprocessing.timeseries_dataset_from_array": "keras.utils.timeseries_dataset_from_array",
    "keras.utils.plot": "keras.utils.plot_model",
    "keras.wrappers.KerasClassifier": "keras.wrappers.SKLearnClassifier",
    "keras.wrappers.KerasRegressor": "keras.wrappers.SKLearnRegressor",
    **{f"six.moves.{name}": today for name, today in _MOVED.items()},
    "sklearn.decomposition.RandomizedPCA": "sklearn.decomposition.PCA",
    # Of one class a sample, which is what it was used for, both are the share of right answers.
    "sklearn.metrics.jaccard_similarity_score": "sklearn.metrics.accuracy_score",
    "sklearn.metrics.plot_confusion_matrix": "sklearn.metrics.ConfusionMatrixDisplay.from_estimator",
    "sklearn.preprocessing.Imputer": "sklearn.impute.SimpleImputer",
    "tensorflow.contrib.layers.xavier_initializer": "keras.initializers.GlorotUniform",
    "tensorflow.random.set_random_seed": "keras.utils.set_random_seed",
    "tensorflow.random.set_seed": "keras.utils.set_random_seed",
    "tensorflow.random_normal_initializer": "keras.initializers.RandomNormal",
    "tensorflow.random_uniform_initializer": "keras.initializers.RandomUniform",
    "tensorflow.set_random_seed": "keras.utils.set_random_seed",
    **{
        f"tensorflow.{name}_initializer": f"keras.initializers.{today}"
        for name, today in _TENSORFLOW_INITIALIZERS.items()
    },
    "tensorflow.truncated_normal_initializer": "keras.initializers.TruncatedNormal",
}

NAMES: Mapping[str, str] = MappingProxyType({**_NAMES, **LIBRARY_NAMES})
"""An old qualified name, and the modern one."""

_SHORT_POOLING = {
    f"keras.layers.{extent}{short}Pool{axes}D": f"keras.layers.{extent}{long}Pooling{axes}D"
    for extent in ("", "Global")
    for short, long in (("Avg", "Average"), ("Max", "Max"))
    for axes in (1, 2, 3)
}

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        **_SHORT_POOLING,
        "keras.Layer": "keras.layers.Layer",
        "keras.layers.Input": "keras.Input",
        "keras.losses.Loss": "keras.Loss",
        "keras.metrics.Metric": "keras.Metric",
        "keras.models.Model": "keras.Model",
        "keras.models.Sequential": "keras.Sequential",
        "keras.optimizers.Optimizer": "keras.Optimizer",
        "keras.preprocessing.image.array_to_img": "keras.utils.array_to_img",
        "keras.preprocessing.image.img_to_array": "keras.utils.img_to_array",
        "keras.preprocessing.image.load_img": "keras.utils.load_img",
        "keras.preprocessing.image.save_img": "keras.utils.save_img",
        "keras.preprocessing.image_dataset_from_directory": "keras.utils.image_dataset_from_directory",
        "keras.preprocessing.sequence.pad_sequences": "keras.utils.pad_sequences",
        "keras.saving.load_model": "keras.models.load_model",
        "keras.saving.save_model": "keras.models.save_model",
    }
)
"""Names that Keras 3 still has beside another for the same thing, and the one that tables of calls use."""


def modern_name(qualified: str) -> str:
    """The name that Keras 3, or another library's present version, has for an old name.

    >>> modern_name("tensorflow.keras.layers.core.Convolution2D")
    'keras.layers.Conv2D'
    >>> modern_name("keras.utils.np_utils.to_categorical")
    'keras.utils.to_categorical'

    Args:
        qualified: A dotted name with its module, as it was imported: of a module, a class, a function or a method.

    Returns:
        The modern name; ``qualified`` itself where it is modern, or not known.
    """
    return _resolved(qualified, NAMES)


def canonical_name(qualified: str) -> str:
    """The one modern name of several: the key under which tables of calls list a class or a function.

    >>> canonical_name("tensorflow.keras.models.Sequential")
    'keras.Sequential'

    Args:
        qualified: As for :func:`modern_name`.

    Returns:
        The modern name, or the one it is another name of.
    """
    return _resolved(qualified, {**ALIASES, **NAMES})


def _resolved(name: str, names: Mapping[str, str]) -> str:
    while (step := _step(name, names)) != name:
        name = step
    return name


def _step(name: str, names: Mapping[str, str]) -> str:
    """One replacement: of the whole name, or of the longest beginning that is a module's or a class's."""
    if name in names:
        return names[name]
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        beginning = ".".join(parts[:length])
        modern = MODULES.get(beginning) or names.get(beginning)
        if modern:
            return ".".join([modern, *parts[length:]])
    return name
