import json
import shutil

import h5py
import numpy as np
import pytest

from scribal.exceptions import ArgumentError, ModelError
from scribal.models import Metadata, load_model, save_model

ALL_FILES = ["model.keras", "model.h5", "architecture.json", "model.weights.h5"]


@pytest.fixture
def folder(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "run")


@pytest.mark.parametrize("name", [".", *ALL_FILES])
def test_each_path_into_a_run_folder_gives_the_model(folder, name, plain_model, metadata, answers):
    loaded = load_model(str(folder / name))
    assert answers(loaded.model) == answers(plain_model)
    assert loaded.metadata == metadata


def test_folder_falls_back_to_the_next_form(folder, plain_model, answers):
    for name in ("model.keras", "model.h5"):
        (folder / name).unlink()
        assert answers(load_model(folder).model) == answers(plain_model)
    (folder / "model.weights.h5").unlink()
    with pytest.raises(ModelError, match="none of them"):
        load_model(folder)


def test_tensorflow_folder_is_named(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"\x08\x01")
    with pytest.raises(ModelError, match="TensorFlow SavedModel"):
        load_model(tmp_path)


def test_weights_from_elsewhere(folder, tmp_path, plain_model, answers):
    weights = (folder / "model.weights.h5").rename(tmp_path / "other.weights.h5")
    with pytest.raises(ModelError, match="weights="):
        load_model(folder / "architecture.json")
    with pytest.raises(ModelError, match=r"other\.json"):
        load_model(weights)
    assert answers(load_model(folder / "architecture.json", weights=weights).model) == answers(plain_model)
    # The whole .h5 has weights too.
    assert answers(load_model(folder / "architecture.json", weights=folder / "model.h5").model) == answers(plain_model)


def test_weights_go_with_an_architecture_only(folder):
    with pytest.raises(ArgumentError, match=r"\.json"):
        load_model(folder / "model.keras", weights=folder / "model.weights.h5")
    with pytest.raises(ArgumentError, match="HDF5"):
        load_model(folder / "architecture.json", weights=folder / "model.keras")


def test_scale_of_the_caller_wins(folder):
    loaded = load_model(folder, scale=0.5)
    assert loaded.metadata.scale == 0.5
    assert loaded.metadata.recipe == "tiny-cnn"
    with pytest.raises(ArgumentError, match="scale"):
        load_model(folder, scale=0)


@pytest.mark.parametrize("name", ["foreign.keras", "foreign.h5"])
def test_foreign_model_gets_assumed_metadata(plain_model, name, tmp_path):
    plain_model.save(tmp_path / name)
    loaded = load_model(tmp_path / name)
    assert loaded.metadata_assumed
    assert loaded.metadata.scale == 1 / 255
    assert loaded.metadata.class_names == tuple("0123456789")
    assert not load_model(tmp_path / name, scale=1.0).metadata_assumed


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("layer", ["Rescaling", "Normalization", "Flatten"])
def test_model_that_scales_by_itself_takes_raw_pixels(keras, layer, inside, tmp_path):
    layers = keras.layers
    arguments = {"Rescaling": {"scale": 1 / 255}, "Normalization": {"mean": 33.0, "variance": 9.0}}.get(layer, {})
    first = getattr(layers, layer)(**arguments)
    if inside:
        first = keras.Sequential([keras.Input((8, 8, 1)), first])
    model = keras.Sequential([keras.Input((8, 8, 1)), first, layers.Flatten(), layers.Dense(2)])
    model.save(tmp_path / "model.keras")
    assert load_model(tmp_path / "model.keras").metadata.scale == (1 / 255 if layer == "Flatten" else 1.0)


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.json"])
def test_lambda_layer_is_refused(keras, name, tmp_path, metadata):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda x: x * 2)])
    save_model(model, tmp_path / name, metadata)
    with pytest.raises(ModelError, match="Lambda"):
        load_model(tmp_path / name)


