"""A program being written: functions that Python calls, and the kernels that these call.

Every kernel is a function of its own, and layers whose kernels come out the same share one. What is complete is handed
on in parts, LLVM modules as text, so that one part can be compiled while the next is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scribal.engine import llvm as ir
from scribal.engine.ir import VOID, Code, Index, define
from scribal.engine.target import Target

__all__ = ["Assembly", "Take"]

Take = Callable[[str], None]
"""Receives an LLVM module as text."""

# Characters of a part. A smaller one costs more to begin with, a larger one leaves a thread without work at the end.
_PART = 250_000
# The name a kernel is written under, before it is known to be new.
_NAMELESS = "kernel"


@dataclass
class Assembly:
    """Writes a program.

    Attributes:
        target: The processor.
        take: Receives the parts.
    """

    target: Target
    take: Take
    _kernels: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _declared: dict[str, str] = field(default_factory=dict)
    _defined: dict[str, str] = field(default_factory=dict)

    def begin(self, name: str, arguments: Sequence[tuple[str, ir.Type]]) -> tuple[Code, dict[str, ir.Value]]:
        """Start a function that Python calls; :meth:`end` completes it."""
        code, values = define(self.target, name, arguments)
        return code, {argument: value for (argument, _), value in zip(arguments, values, strict=True)}

    def end(self, code: Code) -> None:
        """Return from a function that Python calls, and hand it on with all that was written before it."""
        code.builder.ret_void()
        function = code.builder.function
        self._add(function.name, function.definition(), function)
        self._hand_on()

    def call(
        self, code: Code, name: str, arguments: Sequence[Index], write: Callable[[Code, list[ir.Value]], None]
    ) -> None:
        """Call a kernel; at its first call it is written.

        Args:
            code: Where the call goes.
            name: Unique name of the kernel.
            arguments: Pointers and integers to pass.
            write: Writes the kernel, given its code and arguments.
        """
        passed = [code.index(argument) for argument in arguments]
        if name not in self._kernels:
            self._kernels[name] = self._write(name, [value.type for value in passed], write)
        code.builder.call(self._kernels[name], VOID, passed)

    def _write(self, name: str, kinds: Sequence[ir.Type], write: Callable[[Code, list[ir.Value]], None]) -> str:
        """Write a kernel; returns its name, or that of one that is the same."""
        arguments = [(f"argument_{number}", kind) for number, kind in enumerate(kinds)]
        code, values = define(self.target, _NAMELESS, arguments)
        write(code, values)
        code.builder.ret_void()
        text = code.builder.function.definition()
        known = self._names.setdefault(text, name)
        if known == name:
            self._add(name, text.replace(f'@"{_NAMELESS}"', f'@"{name}"', 1), code.builder.function)
            if sum(map(len, self._defined.values())) > _PART:
                self._hand_on()
        return known

    def _add(self, name: str, text: str, function: ir.Function) -> None:
        """Add a function to the part, with what it calls."""
        self._defined[name] = text
        self._declared |= function.declared

    def _hand_on(self) -> None:
        """Hand the part on, and begin another."""
        declared = [text for name, text in self._declared.items() if name not in self._defined]
        self.take("\n".join([*declared, *self._defined.values()]))
        self._declared, self._defined = {}, {}
