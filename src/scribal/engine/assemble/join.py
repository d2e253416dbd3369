"""Layers of a chunk that only move numbers, or add them up: joining, padding, copies, activations on copies."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.gradient import bring_part, part_of_gradient
from scribal.engine.assemble.in_place import finish_of
from scribal.engine.assemble.move import Room, move
from scribal.engine.ir import Code, Index
from scribal.engine.kernels.activation import emit_input_slope, emit_outputs
from scribal.engine.kernels.place import emit_sum
from scribal.engine.layout import ImageShape, Layout
from scribal.engine.tensor import Tensor
from scribal.engine.values import keeps_input

__all__ = ["emit_join", "emit_join_backward"]


def emit_join(frame: Frame, tensor: Tensor) -> None:
    """Write what the layer does."""
    operation = tensor.node.operation
    with frame.code.loop(frame.plan.chunk) as groups:
        if isinstance(operation, op.Add):
            _add(frame, tensor, groups.index)
        elif isinstance(operation, op.Activation) and keeps_input(operation):
            _activate(frame, tensor, operation, groups.index)
        else:
            sources = zip(frame.plan.sources(tensor), tensor.source_shapes, strict=True)
            parts = zip(sources, _parts(tensor, tensor.value.layout), strict=True)
            for number, ((source, shape), part) in enumerate(parts):
                room = Room(source.value, source.value.layout.seen_as(shape))
                name = f"copy {number} to {tensor.node.name}"
                move(frame, name, room, Room(tensor.value, part), groups.index)


def emit_join_backward(frame: Frame, tensor: Tensor) -> None:
    """Write the gradients of what the layer reads."""
    operation, gradient = tensor.node.operation, tensor.gradient
    assert gradient is not None
    with frame.code.loop(frame.plan.chunk) as groups:
        if isinstance(operation, op.Activation) and keeps_input(operation):
            _activate_backward(frame, tensor, operation, groups.index)
        else:
            for number, part in enumerate(_parts(tensor, gradient.layout)):
                bring_part(frame, tensor, Room(gradient, part), number, groups.index)


def _add(frame: Frame, tensor: Tensor, group: Index) -> None:
    pairs = list(zip(frame.plan.sources(tensor), tensor.source_shapes, strict=True))
    layouts = [source.value.layout.seen_as(shape) for source, shape in pairs]

    def write(code: Code, arguments: list[ir.Value]) -> None:
        *values, target = arguments
        emit_sum(code, [*layouts, tensor.value.layout], values, target, finish_of(code, tensor))

    arguments = [frame.address(buffer, group) for buffer in (*(source.value for source, _ in pairs), tensor.value)]
    frame.unit.call(frame.code, f"forward {tensor.node.name}", arguments, write)


def _activate(frame: Frame, tensor: Tensor, activation: op.Activation, group: Index) -> None:
    (source,), (shape,) = frame.plan.sources(tensor), tensor.source_shapes
    layouts = (source.value.layout.seen_as(shape), tensor.value.layout)
    arguments = [frame.address(buffer, group) for buffer in (source.value, tensor.value)]
    name = f"forward {tensor.node.name}"
    frame.unit.call(frame.code, name, arguments, lambda code, args: emit_outputs(code, activation, layouts, *args))


def _activate_backward(frame: Frame, tensor: Tensor, activation: op.Activation, group: Index) -> None:
    (source,), (shape,) = frame.plan.sources(tensor), tensor.source_shapes
    part, gradient = part_of_gradient(frame, tensor), tensor.gradient
    if part is None:
        return
    assert gradient is not None
    layouts = (source.value.layout.seen_as(shape), gradient.layout, part.layout)
    arguments = [frame.address(buffer, group) for buffer in (source.value, gradient, part.buffer)]
    name = f"backward {tensor.node.name}"
    frame.unit.call(frame.code, name, arguments, lambda code, args: emit_input_slope(code, activation, layouts, *args))
    bring_part(frame, tensor, part, group=group)


def _parts(tensor: Tensor, layout: Layout) -> Sequence[Layout]:
    """Where the numbers of each source lie in a layout of the tensor, or its gradient."""
    operation = tensor.node.operation
    if isinstance(operation, op.ZeroPadding2D):
        (top, _), (left, _) = operation.padding
        return [_part(layout, tensor.source_shapes[0], top * layout.row_step + left * layout.column_step)]
    if isinstance(operation, op.Concatenate):
        return list(_concatenated(tensor, operation, layout))
    return [layout] * len(tensor.sources)


def _concatenated(tensor: Tensor, operation: op.Concatenate, layout: Layout) -> Iterator[Layout]:
    step, first = (layout.row_step, layout.column_step, 1)[operation.axis], 0
    for shape in tensor.source_shapes:
        yield _part(layout, shape, first)
        first += shape[operation.axis] * step


def _part(layout: Layout, shape: ImageShape, offset: int) -> Layout:
    return replace(layout, shape=shape, first=layout.first + offset)
