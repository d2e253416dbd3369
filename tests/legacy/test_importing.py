"""Old imports, each as a program writes it, and what they leave behind: nothing."""

import importlib
import sys
import types

import numpy as np
import pytest

from scribal.legacy.importing import installed_modules
from scribal.legacy.importing.modules import OldModule
from scribal.legacy.journal import Journal, recording


@pytest.fixture
def modules(journal):
    with installed_modules():
        yield journal


def imported(statement):
    """What a program has after an import: the value of the last name that it binds."""
    names = {}
    exec(statement, names)  # noqa: S102 (import statements of this file)
    return list(names.values())[-1]


@pytest.mark.parametrize(
    ("statement", "modern"),
    [
        ("from keras.layers.core import Dense", "keras.layers.Dense"),
        ("from keras.layers.convolutional import Conv2D", "keras.layers.Conv2D"),
        ("from keras.layers.pooling import MaxPooling2D", "keras.layers.MaxPooling2D"),
        ("from keras.layers.normalization import BatchNormalization", "keras.layers.BatchNormalization"),
        ("from keras.layers.advanced_activations import LeakyReLU", "keras.layers.LeakyReLU"),
        ("from keras.layers.noise import GaussianNoise", "keras.layers.GaussianNoise"),
        ("from keras.layers.recurrent import LSTM", "keras.layers.LSTM"),
        ("from keras.layers.embeddings import Embedding", "keras.layers.Embedding"),
        ("from keras.layers.wrappers import TimeDistributed", "keras.layers.TimeDistributed"),
        ("from keras.layers.merge import concatenate", "keras.layers.concatenate"),
        ("from keras.layers.merge import Add", "keras.layers.Add"),
        ("from keras.layers import CuDNNLSTM", "keras.layers.LSTM"),
        ("from keras.engine.topology import Layer", "keras.layers.Layer"),
        ("from keras.engine.topology import Input", "keras.Input"),
        ("from keras.engine.training import Model", "keras.Model"),
        ("from keras.engine import Model", "keras.Model"),
        ("from keras.utils.np_utils import to_categorical", "keras.utils.to_categorical"),
        ("from keras.utils.generic_utils import get_custom_objects", "keras.utils.get_custom_objects"),
        ("from keras.utils.data_utils import get_file", "keras.utils.get_file"),
        ("from keras.objectives import categorical_crossentropy", "keras.losses.categorical_crossentropy"),
        ("from keras.losses import mse", "keras.losses.mean_squared_error"),
        ("from keras.optimizers import sgd", "keras.optimizers.SGD"),
        ("from keras.optimizers.legacy import Adam", "keras.optimizers.Adam"),
        ("from keras.regularizers import activity_l2", "keras.regularizers.L2"),
        ("from keras.constraints import maxnorm", "keras.constraints.MaxNorm"),
        ("from keras.initializers import normal", "keras.initializers.RandomNormal"),
        ("from tensorflow.keras.layers import Dense", "keras.layers.Dense"),
        ("from tensorflow.keras import Sequential", "keras.Sequential"),
        ("from tensorflow.python.keras.layers.core import Dense", "keras.layers.Dense"),
        ("from tensorflow.python.keras.utils import np_utils", "keras.utils"),
        ("from tensorflow.contrib.keras import models", "keras.models"),
        ("from tensorflow.compat.v1.keras.models import Model", "keras.Model"),
        ("from tensorflow.keras.layers.experimental.preprocessing import Rescaling", "keras.layers.Rescaling"),
        ("import tensorflow.keras.backend as K", "keras.backend"),
        ("from tf_keras.models import Sequential", "keras.Sequential"),
        ("from keras.api._v2.keras import layers", "keras.layers"),
        ("from keras.backend import tensorflow_backend", "keras.backend"),
        ("from sklearn.cross_validation import train_test_split", "sklearn.model_selection.train_test_split"),
        ("from sklearn.externals import joblib", "joblib"),
    ],
)
def test_an_old_import_gives_what_there_is_today(modules, statement, modern):
    value = imported(statement)
    if isinstance(value, OldModule):
        today = importlib.import_module(modern)
        names = [name for name, value in vars(today).items() if isinstance(value, type) or name == "floatx"]
        assert [getattr(value, name) for name in names] == [getattr(today, name) for name in names]
    elif isinstance(value, types.ModuleType):
        assert value is importlib.import_module(modern)
    else:
        module, _, name = modern.rpartition(".")
        assert value is getattr(importlib.import_module(module), name)


