"""Machine code is made on all threads that are to be had, and without any; errors surface as themselves."""

import multiprocessing
import subprocess
import sys
import threading

import llvmlite.binding as llvm
import numpy as np
import pytest
from forward_networks import forward_weights
from llvmlite.binding import ffi
from test_predictor import CONVOLUTION

from scribal.engine import jit
from scribal.engine.ir import POINTER, define
from scribal.engine.jit import Native
from scribal.engine.object_code import object_code, unlocked_emission
from scribal.engine.predictor import Predictor
from scribal.engine.program import Program
from scribal.engine.target import host_target
from scribal.engine.training import Adam, Loss
from scribal.exceptions import ScribalError


def part(name):
    """A module with one function that does nothing."""
    code, _ = define(host_target(), name, [("unused", POINTER)])
    code.builder.ret_void()
    return code.builder.function.module()


def compiled(assembly):
    """A module's object code, by this library's way."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    return object_code(machine, llvm.parse_assembly(assembly, llvm.create_context()))


@pytest.fixture
def found_anew():
    """What llvmlite offers is looked up again, in this test and after it."""
    unlocked_emission.cache_clear()
    yield
    unlocked_emission.cache_clear()


def without_name(patch):
    patch.delattr(type(ffi.lib), "_name")


def without_library(patch):
    patch.setattr(type(ffi.lib), "_name", "/nowhere/libllvmlite.so")


def with_other_arguments(patch):
    patch.setattr(ffi, "LLVMModuleRef", ffi.LLVMContextRef)


def without_outputs(patch):
    patch.delattr(ffi, "LLVMMemoryBufferRef")


@pytest.mark.usefixtures("found_anew")
@pytest.mark.parametrize("change", [without_name, without_library, with_other_arguments, without_outputs])
def test_another_llvmlite_is_asked_the_public_way_and_gives_the_same_code(monkeypatch, change):
    expected = compiled(part("nothing"))
    assert unlocked_emission() is not None
    unlocked_emission.cache_clear()
    change(monkeypatch)
    assert unlocked_emission() is None
    assert compiled(part("nothing")) == expected


def test_an_error_while_writing_surfaces_and_drops_what_has_not_begun(monkeypatch):
    begun, error = [], ScribalError("The 40th kernel cannot be written", received=40, advice="Write fewer")
    compile_part, may_begin = jit._compile_part, threading.Event()

    def counted(assembly, target):
        may_begin.wait()
        begun.append(assembly)
        return compile_part(assembly, target)

    def write(take):
        for number in range(40):
            take(part(f"f{number}"))
        threading.Timer(0.2, may_begin.set).start()
        raise error

    monkeypatch.setattr(jit, "_compile_part", counted)
    with pytest.raises(ScribalError) as raised:
        Native(write, host_target())
    assert raised.value is error
    assert len(begun) < 40


def test_a_part_that_cannot_be_compiled_surfaces():
    with pytest.raises(RuntimeError, match="parsing error"):
        Native(lambda take: [take(part("good")), take("define nonsense")], host_target())


PROGRAM = """
import atexit, sys, threading, time
import numpy as np
from scribal.engine import operations as op
from scribal.engine.graph import Graph, Node
from scribal.engine.predictor import Predictor
from scribal.engine.program import Program
from scribal.engine.training import Adam, Loss

def work():
    if threading.current_thread() is not threading.main_thread():
        threading.main_thread().join()
    graph = Graph((Node("a", op.Input((2,))), Node("b", op.Dense(1), ("a",))))
    weights = {"b/kernel": np.ones((2, 1)), "b/bias": np.ones(1)}
    inputs = np.ones((1000, 2))
    program = Program(graph, weights, Loss("mean_squared_error"), Adam(), threads=2)
    program.train_epoch(inputs, np.ones((1000, 1)))
    print(Predictor(graph, weights, threads=2).predict(inputs).sum(), program.steps > 0)
"""
ENDINGS = {
    "a thread that outlives the main one": "threading.Thread(target=work).start()",
    "an exit function": "atexit.register(work)",
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_a_program_is_compiled_and_run_while_the_interpreter_ends(ending):
    command = [sys.executable, "-c", PROGRAM + ending]
    process = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (process.stdout, process.stderr) == ("3000.0 True\n", "")


def trained():
    """Weights after an epoch, of a program that is compiled here."""
    inputs, targets = np.ones((40, 8, 8, 1), np.float32), np.eye(5)[np.arange(40) % 5]
    program = Program(CONVOLUTION, forward_weights(CONVOLUTION), Loss("categorical_crossentropy"), Adam(), threads=2)
    program.train_epoch(inputs, targets)
    answers = Predictor(CONVOLUTION, program.weights).predict(inputs[:1])
    return [*program.weights.values(), answers]


def test_many_threads_may_compile_at_once():
    results = [None] * 3

    def work(number):
        results[number] = trained()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        assert all(np.array_equal(*pair) for pair in zip(result, results[0], strict=True))


def answer(results):
    results.put(trained())


# JAX, where other tests have loaded it, warns of every fork, as Python does of one among threads.
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::DeprecationWarning")
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_process_forked_while_another_thread_compiles_compiles_as_well():
    expected, context = trained(), multiprocessing.get_context("fork")
    results, is_over = context.Queue(), threading.Event()

    def compile_on():
        while not is_over.is_set():
            trained()

    thread = threading.Thread(target=compile_on)
    thread.start()
    try:
        processes = [context.Process(target=answer, args=(results,)) for _ in range(5)]
        for process in processes:
            process.start()
        given = [results.get(timeout=30) for _ in processes]
        for process in processes:
            process.join()
    finally:
        is_over.set()
        thread.join()
        for process in processes:
            process.kill()
    for result in given:
        assert all(np.array_equal(*pair) for pair in zip(result, expected, strict=True))
