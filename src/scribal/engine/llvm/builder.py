"""The instructions, each a method that writes one at the end of a block."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from scribal.engine.llvm.function import Block, Function, Phi
from scribal.engine.llvm.values import IntType, Type, Value, VectorType, VoidType

__all__ = ["Builder"]

_BIT = IntType(1)
_VOID = VoidType()
_COMPARISONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}


def _operation(word: str) -> "Callable[[Builder, Value, Value], Value]":
    """An instruction of two values of a type, with a result of that type."""

    def write(builder: "Builder", first: Value, second: Value) -> Value:
        return builder.instruction(first.type, f"{word} {first.type.text} {first.text}, {second.text}")

    return write


def _conversion(word: str) -> "Callable[[Builder, Value, Type], Value]":
    """An instruction that makes a value of another type."""

    def write(builder: "Builder", value: Value, kind: Type) -> Value:
        return value if value.type == kind else builder.instruction(kind, f"{word} {value.typed} to {kind.text}")

    return write


class Builder:
    """Writes instructions, block by block.

    Args:
        function: Where to.

    Attributes:
        function: Where to.
        block: The block they are added to.
    """

    def __init__(self, function: Function) -> None:
        self.function = function
        self.block = function.append_block()

    def instruction(self, kind: Type, text: str) -> Value:
        """Write an instruction, and give its result."""
        value = Value(kind, self.function.new_name())
        self.block.lines.append(f"{value.text} = {text}")
        return value

    add, sub, mul = _operation("add"), _operation("sub"), _operation("mul")
    sdiv, udiv, urem = _operation("sdiv"), _operation("udiv"), _operation("urem")
    and_, or_, xor = _operation("and"), _operation("or"), _operation("xor")
    shl, ashr = _operation("shl"), _operation("ashr")
    fadd, fsub, fmul, fdiv = _operation("fadd"), _operation("fsub"), _operation("fmul"), _operation("fdiv")
    trunc, zext, sext = _conversion("trunc"), _conversion("zext"), _conversion("sext")
    sitofp, uitofp, fptosi = _conversion("sitofp"), _conversion("uitofp"), _conversion("fptosi")
    bitcast, ptrtoint, inttoptr = _conversion("bitcast"), _conversion("ptrtoint"), _conversion("inttoptr")

    def neg(self, value: Value) -> Value:
        """Minus a whole number."""
        return self.instruction(value.type, f"sub {value.type.text} 0, {value.text}")

    def fneg(self, value: Value) -> Value:
        """Minus a floating-point number."""
        return self.instruction(value.type, f"fneg {value.typed}")

    def icmp_signed(self, operator: str, first: Value, second: Value) -> Value:
        """Compare whole numbers."""
        word = _COMPARISONS[operator]
        return self._compare(f"icmp {word if operator in {'==', '!='} else f's{word}'}", first, second)

    def icmp_unsigned(self, operator: str, first: Value, second: Value) -> Value:
        """Compare whole numbers that have no sign."""
        word = _COMPARISONS[operator]
        return self._compare(f"icmp {word if operator in {'==', '!='} else f'u{word}'}", first, second)

    def fcmp_ordered(self, operator: str, first: Value, second: Value) -> Value:
        """Compare floating-point numbers; false if one is NaN. ``"ord"`` asks whether none is."""
        word = "ord" if operator == "ord" else f"o{_COMPARISONS[operator]}"
        return self._compare(f"fcmp {word}", first, second)

    def fcmp_unordered(self, operator: str, first: Value, second: Value) -> Value:
        """Compare floating-point numbers; true if one is NaN."""
        return self._compare(f"fcmp u{_COMPARISONS[operator]}", first, second)

    def select(self, condition: Value, then: Value, otherwise: Value) -> Value:
        """One value or the other."""
        return self.instruction(then.type, f"select {condition.typed}, {then.typed}, {otherwise.typed}")

    # Vectors

    def extract_element(self, vector: Value, place: Value) -> Value:
        """An element of a vector."""
        assert isinstance(vector.type, VectorType)
        return self.instruction(vector.type.element, f"extractelement {vector.typed}, {place.typed}")

    def insert_element(self, vector: Value, value: Value, place: Value) -> Value:
        """The vector with another element."""
        return self.instruction(vector.type, f"insertelement {vector.typed}, {value.typed}, {place.typed}")

    def shuffle_vector(self, first: Value, second: Value, places: Value) -> Value:
        """A vector of elements of two others, taken by their places in both."""
        kind, taken = first.type, places.type
        assert isinstance(kind, VectorType)
        assert isinstance(taken, VectorType)
        result = kind if taken.count == kind.count else VectorType(kind.element, taken.count)
        return self.instruction(result, f"shufflevector {first.typed}, {second.typed}, {places.typed}")

    # Memory

    def gep(self, base: Value, index: Value, kind: Type) -> Value:
        """Pointer to an element of an array of a type."""
        return self.instruction(base.type, f"getelementptr inbounds {kind.text}, ptr {base.text}, {index.typed}")

    def load(self, pointer: Value, kind: Type, align: int | None = None) -> Value:
        """Read; by default the type's own alignment is relied on."""
        return self.instruction(kind, f"load {kind.text}, ptr {pointer.text}{_aligned(align)}")

    def store(self, value: Value, pointer: Value, align: int | None = None) -> None:
        """Write."""
        self.block.lines.append(f"store {value.typed}, ptr {pointer.text}{_aligned(align)}")

    def load_atomic(self, pointer: Value, ordering: str, align: int, kind: Type) -> Value:
        """Read what another thread may be writing."""
        return self.instruction(kind, f"load atomic {kind.text}, ptr {pointer.text} {ordering}{_aligned(align)}")

    def atomic_rmw(self, operation: str, pointer: Value, value: Value, ordering: str) -> Value:
        """Read, change and write as one; gives what was read."""
        return self.instruction(value.type, f"atomicrmw {operation} ptr {pointer.text}, {value.typed} {ordering}")

    def cmpxchg(self, pointer: Value, expected: Value, new: Value, ordering: str, failure: str) -> Value:
        """Write if what is there is as expected, as one; gives whether it was."""
        pair = Type(f"{{{expected.type.text}, i1}}")
        operands = f"ptr {pointer.text}, {expected.typed}, {new.typed}"
        result = self.instruction(pair, f"cmpxchg {operands} {ordering} {failure}")
        return self.instruction(_BIT, f"extractvalue {result.typed}, 1")

    # Control

    def call(self, name: str, kind: Type, arguments: Sequence[Value]) -> Value:
        """Call a function by its name; gives its result, of a type."""
        self.function.declare(name, kind, arguments)
        text = f'call {kind.text} @"{name}"({", ".join(argument.typed for argument in arguments)})'
        if kind == _VOID:
            self.block.lines.append(text)
            return kind.undefined
        return self.instruction(kind, text)

    def phi(self, kind: Type) -> Phi:
        """A value that depends on the block one comes from; stands at the beginning of a block."""
        phi = Phi(kind, self.function.new_name())
        self.block.lines.append(phi)
        return phi

    def append_block(self) -> Block:
        """Another block, behind those there are."""
        return self.function.append_block()

    def position_at_end(self, block: Block) -> None:
        """Go on in another block."""
        self.block = block

    def branch(self, block: Block) -> None:
        """Lead to a block."""
        self._end(f"br label %{block.name}")

    def cbranch(self, condition: Value, then: Block, otherwise: Block) -> None:
        """Lead to one block or the other."""
        self._end(f"br {condition.typed}, label %{then.name}, label %{otherwise.name}")

    def ret_void(self) -> None:
        """Return from the function."""
        self._end("ret void")

    @contextmanager
    def if_then(self, condition: Value) -> Iterator[None]:
        """What is written inside is run if a condition holds."""
        then, after = self.append_block(), self.append_block()
        self.cbranch(condition, then, after)
        with self._inside(then, after):
            yield
        self.block = after

    @contextmanager
    def if_else(self, condition: Value) -> Iterator[tuple[AbstractContextManager[None], AbstractContextManager[None]]]:
        """Yields two contexts: what is written in one is run if a condition holds, what in the other if not."""
        then, otherwise, after = self.append_block(), self.append_block(), self.append_block()
        self.cbranch(condition, then, otherwise)
        yield self._inside(then, after), self._inside(otherwise, after)
        self.block = after

    @contextmanager
    def _inside(self, block: Block, after: Block) -> Iterator[None]:
        self.block = block
        yield
        self.branch(after)

    def _compare(self, word: str, first: Value, second: Value) -> Value:
        kind = first.type
        result = VectorType(_BIT, kind.count) if isinstance(kind, VectorType) else _BIT
        return self.instruction(result, f"{word} {kind.text} {first.text}, {second.text}")

    def _end(self, text: str) -> None:
        assert not self.block.is_ended
        self.block.lines.append(text)
        self.block.is_ended = True


def _aligned(align: int | None) -> str:
    return "" if align is None else f", align {align}"
