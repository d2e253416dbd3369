import json
import resource
import zipfile

import h5py
import numpy as np
import pytest

from scribal.exceptions import ArgumentError, ModelError, RunError
from scribal.models import Metadata, load_model, save_folder, save_model
from scribal.models.quiet import quiet_keras

FILES = ["model.keras", "model.h5", "model.hdf5", "model.json", "architecture.json"]


@pytest.mark.parametrize("name", FILES)
def test_every_form_comes_back_bit_for_bit(model, name, tmp_path, metadata, answers):
    files = save_model(model, tmp_path / name, metadata)
    assert sorted(tmp_path.iterdir()) == sorted(files)
    loaded = load_model(tmp_path / name)
    assert answers(loaded.model) == answers(model)
    assert loaded.metadata == metadata
    assert loaded.path == tmp_path / name
    assert not loaded.metadata_assumed
    assert loaded.model.compiled == model.compiled
    if model.compiled:
        assert type(loaded.model.optimizer) is type(model.optimizer)


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_plain_keras_loads_whole_models(keras, model, name, tmp_path, answers):
    save_model(model, tmp_path / name, Metadata(scale=1.0))
    # Keras warns about the optimizer of a model that was compiled but never trained.
    with quiet_keras():
        loaded = keras.models.load_model(tmp_path / name)
    assert answers(loaded) == answers(model)
    assert [layer.name for layer in loaded.layers] == [layer.name for layer in model.layers]
    assert loaded.compiled == model.compiled


def test_plain_keras_loads_architecture_and_weights(keras, model, tmp_path, metadata, answers):
    save_model(model, tmp_path / "model.json", metadata)
    with quiet_keras():
        loaded = keras.models.model_from_json((tmp_path / "model.json").read_text())
        loaded.load_weights(tmp_path / "model.weights.h5")
    assert answers(loaded) == answers(model)
    assert [layer.name for layer in loaded.layers] == [layer.name for layer in model.layers]


def test_metadata_lies_where_it_is_documented(saved, metadata):
    with zipfile.ZipFile(saved / "model.keras") as archive:
        in_archive = json.loads(archive.read("scribal.json"))
    with h5py.File(saved / "model.h5") as file:
        in_hdf5 = json.loads(file.attrs["scribal"])
    in_json = json.loads((saved / "architecture.json").read_text())["scribal"]
    assert in_archive == in_hdf5 == in_json
    assert in_archive["class_names"] == list(metadata.class_names)


def test_weights_are_what_keras_itself_writes(compiled_model, tmp_path, metadata):
    save_model(compiled_model, tmp_path / "model.json", metadata)
    compiled_model.save_weights(tmp_path / "keras.weights.h5")

    def arrays(path):
        found = {}
        with h5py.File(path) as file:
            file.visititems(
                lambda name, item: found.update({name: item[()].tobytes()} if hasattr(item, "shape") else {})
            )
        return found

    assert arrays(tmp_path / "model.weights.h5") == arrays(tmp_path / "keras.weights.h5")


def test_saving_prints_nothing(compiled_model, tmp_path, metadata, capfd):
    save_folder(compiled_model, tmp_path, metadata)
    load_model(tmp_path / "model.h5")
    load_model(tmp_path / "model.keras")
    assert capfd.readouterr() == ("", "")


def test_saving_hdf5_leaves_the_optimizer_to_later_saves(keras, compiled_model, tmp_path, metadata):
    save_model(compiled_model, tmp_path / "first.h5", metadata)
    save_model(compiled_model, tmp_path / "second.keras", metadata)
    with quiet_keras():
        assert type(keras.models.load_model(tmp_path / "second.keras").optimizer) is keras.optimizers.Adam


def test_training_goes_on_with_the_optimizer_state(keras, tmp_path, metadata):
    x, y = np.eye(4, 3, dtype=np.float32), np.arange(4) % 2
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, verbose=0)
    save_folder(model, tmp_path, metadata)
    for name in ("model.keras", "model.h5", "architecture.json"):
        loaded = load_model(tmp_path / name).model
        for one, other in zip(model.optimizer.variables, loaded.optimizer.variables, strict=True):
            assert np.array_equal(one, other)
    # Keras' own load of the .h5 would fail here.
    load_model(tmp_path / "model.h5").model.fit(x, y, verbose=0)


@pytest.mark.parametrize("name", ["model", "model.pt", "model.weights.h5", "model.KERAS", "model.onnx"])
def test_unknown_suffix_teaches_the_known_ones(plain_model, name, tmp_path, metadata):
    with pytest.raises(ArgumentError, match=r"model\.(keras|json)"):
        save_model(plain_model, tmp_path / name, metadata)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.json"])
def test_model_without_input_shape_is_refused(keras, name, tmp_path, metadata):
    with pytest.raises(ModelError, match=r"keras\.Input"):
        save_model(keras.Sequential([keras.layers.Dense(3)]), tmp_path / name, metadata)


def test_what_is_no_model_is_refused(keras, tmp_path, metadata):
    with pytest.raises(ArgumentError, match="Dense"):
        save_model(keras.layers.Dense(3), tmp_path / "model.keras", metadata)


def test_layer_that_cannot_be_serialised_leaves_the_old_file(keras, tmp_path, metadata, plain_model):
    class Stubborn(keras.layers.Layer):
        def call(self, x):
            return x

        def get_config(self):
            raise NotImplementedError("no configuration")

    for name in ("model.keras", "model.h5", "model.json"):
        files = save_model(plain_model, tmp_path / name, metadata)
        before = [file.read_bytes() for file in files]
        with pytest.raises(ModelError, match="no configuration"):
            save_model(keras.Sequential([keras.Input((3,)), Stubborn()]), tmp_path / name, metadata)
        assert [file.read_bytes() for file in files] == before


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.json"])
def test_folder_that_cannot_be_made(plain_model, name, tmp_path, metadata):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError):
        save_model(plain_model, tmp_path / "file" / name, metadata)


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.json"])
def test_full_disk_leaves_nothing_half_written(plain_model, name, tmp_path, metadata):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(RunError, match=name.split(".")[0]):
            save_model(plain_model, tmp_path / name, metadata)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.iterdir())
