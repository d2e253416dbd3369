"""A thin vocabulary over LLVM's assembly language: loops, vectors, fused multiply-adds.

Kernels read as the loop nests they are. All floats are float32; a *vector* is one value for each lane; memory is
addressed as base pointer plus an offset counted in floats or in vectors. Nothing here is reordered or rounded
differently by LLVM: no fast-math flag is ever set, so the same program gives the same bits everywhere.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from scribal.engine import llvm as ir
from scribal.engine.target import Target

__all__ = ["BYTE", "FLOAT", "INT32", "INT64", "POINTER", "VOID", "Code", "Index", "Loop", "define"]

FLOAT = ir.FloatType()
INT32 = ir.IntType(32)
INT64 = ir.IntType(64)
BYTE = ir.IntType(8)
POINTER = ir.PointerType()
VOID = ir.VoidType()

Index: TypeAlias = int | ir.Value


@dataclass
class Loop:
    """A loop being written: its counter, and values handed from one turn to the next.

    Attributes:
        index: 0, 1, 2, ... as an int64.
        values: The carried values at the start of this turn; after the loop, those of the last turn.
    """

    index: Index
    values: list[ir.Value]

    def carry(self, values: Sequence[ir.Value]) -> None:
        """Hand values to the next turn."""
        self.values = list(values)


class Code:
    """Instructions of one function, written in order.

    Args:
        builder: Where instructions are appended.
        target: The processor.
    """

    def __init__(self, builder: ir.Builder, target: Target) -> None:
        self.builder = builder
        self.target = target
        self.vector_type = ir.VectorType(FLOAT, target.lanes)
        self.integers_type = ir.VectorType(INT32, target.lanes)

    # Numbers

    def index(self, value: Index) -> ir.Value:
        """An int64, constant or computed."""
        return INT64(value) if isinstance(value, int) else value

    def add(self, first: Index, second: Index) -> Index:
        """The sum of two indices, computed now if both are known."""
        if isinstance(first, int) and isinstance(second, int):
            return first + second
        if 0 in (first, second):
            return first if second == 0 else second
        return self.builder.add(self.index(first), self.index(second))

    def times(self, first: Index, second: Index) -> Index:
        """The product of two indices, computed now if both are known."""
        if isinstance(first, int) and isinstance(second, int):
            return first * second
        return self.builder.mul(self.index(first), self.index(second))

    def splat(self, scalar: ir.Value | float) -> ir.Value:
        """A vector with the same number in every lane."""
        if isinstance(scalar, int | float):
            return _equal_floats(float(scalar).hex(), self.target.lanes)
        return self._repeat(scalar, self.vector_type)

    def splat_integer(self, scalar: ir.Value | int) -> ir.Value:
        """An int32 vector with the same number in every lane."""
        if isinstance(scalar, int):
            return _integers(*[scalar] * self.target.lanes)
        return self._repeat(scalar, self.integers_type)

    def lane_numbers(self) -> ir.Value:
        """The int32 vector 0, 1, 2, ..."""
        return _integers(*range(self.target.lanes))

    def fma(self, first: ir.Value, second: ir.Value, addend: ir.Value) -> ir.Value:
        """``first * second + addend``, rounded once on processors that have such an instruction."""
        return self.intrinsic("llvm.fmuladd", addend.type, first, second, addend)

    def intrinsic(self, name: str, kind: ir.Type, *arguments: ir.Value) -> ir.Value:
        """Call an LLVM intrinsic for values of a type: ``llvm.sqrt`` becomes ``llvm.sqrt.v16f32``."""
        element = "i32" if kind == self.integers_type else "f32"
        suffix = f"v{kind.count}{element}" if isinstance(kind, ir.VectorType) else element
        return self.builder.call(f"{name}.{suffix}", kind, arguments)

    # Memory

    def at(self, base: ir.Value, offset: Index, kind: ir.Type = FLOAT) -> ir.Value:
        """Pointer to the element ``offset`` of an array of floats, or of another type."""
        if isinstance(offset, int) and offset == 0:
            return base
        return self.builder.gep(base, self.index(offset), kind)

    def vector_at(self, base: ir.Value, offset: Index) -> ir.Value:
        """Pointer to the vector ``offset`` of an array of vectors."""
        return self.at(base, offset, self.vector_type)

    def load(self, base: ir.Value, offset: Index = 0) -> ir.Value:
        """Read vector ``offset`` of an aligned array of vectors."""
        return self.builder.load(self.vector_at(base, offset), kind=self.vector_type, align=4 * self.target.lanes)

    def store(self, value: ir.Value, base: ir.Value, offset: Index = 0) -> None:
        """Write vector ``offset`` of an aligned array of vectors."""
        self.builder.store(value, self.vector_at(base, offset), align=4 * self.target.lanes)

    def load_number(self, base: ir.Value, offset: Index = 0, kind: ir.Type = FLOAT) -> ir.Value:
        """Read one number of an array."""
        return self.builder.load(self.at(base, offset, kind), kind=kind)

    def store_number(self, value: ir.Value, base: ir.Value, offset: Index = 0) -> None:
        """Write one number of an array of its type."""
        self.builder.store(value, self.at(base, offset, value.type))

    def load_unaligned(self, base: ir.Value, offset: Index, kind: ir.Type) -> ir.Value:
        """Read a value that starts at float ``offset``."""
        return self.builder.load(self.at(base, offset), kind=kind, align=4)

    def store_unaligned(self, value: ir.Value, base: ir.Value, offset: Index) -> None:
        """Write a value that starts at float ``offset``."""
        self.builder.store(value, self.at(base, offset), align=4)

    def scatter(self, value: ir.Value, base: ir.Value, indices: ir.Value, mask: ir.Value) -> None:
        """Write each lane where ``mask`` holds to its own element of an array of 32-bit numbers."""
        wide = ir.VectorType(INT64, self.target.lanes)
        start = self._repeat(self.builder.ptrtoint(base, INT64), wide)
        places = self.builder.add(
            start, self.builder.mul(self.builder.zext(indices, wide), wide([4] * self.target.lanes))
        )
        pointers = self.builder.inttoptr(places, ir.VectorType(POINTER, self.target.lanes))
        element = "i32" if value.type == self.integers_type else "f32"
        name = f"llvm.masked.scatter.v{self.target.lanes}{element}.v{self.target.lanes}p0"
        arguments = [value, pointers, INT32(4), mask]
        self.builder.call(name, VOID, arguments)

    # Control

    @contextmanager
    def loop(self, count: Index, carried: Sequence[ir.Value] = (), *, perhaps_never: bool = False) -> Iterator[Loop]:
        """Repeat what is written inside ``count`` times.

        Args:
            count: Number of turns. A single turn becomes straight code.
            carried: Values for the first turn; ``Loop.carry`` gives those of the next.
            perhaps_never: Whether ``count`` may be zero; otherwise it is at least one.
        """
        if isinstance(count, int) and count == 1:
            yield Loop(0, list(carried))
            return
        before = self.builder.block
        body, after = self.builder.append_block(), self.builder.append_block()
        if perhaps_never:
            self.builder.cbranch(self.builder.icmp_signed(">", self.index(count), INT64(0)), body, after)
        else:
            self.builder.branch(body)
        self.builder.position_at_end(body)
        counter = self.builder.phi(INT64)
        counter.add_incoming(INT64(0), before)
        phis = [self.builder.phi(value.type) for value in carried]
        for phi, value in zip(phis, carried, strict=True):
            phi.add_incoming(value, before)
        loop = Loop(counter, list(phis))
        yield loop
        following = self.builder.add(counter, INT64(1))
        last = self.builder.block
        for phi, value in zip([counter, *phis], [following, *loop.values], strict=True):
            phi.add_incoming(value, last)
        self.builder.cbranch(self.builder.icmp_signed("<", following, self.index(count)), body, after)
        self.builder.position_at_end(after)
        if perhaps_never:
            ends = [self.builder.phi(value.type) for value in carried]
            for end, first, value in zip(ends, carried, loop.values, strict=True):
                end.add_incoming(first, before)
                end.add_incoming(value, last)
            loop.values = list(ends)

    @contextmanager
    def strided(self, first: ir.Value, limit: Index, step: ir.Value) -> Iterator[ir.Value]:
        """Repeat what is written inside for ``first``, ``first + step``, ... below ``limit``; perhaps never."""
        before = self.builder.block
        test, body, after = (self.builder.append_block() for _ in range(3))
        self.builder.branch(test)
        self.builder.position_at_end(test)
        counter = self.builder.phi(INT64)
        counter.add_incoming(first, before)
        self.builder.cbranch(self.builder.icmp_signed("<", counter, self.index(limit)), body, after)
        self.builder.position_at_end(body)
        yield counter
        counter.add_incoming(self.builder.add(counter, step), self.builder.block)
        self.builder.branch(test)
        self.builder.position_at_end(after)

    @contextmanager
    def grid(self, *counts: Index) -> Iterator[tuple[Index, ...]]:
        """Nested loops without carried values; yields their counters, outermost first."""
        if not counts:
            yield ()
            return
        with self.loop(counts[0]) as loop, self.grid(*counts[1:]) as inner:
            yield (loop.index, *inner)

    # Lanes

    def lane_sums(self, vectors: Sequence[ir.Value]) -> ir.Value:
        """Sum each of up to ``lanes`` vectors over its lanes.

        Neighbours are folded into each other, half and half, until each has one lane left: for n vectors n - 1
        additions in a fixed order, where summing one by one would take n times log2(lanes).

        Returns:
            A vector of as many elements as there were vectors.
        """
        count, lanes = len(vectors), self.target.lanes
        rows = [*vectors]
        width = lanes
        while width > 1:
            half = width // 2
            if len(rows) % 2:
                rows.append(self.splat(0.0))
            pairs = list(zip(rows[::2], rows[1::2], strict=True))
            lower = [part * width + lane for part in range(2 * lanes // width) for lane in range(half)]
            rows = [
                self.builder.fadd(self._shuffle(a, b, lower), self._shuffle(a, b, [lane + half for lane in lower]))
                for a, b in pairs
            ]
            width = half
        return self._shuffle(rows[0], rows[0], list(range(count)))

    def transpose(self, rows: Sequence[ir.Value]) -> list[ir.Value]:
        """Transpose ``lanes`` vectors: element j of vector i becomes element i of vector j."""
        rows = list(rows)
        lanes = self.target.lanes
        width = lanes // 2
        while width:
            # Swap the off-diagonal blocks of size width in each pair of rows that lie width apart.
            upper = [lane if not lane & width else lane - width + lanes for lane in range(lanes)]
            lower = [lane + width if not lane & width else lane + lanes for lane in range(lanes)]
            for number in range(lanes):
                if not number & width:
                    first, second = rows[number], rows[number + width]
                    rows[number] = self._shuffle(first, second, upper)
                    rows[number + width] = self._shuffle(first, second, lower)
            width //= 2
        return rows

    def resize(self, vector: ir.Value, lanes: int) -> ir.Value:
        """The first lanes of a vector, or the vector with lanes of no particular value behind it."""
        assert isinstance(vector.type, ir.VectorType)
        own = vector.type.count
        return self._shuffle(vector, vector, [min(lane, own - 1) for lane in range(lanes)]) if lanes != own else vector

    def _shuffle(self, first: ir.Value, second: ir.Value, lanes: list[int]) -> ir.Value:
        return self.builder.shuffle_vector(first, second, _integers(*lanes))

    def _repeat(self, scalar: ir.Value, kind: ir.VectorType) -> ir.Value:
        single = self.builder.insert_element(kind.undefined, scalar, INT32(0))
        return self.builder.shuffle_vector(single, single, _integers(*[0] * self.target.lanes))


# Constants are shared, as each of their elements would be written anew every time.


@cache
def _equal_floats(number: str, lanes: int) -> ir.Value:
    """A vector of the same number, which is given in hexadecimal: 0.0 and -0.0 are equal, but not the same."""
    return ir.VectorType(FLOAT, lanes)(float.fromhex(number))


@cache
def _integers(*numbers: int) -> ir.Value:
    return ir.VectorType(INT32, len(numbers))(list(numbers))


def define(target: Target, name: str, arguments: Sequence[tuple[str, ir.Type]]) -> tuple[Code, list[ir.Value]]:
    """Begin a function without result.

    Returns:
        The place to write its code, and its arguments.
    """
    # Registers that do not suffice are put on the stack, as whole cache lines only if it is aligned.
    function = ir.Function(name, arguments, alignment=4 * target.lanes)
    return Code(ir.Builder(function), target), function.arguments
