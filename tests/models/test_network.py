"""A saved model as the engine sees it: the same graph and weights as Keras', read without Keras."""

import json
import shutil
import subprocess
import sys

import h5py
import numpy as np
import pytest

from scribal.engine.errors import LoweringError
from scribal.engine.lower import lower_model, weights_of
from scribal.exceptions import ModelError
from scribal.models import load_model, save_folder
from scribal.models.architecture import inspect_architecture
from scribal.models.hdf5 import inspect_hdf5
from scribal.models.network import network_of, read_network
from scribal.models.sources import find_source

FORMS = ["model.keras", "model.h5", "architecture.json"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, model, metadata):
    folder = tmp_path_factory.mktemp("network")
    save_folder(model, folder, metadata)
    return folder


@pytest.mark.parametrize("form", FORMS)
def test_graph_and_weights_are_those_of_keras(folder, model, form):
    loaded = load_model(folder / form)
    assert loaded.network.graph == lower_model(model)
    expected = weights_of(model)
    assert list(loaded.network.weights) == list(expected)
    assert all(np.array_equal(loaded.network.weights[name], expected[name]) for name in expected)


@pytest.mark.parametrize("form", FORMS)
def test_the_loss_is_the_one_it_was_compiled_with(tmp_path, compiled_model, metadata, form):
    save_folder(compiled_model, tmp_path, metadata)
    assert load_model(tmp_path / form).network.loss.name == "sparse_categorical_crossentropy"
    assert network_of(compiled_model).loss.name == "sparse_categorical_crossentropy"


def test_a_loss_of_the_users_own_is_keras_matter(compiled_model):
    def mean_squared_error(wanted, given):
        return (wanted - given) ** 2

    compiled_model.compile("sgd", mean_squared_error)
    with pytest.raises(LoweringError, match="loss"):
        _ = network_of(compiled_model).loss


@pytest.mark.parametrize("form", [".", *FORMS, "model.weights.h5"])
def test_loading_and_asking_need_no_keras(saved, form):
    program = (
        "import sys, numpy as np, scribal\n"
        f"loaded = scribal.load_model({str(saved / form)!r})\n"
        "assert np.asarray(scribal.predict(loaded, np.ones((2, 8, 8)))).shape == (2, 10)\n"
        "data = scribal.Dataset(name='data', x_train=np.ones((2, 8, 8), 'u1'), y_train=np.arange(2),\n"
        "    x_test=np.ones((2, 8, 8), 'u1'), y_test=np.arange(2), class_names=loaded.metadata.class_names)\n"
        "assert scribal.evaluate(loaded, data).engine == 'native'\n"
        "heavy = {'keras', 'jax', 'pandas', 'matplotlib', 'sklearn', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def damaged_weights(path, change):
    with h5py.File(path, "r+") as file:
        change(file["layers/conv2d/vars"])


@pytest.mark.parametrize(
    "change",
    [
        lambda variables: variables.pop("1"),
        lambda variables: variables.create_dataset("2", data=np.zeros(3)),
        lambda variables: (variables.pop("1"), variables.create_dataset("1", data=np.zeros(4))),
        lambda variables: (variables.pop("1"), variables.create_dataset("1", data=np.zeros(3, int))),
    ],
)
def test_weights_that_do_not_fit_are_left_to_keras(saved, tmp_path, change):
    folder = shutil.copytree(saved, tmp_path / "run")
    damaged_weights(folder / "model.weights.h5", change)
    source = find_source(folder / "architecture.json")
    with pytest.raises(ModelError, match="Weights must be those of the model"):
        read_network(source, inspect_architecture(source.file))


def test_old_layouts_are_left_to_keras(saved, tmp_path):
    folder = shutil.copytree(saved, tmp_path / "run")
    with h5py.File(folder / "model.h5", "r+") as file:
        file["model_weights"].attrs["keras_version"] = "1.2.2"
    source = find_source(folder / "model.h5")
    with pytest.raises(ModelError, match=r"Keras 1\.2\.2"):
        read_network(source, inspect_hdf5(source.file))
    assert load_model(folder / "model.h5").network.graph == load_model(folder / "model.keras").network.graph


def test_an_architecture_the_engine_has_no_form_for_is_loaded_by_keras(saved, tmp_path):
    folder = shutil.copytree(saved, tmp_path / "run")
    config = json.loads((folder / "architecture.json").read_text())
    dense = config["config"]["layers"][-1]["config"]
    dense["activation"] = "hard_sigmoid"
    (folder / "architecture.json").write_text(json.dumps(config))
    loaded = load_model(folder / "architecture.json")
    assert loaded.input_shape == (8, 8, 1)
    with pytest.raises(LoweringError, match="activation"):
        _ = loaded.network
