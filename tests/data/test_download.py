import bz2
import dataclasses
import functools
import gc
import gzip
import hashlib
import http.server
import socket
import threading
import time
import zipfile

import numpy as np
import pytest

from scribal.data import DATASETS, load_dataset
from scribal.data.cache import cache_folder
from scribal.data.published import load_published
from scribal.data.registry import RemoteFile
from scribal.exceptions import DataError


class CountingHandler(http.server.SimpleHTTPRequestHandler):
    requests = 0

    def do_GET(self):
        type(self).requests += 1
        super().do_GET()

    def log_message(self, *arguments):
        """Say nothing on the tests' output."""


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SCRIBAL_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "*")
    return tmp_path / "cache"


@pytest.fixture
def server(tmp_path):
    """A folder whose files are served, and its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    CountingHandler.requests = 0
    handler = functools.partial(CountingHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield folder, f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


def entry_of(name, folder, url):
    """The registry's entry, with small files at a local address in place of the published ones."""
    files = []
    for published in DATASETS[name].files:
        content = (folder / published.name).read_bytes()
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        files.append(RemoteFile(f"{url}/{published.name}", md5, len(content)))
    return dataclasses.replace(DATASETS[name], files=tuple(files), system_folder=None)


@pytest.mark.parametrize("name", ["fashion-mnist", "kmnist"])
def test_idx_files_are_downloaded_once(server, write_idx_folder, small, assert_same, name):
    entry = entry_of(name, write_idx_folder(server[0], packed=True), server[1])
    assert entry.location() is None
    dataset = load_published(entry)
    assert_same(dataset, small)
    assert (dataset.name, dataset.class_names, dataset.licence) == (name, entry.class_names, entry.licence)
    assert CountingHandler.requests == 4
    assert_same(load_published(entry), small)
    assert CountingHandler.requests == 4
    assert entry.location() == entry.cache()
    assert sorted(path.name for path in entry.location().iterdir()) == sorted(file.name for file in entry.files)


@pytest.mark.parametrize("split", ["digits", "letters", "balanced"])
def test_emnist_is_upright_and_numbered_from_zero(server, small, assert_same, idx_bytes, split):
    first = 1 if split == "letters" else 0
    with zipfile.ZipFile(server[0] / "gzip.zip", "w") as archive:
        for part, kind in (("x", "images-idx3"), ("y", "labels-idx1")):
            for half in ("train", "test"):
                array = small[f"{part}_{half}"]
                stored = np.ascontiguousarray(array.transpose(0, 2, 1)) if part == "x" else array + np.uint8(first)
                archive.writestr(
                    f"gzip/emnist-{split}-{half}-{kind}-ubyte.gz", gzip.compress(idx_bytes(stored), mtime=0)
                )
    assert_same(load_published(entry_of(f"emnist-{split}", *server)), small)


def test_emnist_archive_without_its_files(server):
    with zipfile.ZipFile(server[0] / "gzip.zip", "w") as archive:
        archive.writestr("other", "")
    with pytest.raises(DataError, match="EMNIST's archive"):
        load_published(entry_of("emnist-digits", *server))


def test_usps_text(server):
    pixels = np.linspace(-1, 1, 512, dtype=np.float64).reshape(2, 256)
    lines = [f"{label} " + " ".join(f"{i + 1}:{value:.6f}" for i, value in enumerate(row)) for label, row in
             zip((10, 1), pixels, strict=True)]  # fmt: skip
    for name in ("usps.bz2", "usps.t.bz2"):
        (server[0] / name).write_bytes(bz2.compress("\n".join(lines).encode()))
    dataset = load_published(entry_of("usps", *server))
    assert dataset.x_train.shape == (2, 16, 16)
    assert dataset.y_train.tolist() == [9, 0]
    assert (dataset.x_train[0, 0, 0], dataset.x_train[1, 15, 15]) == (0, 255)
    (server[0] / "usps.bz2").write_bytes(bz2.compress(b"this is no number\n"))
    with pytest.raises(DataError, match="cached file"):
        load_published(entry_of("usps", *server))


