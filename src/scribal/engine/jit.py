"""LLVM assembly -> machine code in memory.

The kernels arrive with their loops blocked and their sums in order. LLVM only generates code for them: its vectorizing
and reassociating pipeline would cost a blocked kernel more registers than the processor has, and the passes that tidy
up change nothing that its code generator would not see. A program arrives in parts, which are compiled on all
processors while the next ones are written. Object code is the same whether it was compiled just now or comes from the
cache.
"""

import ctypes
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import llvmlite.binding as llvm

from scribal.engine.assembly import Take
from scribal.engine.cache import compiled_once, key_of
from scribal.engine.object_code import object_code
from scribal.engine.target import AVX512, Target
from scribal.engine.threads import Workers, usable_threads
from scribal.garbage import without_collections

__all__ = ["Native", "NativeFunction"]

_SIZE = struct.Struct("<Q")


class Native:
    """Machine code and the functions in it.

    Args:
        write: Writes the program and hands on each of its parts, LLVM modules as text.
        target: The vector width the program is written for.
        description: What decides the program besides the target; its ``repr`` must tell it from every other. With
            it, code that was compiled before is taken from the cache, and nothing is written.
    """

    def __init__(self, write: Callable[[Take], None], target: Target, description: object = None) -> None:
        def compiled() -> bytes:
            # An assembly's objects live until it is written, and they are many.
            with without_collections():
                return _joined(_compile(write, target))

        code = compiled() if description is None else compiled_once(key_of((description, target)), compiled)
        # The linker needs a module to begin with; the code itself arrives as objects.
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine(target))
        for part in _parts(code):
            self._engine.add_object_file(llvm.ObjectFileRef.from_data(part))
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


def _compile(write: Callable[[Take], None], target: Target) -> list[bytes]:
    """Object code of each part, for the processor this runs on."""
    parts: list[Callable[[], bytes]] = []
    with Workers(usable_threads()) as workers:
        write(lambda assembly: parts.append(workers.begin(_compile_part, assembly, target)))
        return [part() for part in parts]


def _compile_part(assembly: str, target: Target) -> bytes:
    machine = _machine(target)
    module = llvm.parse_assembly(assembly, llvm.create_context())
    module.verify()
    return object_code(machine, module)


def _joined(parts: Sequence[bytes]) -> bytes:
    """Object codes as one, each behind its size."""
    return b"".join(_SIZE.pack(len(part)) + part for part in parts)


def _parts(code: bytes) -> Iterator[bytes]:
    """The object codes that were joined."""
    place = 0
    while place < len(code):
        (size,) = _SIZE.unpack_from(code, place)
        place += _SIZE.size
        yield code[place : place + size]
        place += size


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
