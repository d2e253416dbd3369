"""A function being written: its blocks of instructions, and the functions it calls."""

from collections.abc import Sequence

from scribal.engine.llvm.values import Type, Value

__all__ = ["Block", "Function", "Phi"]


class Block:
    """Instructions that are run one after the other.

    Attributes:
        name: Its label.
        lines: The instructions.
        is_ended: Whether the last of them leads elsewhere.
    """

    __slots__ = ("is_ended", "lines", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[str | Phi] = []
        self.is_ended = False


class Phi(Value):
    """A value that depends on the block one comes from."""

    __slots__ = ("_incoming",)

    def __init__(self, kind: Type, text: str) -> None:
        super().__init__(kind, text)
        self._incoming: list[str] = []

    def add_incoming(self, value: Value, block: Block) -> None:
        """What it is for those who come from a block."""
        self._incoming.append(f"[{value.text}, %{block.name}]")

    def __str__(self) -> str:
        return f"{self.text} = phi {self.type.text} {', '.join(self._incoming)}"


class Function:
    """A function without result.

    Args:
        name: Its name.
        arguments: Names and types of its arguments.
        alignment: Bytes its stack is aligned to.

    Attributes:
        arguments: The arguments.
        declared: The functions it calls, by name, as they have to be declared.
    """

    def __init__(self, name: str, arguments: Sequence[tuple[str, Type]], alignment: int) -> None:
        self.name, self._alignment = name, alignment
        self.arguments = [Value(kind, f"%{argument}") for argument, kind in arguments]
        self.declared: dict[str, str] = {}
        self._blocks: list[Block] = []
        self._values = 0

    def new_name(self) -> str:
        """A name for another value."""
        self._values += 1
        return f"%.{self._values}"

    def append_block(self) -> Block:
        """Another block, behind those there are."""
        block = Block(f".b{len(self._blocks)}")
        self._blocks.append(block)
        return block

    def declare(self, name: str, kind: Type, arguments: Sequence[Value]) -> None:
        """Note that it calls a function."""
        if name not in self.declared:
            kinds = ", ".join(argument.type.text for argument in arguments)
            self.declared[name] = f'declare {kind.text} @"{name}"({kinds})'

    def definition(self) -> str:
        """The function as text."""
        arguments = ", ".join(argument.typed for argument in self.arguments)
        lines = [f'define void @"{self.name}"({arguments}) alignstack({self._alignment}) {{']
        for block in self._blocks:
            lines.append(f"{block.name}:")
            lines += map(str, block.lines)
        return "\n".join([*lines, "}"])

    def module(self) -> str:
        """The function as a module of its own."""
        return "\n".join([*self.declared.values(), self.definition()])
