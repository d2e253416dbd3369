import multiprocessing
import os
import sys

import numpy as np
import pytest

import scribal.engine.cache
from scribal.engine import operations as op
from scribal.engine.cache import CACHE_VARIABLE, compiled_once, key_of
from scribal.engine.graph import Graph, Node
from scribal.engine.program import Program
from scribal.engine.training import SGD, Adam, Loss

KEY = "0" * 64


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "code"))
    return tmp_path / "code"


def never():
    raise AssertionError("compiled again")


def program(units=3, optimizer=SGD(0.1)):  # noqa: B008 - frozen
    graph = Graph((Node("n0", op.Input((2,))), Node("n1", op.Dense(units), ("n0",))))
    weights = {"n1/kernel": np.ones((2, units)), "n1/bias": np.zeros(units)}
    return Program(graph, weights, Loss("mean_squared_error"), optimizer, batch_size=4)


def test_what_was_compiled_once_is_not_compiled_again(folder):
    assert compiled_once(KEY, lambda: b"code") == b"code"
    assert compiled_once(KEY, never) == b"code"
    assert [path.name for path in folder.iterdir()] == [f"{KEY}.code"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content + b"!",
        lambda content: content[:60] + bytes([content[60] ^ 1]) + content[61:],
        lambda _: b"",
        lambda _: b"#!/bin/sh\n",
    ],
)
def test_a_damaged_file_is_compiled_anew(folder, damage):
    compiled_once(KEY, lambda: b"machine code")
    path = folder / f"{KEY}.code"
    path.write_bytes(damage(path.read_bytes()))
    assert compiled_once(KEY, lambda: b"new code") == b"new code"
    assert compiled_once(KEY, never) == b"new code"


def test_a_file_under_the_name_of_another_is_compiled_anew(folder):
    compiled_once(KEY, lambda: b"code")
    other = "1" * 64
    (folder / f"{KEY}.code").rename(folder / f"{other}.code")
    assert compiled_once(other, lambda: b"its own") == b"its own"


@pytest.mark.parametrize("place", ["off", "/dev/null/code"])
def test_without_a_folder_everything_is_compiled(monkeypatch, place):
    monkeypatch.setenv(CACHE_VARIABLE, place)
    assert compiled_once(KEY, lambda: b"one") == b"one"
    assert compiled_once(KEY, lambda: b"two") == b"two"


def test_the_folder_stays_within_its_limit_and_keeps_what_was_used_last(folder, monkeypatch):
    monkeypatch.setattr(scribal.engine.cache, "LARGEST_FOLDER", 3500)
    keys = [str(number) * 64 for number in range(4)]
    for age, key in enumerate(keys[:3]):
        compiled_once(key, lambda: bytes(1000))
        os.utime(folder / f"{key}.code", (age, age))
    compiled_once(keys[0], never)
    compiled_once(keys[3], lambda: bytes(1000))
    assert {path.name[0] for path in folder.iterdir()} == {"0", "2", "3"}


def test_programs_that_differ_have_code_of_their_own(folder):
    for built in (program(), program(units=4), program(optimizer=Adam())):
        assert built.predict(np.ones((2, 2))).tolist() == [[2.0] * built.graph.output_shape[0]] * 2
    assert len(list(folder.iterdir())) == 3
    program()
    assert len(list(folder.iterdir())) == 3


def test_code_from_the_cache_gives_the_same_bits(folder):
    x, y = np.linspace(-1, 1, 20).reshape(10, 2), np.ones((10, 3))
    weights = []
    for _ in range(2):
        trained = program()
        trained.train_epoch(x, y)
        weights.append(trained.weights["n1/kernel"])
    assert len(list(folder.iterdir())) == 1
    assert np.array_equal(*weights)


def test_other_sources_have_another_key(monkeypatch):
    here = key_of("network")
    assert here == key_of("network") != key_of("other network")
    monkeypatch.setattr(scribal.engine.cache, "_sources", lambda: "changed")
    assert key_of("network") != here


def answer(barrier, results):
    barrier.wait()
    results.put(program().predict(np.ones((1, 2))).tolist())


# JAX, where other tests have loaded it, warns of every fork; the child has nothing to do with it.
@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_many_processes_may_compile_the_same_program_at_once(folder):
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(4), context.Queue()
    processes = [context.Process(target=answer, args=(barrier, results)) for _ in range(4)]
    for process in processes:
        process.start()
    assert [results.get(timeout=60) for _ in processes] == [[[2.0] * 3]] * 4
    for process in processes:
        process.join()
    assert len(list(folder.iterdir())) == 1