@pytest.mark.parametrize(
    "name",
    ["keras.layers.core", "keras.utils.np_utils", "keras.engine.topology", "tensorflow", "tensorflow.python.client"],
)
def test_an_old_module_is_a_module_with_a_specification(modules, name):
    module = importlib.import_module(name)
    assert isinstance(module, types.ModuleType)
    assert module.__spec__.name == module.__name__ == name
    assert importlib.util.find_spec(name) is module.__spec__
    assert sys.modules[name] is module


def test_everything_of_an_old_module_is_one_change_in_the_journal(modules):
    names = {}
    exec(compile("from keras.layers.core import *", __file__, "exec"), names)  # noqa: S102
    import keras

    assert names["Dense"] is keras.layers.Dense
    assert names["Flatten"] is keras.layers.Flatten
    assert [change.old for change in modules.changes] == ["keras.layers.core"]


def test_old_modules_are_attributes_of_their_packages(modules):
    import keras

    assert keras.utils.np_utils.to_categorical is keras.utils.to_categorical
    assert keras.layers.core.Dense is keras.layers.Dense
    assert keras.objectives.mse is keras.losses.mean_squared_error


def test_each_line_that_uses_an_old_name_is_in_the_journal(modules):
    from keras.layers.convolutional import AtrousConvolution2D  # noqa: F401
    from keras.utils import np_utils

    np_utils.to_categorical([1, 0])
    changes = {(change.old, change.modern) for change in modules.changes}
    assert ("keras.layers.convolutional", "keras.layers") in changes
    assert ("keras.utils.np_utils", "keras.utils") in changes
    assert all(change.place.file == __file__ for change in modules.changes)


def test_what_has_no_modern_form_is_refused_by_name(modules):
    import tensorflow as tf

    with pytest.raises(AttributeError, match=r"tensorflow\.placeholder.*keras\.Input"):
        tf.placeholder(tf.float32)
    with pytest.raises(ImportError, match="Graph"):
        imported("from keras.models import Graph")
    assert {change.old for change in modules.refusals} == {"tensorflow.placeholder", "keras.models.Graph"}


@pytest.mark.parametrize(
    "statement", ["import keras.layers.conv", "import tensorflow.lite_nothing", "import tensorflw"]
)
def test_a_module_that_never_was_is_not_found(modules, statement):
    with pytest.raises(ModuleNotFoundError):
        imported(statement)


@pytest.mark.parametrize("statement", ["from keras.layers.core import Dens", "from tensorflow.keras import layer"])
def test_a_name_that_never_was_is_an_import_error(modules, statement):
    with pytest.raises(ImportError, match="cannot import name"):
        imported(statement)


def test_nothing_stays_when_the_block_ends():
    import keras
    import sklearn.preprocessing

    before = {name: dict(vars(sys.modules[name])) for name in ("keras", "keras.layers", "keras.backend", "keras.utils")}
    finders, mnist = list(sys.meta_path), keras.datasets.mnist.load_data
    with recording(Journal(lambda _: True)), installed_modules():
        imported("from keras.layers.core import Dense")
        imported("import keras.backend.tensorflow_backend")
        imported("import tensorflow.keras.layers")
        assert keras.datasets.mnist.load_data is not mnist
        assert sklearn.preprocessing.Imputer
    assert sys.meta_path == finders
    assert keras.datasets.mnist.load_data is mnist
    assert {name: dict(vars(sys.modules[name])) for name in before} == before
    assert not [name for name in sys.modules if name.startswith(("tensorflow", "keras.layers.", "tf_keras"))]
    assert not hasattr(sklearn.preprocessing, "Imputer")
    with pytest.raises(ModuleNotFoundError):
        imported("import keras.layers.core")


def test_keras_goes_without_tensorflow(modules):
    import tensorflow as tf
    from keras.src.utils.module_utils import tensorflow as asked_by_keras

    assert tf.keras
    assert not asked_by_keras.available
    with pytest.raises(ImportError):
        asked_by_keras.initialize()


def test_mnist_is_scribals_own(modules):
    import tensorflow as tf
    from keras.datasets import mnist

    (x_train, y_train), (x_test, y_test) = mnist.load_data(path="mnist.npz")
    assert x_train.shape == (60_000, 28, 28)
    assert x_test.shape == (10_000, 28, 28)
    assert (y_train.dtype, y_test.shape) == (np.uint8, (10_000,))
    x_train[0] = 0  # a program may change its arrays
    assert tf.keras.datasets.mnist.load_data()[0][0][0].any()
