"""LLVM module -> object code, without llvmlite's lock where that can be done.

llvmlite lets one thread at a time into LLVM, to keep threads from each other's contexts. LLVM asks only that each has
a context of its own (https://llvm.org/docs/ProgrammersManual.html#threads-and-llvm). The lock is passed by calling the
same function as llvmlite does, by names that are llvmlite's own: a version that has other ones is asked the public way.

A process that is forked has none of the other threads, but whatever they held stays locked in it. So a fork waits until
no thread is inside LLVM.
"""

import contextlib
import ctypes
import os
import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import llvmlite.binding as llvm

__all__ = ["object_code", "unlocked_emission"]

Emission = Callable[[llvm.TargetMachine, llvm.ModuleRef], bytes]


class _Gate:
    """Lets any number of threads pass; a fork waits for them, and keeps others back."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._is_closed = False
        self._held = contextlib.ExitStack()

    @contextlib.contextmanager
    def passed(self) -> Iterator[None]:
        """Be inside, where no fork happens."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def close(self) -> None:
        """Wait until all are outside, and out of what llvmlite's own lock guards."""
        self._changed.acquire()
        self._changed.wait_for(lambda: not self._is_closed)
        self._is_closed = True
        self._changed.wait_for(lambda: not self._inside)
        # llvmlite has no public name for it.
        lock = getattr(getattr(llvm.ffi, "lib", None), "_lock", None)
        self._held.enter_context(lock or contextlib.nullcontext())

    def open(self) -> None:
        """Let threads pass again, in the parent and in the child."""
        self._held.close()
        self._is_closed = False
        self._changed.notify_all()
        self._changed.release()


_GATE = _Gate()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_GATE.close, after_in_parent=_GATE.open, after_in_child=_GATE.open)


def object_code(machine: llvm.TargetMachine, module: llvm.ModuleRef) -> bytes:
    """Generate the code of a module.

    Args:
        machine: The processor; no other thread may use the object.
        module: A verified module, in a context that no other thread uses.

    Raises:
        RuntimeError: LLVM cannot generate it.
    """
    emission: Emission = unlocked_emission() or llvm.TargetMachine.emit_object
    return emission(machine, module)


@cache
def unlocked_emission() -> Emission | None:
    """Find ``TargetMachine.emit_object`` without the lock; None where this llvmlite has no such functions."""
    try:
        from llvmlite.binding import ffi

        library, text = ffi.lib, ffi.OutputString
        locked = library.LLVMPY_TargetMachineEmitToMemory
        start, size = library.LLVMPY_GetBufferStart, library.LLVMPY_GetBufferSize
        dispose = library.LLVMPY_DisposeMemoryBuffer
        known = [ffi.LLVMTargetMachineRef, ffi.LLVMModuleRef, ctypes.c_int, ctypes.POINTER(ctypes.c_char_p)]
        if list(locked.argtypes) != known or locked.restype != ffi.LLVMMemoryBufferRef:
            return None
        emit = ctypes.CDLL(library._name).LLVMPY_TargetMachineEmitToMemory  # noqa: SLF001 # as a CDLL has it
        emit.argtypes, emit.restype = locked.argtypes, locked.restype
    except (ImportError, AttributeError, TypeError, OSError):
        return None

    def emission(machine: Any, module: Any) -> bytes:
        with text() as error:
            with _GATE.passed():
                buffer = emit(machine, module, 1, error)
            if not buffer:
                raise RuntimeError(str(error))
        try:
            return ctypes.string_at(start(buffer), size(buffer))
        finally:
            dispose(buffer)

    return emission
