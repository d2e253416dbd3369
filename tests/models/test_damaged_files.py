"""Files that are no models, or no longer: each is refused in one line, whatever was done to it."""

import io
import json
import os
import random
import shutil
import zipfile

import h5py
import numpy as np
import pytest

from scribal.exceptions import ModelError
from scribal.models import load_model

FILES = ["model.keras", "model.h5", "architecture.json", "model.weights.h5"]


@pytest.fixture
def folder(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "run")


def refused(path, **arguments):
    with pytest.raises(ModelError) as caught:
        load_model(path, **arguments)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 500
    return message


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


def foreign_files():
    array = io.BytesIO()
    np.save(array, np.zeros(3))
    hdf5 = io.BytesIO()
    with h5py.File(hdf5, "w") as file:
        file["numbers"] = np.zeros(3)
    return {
        "PyTorch archive": zipped(archive__data_pkl=b"\x80\x02.", archive__version=b"3"),
        "pickle": b"\x80\x04\x95\x00",
        "empty zip": zipped(),
        "zip of text": zipped(readme_txt=b"hello"),
        "archive without weights": zipped(config_json=json.dumps({"class_name": "Sequential", "config": {}})),
        "archive of another JSON": zipped(config_json=b"[1, 2]", model_weights_h5=hdf5.getvalue()),
        "NumPy array": array.getvalue(),
        "foreign HDF5": hdf5.getvalue(),
        "JSON list": b"[1, 2, 3]",
        "JSON object": b'{"name": "a package", "version": "1.0"}',
        "JSON of an unknown class": b'{"class_name": "Nothing", "config": {}, "module": "keras"}',
        "JSON of a layer": json.dumps(
            {"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}, "registered_name": None}
        ).encode(),
        "JSON too deep": b'{"class_name": "Sequential", "config": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        "text": b"This is no model.\n",
        "web page": b"<!DOCTYPE html><html><body>404</body></html>",
        "image": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "zeros": bytes(4096),
        "noise": random.Random(0).randbytes(4096),  # noqa: S311
    }


FOREIGN = foreign_files()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", FOREIGN)
def test_foreign_content_under_any_name(folder, name, kind):
    (folder / name).write_bytes(FOREIGN[kind])
    assert name in refused(folder / name) or kind == "foreign HDF5"


def test_messages_say_what_the_file_really_is(folder):
    (folder / "model.keras").write_bytes(FOREIGN["PyTorch archive"])
    assert "PyTorch" in refused(folder / "model.keras")
    (folder / "model.h5").write_bytes(FOREIGN["pickle"])
    assert "pickle" in refused(folder / "model.h5")
    shutil.copy(folder / "model.weights.h5", folder / "renamed.h5")
    assert "weights alone" in refused(folder / "renamed.h5")
    (folder / "model.pt").write_bytes(FOREIGN["PyTorch archive"])
    assert "a zip archive" in refused(folder / "model.pt")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("part", [0.0, 0.01, 0.3, 0.7, 0.99])
def test_truncated(folder, name, part):
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: int(len(content) * part)])
    message = refused(folder / name)
    assert part > 0 or "empty" in message


@pytest.mark.parametrize("name", FILES)
def test_flipped_bits_load_or_are_refused(folder, name):
    """Damage that leaves the form readable cannot always be seen; nothing else than ModelError may come out."""
    whole = (folder / name).read_bytes()
    chance = random.Random(name)  # noqa: S311
    refusals = []
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 8])):
            damaged[chance.randrange(min(len(damaged), 6000))] ^= 1 << chance.randrange(8)
        (folder / name).write_bytes(damaged)
        try:
            load_model(folder / name)
        except ModelError as error:
            refusals.append(str(error))
    assert refusals
    assert not any("\n" in message for message in refusals)


def test_one_flipped_bit_in_the_weights_of_an_archive_is_found(folder, plain_model):
    content = bytearray((folder / "model.keras").read_bytes())
    place = content.index(np.asarray(plain_model.layers[0].kernel).tobytes())
    content[place] ^= 1
    (folder / "model.keras").write_bytes(content)
    assert "damaged" in refused(folder / "model.keras")


def test_archive_that_unpacks_without_end(folder):
    with zipfile.ZipFile(folder / "model.keras", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("assets/zeros", bytes(300 * 1024 * 1024))
    assert "unpack" in refused(folder / "model.keras")


@pytest.mark.parametrize("note", ["{", '{"format": 9}', "[]"])
def test_damaged_metadata(folder, note):
    with h5py.File(folder / "model.h5", "r+") as file:
        file.attrs["scribal"] = note
    assert "metadata" in refused(folder / "model.h5")


@pytest.mark.parametrize("name", [*FILES, "model", "no/such/folder/model.keras", "nul\0.keras"])
def test_missing(tmp_path, name):
    refused(tmp_path / name)


def test_pipe_does_not_wait(tmp_path):
    os.mkfifo(tmp_path / "model.keras")
    assert "pipe" in refused(tmp_path / "model.keras")


def test_folder_under_a_model_name(tmp_path):
    (tmp_path / "model.keras").mkdir()
    refused(tmp_path / "model.keras")
    refused(tmp_path)
