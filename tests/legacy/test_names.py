import builtins
import functools
import importlib

import pytest

from scribal.legacy.changes.modules import MODULES
from scribal.legacy.changes.names import ALIASES, NAMES, canonical_name, modern_name

NOT_IN_KERAS = {"six", "keras.layers.merge", "keras.layers.Merge"}


@pytest.mark.parametrize(
    ("old", "modern"),
    [
        ("keras.layers.Dense", "keras.layers.Dense"),
        ("keras.layers.core.Dense", "keras.layers.Dense"),
        ("keras.layers.convolutional.Convolution2D", "keras.layers.Conv2D"),
        ("keras.layers.merge.concatenate", "keras.layers.concatenate"),
        ("keras.layers.merge", "keras.layers.merge"),
        ("keras.utils.np_utils.to_categorical", "keras.utils.to_categorical"),
        ("keras.utils.np_utils", "keras.utils"),
        ("keras.utils.visualize_util.plot", "keras.utils.plot_model"),
        ("keras.engine.topology.Layer", "keras.layers.Layer"),
        ("keras.engine.training.Model", "keras.Model"),
        ("keras.engine.topology.Container.summary", "keras.Model.summary"),
        ("keras.objectives.mse", "keras.losses.mean_squared_error"),
        ("keras.regularizers.activity_l2", "keras.regularizers.L2"),
        ("tensorflow.keras", "keras"),
        ("tensorflow.keras.layers.Dense", "keras.layers.Dense"),
        ("tensorflow.python.keras.layers.core.Dense", "keras.layers.Dense"),
        ("tensorflow.compat.v1.keras.models.Sequential.fit", "keras.models.Sequential.fit"),
        ("tensorflow.contrib.keras.layers.Conv2D", "keras.layers.Conv2D"),
        ("tensorflow.keras.layers.experimental.preprocessing.Rescaling", "keras.layers.Rescaling"),
        ("tensorflow.compat.v1.train.AdamOptimizer", "keras.optimizers.Adam"),
        ("tensorflow.nn.relu", "keras.activations.relu"),
        ("sklearn.cross_validation.train_test_split", "sklearn.model_selection.train_test_split"),
        ("sklearn.preprocessing.Imputer", "sklearn.impute.SimpleImputer"),
        ("numpy.float", "float"),
        ("pandas.DataFrame", "pandas.DataFrame"),
    ],
)
def test_an_old_name_has_its_modern_name(old, modern):
    assert modern_name(old) == modern


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("keras.models.Sequential", "keras.Sequential"),
        ("tensorflow.keras.Model.fit", "keras.Model.fit"),
        ("keras.layers.pooling.MaxPool2D", "keras.layers.MaxPooling2D"),
        ("tensorflow.keras.Input", "keras.Input"),
    ],
)
def test_of_several_modern_names_one_is_canonical(name, canonical):
    assert canonical_name(name) == canonical


def found(name):
    """What a dotted name stands for today."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return functools.reduce(getattr, parts[length:], value)
    return getattr(builtins, name)


@pytest.mark.parametrize("old", [*MODULES, *NAMES, *ALIASES])
def test_every_modern_name_is_really_there(old):
    modern = canonical_name(old)
    if modern in NOT_IN_KERAS or modern.startswith("tensorflow"):
        return
    assert found(modern) is not None