@pytest.mark.parametrize(
    "layer",
    [
        {"class_name": "Lambda", "config": {"function": ["4wEAAAA=", None, None], "function_type": "lambda"}},
        {"class_name": "TFSMLayer", "config": {"filepath": "somewhere"}},
        {"class_name": "Dense", "config": {"activation": {"class_name": "__lambda__", "config": {}}}},
    ],
)
def test_code_is_refused_wherever_it_hides(folder, layer):
    architecture = json.loads((folder / "architecture.json").read_text())
    architecture["config"]["layers"].append({"class_name": "Sequential", "config": {"layers": [layer]}})
    (folder / "architecture.json").write_text(json.dumps(architecture))
    with pytest.raises(ModelError, match="must not bring code"):
        load_model(folder / "architecture.json")


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.json"])
def test_unknown_class_is_named(keras, name, tmp_path, metadata):
    class Doubling(keras.layers.Layer):
        def call(self, x):
            return x * 2

    model = keras.Sequential([keras.Input((3,)), Doubling()])
    save_model(model, tmp_path / name, metadata)
    with pytest.raises(ModelError, match="register_keras_serializable") as caught:
        load_model(tmp_path / name)
    assert "Doubling" in caught.value.rule
    with keras.saving.custom_object_scope({"Doubling": Doubling}):
        assert load_model(tmp_path / name).model.layers[-1].__class__ is Doubling


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.json"])
def test_unknown_loss_leaves_the_model_not_compiled(keras, plain_model, name, tmp_path, answers):
    def own_loss(truth, answer):
        return keras.ops.mean(truth - answer)

    model = keras.models.clone_model(plain_model)
    model.compile("sgd", loss=own_loss)
    save_model(model, tmp_path / name, Metadata(scale=1.0))
    loaded = load_model(tmp_path / name)
    assert not loaded.model.compiled
    assert answers(loaded.model) == answers(model)


@pytest.mark.parametrize("builder", ["fewer layers", "more layers", "other sizes"])
def test_weights_of_another_model_are_refused(keras, builder, tmp_path, metadata):
    def dense(*sizes):
        return keras.Sequential([keras.Input((4,)), *(keras.layers.Dense(size) for size in sizes)])

    other = {"fewer layers": dense(4), "more layers": dense(4, 4, 4), "other sizes": dense(4, 5)}[builder]
    save_model(dense(4, 4), tmp_path / "model.json", metadata)
    other.save_weights(tmp_path / "model.weights.h5")
    with pytest.raises(ModelError, match="Weights must fit the architecture") as caught:
        load_model(tmp_path / "model.json")
    assert "\n" not in str(caught.value)


def keras2_config():
    initializer = {"class_name": "GlorotUniform", "config": {"seed": None}}
    layers = [
        ("InputLayer", {"batch_input_shape": [None, 8, 8, 1], "sparse": False, "ragged": False, "name": "first_input"}),
        ("Flatten", {"name": "first", "batch_input_shape": [None, 8, 8, 1], "data_format": "channels_last"}),
        ("Dense", {"name": "second", "units": 10, "activation": "softmax", "kernel_initializer": initializer}),
    ]
    return {
        "class_name": "Sequential",
        "config": {
            "name": "sequential",
            "layers": [{"class_name": kind, "config": {**config, "dtype": "float32"}} for kind, config in layers],
        },
    }


def write_keras2_weights(group, kernel):
    group.attrs["layer_names"] = [b"first", b"second"]
    group.attrs["keras_version"] = b"2.4.0"
    group.create_group("first").attrs["weight_names"] = np.array([], dtype="S1")
    layer = group.create_group("second")
    layer.attrs["weight_names"] = [b"second/kernel:0", b"second/bias:0"]
    layer["second/kernel:0"] = kernel
    layer["second/bias:0"] = np.zeros(10, np.float32)


@pytest.mark.parametrize("form", ["whole", "apart"])
def test_files_of_keras_2(form, tmp_path):
    kernel = np.random.default_rng(2).normal(size=(64, 10)).astype(np.float32)
    path = tmp_path / "model.h5"
    with h5py.File(path, "w") as file:
        if form == "whole":
            file.attrs["keras_version"] = "2.4.0"
            file.attrs["model_config"] = json.dumps(keras2_config())
            file.attrs["training_config"] = json.dumps(
                {
                    "loss": "categorical_crossentropy",
                    "metrics": ["acc"],
                    "loss_weights": None,
                    "optimizer_config": {"class_name": "SGD", "config": {"learning_rate": 0.01, "decay": 0.0}},
                }
            )
            write_keras2_weights(file.create_group("model_weights"), kernel)
        else:
            write_keras2_weights(file, kernel)
    if form == "whole":
        loaded = load_model(path)
    else:
        with pytest.raises(ModelError, match=r"weights='model\.h5'"):
            load_model(path)
        architecture = tmp_path / "model.json"
        architecture.write_text(json.dumps({**keras2_config(), "keras_version": "2.4.0", "backend": "tensorflow"}))
        loaded = load_model(architecture, weights=path)
    assert np.array_equal(loaded.model.layers[-1].kernel, kernel)
    assert loaded.metadata.class_names == tuple("0123456789")
    assert loaded.metadata_assumed
