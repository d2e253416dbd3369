"""Numbers moved from one buffer to another, whatever shapes they are seen in."""

from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine.assemble.frame import Frame
from scribal.engine.ir import Code, Index
from scribal.engine.kernels.place import emit_copy
from scribal.engine.layout import Layout, dense_layout
from scribal.engine.memory import Buffer

__all__ = ["Room", "move"]


@dataclass(frozen=True)
class Room:
    """A buffer, or part of it.

    Attributes:
        buffer: The buffer.
        layout: Which part, and how it is seen.
    """

    buffer: Buffer
    layout: Layout


def move(frame: Frame, name: str, source: Room, target: Room, group: Index, *, adds: bool = False) -> None:
    """Copy numbers in their order, for a group of the chunk, or add them to what is there.

    Args:
        frame: The chunk.
        name: Of the kernel, unique.
        source: Where they lie.
        target: Where they go, in a shape of as many numbers.
        group: Number of the group.
        adds: Whether they are added.
    """
    first, last = source.layout, target.layout
    if first.shape != last.shape:
        # Without gaps, numbers can be seen in the shape of the other side.
        if first.is_dense:
            first = dense_layout(last.shape)
        elif last.is_dense:
            last = dense_layout(first.shape)
        else:
            scratch = frame.plan.scratch
            move(frame, f"{name} to scratch", source, Room(scratch, dense_layout(first.shape)), group)
            source, first = Room(scratch, dense_layout(last.shape)), dense_layout(last.shape)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        emit_copy(code, (first, last), *arguments, adds=adds)

    arguments = [frame.address(room.buffer, group) for room in (source, target)]
    frame.unit.call(frame.code, name, arguments, write)
