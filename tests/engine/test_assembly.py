"""Programs as they are written: constants, kernels that are shared, and parts."""

import ctypes
import re

import numpy as np
import pytest
from forward_networks import forward_weights

from scribal.engine import operations as op
from scribal.engine.arrays import aligned
from scribal.engine.assemble.epoch import write_module
from scribal.engine.graph import Graph, Node
from scribal.engine.ir import FLOAT, INT32, POINTER, define
from scribal.engine.jit import Native
from scribal.engine.llvm import PointerType, VectorType, VoidType
from scribal.engine.plan import make_plan
from scribal.engine.program import Program
from scribal.engine.target import host_target
from scribal.engine.training import SGD, Adam, Loss
from scribal.engine.window import Window

NUMBERS = np.array([0.0, -0.0, 1 / 3, -1e-45, 3.4e38, np.inf, -np.inf, np.nan], np.float32)
LOSS = Loss("categorical_crossentropy")


def network(layers):
    """Convolutions of the same sizes, one behind the other."""
    window = Window((3, 3), padding="same")
    operations = [op.Conv2D(4, window) for _ in range(layers)]
    operations += [op.Flatten(), op.Dense(3), op.Activation("softmax")]
    nodes = [Node(f"n{i}", operation, (f"n{i - 1}",)) for i, operation in enumerate(operations, start=1)]
    return Graph((Node("n0", op.Input((6, 6, 4))), *nodes))


def written(graph, optimizer):
    parts = []
    write_module(make_plan(graph, 32, host_target()), LOSS, optimizer, parts.append)
    return parts


def test_constants_are_the_bits_they_stand_for():
    target = host_target()
    code, (array,) = define(target, "write", [("array", POINTER)])
    for place, number in enumerate(NUMBERS):
        code.store_number(FLOAT(float(number)), array, place)
    code.store_unaligned(VectorType(INT32, 2)([-7, 2**31 - 1]), array, len(NUMBERS))
    code.builder.ret_void()
    values = aligned(len(NUMBERS) + 2)
    native = Native(lambda take: take(code.builder.function.module()), target)
    native.function("write", ctypes.c_void_p)(values.ctypes.data)
    assert values[: len(NUMBERS)].tobytes() == NUMBERS.tobytes()
    assert values[len(NUMBERS) :].view(np.int32).tolist() == [-7, 2**31 - 1]


@pytest.mark.parametrize("kind", [PointerType(), VoidType()], ids=str)
def test_types_without_numbers_have_no_constants(kind):
    with pytest.raises(TypeError, match=f"type {kind}"):
        kind(0)


def test_layers_of_the_same_sizes_share_their_kernels():
    few, many = ("\n".join(written(network(layers), SGD())).count("define") for layers in (3, 6))
    # What a layer writes for itself alone updates its weights, which lie elsewhere.
    assert many <= few + 3


def test_every_part_declares_what_it_calls_and_no_function_is_defined_twice(monkeypatch):
    monkeypatch.setattr("scribal.engine.assembly._PART", 1)
    parts = written(network(2), Adam(global_clipnorm=1.0))
    defined = [name for part in parts for name in re.findall(r'define void @"([^"]+)"', part)]
    assert len(parts) > 5
    assert len(defined) == len(set(defined))
    for part in parts:
        called = set(re.findall(r'call \S.*?@"([^"]+)"', part))
        own = set(re.findall(r'(?:define|declare) .*?@"([^"]+)"', part))
        assert called <= own


def test_a_program_in_many_parts_is_the_same_program(monkeypatch):
    graph = network(2)
    generator = np.random.default_rng(0)
    inputs, targets = generator.normal(size=(40, 6, 6, 4)), np.eye(3)[generator.integers(3, size=40)]

    def trained():
        program = Program(graph, forward_weights(graph), LOSS, Adam(), threads=2)
        program.train_epoch(inputs, targets)
        return program.weights

    monkeypatch.setenv("SCRIBAL_CODE", "off")
    expected = trained()
    monkeypatch.setattr("scribal.engine.assembly._PART", 1)
    assert all(np.array_equal(weight, expected[name]) for name, weight in trained().items())