def test_wrong_checksum_is_refused_and_nothing_is_kept(server, write_idx_folder, own_cache):
    entry = entry_of("kmnist", write_idx_folder(server[0], packed=True), server[1])
    (server[0] / entry.files[0].name).write_bytes(b"another file")
    with pytest.raises(DataError, match="another checksum, which was not kept"):
        load_published(entry)
    assert list((own_cache / "kmnist").iterdir()) == []


def test_damaged_cache_is_named(server, write_idx_folder, own_cache):
    entry = entry_of("kmnist", write_idx_folder(server[0], packed=True), server[1])
    load_published(entry)
    damaged = own_cache / "kmnist" / entry.files[2].name
    damaged.write_bytes(b"")
    with pytest.raises(DataError, match="Delete it") as caught:
        load_published(entry)
    assert str(damaged) in str(caught.value)


def test_files_put_by_hand_need_no_network(tmp_path, own_cache, write_idx_folder, small, assert_same):
    write_idx_folder(tmp_path / "source", packed=True)
    entry = entry_of("kmnist", tmp_path / "source", "http://127.0.0.1:9")
    write_idx_folder(own_cache / "kmnist", packed=True)
    assert_same(load_published(entry), small)


def check_advice(error, entry, own_cache):
    message = str(error)
    assert entry.files[0].url in message
    assert "MNIST needs no download" in message
    assert str(own_cache / entry.folder) in message
    assert all(file.name in message for file in entry.files)
    assert "\n" not in message


def test_refused_connection(own_cache):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    entry = dataclasses.replace(DATASETS["usps"], files=tuple(
        dataclasses.replace(file, url=f"{url}/{file.name}") for file in DATASETS["usps"].files))  # fmt: skip
    with pytest.raises(DataError, match="needs a network") as caught:
        load_published(entry)
    check_advice(caught.value, entry, own_cache)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # pooch leaves the socket of a refused file to the collector
def test_missing_on_the_server(server, own_cache):
    entry = dataclasses.replace(DATASETS["usps"], files=(RemoteFile(f"{server[1]}/usps.bz2", "0" * 32, 1),))
    with pytest.raises(DataError, match="HTTPError") as caught:
        load_published(entry)
    check_advice(caught.value, entry, own_cache)
    del caught
    gc.collect()


def test_silent_server_is_given_up(own_cache):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/usps.bz2"
        entry = dataclasses.replace(DATASETS["usps"], files=(RemoteFile(url, "0" * 32, 1),))
        start = time.monotonic()
        with pytest.raises(DataError, match="Timeout") as caught:
            load_published(entry)
        assert time.monotonic() - start < 15
    check_advice(caught.value, entry, own_cache)


def test_folder_that_cannot_be_made(server, own_cache, write_idx_folder):
    own_cache.write_bytes(b"a file where the folder should be")
    with pytest.raises(DataError, match="SCRIBAL_DATA"):
        load_published(entry_of("kmnist", write_idx_folder(server[0], packed=True), server[1]))


def test_without_the_variable_the_users_cache_is_meant(monkeypatch):
    monkeypatch.delenv("SCRIBAL_DATA")
    assert cache_folder().parts[-2:] == ("scribal", "data")


debian = pytest.mark.skipif(
    not DATASETS["fashion-mnist"].system_folder.is_dir(),
    reason="Debian's package dataset-fashion-mnist is not installed",
)


@debian
def test_fashion_mnist_from_debians_package():
    dataset, entry = load_dataset("fashion-mnist"), DATASETS["fashion-mnist"]
    assert (len(dataset.x_train), len(dataset.x_test)) == (entry.training_count, entry.test_count)
    assert dataset.image_shape == entry.image_shape
    assert np.bincount(dataset.y_train).tolist() == [6000] * 10
    assert dataset.class_names[dataset.y_train[0]] == "Ankle boot"
    assert entry.location() == entry.system_folder


@debian
def test_damaged_package_is_named(tmp_path, write_idx_folder):
    entry = dataclasses.replace(DATASETS["fashion-mnist"], system_folder=write_idx_folder(tmp_path / "p", packed=True))
    with pytest.raises(DataError, match="unpacked MD5"):
        load_published(entry)
    (tmp_path / "p" / entry.files[0].name).write_bytes(b"\x1f\x8b")
    with pytest.raises(DataError, match="Install the package anew"):
        load_published(entry)
