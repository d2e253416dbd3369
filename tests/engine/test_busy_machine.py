"""Threads on a busy machine: short slices, and processors given up between items."""

import ctypes
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from compare import sequential
from keras import layers
from small_programs import CROSSENTROPY, random_weights, samples_for

from scribal.engine.assemble import giving_way
from scribal.engine.ir import POINTER, define
from scribal.engine.jit import Native
from scribal.engine.lower import lower_model
from scribal.engine.program import Program
from scribal.engine.target import host_target
from scribal.engine.time_slice import SHORT, ask_for_short_slices, slice_length
from scribal.engine.training import Adam

# Nanoseconds of the system's clock, which counts from its start, that are long over or far away.
LONG_AGO, FAR_AWAY = 1, 2**62


def in_a_thread(function):
    """What a function gives in a thread that ends with it."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(function).result()


def given_way(looked, began):
    """A thread's clock, after it may have given way: when it last looked, and when its slice began."""
    target = host_target()
    code, (clock,) = define(target, "give_way", [("clock", POINTER)])
    giving_way.emit_give_way(code, clock)
    code.builder.ret_void()
    native = Native(lambda take: take(code.builder.function.module()), target)
    words = np.array([0, 0, looked, began], np.int64)
    native.function("give_way", ctypes.c_void_p)(words.ctypes.data)
    return words[2:].tolist()


@pytest.mark.skipif(sys.platform != "linux", reason="no other system lets a thread ask")
def test_a_thread_asks_for_short_slices_and_for_nothing_else():
    def ask():
        before = os.sched_getscheduler(0), os.nice(1)
        ask_for_short_slices()
        return slice_length(), before, (os.sched_getscheduler(0), os.nice(0))

    if in_a_thread(slice_length) is None:
        pytest.skip("this kernel has no slices to ask for")
    length, before, after = in_a_thread(ask)
    assert length == SHORT
    assert before == after
    assert in_a_thread(slice_length) != SHORT


def test_a_slice_begins_when_the_thread_was_away():
    looked, began = given_way(LONG_AGO, LONG_AGO)
    assert looked == began > LONG_AGO


def test_a_thread_that_has_worked_for_long_gives_way_and_begins_another_slice():
    looked, began = given_way(FAR_AWAY, LONG_AGO)
    assert FAR_AWAY > looked == began > LONG_AGO


def test_a_thread_that_has_just_begun_goes_on():
    looked, began = given_way(FAR_AWAY, FAR_AWAY)
    assert LONG_AGO < looked < FAR_AWAY == began


def test_giving_way_after_each_item_changes_no_bit(monkeypatch):
    model = sequential((8, 8, 2), layers.Conv2D(3, 3), layers.BatchNormalization(), layers.Flatten(), layers.Dense(4))
    graph = lower_model(model)
    weights, (inputs, targets) = random_weights(graph), samples_for(graph, 150)
    results = []
    for nanoseconds, threads in ((2**62, 1), (-1, 1), (-1, 3)):
        monkeypatch.setattr(giving_way, "_NANOSECONDS_OF_WORK", nanoseconds)
        monkeypatch.setattr(giving_way, "_NANOSECONDS_AWAY", 2**62)
        monkeypatch.setenv("SCRIBAL_CODE", "off")
        program = Program(graph, weights, CROSSENTROPY, Adam(0.01), batch_size=40, threads=threads)
        results.append((program.train_epoch(inputs, targets), program.weights))
    (expected_epoch, expected), *others = results
    for epoch, actual in others:
        assert epoch == expected_epoch
        assert all(np.array_equal(actual[name], weight) for name, weight in expected.items())
