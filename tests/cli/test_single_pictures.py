"""Many pictures of one digit each are read alike by one process and by several."""

import os
from functools import partial

import pytest
from PIL import Image

from scribal.cli import single_pictures
from scribal.data import load_dataset
from scribal.exceptions import ImageError
from scribal.reading import PictureReader

COUNT, DAMAGED, OF_TWO_PAGES = 40, 7, 12


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Files of MNIST's test digits; one is damaged, one has two pages."""
    folder = tmp_path_factory.mktemp("singles")
    images = [Image.fromarray(image) for image in load_dataset("mnist").x_test[:COUNT]]
    paths = [folder / f"{place}.tiff" for place in range(COUNT)]
    for place, (image, path) in enumerate(zip(images, paths, strict=True)):
        image.save(path, save_all=True, append_images=images[:1] if place == OF_TWO_PAGES else [])
    paths[DAMAGED].write_bytes(b"II*")
    return paths


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(single_pictures, "_BATCH", 16)


def by_processes(monkeypatch):
    monkeypatch.setattr(single_pictures, "_MANY", 1)
    monkeypatch.setattr("scribal.engine.threads.usable_threads", lambda: 2)


def read(pictures, make_reader):
    return list(single_pictures.read_singles(PictureReader.of(single=True), make_reader, pictures))


def told(answers):
    return [(readings, str(error)) for readings, error in answers]


def test_several_processes_read_as_one_does(pictures, small_batches, monkeypatch):
    make_reader = partial(PictureReader.of, single=True)
    alone = read(pictures, make_reader)
    assert len(alone) == COUNT
    assert [place for place, (_, error) in enumerate(alone) if error] == [DAMAGED]
    assert [place for place, (readings, _) in enumerate(alone) if len(readings) != 1] == [DAMAGED, OF_TWO_PAGES]
    assert isinstance(alone[DAMAGED][1], ImageError)
    by_processes(monkeypatch)
    monkeypatch.setattr(single_pictures, "_read_batch", None)  # in this process; the others import their own
    assert told(read(pictures, make_reader)) == told(alone)


def test_where_the_system_stops_the_others_the_first_process_reads_on(pictures, small_batches, monkeypatch):
    alone = read(pictures, None)
    by_processes(monkeypatch)
    assert told(read(pictures, partial(os._exit, 1))) == told(alone)


def test_answers_come_in_order_and_memory_bounds_a_batch(pictures, monkeypatch):
    labels = [str(label) for label in load_dataset("mnist").y_test[:COUNT]]
    monkeypatch.setattr(single_pictures, "_BATCH_SIZE", 5_000)  # bytes: two pictures
    answers = read(pictures, None)
    right = [readings[0].text == label for (readings, _), label in zip(answers, labels, strict=True) if readings]
    assert sum(right) >= COUNT - 2
