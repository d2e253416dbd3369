"""LLVM assembly -> machine code in memory.

The kernels arrive with their loops blocked and their sums in order. Only passes that tidy up are run, not the
vectorizing and reassociating pipeline: reordering inside a blocked kernel costs more registers than the processor
has.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass

import llvmlite.binding as llvm

from scribal.engine.target import AVX512, Target

__all__ = ["Native", "NativeFunction"]


class Native:
    """Machine code and the functions in it.

    Args:
        assembly: An LLVM module as text.
        target: The vector width the module is written for.
    """

    def __init__(self, assembly: str, target: Target) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        module = llvm.parse_assembly(assembly)
        module.verify()
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=_features(target), opt=3
        )
        builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options())
        passes = llvm.create_new_module_pass_manager()
        passes.add_instruction_combine_pass()
        passes.add_simplify_cfg_pass()
        passes.run(module, builder)
        self._engine = llvm.create_mcjit_compiler(module, machine)
        self._engine.finalize_object()
        self._machine = machine

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


def _features(target: Target) -> str:
    host = llvm.get_host_cpu_features().flatten()
    # LLVM would split vectors of 512 bits in two on some processors that have them.
    return f"{host},-prefer-256-bit" if target == AVX512 else host
