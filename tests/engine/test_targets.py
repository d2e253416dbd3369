import re

import llvmlite.binding as llvm
import pytest

from scribal.engine import operations as op
from scribal.engine.assemble.epoch import write_module
from scribal.engine.graph import Graph, Node
from scribal.engine.plan import make_plan
from scribal.engine.regularizer import Regularizer
from scribal.engine.target import AVX2, AVX512, NEON, SSE
from scribal.engine.training import Adam, Loss
from scribal.engine.window import Window

PROCESSORS = [
    (NEON, "aarch64-unknown-linux-gnu", "generic", "fmla"),
    (NEON, "arm64-apple-macosx", "apple-m1", "fmla"),
    (SSE, "x86_64-unknown-linux-gnu", "x86-64", "mulps"),
    (AVX2, "x86_64-unknown-linux-gnu", "x86-64-v3", "vfmadd"),
    (AVX512, "x86_64-unknown-linux-gnu", "x86-64-v4", "vfmadd"),
]


@pytest.fixture(scope="module", autouse=True)
def every_processor():
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()


@pytest.mark.parametrize(("target", "triple", "cpu", "instruction"), PROCESSORS)
def test_code_for_any_processor_multiplies_with_its_own_instructions(target, triple, cpu, instruction):
    operations = [
        op.Conv2D(8, Window((3, 3), (1, 1))),
        op.Activation("relu"),
        op.MaxPool2D(Window((2, 2), (2, 2))),
        op.Conv2D(16, Window((3, 3), (1, 1))),
        op.Activation("relu"),
        op.MaxPool2D(Window((2, 2), (2, 2))),
        op.Flatten(),
        op.Dropout(0.5),
        op.Dense(10, kernel_regularizer=Regularizer(0.1, 0.1)),
        op.Activation("softmax"),
    ]
    nodes = [Node(str(number), operation, (str(number - 1),)) for number, operation in enumerate(operations)]
    graph = Graph((Node("-1", op.Input((28, 28, 1))), *nodes))
    loss, optimizer = Loss("categorical_crossentropy"), Adam(global_clipnorm=1.0)
    parts: list[str] = []
    write_module(make_plan(graph, 32, target), loss, optimizer, parts.append)
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu=cpu, opt=3)
    code = ""
    for part in parts:
        module = llvm.parse_assembly(part)
        module.triple, module.data_layout = triple, str(machine.target_data)
        code += machine.emit_assembly(module)
    assert instruction in code
    # A call of the mathematical library for each number would be a hundred times slower.
    assert re.findall(r"\b(?:fma|exp|log|sqrt|floor|round|rint|trunc|pow)f\b", code) == []
