"""Models and weights under any name."""

from pathlib import Path

import keras
import numpy as np
import pytest
from small_networks import X, Y, network

from scribal.exceptions import ModelError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def trained():
    model = network(optimizer="adam")
    model.fit(X, Y, verbose=0)
    return model


MODEL_NAMES = ["plain", "name.h5", "name.hdf5", "name.keras", "name.model", "new/folder/name", "there/", "there"]


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_a_model_is_loaded_by_the_name_it_was_saved_by(models, trained, name):
    Path("there").mkdir()
    trained.save(name)
    loaded = keras.models.load_model(name)
    np.testing.assert_allclose(loaded.predict(X), trained.predict(X), rtol=1e-6)
    # The optimizer went along: both take the same next step.
    for model in (trained, loaded):
        model.fit(X, Y, shuffle=False, verbose=0)
    np.testing.assert_allclose(loaded.predict(X), trained.predict(X), rtol=1e-5)


@pytest.mark.parametrize("name", ["plain", "name.h5", "name.hdf5", "name.weights.h5", "new/name.ckpt"])
def test_weights_are_loaded_by_the_name_they_were_saved_by(models, trained, name):
    trained.save_weights(name, overwrite=True)
    other = network()
    other.load_weights(name)
    np.testing.assert_allclose(other.predict(X), trained.predict(X), rtol=1e-6)


def test_plain_keras_reads_what_was_written(trained):
    from scribal.legacy.models import installed_models

    with installed_models():
        trained.save("whole.h5")
        trained.save_weights("alone.h5")
    expected = trained.predict(X, verbose=0)
    np.testing.assert_allclose(keras.models.load_model("whole.h5").predict(X, verbose=0), expected, rtol=1e-6)
    other = network()
    other.load_weights("alone.h5")
    np.testing.assert_allclose(other.predict(X, verbose=0), expected, rtol=1e-6)


def test_weights_are_read_from_a_whole_model_and_by_name(models, trained):
    trained.layers[0].name, trained.layers[1].name = "inner", "outer"
    trained.save("whole")
    other = network()
    other.load_weights("whole")
    np.testing.assert_array_equal(other.layers[0].kernel, trained.layers[0].kernel)
    one = network(outputs=1)
    one.layers[0].name = "inner"
    before = one.layers[1].get_weights()
    one.load_weights("whole", by_name=True)
    np.testing.assert_array_equal(one.layers[0].kernel, trained.layers[0].kernel)
    np.testing.assert_array_equal(one.layers[1].kernel, before[0])


def test_architecture_and_weights_go_their_own_ways(models, trained):
    Path("model.json").write_text(trained.to_json())
    trained.save_weights("model.h5")
    loaded = keras.models.model_from_json(Path("model.json").read_text())
    loaded.load_weights("model.h5")
    loaded.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    assert loaded.evaluate(X, Y, verbose=0) == pytest.approx(trained.evaluate(X, Y, verbose=0))


def test_the_journal_names_files_and_modern_forms(models, trained):
    trained.save("digits.model")
    trained.save_weights("digits.w.h5")
    assert [(change.old, change.modern) for change in models.changes] == [
        ("save('digits.model')", "save('digits.model.keras')"),
        ("save_weights('digits.w.h5')", "save_weights('digits.w.weights.h5')"),
    ]
    assert [path.name for path in models.files] == ["digits.model", "digits.w.h5"]


@pytest.mark.parametrize("name", ["missing", "missing.h5", "missing.keras", "missing.weights.h5"])
def test_a_file_that_is_not_there_is_an_error_of_the_operating_system(models, trained, name):
    with pytest.raises(OSError, match="No such file"):
        keras.models.load_model(name)
    with pytest.raises(OSError, match="No such file"):
        trained.load_weights(name)


def test_a_saved_model_of_tensorflow_is_refused_with_what_to_do(models):
    Path("exported").mkdir()
    Path("exported/saved_model.pb").write_bytes(b"graph")
    with pytest.raises(ModelError, match=r"save it with model.save\('name.h5'\)"):
        keras.models.load_model("exported")


def test_checkpoints_write_weights_under_any_name(models):
    model = network()
    checkpoint = keras.callbacks.ModelCheckpoint(filepath="best.hdf5", save_weights_only=True, verbose=0)
    model.fit(X, Y, verbose=0, validation_data=[X, Y], callbacks=[checkpoint])
    other = network()
    other.load_weights("best.hdf5")
    np.testing.assert_array_equal(other.layers[0].kernel, model.layers[0].kernel)


@pytest.mark.parametrize("loss", ["mse", ["mae"], "MSLE"])
def test_a_loss_by_its_short_name_comes_back_from_hdf5(tmp_path, models, loss):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", loss)
    model.fit(np.ones((4, 3)), np.zeros(4), verbose=0)
    model.save(tmp_path / "a.h5")
    again = keras.models.load_model(tmp_path / "a.h5")
    x, y = np.ones((4, 3)), np.ones(4)
    assert again.evaluate(x, y, verbose=0) == pytest.approx(model.evaluate(x, y, verbose=0))
