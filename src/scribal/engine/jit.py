"""LLVM assembly -> machine code in memory.

The kernels arrive with their loops blocked and their sums in order. Only passes that tidy up are run, not the
vectorizing and reassociating pipeline: reordering inside a blocked kernel costs more registers than the processor
has. Object code is the same whether it was compiled just now or comes from the cache.
"""

import ctypes
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import llvmlite.binding as llvm

from scribal.engine.cache import compiled_once, key_of
from scribal.engine.target import AVX512, Target

__all__ = ["Native", "NativeFunction"]


class Native:
    """Machine code and the functions in it.

    Args:
        assembly: An LLVM module as text, or what writes it.
        target: The vector width the module is written for.
        description: What decides the assembly besides the target; its ``repr`` must tell it from every other. With
            it, code that was compiled before is taken from the cache, and nothing is written.
    """

    def __init__(self, assembly: str | Callable[[], str], target: Target, description: object = None) -> None:
        def compiled() -> bytes:
            with _without_collections():
                return _compile(assembly if isinstance(assembly, str) else assembly(), target)

        code = compiled() if description is None else compiled_once(key_of((description, target)), compiled)
        # The linker needs a module to begin with; the code itself arrives as an object.
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine(target))
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()

    def function(self, name: str, *arguments: type) -> "NativeFunction":
        """Find a function without result, to be called with ctypes arguments of the given types."""
        return NativeFunction(self, ctypes.CFUNCTYPE(None, *arguments)(self._engine.get_function_address(name)))


@dataclass(frozen=True)
class NativeFunction:
    """A function in machine code; holds on to the code it is part of."""

    native: Native
    call: Callable[..., None]

    def __call__(self, *arguments: int) -> None:
        """Run it; ctypes lets go of the interpreter lock meanwhile."""
        self.call(*arguments)


def _compile(assembly: str, target: Target) -> bytes:
    """Object code for the processor this runs on."""
    machine = _machine(target)
    module = llvm.parse_assembly(assembly)
    module.verify()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options())
    passes = llvm.create_new_module_pass_manager()
    # Layers of the same sizes have the same kernels.
    passes.add_merge_functions_pass()
    passes.add_instruction_combine_pass()
    passes.add_simplify_cfg_pass()
    passes.run(module, builder)
    code: bytes = machine.emit_object(module)
    return code


@contextmanager
def _without_collections() -> Iterator[None]:
    """Hold back Python's search for garbage: an assembly's objects live until it is written, and they are many."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _machine(target: Target) -> llvm.TargetMachine:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features(target), opt=3
    )


def _features(target: Target) -> str:
    host = llvm.get_host_cpu_features().flatten()
    # LLVM would split vectors of 512 bits in two on some processors that have them.
    return f"{host},-prefer-256-bit" if target == AVX512 else host
