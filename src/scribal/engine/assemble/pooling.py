"""Poolings of a chunk, over windows and over whole images."""

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.gradient import bring_part, part_of_gradient
from scribal.engine.assemble.in_place import is_pooled
from scribal.engine.ir import Code
from scribal.engine.kernels.global_pool import (
    emit_global_average,
    emit_global_average_backward,
    emit_global_maximum,
    emit_global_maximum_backward,
)
from scribal.engine.kernels.pool import (
    Pool,
    emit_average_pool,
    emit_average_pool_backward,
    emit_max_pool,
    emit_max_pool_backward,
)
from scribal.engine.tensor import Tensor

__all__ = ["emit_pool", "emit_pool_backward"]


def emit_pool(frame: Frame, tensor: Tensor) -> None:
    """Write the pooling."""
    operation, (source,), (shape,) = tensor.node.operation, frame.plan.sources(tensor), tensor.source_shapes
    inputs, outputs = source.value.layout.seen_as(shape), tensor.value.layout

    def write(code: Code, arguments: list[ir.Value]) -> None:
        at_inputs, at_outputs = arguments
        if isinstance(operation, op.MaxPool2D):
            emit_max_pool(code, Pool(operation.window, inputs, outputs), *arguments)
        elif isinstance(operation, op.AveragePooling2D):
            emit_average_pool(code, Pool(operation.window, inputs, outputs), *arguments)
        else:
            average = isinstance(operation, op.GlobalAveragePooling2D)
            emit = emit_global_average if average else emit_global_maximum
            emit(code, inputs, at_inputs, code.vector_at(at_outputs, outputs.first))

    arguments = [frame.address(source.value), frame.address(tensor.value)]
    frame.unit.call(frame.code, f"forward {tensor.node.name}", arguments, write)


def emit_pool_backward(frame: Frame, tensor: Tensor) -> None:
    """Write the gradient of the inputs."""
    operation, (source,), (shape,) = tensor.node.operation, frame.plan.sources(tensor), tensor.source_shapes
    gradient, part = tensor.gradient, part_of_gradient(frame, tensor)
    if part is None:
        return
    assert gradient is not None
    inputs, layouts = source.value.layout.seen_as(shape), (part.layout, gradient.layout)
    rectified = is_pooled(frame, source)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        values, to_gradient, from_gradient = arguments
        gradients = (to_gradient, from_gradient)
        if isinstance(operation, op.MaxPool2D):
            pool = Pool(operation.window, inputs, tensor.value.layout)
            emit_max_pool_backward(code, pool, values, gradients, layouts, rectified=rectified)
        elif isinstance(operation, op.AveragePooling2D):
            pool = Pool(operation.window, inputs, tensor.value.layout)
            emit_average_pool_backward(code, pool, gradients, layouts)
        elif isinstance(operation, op.GlobalAveragePooling2D):
            emit_global_average_backward(code, layouts[0], from_gradient, to_gradient)
        else:
            emit_global_maximum_backward(code, (inputs, layouts[0]), values, from_gradient, to_gradient)

    arguments = [frame.address(buffer) for buffer in (source.value, part.buffer, gradient)]
    frame.unit.call(frame.code, f"input gradient {tensor.node.name}", arguments, write)
    bring_part(frame, tensor, part)
