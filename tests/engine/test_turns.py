"""Threads share out the work of a training: none is needed for another to get on, and none leaves a trace."""

import numpy as np
import pytest
from compare import sequential
from keras import layers
from small_programs import CROSSENTROPY, samples_for

import scribal.engine.program
from scribal.engine.lower import lower_model, weights_of
from scribal.engine.program import Program
from scribal.engine.training import SGD, Adam

PENALTY = {"kernel_regularizer": "l2"}
STACKS = {
    "one phase": [layers.Conv2D(3, 3), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(4, **PENALTY)],
    "many phases": [
        layers.Conv2D(3, 3),
        layers.BatchNormalization(),
        layers.Conv2D(2, 3, **PENALTY),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dense(4),
    ],
}


def trained(graph, weights, optimizer, monkeypatch, present, threads):
    """Weights after an epoch in which only some of the threads come."""

    def run(function, names, arrays, samples, threads, *, is_short):
        del is_short
        for number in present:
            pointers = [arrays[name].__array_interface__["data"][0] for name in names[3:]]
            function(number, threads, samples, *pointers)

    program = Program(graph, weights, CROSSENTROPY, optimizer, batch_size=40, threads=threads)
    inputs, targets = samples_for(graph, 150)
    with monkeypatch.context() as patch:
        patch.setattr(scribal.engine.program, "run", run)
        epoch = program.train_epoch(inputs, targets)
    return epoch, program.weights


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("optimizer", [SGD(0.1), Adam(0.01, global_clipnorm=0.1)], ids=["plain", "clipped"])
def test_a_thread_that_never_comes_or_comes_when_all_is_done_changes_nothing(stack, optimizer, monkeypatch):
    model = sequential((8, 8, 2), *(type(layer).from_config(layer.get_config()) for layer in STACKS[stack]))
    graph, weights = lower_model(model), weights_of(model)
    expected_epoch, expected = trained(graph, weights, optimizer, monkeypatch, [0], 1)
    for present in ([0], [1], [0, 1], [2, 0, 1]):
        epoch, actual = trained(graph, weights, optimizer, monkeypatch, present, 3)
        assert epoch == expected_epoch
        for name, weight in expected.items():
            assert np.array_equal(actual[name], weight), (name, present)
